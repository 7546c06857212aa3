"""Formats that officials have: read by content whatever the name; cut ones refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.one_file import DOSSIER_HEADERS, dossiers, read, workbook
from tests.unit.intake.sheet_files import html, ods, ods_rows, spreadsheet_xml, xls, xml_rows, zipped

FEED = "dvc/ho_so"
ROWS = [DOSSIER_HEADERS, *dossiers()]
CODES = [row[1] for row in dossiers()]
TITLED = [["UBND TỈNH", *[None] * 6], ["Từ ngày 01/06/2024 đến ngày 30/06/2024", *[None] * 6], [None] * 7, *ROWS]
MAKERS: dict[str, Callable[[list[list[str | None]]], bytes]] = {
    "html": lambda rows: html(rows).encode(),
    "spreadsheet_xml": lambda rows: spreadsheet_xml(xml_rows(rows)).encode(),
    "ods": lambda rows: ods({"Dữ liệu": ods_rows(rows)}),
    "xls": lambda rows: xls({"Dữ liệu": rows}),
    "xlsx": lambda rows: workbook({"Dữ liệu": rows}),
    "utf16": lambda rows: (
        b"\xff\xfe" + "\r\n".join("\t".join(cell or "" for cell in row) for row in rows).encode("utf-16-le")
    ),
}


@pytest.mark.parametrize("ending", [".xls", ".xlsx", ".csv", ".xml", ".ods", ".htm"])
@pytest.mark.parametrize("maker", MAKERS)
def test_the_same_records_in_every_format_under_any_name(tmp_path: Path, maker: str, ending: str) -> None:
    found = read(tmp_path, FEED, "a" + ending, MAKERS[maker](ROWS))
    assert found.column("ma_ho_so") == CODES
    assert found.column("ngay_tiep_nhan")[0] == datetime(2024, 6, 1, 8)
    assert found.sound == [2, 3, 4, 5]


@pytest.mark.parametrize("name", ["hồ sơ", "Danh sách đến 15.6", "ho_so.csv.bak", "ho_so.DAT", "a.2024", ".csv"])
@pytest.mark.parametrize("kind", ["csv", "utf16", "json"])
def test_text_is_read_under_any_name(tmp_path: Path, name: str, kind: str) -> None:
    lines = [",".join(cell or "" for cell in row) for row in [["DANH SÁCH HỒ SƠ"], *ROWS]]
    texts = {
        "csv": "\n".join(lines).encode() + b"\n",
        "utf16": ("\ufeff" + "\n".join(lines) + "\n").encode("utf-16-le"),
        "json": json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(),
    }
    assert read(tmp_path, FEED, name, texts[kind]).column("ma_ho_so") == CODES


@pytest.mark.parametrize("content", [b"\0\1\2\3" * 99, b"SQLite format 3\0" + b"\1" * 99])
def test_bytes_that_are_no_text_are_named_by_their_ending(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefusedError, match=r"Định dạng “\.dat” không nhận"):
        read(tmp_path, FEED, "a.dat", content)


@pytest.mark.parametrize("maker", MAKERS)
def test_titles_above_the_header_keep_their_rows(tmp_path: Path, maker: str) -> None:
    assert read(tmp_path, FEED, "a.xls", MAKERS[maker](TITLED)).sound == [5, 6, 7, 8]


MANY = [DOSSIER_HEADERS, *[[str(i), f"H02.28-240611-{i:04d}", *dossiers(1)[0][2:]] for i in range(1, 600)]]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("maker", [name for name in MAKERS if name != "utf16"])
def test_a_file_cut_anywhere_is_refused_in_words(tmp_path: Path, maker: str, share: float) -> None:
    whole = MAKERS[maker](MANY)
    with pytest.raises(FileRefusedError, match=r"cắt giữa chừng|hỏng"):
        read(tmp_path, FEED, "a.xls", whole[: int(len(whole) * share)])


def test_page_without_a_table_is_told_for_what_it_is(tmp_path: Path) -> None:
    for name in ("a.xls", "a.csv", "a.xlsx"):
        with pytest.raises(FileRefusedError, match=r"HTML.*đăng nhập"):
            read(tmp_path, FEED, name, "<!DOCTYPE html><html><title>Đăng nhập</title><body>Hết phiên</body></html>")


def test_spans_of_an_html_header_are_joined_like_merged_cells(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [
        ["Mã hồ sơ", "Mã đơn vị", "Ngày", None, "Trạng thái"],
        [None, None, "tiếp nhận", "hẹn trả", None],
        ["H02.28-240611-0001", "H02.28", "01/06/2024", "11/06/2024", "4"],
    ]
    spans = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)]
    found = read(tmp_path, FEED, "a.xls", html(rows, spans))
    assert found.column("ngay_tiep_nhan") == [datetime(2024, 6, 1)]
    assert found.column("ngay_hen_tra") == [datetime(2024, 6, 11)]
    assert found.sound == [3]


def test_html_of_old_systems_is_read_as_browsers_read_it(tmp_path: Path) -> None:
    """Tables for the layout of the page, tags that are left open, entities, scripts, lines beside the table."""
    page = (
        "<TABLE><TR><TD><h3>DANH SÁCH</h3><TABLE border=1><TR><TH>M&atilde; h&#7891; s&#417;<TH>Mã&nbsp;đơn<br>vị"
        "<TH>Ngày tiếp nhận<TH>Trạng thái<TR><TD>H02.28-240611-0001<TD>H02.28<TD>01/06/2024<TD>4</TABLE>"
        "<script>var x = '<td>1</td>';</script></TABLE>"
    )
    assert read(tmp_path, FEED, "a.xls", page).column("ma_ho_so") == ["H02.28-240611-0001"]


@pytest.mark.parametrize(
    "part",
    [
        '<span style="display:none">20240601</span>{}',
        "{}<div hidden>ghi <b>chú</b><br> ẩn</div>",
        '<span style="color:red; DISPLAY : none"/>{}',
        '<input type=checkbox style="display:none">{}<i style="visibility:hidden">x',
    ],
)
def test_parts_of_a_cell_that_a_page_hides_are_no_value(tmp_path: Path, part: str) -> None:
    page = html(ROWS)
    for row in ROWS[1:]:
        for cell in row[1:4]:
            page = page.replace(f">{cell}</td>", f">{part.format(cell)}</td>")
    found = read(tmp_path, FEED, "a.xls", page)
    assert found.column("ma_ho_so") == CODES
    assert found.column("ngay_tiep_nhan")[0] == datetime(2024, 6, 1, 8)


def test_rows_and_columns_that_a_page_hides_are_read(tmp_path: Path) -> None:
    page = html(ROWS).replace("<tr>", '<tr style="display:none">').replace("<td ", "<td hidden ")
    assert read(tmp_path, FEED, "a.xls", page).column("ma_ho_so") == CODES


@pytest.mark.parametrize("maker", ["html", "spreadsheet_xml"])
def test_markup_in_a_cell_is_text(tmp_path: Path, maker: str) -> None:
    rows = [*ROWS[:-1], [*ROWS[-1][:6], "<script>alert(1)</script>&amp;"]]
    assert (
        read(tmp_path, FEED, "a.xls", MAKERS[maker](rows)).column("chu_ho_so")[-1] == "<script>alert(1)</script>&amp;"
    )


SCORES = ["ky", "ma_don_vi", "ma_chi_so", "diem", "thoi_diem_lay", "ty_le"]


def _score(number: int) -> list[str]:
    return ["2024-06", "H02", f"1.{number}", "1", "2024-07-01"]


def _xls_scores() -> bytes:
    cells = [(0.9, "0.00%"), (0.9, '0.0" %"'), (90, "General"), (0.9, "0%")]
    return xls({"T": [SCORES, *[[*_score(i), cell] for i, cell in enumerate(cells, 1)]]})


def _ods_scores() -> bytes:
    kinds = [("percentage", "0.9"), ("float", "0.9"), ("float", "90"), ("percentage", "0.9")]
    rows = ods_rows([SCORES])
    for number, (kind, value) in enumerate(kinds, 1):
        cell = (
            f'<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>?</text:p></table:table-cell>'
        )
        rows += ods_rows([_score(number)]).replace("</table:table-row>", cell + "</table:table-row>")
    return ods({"T": rows})


def _xml_scores() -> bytes:
    styles = (
        '<Style ss:ID="Default"/><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style>'
        '<Style ss:ID="l"><NumberFormat ss:Format="0.0&quot; %&quot;"/></Style><Style ss:ID="c" ss:Parent="p"/>'
    )
    rows = xml_rows([SCORES])
    for number, (style, value) in enumerate([("p", "0.9"), ("l", "0.9"), ("Default", "90"), ("c", "0.9")], 1):
        cell = f'<Cell ss:StyleID="{style}"><Data ss:Type="Number">{value}</Data></Cell>'
        rows += xml_rows([_score(number)]).replace("</Row>", cell + "</Row>")
    return spreadsheet_xml(rows, styles=styles).encode()


def _html_scores() -> bytes:
    return html([SCORES, *[[*_score(i), cell] for i, cell in enumerate(["90%", "0,9 %", "90", "90,0%"], 1)]]).encode()


@pytest.mark.parametrize(("maker", "second"), [(_xls_scores, "0.009"), (_ods_scores, "0.009"), (_xml_scores, "0.009")])
def test_per_cent_styles_of_every_format_are_fractions(tmp_path: Path, maker: Callable[[], bytes], second: str) -> None:
    found = read(tmp_path, "bo_chi_so_766/diem", "a.xls", maker())
    assert found.column("ty_le") == [Decimal(text) for text in ("0.9", second, "0.9", "0.9")]


def test_per_cent_of_a_page_is_its_text(tmp_path: Path) -> None:
    found = read(tmp_path, "bo_chi_so_766/diem", "a.xls", _html_scores())
    assert found.column("ty_le") == [Decimal(text) for text in ("0.9", "0.009", "0.9", "0.9")]


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_of_an_old_workbook(tmp_path: Path, date_1904: bool) -> None:
    shift = 1462 if date_1904 else 0
    serials = [(45444.35416666 - shift, "dd/mm/yyyy hh:mm"), 45444.35416666 - shift]
    rows = [DOSSIER_HEADERS, *[[*row[:3], serial, *row[4:]] for row, serial in zip(dossiers(2), serials, strict=True)]]
    found = read(tmp_path, FEED, "a.xls", xls({"T": rows}, date_1904=date_1904))
    assert found.column("ngay_tiep_nhan") == [datetime(2024, 6, 1, 8, 30)] * 2


def test_dates_repeats_and_errors_of_an_open_document(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="date" office:date-value="{}"><text:p>?</text:p></table:table-cell>'
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
        "<text:p>#REF!</text:p></table:table-cell>"
    )
    rows = ods_rows([DOSSIER_HEADERS, ["1", "H02.28-240611-0001", "H02.28"], ["2", "H02.28-240611-0002", "H02.28"]])
    head, first, second, _ = rows.split("</table:table-row>")
    rest = ods_rows([["Đang xử lý"]]).removeprefix("<table:table-row>").removesuffix("</table:table-row>")
    end = "</table:table-row>"
    blank = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    sheet = (
        head + end + first + cell.format("2024-06-01T08:29:59.999999999") + rest + cell.format("2024-06-11") + end
        + second + cell.format("2024-06-02") + rest + error + end + blank
    )  # fmt: skip
    found = read(tmp_path, FEED, "a.ods", ods({"T": sheet}))
    assert found.column("ngay_tiep_nhan") == [datetime(2024, 6, 1, 8, 30), datetime(2024, 6, 2)]
    assert found.column("ngay_hen_tra") == [datetime(2024, 6, 11), None]
    assert found.faults == [(3, "ngay_hen_tra", "khong_doc_duoc", False)]


def test_hidden_sheets_come_first_so_that_the_visible_one_counts(tmp_path: Path) -> None:
    hidden = xls({"Thấy": ROWS, "Ẩn": ROWS}, hidden=["Ẩn"])
    assert read(tmp_path, FEED, "a.xls", hidden).sheets == ["Ẩn", "Thấy"]
    style = '<style:style style:name="s_An"><style:table-properties table:display="false"/></style:style>'
    made = ods({"Thay": ods_rows(ROWS), "An": ods_rows(ROWS)}, styles=style)
    assert read(tmp_path, FEED, "a.ods", made).sheets == ["An", "Thay"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"{\\rtf1 abc}", "RTF"),
        (b'<?xml version="1.0"?><danh_sach><ho_so/></danh_sach>', "XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mht"),
        (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "không phải bảng tính"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<d/>"}),
            "không phải bảng tính",
        ),
        (zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\0"}), "xlsb"),
        (b"<!DOCTYPE w [<!ENTITY a 'b'>]><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "DOCTYPE"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(FileRefusedError, match=words):
        read(tmp_path, FEED, "a.xlsx", content)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ('<input type="checkbox" disabled checked>', True),
        ("<input disabled type=checkbox />", False),
        ('<input type="checkbox" checked>', None),
        ('<input type="text" value="Có">', True),
        ('<input type="hidden" value="Có">', None),
        ("<select><option>Có</option><option selected>Không</option><option>Có</option></select>", False),
        ("<select><option>Không<option selected>Có<option>Không</select>", True),
    ],
)
def test_fields_of_a_form_in_a_page_show_their_value(tmp_path: Path, field: str, shown: bool | None) -> None:
    head = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái", "Kết quả điện tử"]
    page = html([head, ["H02.28-240611-0001", "H02.28", "01/06/2024", "4", "@"]]).replace("@", field)
    found = read(tmp_path, "dvc/ho_so", "a.xls", page)
    assert (found.column("ket_qua_dien_tu"), found.faults) == ([shown], [])
