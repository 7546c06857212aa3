"""Official papers: every number is what SQL says, what is missing is said with its reason, names are never markup."""

from __future__ import annotations

import re
import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import duckdb
import openpyxl
import pytest
from docx.shared import Mm

from pipelines.config.paths import DataPaths
from pipelines.papers.context import KINDS
from pipelines.papers.desk import PaperError, Window
from pipelines.papers.dossiers import FORM
from pipelines.papers.figure import change, number, percent
from pipelines.papers.printed import told
from pipelines.papers.writing import write
from pipelines.publish.query import open_published
from tests.integration.papers.published import HOSTILE, JULY, change_published
from tests.integration.papers.reading import assert_true, figures, words


@pytest.mark.parametrize(("kind", "agency"), [*((kind, None) for kind in KINDS), ("kstthc", "H05.121")])
def test_every_number_is_what_its_question_answers(
    paths: DataPaths, tmp_path: Path, kind: str, agency: str | None
) -> None:
    files = [tmp_path / "f.docx", tmp_path / "f.xlsx"]
    for file in files:
        write(paths, kind, JULY, file, agency=agency)
    assert assert_true(paths.marts_file, *files) > 15


def test_the_words_follow_the_figures(paths: DataPaths, tmp_path: Path) -> None:
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    text = words(tmp_path / "f.docx")
    assert "Hồ sơ tiếp nhận (mới và kỳ trước chuyển qua) tăng 1.190 hồ sơ: 10 hồ sơ" in text
    assert "100 % (10/10 hồ sơ đã giải quyết có hạn)" in text
    assert "thấp hơn bình quân cả nước" in text
    assert "không đổi so với tháng trước" in text
    assert "mẫu số bằng 0: không có hồ sơ tiếp nhận mới" in text  # of the communes: nothing new came in
    assert "kho chưa nhận nguồn dữ liệu nào về nội dung này" in text


def test_months_that_do_not_compare_are_given_no_change(paths: DataPaths, tmp_path: Path) -> None:
    change_published(paths, "UPDATE chi_so_766.tong_hop SET thay_doi_so_voi_ky_truoc = NULL")
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    text = words(tmp_path / "f.docx")
    assert "so với tháng trước: không so được" in text
    assert "tăng so với tháng trước (" not in text and "giảm so với tháng trước (" not in text


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_a_paper_printed_again_is_the_same_bytes(
    paths: DataPaths, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(paths, "kstthc", JULY, tmp_path / f"f.{form}")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 63_000_000)
    write(paths, "kstthc", JULY, tmp_path / f"g.{form}")
    assert (tmp_path / f"f.{form}").read_bytes() == (tmp_path / f"g.{form}").read_bytes()
    for item in zipfile.ZipFile(tmp_path / f"g.{form}").infolist():
        assert item.date_time[0] == 1980


def test_agencies_of_one_name_are_told_apart_and_a_paper_of_one_says_what_is_not_its_own(
    paths: DataPaths, tmp_path: Path
) -> None:
    change_published(paths, "UPDATE tthc.don_vi SET ten_don_vi = 'Sở Tư pháp' WHERE ma_don_vi <> 'H05'")
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    assert "Sở Tư pháp (H05.03): 90 hồ sơ" in words(tmp_path / "f.docx")
    paper = write(paths, "kstthc", JULY, tmp_path / "f.docx", agency="H05.03")
    total = paper.tables["bieu_06a_don_vi"].rows[-1]
    assert [total[key].shown for key in FORM] == [  # type: ignore[union-attr]
        "1.200", "900", "100", "200", "1.120", "700", "330", "90", "80", "65", "15",
    ]  # fmt: skip
    assert paper.notes == []
    text = words(tmp_path / "f.docx")
    assert "ỦY BAN NHÂN DÂN\nTỈNH BẮC NINH" in text
    assert "SỞ TƯ PHÁP" in text
    assert "Toàn tỉnh: Tổng số TTHC là 2 TTHC" in text
    assert "Chỉ có dòng tổng cộng" in text


def test_what_is_held_back_is_said_with_its_reason(paths: DataPaths, tmp_path: Path) -> None:
    change_published(paths, "INSERT INTO van_hanh.xuat_ban SELECT 'chi_so_766', 'chua_co', 'thiếu tệp đánh giá', 2, "
                            "DATE '2025-07-31', '2025-07-31.abc'")  # fmt: skip
    change_published(paths, "DROP TABLE chi_so_766.tong_hop")
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    write(paths, "kstthc", JULY, tmp_path / "f.xlsx")
    reason = "bảng chi_so_766.tong_hop chưa được công bố: thiếu tệp đánh giá"
    assert f"chưa tính được ({reason})" in words(tmp_path / "f.docx")
    assert "Lưu ý: Nhóm số liệu “Bộ chỉ số 766” không có bản mới: thiếu tệp đánh giá." in words(tmp_path / "f.docx")
    assert {row.reason for code, row in figures(tmp_path / "f.xlsx").items() if row.unit == "điểm"} == {reason}
    assert_true(paths.marts_file, tmp_path / "f.docx", tmp_path / "f.xlsx")


def test_a_printed_report_of_the_window_stands_figure_by_figure_beside_the_warehouse(
    paths: DataPaths, tmp_path: Path
) -> None:
    paper = write(paths, "kstthc", JULY, tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    name = next(sheet for sheet in book.sheetnames if sheet.startswith("DI "))
    lines = {row[0]: row for row in book[name].iter_rows(min_row=3, values_only=True)}
    assert set(lines) == {f"R{place}" for place in range(1, 9)}  # the other province's report is not ours
    assert lines["R1"][4:9] == ("1.200 hồ sơ", 1200, "KS-01", "", "khớp")
    assert lines["R2"][5:] == (1000, "KS-DI.2.6", "2", "lệch", "(1)")
    assert lines["R3"][5:9] == (1, "KS-38", "", "khớp")
    assert lines["R6"][5:9] == (1, "KS-DI.6.6", "", "khớp")
    assert lines["R8"][4] == "30/09/2025"
    for place, why in (("R4", "kho không tách chỉ tiêu này theo đơn vị"), ("R5", "kỳ in khác kỳ báo cáo"),
                       ("R7", "kho không có chỉ tiêu này"), ("R8", "kho không có chỉ tiêu này")):  # fmt: skip
        assert (lines[place][5], lines[place][8]) == ("–", why)
    assert told(paper) == (
        "Đối chiếu với báo cáo đã in: 8 số in, khớp 3, lệch 1, chưa tính được 0, kho không có số 4 (lý do ở từng "
        "dòng); 3 chú thích mâu thuẫn."
    )
    notes = list(book["MT Chú thích"].iter_rows(min_row=3, values_only=True))
    assert [(note[0], note[1]) for note in notes] == [("(1)", "R2"), ("(2)", "suy ra"), ("(3)", "văn bản")]
    assert notes[2][2] == "7/QĐ mang 2 ngày khác nhau: 31/07/2024, 31/07/2025"
    assert "Tổng ba cấp {{ x }}; mẫu số giải thích được tỷ lệ in: 10 đến 12" in str(notes[0][2])
    summed = paper.desk.figures["KS-DI.2.6"]
    with open_published(paths) as connection:
        assert connection.execute(summed.sql).fetchall()[0][0] == 1000


def test_a_paper_without_a_printed_report_says_nothing_of_one(paths: DataPaths, tmp_path: Path) -> None:
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    assert "ĐỐI CHIẾU VỚI BÁO CÁO ĐÃ IN" in _text(tmp_path / "f.docx")
    with duckdb.connect(str(paths.marts_file)) as db:
        db.execute("DROP TABLE doi_soat.so_lieu_bao_cao")
    write(paths, "kstthc", JULY, tmp_path / "g.docx")
    assert "ĐỐI CHIẾU" not in _text(tmp_path / "g.docx")
    assert "Phụ lục IV" in _text(tmp_path / "g.docx")


@pytest.mark.parametrize(
    ("kind", "agency"),
    [("kstthc", None), ("kstthc", "H05.03"), ("de-an-06", None), ("766", None), ("766", "H05.03")],
)
def test_appendices_are_numbered_one_after_another_each_with_a_title(
    paths: DataPaths, tmp_path: Path, kind: str, agency: str | None
) -> None:
    write(paths, kind, JULY, tmp_path / "a.docx", agency=agency)
    lines = _text(tmp_path / "a.docx").split("\n")
    places = [place for place, line in enumerate(lines) if line.startswith("Phụ lục ")]
    assert [lines[place] for place in places] == [f"Phụ lục {n}" for n in ("I", "II", "III", "IV", "V", "VI", "VII")][
        : len(places)
    ]
    assert len(places) >= 3
    assert all(lines[place + 1].strip() for place in places)


def _text(file: Path) -> str:
    read_back = docx.Document(str(file))
    return "\n".join(paragraph.text for paragraph in read_back.paragraphs)


def test_names_of_the_data_are_text_and_nothing_else(paths: DataPaths, tmp_path: Path) -> None:
    for kind in ("kstthc", "766"):
        write(paths, kind, JULY, tmp_path / "f.docx")
        write(paths, kind, JULY, tmp_path / "f.xlsx")
        text = words(tmp_path / "f.docx")
        assert HOSTILE in text  # in a table
        assert HOSTILE.translate({ord("{"): "(", ord("}"): ")"}) in text  # in a sentence, where braces are fields
        with zipfile.ZipFile(tmp_path / "f.xlsx") as book:
            assert not any(b"<f>" in book.read(name) for name in book.namelist() if "worksheets" in name)
        values = [c.value for s in openpyxl.load_workbook(tmp_path / "f.xlsx") for row in s.iter_rows() for c in row]
        assert any(HOSTILE in str(value) for value in values)


def test_a_workbook_has_no_remark_for_who_writes_a_template_and_its_dashes_stand_with_the_numbers(
    paths: DataPaths, tmp_path: Path
) -> None:
    write(paths, "kstthc", JULY, tmp_path / "f.xlsx")
    cells = [c for s in openpyxl.load_workbook(tmp_path / "f.xlsx") for row in s.iter_rows() for c in row if c.value]
    assert "II.7.1.b. Đơn vị có hồ sơ quá hạn, đơn vị đạt 100 %" in {cell.value for cell in cells}
    assert "right" in {cell.alignment.horizontal for cell in cells if cell.value == "–"}


def test_a_column_that_an_older_publication_lacks_is_a_reason(paths: DataPaths, tmp_path: Path) -> None:
    change_published(paths, "ALTER TABLE tthc.danh_muc DROP COLUMN mot_cua")
    change_published(paths, "ALTER TABLE ho_tich.so_hoa DROP COLUMN da_nhap")
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    assert "bảng tthc.danh_muc của bản công bố này thiếu cột mà chỉ tiêu cần" in words(tmp_path / "f.docx")
    write(paths, "de-an-06", JULY, tmp_path / "f.docx")
    assert "bảng ho_tich.so_hoa của bản công bố này không có cột da_nhap" in words(tmp_path / "f.docx")


def test_a_dash_in_a_table_has_its_reason_below(paths: DataPaths, tmp_path: Path) -> None:
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    text = words(tmp_path / "f.docx")
    assert "chưa tính được: chưa nhận điểm bình quân cả nước của tháng này." in text


def test_without_libreoffice_a_pdf_is_refused_in_words(
    paths: DataPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PaperError, match="không có LibreOffice"):
        write(paths, "766", JULY, tmp_path / "f.pdf")
    assert not (tmp_path / "f.pdf").exists()


def test_the_form_adds_up_and_says_where_it_does_not(paths: DataPaths, tmp_path: Path) -> None:
    paper = write(paths, "kstthc", JULY, tmp_path / "f.docx")
    total = paper.tables["bieu_06a_tinh"].rows[-1]
    assert total["linh_vuc"] == "Tổng cộng"
    assert total["nhan_tong_so"].shown == "10"  # type: ignore[union-attr]
    assert paper.tables["bieu_06a_huyen"].note == "Không có hồ sơ cấp huyện trong kỳ."
    assert paper.notes == []
    change_published(paths, "UPDATE tthc.bieu SET nhan_tong_so = 9 WHERE linh_vuc = 'Đất đai'")
    notes = write(paths, "kstthc", JULY, tmp_path / "f.docx").notes
    assert "Biểu II.06a cấp tỉnh, Đất đai: “Tiếp nhận – tổng số” lệch 2 so với tổng các phần; cần tra lại." in notes
    assert "Biểu II.06a cấp tỉnh: “Tiếp nhận – tổng số” lệch 2 so với số đếm trong kỳ; cần tra lại." in notes


@pytest.mark.parametrize(
    ("kind", "window", "agency", "sentence"),
    [
        (
            "kstthc",
            Window(date(2025, 8, 1), date(2025, 8, 31)),
            None,
            "chưa có số liệu: số liệu mới đến hết ngày 31/07/2025",
        ),
        ("kstthc", Window(date(2025, 3, 1), date(2025, 3, 31)), None, "không có hồ sơ nào trong kỳ"),
        ("kstthc", JULY, "H'; DROP", "không có đơn vị “H'; DROP”"),
        ("de-an-06", Window(date(2025, 7, 2), date(2025, 7, 31)), None, "ít nhất một tháng trọn"),
        ("de-an-06", JULY, "H05.03", "lập cho toàn tỉnh"),
        ("766", Window(date(2025, 7, 2), date(2025, 7, 31)), None, "không trọn tháng nào"),
        ("766", Window(date(2025, 6, 1), date(2025, 6, 30)), None, "chưa có điểm Bộ chỉ số 766 của tháng nào"),
    ],
)
def test_a_question_without_answer_is_a_sentence(
    paths: DataPaths, tmp_path: Path, *, kind: str, window: Window, agency: str | None, sentence: str
) -> None:
    out = tmp_path / "f.docx"
    out.write_text("cũ")
    with pytest.raises(PaperError, match=re.escape(sentence)):
        write(paths, kind, window, out, agency=agency)
    assert out.read_text() == "cũ"


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_as_the_decree_says(paths: DataPaths, tmp_path: Path, kind: str) -> None:
    write(paths, kind, JULY, tmp_path / "f.docx")
    made = docx.Document(str(tmp_path / "f.docx"))
    first, *others = made.sections
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)  # type: ignore[union-attr]
    assert others
    for section in others:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)  # type: ignore[union-attr]
    for section in made.sections:
        assert Mm(20) <= section.top_margin <= Mm(25)  # type: ignore[operator]
        assert Mm(30) <= section.left_margin <= Mm(35)  # type: ignore[operator]
        assert Mm(15) <= section.right_margin <= Mm(20)  # type: ignore[operator]
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header.paragraphs[0]._p.xml
        assert section.first_page_header.paragraphs[0].text == ""
    assert made.styles["Normal"].font.name == "Times New Roman"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        ("1", "100 %"),
        ("0", "0 %"),
        ("0.99999", "99,999 %"),
        ("0.00001", "0,001 %"),
        ("0.98745", "98,75 %"),
        ("12.5", "1.250,00 %"),
    ],
)
def test_a_share_is_all_or_nothing_only_where_it_is(share: str, shown: str) -> None:
    assert percent(Decimal(share)) == shown


def test_numbers_and_changes_in_words() -> None:
    assert number(Decimal("1234567.8"), 1) == "1.234.567,8"
    assert number(Decimal("-0.004"), 2) == "−0,004"  # a minus: no line ends between it and the digits
    assert change(Decimal(3), Decimal(5), "hồ sơ") == "giảm 2 hồ sơ"
    assert change(Decimal("0.5"), Decimal("0.25"), "%") == "tăng 25,00 điểm phần trăm"
    assert change(Decimal(5), Decimal(5), "điểm") == "không đổi"


def test_the_monthly_report_says_what_is_outside_the_portal_unused_moved_and_found(
    paths: DataPaths, tmp_path: Path
) -> None:
    write(paths, "de-an-06", JULY, tmp_path / "f.docx")
    text = words(tmp_path / "f.docx")
    assert "ngoài Cổng của tỉnh: 35 hồ sơ" in text
    assert "So với tháng 06/2025, số này giảm 5 hồ sơ (kỳ trước 40 hồ sơ" in text
    assert "Không phát sinh hồ sơ: Khai tử." in text
    assert "Lỗi dữ liệu phát hiện trong kỳ 2 trường hợp" in text
    assert "Quy tắc khác" in text
    assert "{{ x }} (HT-2)" in text
    change_published(paths, "DELETE FROM tthc.do_phu WHERE ky = '2025-06'")
    write(paths, "de-an-06", JULY, tmp_path / "f.docx")
    assert "So với tháng 06/2025, số này" not in words(tmp_path / "f.docx")


def test_interlinked_procedures_are_said_by_group_also_where_one_has_none(paths: DataPaths, tmp_path: Path) -> None:
    named = write(paths, "de-an-06", JULY, tmp_path / "f.docx").named
    assert [str(named[f"lien_thong_{group}"].value) for group in ("khai_sinh", "khai_tu")] == ["4", "0"]
    text = words(tmp_path / "f.docx")
    assert "nhóm khai sinh 4 hồ sơ" in text
    assert "nhóm khai tử 0 hồ sơ" in text


def test_essential_services_are_unknown_in_a_month_without_a_file_of_dossiers(paths: DataPaths, tmp_path: Path) -> None:
    change_published(paths, "UPDATE tthc.thiet_yeu SET so_ho_so = NULL, truc_tuyen = NULL WHERE ky = '2025-07'")
    paper = write(paths, "de-an-06", JULY, tmp_path / "f.docx")
    assert {name: paper.named[name].value for name in ("dich_vu", "thiet_yeu_ho_so", "dich_vu_khong_ho_so")} == {
        "dich_vu": 2, "thiet_yeu_ho_so": None, "dich_vu_khong_ho_so": None,
    }  # fmt: skip
    text = words(tmp_path / "f.docx")
    assert "nguồn dvc/ho_so chưa có tệp cho tháng 07/2025" in text
    assert "Không phát sinh hồ sơ: " not in text


def test_a_decision_is_a_number_of_a_year(paths: DataPaths, tmp_path: Path) -> None:
    change_published(
        paths,
        "INSERT INTO tthc.danh_muc SELECT * REPLACE ('T3' AS ma_tthc, NULL AS so_quyet_dinh) FROM tthc.danh_muc "
        "WHERE ma_tthc = 'T2' UNION ALL SELECT * REPLACE ('T4' AS ma_tthc, DATE '2026-01-05' AS ngay_tinh_cong_bo) "
        "FROM tthc.danh_muc WHERE ma_tthc = 'T2'",
    )
    year = Window(date(2025, 7, 1), date(2026, 6, 30))
    for window, decisions in ((JULY, 1), (year, 2)):
        assert write(paths, "kstthc", window, tmp_path / "f.docx").named["quyet_dinh_cong_bo"].value == decisions


def test_petitions_are_of_the_window_and_never_zero_where_no_file_came(paths: DataPaths, tmp_path: Path) -> None:
    paper = write(paths, "kstthc", JULY, tmp_path / "f.docx")
    counted = {name: figure.value for name, figure in paper.named.items() if name.startswith("pakn_")}
    assert counted == {
        "pakn_tiep_nhan": 2, "pakn_quy_dinh": 1, "pakn_hanh_vi": 1, "pakn_da_xu_ly": 2, "pakn_cong_khai": 1,
        "pakn_dang_xu_ly": 1, "pakn_ky_truoc": 1,
    }  # fmt: skip
    assert write(paths, "kstthc", JULY, tmp_path / "f.docx", agency="H05.03").named["pakn_hanh_vi"].value == 0
    change_published(paths, "UPDATE van_hanh.nguon SET tep_cuoi = NULL")
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    assert "kho chưa nhận tệp nào của nguồn dvc/pakn" in words(tmp_path / "f.docx")


def test_a_component_without_its_feed_names_the_feed(paths: DataPaths, tmp_path: Path) -> None:
    change_published(paths, "ALTER TABLE chi_so_766.muc_do_hai_long ADD COLUMN nguon_thieu VARCHAR")
    change_published(
        paths, "UPDATE chi_so_766.muc_do_hai_long SET tu_so = NULL, mau_so = NULL, nguon_thieu = 'dvc/danh_gia'"
    )
    paper = write(paths, "kstthc", JULY, tmp_path / "f.docx")
    assert paper.named["chi_so_5_4"].reason == "thiếu tệp của nguồn dvc/danh_gia"
    assert paper.named["chi_so_4_1"].reason == ""
