"""A report read back: numbers with their units are claims; what a person confirms is judged by R13."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest

from pipelines.config.paths import DataPaths
from pipelines.papers.checking import Verdict
from pipelines.papers.claims import HEADS, RELATION, found
from pipelines.papers.desk import PaperError
from pipelines.papers.writing import check, write
from tests.integration.papers.published import JULY


def checked(paths: DataPaths, report: Path) -> list[Verdict]:
    return check(paths, "kstthc", JULY, report, report.with_name("kiem.xlsx"))


def typed(place: Path, *paragraphs: str) -> Path:
    report = docx.Document()
    for text in paragraphs:
        report.add_paragraph(text)
    report.save(str(place))
    return place


def test_numbers_are_found_with_their_units_and_dates_are_none() -> None:
    claims = found("", "Từ 01/07/2025 tiếp nhận 314.849 hồ sơ, đạt 98,80 %; 5 đơn vị chậm, mã H05.03, kỳ 07/2025, 2,5.")
    assert [(c.printed, c.unit) for c in claims] == [
        ("314.849", "hồ sơ"), ("98,80", "%"), ("5", "đơn vị"), ("2,5", ""),
    ]  # fmt: skip
    coded = found("", "tỷ lệ 91,74 % (1.000/1.090 hồ sơ đã giải quyết có hạn) [KS-19], còn 15 hồ sơ [KS-15]")
    assert [(c.printed, c.code) for c in coded] == [("91,74", "KS-19"), ("15", "KS-15")]
    below = found("", "giảm so với tháng trước (−0,76 điểm [KS-171]), của quý -1,5 điểm")
    assert [(c.value, c.code) for c in below] == [(Decimal("-0.76"), "KS-171"), (Decimal("-1.5"), "")]


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_our_own_paper_agrees_with_itself(paths: DataPaths, tmp_path: Path, ending: str) -> None:
    write(paths, "kstthc", JULY, tmp_path / f"f.{ending}")
    verdicts = checked(paths, tmp_path / f"f.{ending}")
    judged = [v for v in verdicts if v.claim.code and v.claim.place != RELATION]
    assert len(judged) > 50
    assert {v.verdict for v in judged} == {"khop"}
    sums = [v for v in verdicts if v.claim.place == RELATION and "(chung)" in v.claim.words]
    assert [v.verdict for v in sums] == ["khop"] * 4


def test_what_has_no_code_waits_for_a_person_and_is_judged_afterwards(paths: DataPaths, tmp_path: Path) -> None:
    text = (
        "Tiếp nhận 1.200 hồ sơ; đúng và trước hạn 91,7 %; giải quyết quá hạn, toàn phạm vi báo cáo 91 hồ sơ; "
        "tham gia ý kiến 3 TTHC."
    )
    report = typed(tmp_path / "f.docx", text)
    first = checked(paths, report)
    assert [v.verdict for v in first] == ["cho_xac_nhan"] * 4
    assert first[0].proposed[0].code == "KS-01"
    # One too many: not the same value, but said in the words of its figure.
    assert first[2].proposed[0].code == "KS-10"
    book = openpyxl.load_workbook(tmp_path / "kiem.xlsx")
    sheet = book.active
    assert tuple(cell.value for cell in sheet[1]) == HEADS
    for row, code in enumerate(("KS-01", "KS-19", "KS-10", "KS-133"), 2):
        sheet.cell(row, 8).value = code
    book.save(tmp_path / "xac_nhan.xlsx")
    second = checked(paths, tmp_path / "xac_nhan.xlsx")
    assert [(v.verdict, v.apart) for v in second[:4]] == [
        ("khop", ""), ("khop", ""), ("lech", "1"), ("khong_kiem_duoc", ""),
    ]  # fmt: skip
    assert "kho chưa nhận nguồn dữ liệu" in second[3].computed


def test_a_sheet_that_a_spreadsheet_program_changed(paths: DataPaths, tmp_path: Path) -> None:
    checked(paths, typed(tmp_path / "f.docx", "Tiếp nhận 1.200 hồ sơ."))
    book = openpyxl.load_workbook(tmp_path / "kiem.xlsx")
    assert "KS-01: Hồ sơ tiếp nhận" in book.active.cell(2, 7).value
    assert "từ 01/07/2025 đến 31/07/2025" in book.active.cell(2, 7).value
    book.active.cell(2, 4).value, book.active.cell(2, 8).value = 1200, "KS-01"
    book.save(tmp_path / "so.xlsx")
    assert [v.verdict for v in checked(paths, tmp_path / "so.xlsx")] == ["khop"]
    book.active.cell(2, 4).value = "1.2.3"
    book.save(tmp_path / "chu.xlsx")
    with pytest.raises(PaperError, match="dòng 2, cột “Số in”"):
        checked(paths, tmp_path / "chu.xlsx")


def test_a_claim_says_its_table_and_the_days_its_sentence_names(paths: DataPaths, tmp_path: Path) -> None:
    report = docx.Document()
    report.add_paragraph("Từ 15/12/2024 đến 14/06/2025 tiếp nhận 314.849 hồ sơ.")
    table = report.add_table(rows=2, cols=2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ("Cấp", "Đã giải quyết", "Xã", "131.119"),
                          strict=True):  # fmt: skip
        cell.text = text
    report.save(str(tmp_path / "f.docx"))
    sentence, cell_claim = (v.claim for v in checked(paths, tmp_path / "f.docx"))
    assert sentence.window == "15/12/2024; 14/06/2025"
    assert cell_claim.words == "Đã giải quyết; Xã | 131.119"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Cấp", "Đã giải quyết 06/2025"])
    book.active.append(["Xã", 131119])
    book.save(tmp_path / "f.xlsx")
    (number,) = (v.claim for v in checked(paths, tmp_path / "f.xlsx") if v.claim.printed == "131119")
    assert (number.words, number.window) == ("Đã giải quyết 06/2025; Xã", "06/2025")


def test_sums_between_the_figures_of_the_report(paths: DataPaths, tmp_path: Path) -> None:
    counts = ("1.100 hồ sơ [KS-07]", "700 hồ sơ [KS-08]", "300 hồ sơ [KS-09]", "90 hồ sơ [KS-10]")
    lacking = checked(paths, typed(tmp_path / "f.docx", *counts))[-1]
    assert (lacking.verdict, lacking.computed) == ("khong_kiem_duoc", "thiếu khong_han")
    whole = checked(paths, typed(tmp_path / "f.docx", *counts, "12 hồ sơ [KS-11]"))
    assert (whole[-1].verdict, whole[-1].computed, whole[-1].apart) == ("lech", "1.102", "−2")
    again = checked(paths, tmp_path / "kiem.xlsx")
    assert [v.verdict for v in again] == [v.verdict for v in whole]  # its own lines on sums are not read as claims


def test_files_that_are_no_reports(paths: DataPaths, tmp_path: Path) -> None:
    (tmp_path / "hong.xlsx").write_bytes(b"PK\x03\x04hong")
    (tmp_path / "la.txt").write_text("1")
    for name, sentence in (
        ("hong.xlsx", "không đọc được"),
        ("la.txt", "chỉ đọc lại được báo cáo .docx hoặc .xlsx"),
        ("mat.docx", "không có tệp"),
    ):
        with pytest.raises(PaperError, match=sentence):
            checked(paths, tmp_path / name)
    assert not (tmp_path / "kiem.xlsx").exists()
