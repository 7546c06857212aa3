"""Workbooks of Excel before 2007 (BIFF), through xlrd: number formats, merged cells and hidden sheets included."""

from __future__ import annotations

import io
from typing import Any

from pipelines.intake.errors import FileRefusedError, refusing
from pipelines.intake.fractions import STORED
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.cell_styles import marks_of
from pipelines.intake.read.formats.grid import Grid
from pipelines.intake.read.formats.seconds import DRIFT, nearest_second
from pipelines.intake.read.formats.sheet_facts import error_text
from pipelines.intake.sheet import Mark, RawSheet

_BROKEN = (
    "Tệp xls hỏng hoặc bị cắt giữa chừng, không đọc được. Hãy tải lại, hoặc mở bằng Excel, lưu lại dạng .xlsx "
    "rồi gửi lại."
)
_LOCKED = "Tệp có mật khẩu. Hãy bỏ mật khẩu, lưu lại dạng .xlsx rồi gửi lại."
_OTHER = "Tệp không phải bảng tính Excel (có thể là tệp Word hoặc tệp khác). Hãy lưu lại dạng .xlsx rồi gửi lại."
_WHOLE = 1e21
_FREE_SECTOR = 0xFFFFFFFF


def read_xls(data: bytes, limits: Limits) -> list[RawSheet]:
    """Every worksheet with content, hidden ones too; raises ``FileRefusedError``.

    Real dates come as ISO text to the second, numbers as plain digits.
    """
    import xlrd

    _check_whole(data)
    with refusing(_BROKEN):
        try:
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        except xlrd.XLRDError as error:
            if "encrypted" in str(error).lower() or "EncryptedPackage".encode("utf-16-le") in data:
                raise FileRefusedError(_LOCKED) from None
            if "find workbook" in str(error).lower():
                raise FileRefusedError(_OTHER) from None
            raise
        return [read for sheet in book.sheets() if (read := _sheet(book, sheet, limits)) is not None]


def _check_whole(data: bytes) -> None:
    """Refuse a container that ends before its last sector: what is missing would be read as nothing."""
    if data[:4] != b"\xd0\xcf\x11\xe0":
        return
    with refusing(_BROKEN):
        size = 1 << int.from_bytes(data[30:32], "little")
        tables = int.from_bytes(data[44:48], "little")
        if not 64 <= size <= 4096 or tables == 0:
            raise ValueError(size)
        first = int.from_bytes(data[76:80], "little")
        if len(data) < 512 + min(tables, 109) * 4 or (first + 2) * size > len(data) + size - 1:
            raise ValueError(first)
    used = _last_sector(data, size, tables)
    if (used + 1) * size + 1 > len(data) or len(data) < 1536:
        raise FileRefusedError(_BROKEN)


def _last_sector(data: bytes, size: int, tables: int) -> int:
    """Number of the last sector in use, by the first 109 allocation tables (enough for 7 MB)."""
    last = 0
    for place in range(min(tables, 109)):
        sector = int.from_bytes(data[76 + 4 * place : 80 + 4 * place], "little")
        block = data[(sector + 1) * size : (sector + 2) * size]
        if len(block) < size:
            raise FileRefusedError(_BROKEN)
        entries = memoryview(block).cast("I")
        for entry in range(len(entries) - 1, -1, -1):
            if entries[entry] != _FREE_SECTOR:
                last = max(last, place * len(entries) + entry)
                break
    return last


def _sheet(book: Any, sheet: Any, limits: Limits) -> RawSheet | None:
    marks = [marks_of(_format(book, style)) for style in book.xf_list]
    grid = Grid(sheet.name, limits)
    for row in range(sheet.nrows):
        cells: dict[int, str] = {}
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            text = _text(book, kind, value)
            if text:
                cells[column] = text
                if kind in (2, 3):
                    for mark in marks[sheet.cell_xf_index(row, column)]:
                        grid.mark(mark, row, column)
                    if STORED.fullmatch(text):
                        grid.mark(Mark.FRACTION, row, column)
        grid.add(row, cells)
    for top, below, left, beyond in sheet.merged_cells:
        grid.merge(top, left, below - 1, beyond - 1)
    return grid.sheet(hidden=sheet.visibility != 0, date_1904=book.datemode == 1)


def _format(book: Any, style: Any) -> str:
    found = book.format_map.get(style.format_key)
    return (found.format_str or "") if found is not None else ""


def _text(book: Any, kind: int, value: Any) -> str:
    import xlrd

    if kind == xlrd.XL_CELL_TEXT:
        return str(value)
    if kind == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate_as_datetime(value, book.datemode)
        except (ValueError, OverflowError):
            return _digits(value)
        if moment.year < 1900 or value < 1:
            return _digits(value)
        return str(nearest_second(moment, drift=DRIFT))
    if kind == xlrd.XL_CELL_NUMBER:
        return _digits(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "true" if value else "false"
    if kind == xlrd.XL_CELL_ERROR:
        return error_text(xlrd.error_text_from_code.get(value, ""))
    return ""


def _digits(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < _WHOLE else repr(value)
