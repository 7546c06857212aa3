"""Workbooks: all data sheets as text, through calamine (fastexcel); formulas give their stored value only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl
import python_calamine

from pipelines.intake.errors import FileRefusedError, printable, refusing
from pipelines.intake.limits import Limits
from pipelines.intake.readers.blank import clean_text
from pipelines.intake.readers.workbook_guard import SheetFacts, WorkbookFacts, inspect_workbook
from pipelines.intake.sheet import Merge, RawSheet, column_names

_UNREADABLE = "Không đọc được bảng tính trong tệp xlsx. Hãy mở tệp bằng Excel, lưu lại dạng .xlsx rồi gửi lại."


def read_xlsx(path: Path, limits: Limits) -> list[RawSheet]:
    """Every worksheet with content, hidden ones too; raises ``FileRefusedError``.

    ``rows`` are sheet rows; real dates come as ISO text, numbers as plain digits, cells that hold an error
    (``#N/A``) as null. Panics of the native reader are refusals too.
    """
    facts = inspect_workbook(path, limits)
    with refusing(_UNREADABLE):
        reader = fastexcel.read_excel(path)
        names = list(reader.sheet_names)
        kinds = facts.worksheets if len(facts.worksheets) == len(names) and all(facts.worksheets) else _kinds(path)
    book = _Book(reader, path, facts, limits)
    wanted = [i for i in range(len(names)) if i >= len(kinds) or kinds[i]]
    sheets = [_read_sheet(book, position, names[position]) for position in wanted]
    return [sheet for sheet in sheets if sheet is not None]


def _kinds(path: Path) -> tuple[bool, ...]:
    """Whether each sheet is a worksheet; parses all of the workbook's shared text once more."""
    return tuple("WorkSheet" in str(sheet.typ) for sheet in python_calamine.load_workbook(path).sheets_metadata)


@dataclass(frozen=True)
class _Book:
    reader: fastexcel.ExcelReader
    path: Path
    facts: WorkbookFacts
    limits: Limits


def _read_sheet(book: _Book, position: int, name: str) -> RawSheet | None:
    with refusing(f"Trang tính “{printable(name)}”: {_UNREADABLE}"):
        cells = book.reader.load_sheet(position, header_row=None, skip_rows=0, dtypes="string").to_polars()
    if cells.height == 0 or cells.width == 0:
        return None
    most = book.limits.columns
    if cells.width > most:
        raise FileRefusedError(
            f"Trang tính “{printable(name)}” có quá nhiều cột ({cells.width} > {most}). Hãy xóa cột thừa."
        )
    facts = book.facts.sheets.get(str(position))
    cells.columns = column_names(cells.width)
    cells = clean_text(cells.cast(pl.String), normalise=True)
    placed = facts is not None and (facts.merged or facts.percent)
    first = _first_column(book.path, position, facts) if facts is not None and placed else 1
    merged = _relative(facts.merged, first) if facts is not None else ()
    percent = {column - first: cell_rows for column, cell_rows in facts.percent.items()} if facts is not None else {}
    rows = pl.Series("dong", range(1, cells.height + 1), dtype=pl.Int64)
    return RawSheet(name, cells, rows, merged=merged, date_system_1904=book.facts.date_1904, percent=percent)


def _first_column(path: Path, position: int, facts: SheetFacts) -> int:
    """1-based first used column: the reader leaves out what is empty to the left of it (not above it)."""
    if facts.uses_column_a:
        return 1
    start = python_calamine.load_workbook(path).get_sheet_by_index(position).start
    return start[1] + 1 if start else 1


def _relative(merged: tuple[Merge, ...], first_column: int) -> tuple[Merge, ...]:
    return tuple(
        (top - 1, left - first_column, bottom - 1, right - first_column)
        for top, left, bottom, right in merged
        if right >= first_column
    )
