"""The one shape that every reader gives and every later step takes: a table of text with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto

import polars as pl

Merge = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column; 0-based indexes into ``RawSheet.cells``."""


class Mark(Enum):
    """What a file tells of a cell beside its text."""

    PERCENT = auto()
    """A number that a workbook shows as per cent."""
    FRACTION = auto()
    """A number, not a text, that looks like grouped thousands (``97.925``)."""
    MONTH = auto()
    """A date that a workbook shows without its day."""
    YEAR = auto()
    """A date of which a workbook shows the year alone."""


MarkedCells = dict[int, frozenset[int]]
"""Column → rows of its cells of some sort, counted as the user of it says."""


class Marking:
    """Marks gathered cell by cell."""

    def __init__(self) -> None:
        self._places: dict[Mark, dict[int, set[int]]] = {}

    def add(self, mark: Mark, column: int, row: int) -> None:
        """The cell there has ``mark``."""
        self._places.setdefault(mark, {}).setdefault(column, set()).add(row)

    def cells(self) -> dict[Mark, MarkedCells]:
        """All that were given, by their marks."""
        return {
            mark: {column: frozenset(rows) for column, rows in places.items()} for mark, places in self._places.items()
        }


NOT_COMPUTED = "#CHUA_TINH!"
"""Stands for a formula whose value the file does not hold."""
ERROR_CELLS = {
    name: name
    for name in (
        *("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"),
        *("#UNKNOWN!", "#CONNECT!", "#GETTING_DATA", "#ERROR!"),
    )
} | {"#N/A": "#N/A!"}
"""What an error cell shows → the text that stands for it (``#N/A`` as text is what systems print for nothing)."""
LOST = frozenset({*ERROR_CELLS.values(), NOT_COMPUTED})
"""Texts that stand for a value a spreadsheet lost: no value of any field, and a finding."""


def column_names(width: int) -> list[str]:
    """Positional column names ``c0`` … of a raw sheet."""
    return [f"c{index}" for index in range(width)]


@dataclass(frozen=True)
class RawSheet:
    """One sheet of a file (csv, json and parquet files have exactly one, named ``''``).

    ``cells`` holds text only, in positional columns ``c0`` …; a blank cell is null. ``rows`` is the 1-based
    physical row of each line of ``cells``: sheet row of a workbook, first line of a csv record, element of a
    json array, row of a parquet file.

    ``header`` is given where the format names its columns (json, parquet): ``cells`` then holds data rows
    only. Where it is ``None`` (workbook, csv) ``cells`` holds everything on the sheet, and the header row,
    titles, numbering and footers are found by ``layout``.

    ``marks``: by mark, column of ``cells`` (0-based) → physical rows of the cells that have it.

    ``widths`` (delimited text only): cells that each record has, blank ones too. ``unfinished``: the last record
    has no line end. ``doubts``: (header, reason) of columns whose reading the reader itself is not sure of.
    ``hidden``: a sheet that the workbook does not show. ``stated_total``: records that the answer of an interface says
    it holds.
    """

    name: str
    cells: pl.DataFrame
    rows: pl.Series
    header: tuple[str, ...] | None = None
    merged: tuple[Merge, ...] = field(default=())
    date_system_1904: bool = False
    marks: dict[Mark, MarkedCells] = field(default_factory=dict)
    hidden: bool = False
    widths: pl.Series | None = None
    unfinished: bool = False
    doubts: tuple[tuple[str, str], ...] = ()
    stated_total: int | None = None

    def marked(self, mark: Mark, column: int) -> frozenset[int]:
        """Physical rows of the column's cells that have ``mark``."""
        return self.marks.get(mark, {}).get(column, frozenset())

    def part(self, start: int, end: int) -> RawSheet:
        """Records ``start`` to ``end - 1`` as a sheet of the same name; places in the file stay what they are."""
        merged = tuple((m[0] - start, m[1], m[2] - start, m[3]) for m in self.merged if m[0] >= start and m[2] < end)
        return replace(
            self,
            cells=self.cells.slice(start, end - start),
            rows=self.rows.slice(start, end - start),
            merged=merged,
            widths=self.widths.slice(start, end - start) if self.widths is not None else None,
            unfinished=self.unfinished and end == self.cells.height,
        )

    @classmethod
    def of_records(
        cls, header: list[str], records: list[list[str | None]], *, name: str = "", first_row: int = 1
    ) -> RawSheet:
        """A small sheet with known headers, e.g. from a document of another layout; rows are numbered on."""
        names = column_names(len(header))
        columns = list(zip(*records, strict=True)) if records else [()] * len(header)
        cells = pl.DataFrame({n: pl.Series(n, list(c), dtype=pl.String) for n, c in zip(names, columns, strict=True)})
        rows = pl.Series("dong", range(first_row, first_row + len(records)), dtype=pl.Int64)
        return cls(name=name, cells=cells, rows=rows, header=tuple(header))
