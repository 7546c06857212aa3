"""Writers of messy exports: legacy encoders, workbooks with titles and merged headers, hostile archives."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Sequence

import xlsxwriter

from pipelines.intake.read import charsets

HEADERS = ["Mã hồ sơ", "Mã đơn vị", "Chủ hồ sơ", "Số CCCD/CMND", "Ngày tiếp nhận", "Trạng thái", "Lý do trả lại"]
ROWS: list[list[str | None]] = [
    ["H02.01-250203-0001", "H02.01", "Nguyễn Thị Ngọc Ánh", "024190001234", "03/02/2025 07:22", "Đã trả kết quả", None],
    ["H02.01-250203-0002", "H02.01", "Trần Văn Đức", "024190001235", "04/02/2025 08:30", "Đang xử lý", None],
    [
        "H02.02-250205-0001",
        "H02.02",
        "Lê Hữu Phước",
        "127300374",
        "05/02/2025 09:00",
        "Không được tiếp nhận",
        "Thiếu giấy tờ",
    ],
    [
        "H02.02-250206-0001",
        "H02.02",
        "Phạm Thùy Dương",
        None,
        "06/02/2025 10:15",
        "Công dân rút",
        "Tự nguyện rút hồ sơ",
    ],
    ["H02.03-250207-0001", "H02.03", "Đỗ Quỳnh Trang", "024190001236", "07/02/2025 16:45", "Đã xử lý xong", None],
]
TITLES = [
    "ỦY BAN NHÂN DÂN TỈNH BẮC GIANG",
    "DANH SÁCH HỒ SƠ TIẾP NHẬN",
    "(Từ ngày 01/02/2025 đến ngày 28/02/2025)",
    "Thời điểm kết xuất: 28/02/2025 17:00",
    "",
]
_COMBINING_1258 = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def csv_text(
    rows: Sequence[Sequence[str | None]] = ROWS,
    headers: Sequence[str] = HEADERS,
    *,
    delimiter: str = ";",
    titles: Sequence[str] = (),
    footer: Sequence[str] = (),
) -> str:
    lines = [*titles, delimiter.join(headers), *(delimiter.join(cell or "" for cell in row) for row in rows), *footer]
    return "\r\n".join(lines) + "\r\n"


def as_tcvn3(text: str) -> bytes:
    table = {ch: code for code, ch in enumerate(charsets._TCVN3_BYTES) if ch != "\ufffe"}
    return bytes(table[ch] if ch in table else table[ch.lower()] for ch in unicodedata.normalize("NFC", text))


def as_vni(text: str) -> bytes:
    pairs: dict[str, str] = {}
    for written, letter in charsets._VNI_PAIRS.items():
        if len(written) == 1 or written[1].isupper() == written[0].isupper():
            pairs.setdefault(letter, written)
    return "".join(pairs.get(ch, ch) for ch in unicodedata.normalize("NFC", text)).encode("latin-1")


def as_windows_1258(text: str) -> bytes:
    out = bytearray()
    for ch in unicodedata.normalize("NFC", text):
        try:
            out += ch.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", ch)
            tones = "".join(part for part in parts if part in _COMBINING_1258)
            base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _COMBINING_1258))
            out += base.encode("cp1258") + tones.encode("cp1258")
    return bytes(out)


def workbook(sheets: dict[str, Sequence[Sequence[object]]], *, first_row: int = 0, first_column: int = 0) -> bytes:
    """Plain sheets of cells, the table at an offset."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell is not None and cell != "":
                    sheet.write(first_row + i, first_column + j, cell)
    book.close()
    return buffer.getvalue()


def merged_workbook(rows: Sequence[Sequence[str | None]] = ROWS, *, footer: bool = True) -> bytes:
    """Title block, two-row header with merged cells, numbering row, footer with total; a cover sheet first."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    cover = book.add_worksheet("Bìa")
    cover.write(3, 2, "BÁO CÁO")
    cover.write(5, 2, "Kính gửi: Văn phòng UBND tỉnh")
    sheet = book.add_worksheet("Tháng 2")
    style = book.add_format()
    for i, line in enumerate(TITLES):
        if line:
            sheet.merge_range(i, 0, i, 6, line, style)
    single = {0: "STT", 1: "Mã hồ sơ", 2: "Mã đơn vị", 3: "Chủ hồ sơ", 4: "Số CCCD/CMND", 7: "Trạng thái"}
    for column, text in single.items():
        sheet.merge_range(5, column, 6, column, text, style)
    sheet.merge_range(5, 5, 5, 6, "Ngày", style)
    sheet.write(6, 5, "tiếp nhận")
    sheet.write(6, 6, "hẹn trả")
    for column in range(8):
        sheet.write(7, column, f"({column + 1})")
    for i, row in enumerate(rows):
        cells = [str(i + 1), row[0], row[1], row[2], row[3], row[4], "20/03/2025", row[5]]
        for column, cell in enumerate(cells):
            if cell:
                sheet.write_string(8 + i, column, cell)
    if footer:
        sheet.write(8 + len(rows), 0, f"Tổng số: {len(rows)} hồ sơ")
        sheet.write(9 + len(rows), 4, "Bắc Giang, ngày 01 tháng 03 năm 2025")
        sheet.write(10 + len(rows), 1, "Người lập biểu")
        sheet.write(10 + len(rows), 5, "Thủ trưởng đơn vị")
        sheet.write(13 + len(rows), 1, "Nguyễn Văn Người Lập")
    book.close()
    return buffer.getvalue()


def repacked(content: bytes, replaced: dict[str, bytes]) -> bytes:
    """The workbook with some members exchanged."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            target.writestr(item.filename, replaced.get(item.filename, source.read(item.filename)))
    return buffer.getvalue()
