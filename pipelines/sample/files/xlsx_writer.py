"""Workbooks as people make them: title blocks, merged two-row headers, numbering rows, covers, footers.

The same frame gives the same bytes: the creation date is fixed, and the library fixes the zip timestamps.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xlsxwriter

from pipelines.sample.files.export import Export, Sheet, Written

_CREATED = datetime(2025, 1, 1)


def _cover(book: Any, lines: tuple[str, ...]) -> None:
    page = book.add_worksheet("Bìa")
    for index, line in enumerate(lines):
        page.write_string(2 + 2 * index, 1, line)


def _header_rows(page: Any, sheet: Sheet, row: int, bold: Any) -> int:
    """Writes the header from ``row`` on; returns the first row below it."""
    shift = 1 if sheet.layout.running_number else 0
    names = list(zip(sheet.frame.columns, sheet.headers, strict=True))
    groups = sheet.layout.groups
    if not groups:
        if shift:
            page.write_string(row, 0, "STT", bold)
        for index, (_, text) in enumerate(names):
            page.write_string(row, index + shift, text, bold)
        return row + 1
    if shift:
        page.merge_range(row, 0, row + 1, 0, "STT", bold)
    spans: dict[str, list[int]] = {}
    for index, (name, text) in enumerate(names):
        column = index + shift
        if name in groups:
            over, under = groups[name]
            spans.setdefault(over, []).append(column)
            page.write_string(row + 1, column, under, bold)
        else:
            page.merge_range(row, column, row + 1, column, text, bold)
    for over, columns in spans.items():
        page.merge_range(row, columns[0], row, columns[-1], over, bold)
    return row + 2


def _column(page: Any, sheet: Sheet, name: str, at: tuple[int, int], date_format: Any) -> None:
    first, column = at
    values = sheet.frame[name].to_list()
    dtype = sheet.frame.schema[name]
    as_number, as_formula = name in sheet.numbers, name in sheet.formulas
    for row, value in enumerate(values, first):
        if value is None or value == "":
            continue
        if isinstance(value, datetime):
            page.write_datetime(row, column, value, date_format)
        elif dtype == pl.Boolean:
            page.write_boolean(row, column, value)
        elif dtype != pl.String:
            page.write_number(row, column, value)
        elif as_formula and value.startswith("="):
            page.write_formula(row, column, value, None, "Bấm vào đây")
        elif as_number and _is_number(value):
            page.write_number(row, column, float(value))
        else:
            page.write_string(row, column, value)


def _is_number(text: str) -> bool:
    """Plain digits; a whole number with leading zeros stays text, or the file would lose them."""
    if text.startswith("0") and len(text) > 1 and not text.startswith("0."):
        return False
    return text.replace(".", "", 1).isdigit() and text.isascii()


def _data_sheet(book: Any, sheet: Sheet, formats: tuple[Any, Any], running: int) -> int:
    """Writes one sheet; returns the 0-based row of its first data row."""
    bold, date_format = formats
    page = book.add_worksheet(sheet.name or "Sheet1")
    row = 0
    for line in sheet.layout.title:
        page.write_string(row, 0, line)
        row += 1
    row += 1 if row else 0
    row = _header_rows(page, sheet, row, bold)
    shift = 1 if sheet.layout.running_number else 0
    if sheet.layout.numbering:
        for index in range(len(sheet.headers) + shift):
            page.write_string(row, index, f"({index + 1})")
        row += 1
    if shift:
        for index in range(sheet.frame.height):
            page.write_number(row + index, 0, running + index + 1)
    for index, name in enumerate(sheet.frame.columns):
        _column(page, sheet, name, (row, index + shift), date_format)
    for index, line in enumerate(sheet.layout.footer):
        page.write_string(row + sheet.frame.height + 1 + index, 0, line)
    return row


def write_xlsx(export: Export, path: Path) -> Written:
    """Write ``export`` to ``path``: a cover where it has one, then a worksheet a sheet."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _CREATED, "title": "Dữ liệu tổng hợp"})
    formats = (book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"}))
    if export.cover:
        _cover(book, export.cover)
    rows, running = [], 0
    for sheet in export.sheets:
        first = _data_sheet(book, sheet, formats, running)
        rows.append(np.arange(sheet.frame.height) + first + 1)
        running += sheet.frame.height
    book.close()
    return Written(rows, [sheet.name or "Sheet1" for sheet in export.sheets])
