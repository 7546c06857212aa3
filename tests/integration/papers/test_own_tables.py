"""Tables of a paper that the warehouse made: read back, each cell is its figure again; what was changed is found."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest

from pipelines.config.paths import DataPaths
from pipelines.papers.checking import DIFFERS, UNCONFIRMED, Verdict
from pipelines.papers.writing import check, write
from tests.integration.papers.published import JULY

KINDS = ("kstthc", "de-an-06", "766")


def checked(paths: DataPaths, report: Path, kind: str = "kstthc", template: Path | None = None) -> list[Verdict]:
    return check(paths, kind, JULY, report, report.with_name("kiem.xlsx"), template=template)


def waiting(verdicts: list[Verdict]) -> list[tuple[str, str, str]]:
    return [(v.claim.place, v.claim.printed, v.claim.words) for v in verdicts if v.verdict == UNCONFIRMED]


def table_of(report: Path, first: str) -> tuple[docx.document.Document, docx.table.Table]:
    document = docx.Document(str(report))
    return document, next(t for t in document.tables if t.rows[0].cells[0].text == first)


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_our_own_paper_waits_or_differs(paths: DataPaths, tmp_path: Path, kind: str, ending: str) -> None:
    paper = write(paths, kind, JULY, tmp_path / f"f.{ending}")
    verdicts = checked(paths, tmp_path / f"f.{ending}", kind)
    assert waiting(verdicts) == []
    assert [v for v in verdicts if v.verdict == DIFFERS] == []
    in_tables = {piece.code for table in paper.tables.values() for row in table.rows for piece in row.values()
                 if not isinstance(piece, str) and piece.value is not None}  # fmt: skip
    assert in_tables
    assert in_tables <= {v.claim.code for v in verdicts}


def test_a_changed_cell_is_found_also_where_rows_were_moved(paths: DataPaths, tmp_path: Path) -> None:
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    document, table = table_of(tmp_path / "f.docx", "Đơn vị")
    first, last = table.rows[1], table.rows[-1]
    assert first._tr is not last._tr
    name, printed = first.cells[0].text, first.cells[1].text
    table._tbl.remove(first._tr)
    table._tbl.append(first._tr)
    first.cells[1].text = "9.876"
    document.save(str(tmp_path / "g.docx"))
    (wrong,) = [v for v in checked(paths, tmp_path / "g.docx") if v.verdict == DIFFERS]
    assert (wrong.claim.printed, wrong.computed) == ("9.876", printed)
    assert name in wrong.claim.words
    assert wrong.proposed[0].metric.startswith("Hồ sơ tiếp nhận")


def test_what_cannot_be_bound_waits_for_a_person(paths: DataPaths, tmp_path: Path) -> None:
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    document, table = table_of(tmp_path / "f.docx", "Đơn vị")
    cells = len([text for text in (cell.text for cell in table.rows[1].cells[1:]) if text != "–"])
    table.rows[1].cells[0].text = "Đơn vị khác"
    document.save(str(tmp_path / "g.docx"))
    assert len(waiting(checked(paths, tmp_path / "g.docx"))) == cells
    table.rows[0].cells[1].text = "Tiếp nhận mới"  # another head: it is no table of ours any more
    document.save(str(tmp_path / "h.docx"))
    assert len(waiting(checked(paths, tmp_path / "h.docx"))) > cells
    typed = docx.Document()
    typed.add_paragraph("Thực hiện Đề án 06, 12 đơn vị chậm.")
    typed.save(str(tmp_path / "i.docx"))
    assert [printed for _, printed, _ in waiting(checked(paths, tmp_path / "i.docx"))] == ["06", "12"]


def test_a_number_typed_beside_a_figure_is_a_claim_of_its_own(paths: DataPaths, tmp_path: Path) -> None:
    write(paths, "kstthc", JULY, tmp_path / "f.docx")
    document, table = table_of(tmp_path / "f.docx", "Đơn vị")
    table.rows[1].cells[1].text += "; trong đó 7 hồ sơ cũ"
    document.save(str(tmp_path / "g.docx"))
    assert [printed for _, printed, _ in waiting(checked(paths, tmp_path / "g.docx"))] == ["7"]


def test_a_paper_of_an_offices_own_template_is_read_by_that_template(paths: DataPaths, tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("Mẫu 3 của Sở")
    table = own.add_table(rows=4, cols=2)
    lines = (
        ("Nhóm", "Tối đa"),
        ("{%tr for d in bang.nhom_766.dong %}", ""),
        ("{{ d.nhom }}", "{{ d.toi_da }}"),
        ("{%tr endfor %}", ""),
    )
    for row, texts in zip(table.rows, lines, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    own.save(str(tmp_path / "mau.docx"))
    write(paths, "kstthc", JULY, tmp_path / "f.docx", template=tmp_path / "mau.docx")
    by_template = checked(paths, tmp_path / "f.docx", template=tmp_path / "mau.docx")
    assert by_template
    assert {v.verdict for v in by_template} == {"khop"}
    assert waiting(checked(paths, tmp_path / "f.docx"))  # by the house's own it has no such table


def test_a_share_in_a_cell_of_a_spreadsheet_is_a_fraction(paths: DataPaths, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Cấp", "Tỷ lệ giải quyết đúng và trước hạn"])
    book.active.append(["Toàn phạm vi báo cáo", 0.9174])
    book.active.append(["Toàn phạm vi báo cáo", 0.92])
    book.save(tmp_path / "f.xlsx")
    first = checked(paths, tmp_path / "f.xlsx")
    assert "KS-19" in [figure.code for figure in first[0].proposed]
    sheet = openpyxl.load_workbook(tmp_path / "kiem.xlsx")
    assert sheet.active is not None
    for row in (2, 3):
        sheet.active.cell(row, 8).value = "KS-19"
    sheet.save(tmp_path / "xac_nhan.xlsx")
    assert [v.verdict for v in checked(paths, tmp_path / "xac_nhan.xlsx")] == ["khop", "khop"]  # 92 % is so rounded
    sheet.active.cell(3, 4).value = "0,92"
    sheet.active.cell(2, 4).value = "0,9175"
    sheet.save(tmp_path / "xac_nhan.xlsx")
    assert [v.verdict for v in checked(paths, tmp_path / "xac_nhan.xlsx")] == ["lech", "khop"]
