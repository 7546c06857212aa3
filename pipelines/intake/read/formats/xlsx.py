"""Workbooks: all data sheets as text, through calamine (fastexcel); formulas give their stored value only."""

from __future__ import annotations

import io
from dataclasses import dataclass

import polars as pl

from pipelines.intake.errors import FileRefusedError, printable, refusing
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.blank import clean_text
from pipelines.intake.read.formats.sheet_facts import LostCells, SheetFacts
from pipelines.intake.read.formats.workbook_guard import Workbook, Worksheet, inspect_workbook
from pipelines.intake.sheet import Merge, RawSheet, column_names

_UNREADABLE = "Không đọc được bảng tính trong tệp xlsx. Hãy mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại."


def read_xlsx(data: bytes, limits: Limits) -> list[RawSheet]:
    """Every worksheet with content, hidden ones too; raises ``FileRefusedError``.

    ``rows`` are sheet rows; real dates come as ISO text, numbers as plain digits; a cell that holds an error
    (``#N/A``) or a formula without its value holds one of ``sheet.LOST``. Panics of the native reader are refusals too.
    """
    import fastexcel

    workbook = inspect_workbook(data, limits)
    with refusing(_UNREADABLE):
        reader = fastexcel.read_excel(workbook.data)
        found = len(reader.sheet_names)
    if found != len(workbook.worksheets):
        raise FileRefusedError(_UNREADABLE)
    book = _Book(reader, workbook, limits)
    sheets = [_read_sheet(book, position, sheet) for position, sheet in enumerate(workbook.worksheets)]
    return [sheet for sheet in sheets if sheet is not None]


@dataclass(frozen=True)
class _Book:
    reader: object
    workbook: Workbook
    limits: Limits


def _read_sheet(book: _Book, position: int, sheet: Worksheet) -> RawSheet | None:
    with refusing(f"Trang tính “{printable(sheet.name)}”: {_UNREADABLE}"):
        cells = book.reader.load_sheet(position, header_row=None, skip_rows=0, dtypes="string").to_polars()  # type: ignore[attr-defined]
    if cells.height == 0 or cells.width == 0:
        return None
    most = book.limits.columns
    if cells.width > most:
        raise FileRefusedError(
            f"Trang tính “{printable(sheet.name)}” có quá nhiều cột ({cells.width} > {most}). Hãy xóa cột thừa."
        )
    facts = sheet.facts
    cells.columns = column_names(cells.width)
    cells = clean_text(cells.cast(pl.String), normalise=True)
    placed = facts.merged or facts.marks or facts.lost
    first = _first_column(book.workbook.data, position, facts) if placed else 1
    return RawSheet(
        sheet.name,
        _with_lost(cells, facts.lost, first),
        pl.Series("dong", range(1, cells.height + 1), dtype=pl.Int64),
        merged=_relative(facts.merged, first),
        date_system_1904=book.workbook.date_1904,
        marks={mark: {column - first: rows for column, rows in marked.items()} for mark, marked in facts.marks.items()},
        hidden=sheet.hidden,
    )


def _first_column(data: bytes, position: int, facts: SheetFacts) -> int:
    """1-based first used column: the reader leaves out what is empty to the left of it (not above it)."""
    if facts.first_column is not None:
        return facts.first_column
    import python_calamine

    with refusing(_UNREADABLE):
        start = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(position).start
    return start[1] + 1 if start else 1


def _with_lost(cells: pl.DataFrame, lost: LostCells, first: int) -> pl.DataFrame:
    """``cells`` with the marks of lost values in place; a mark outside of them belongs to no record."""
    for column, marks in lost.items():
        place = column - first
        inside = {row - 1: mark for row, mark in marks.items() if row <= cells.height}
        if 0 <= place < cells.width and inside:
            name = cells.columns[place]
            cells = cells.with_columns(cells.get_column(name).scatter(list(inside), list(inside.values())).alias(name))
    return cells


def _relative(merged: tuple[Merge, ...], first_column: int) -> tuple[Merge, ...]:
    return tuple(
        (top - 1, left - first_column, bottom - 1, right - first_column)
        for top, left, bottom, right in merged
        if right >= first_column
    )
