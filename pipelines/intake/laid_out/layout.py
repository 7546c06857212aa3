"""A sheet cut into title block, header, data rows and footer; a sheet without header is a cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import polars as pl

from pipelines.contracts.model import Contract, Kind
from pipelines.intake.headers.columns import ColumnMap, HeaderCell, HeaderIndex, map_columns
from pipelines.intake.headers.header import Header, find_header
from pipelines.intake.headers.units import money_units
from pipelines.intake.laid_out import titles
from pipelines.intake.laid_out.clocks import with_clocks
from pipelines.intake.laid_out.merged import hold_for_their_range
from pipelines.intake.laid_out.row_shape import CUT, cut_value, faulty_rows
from pipelines.intake.laid_out.rows import RowSorter, not_blank
from pipelines.intake.limits import Limits
from pipelines.intake.sheet import RawSheet

_FURTHER = 10
"""How many times as far a header is looked for where none stands at the top."""

RIVAL = "hai_cot_mot_truong"


@dataclass(frozen=True)
class Table:
    """The data rows of one sheet, with what the sheet says around them.

    ``cells`` keeps the positional columns of the raw sheet, ``rows`` the physical row of each; ``stated_total``
    is the number of rows that the sheet claims, ``header_row`` the physical row of the last header line.
    ``suspect``: columns whose text looks typed in a font of an old character set, which one could not be told.
    ``broken``: by data row why it cannot be taken as it stands (``row_shape``), or None. ``doubts``: (field, reason)
    of columns that are a finding as a whole. ``month_first``: columns of turned dates → spelling not read.
    ``money_units``: columns of money given in thousands or millions → đồng in one. ``clocks``: field → column of the
    times of day of its days.
    """

    sheet: RawSheet
    cells: pl.DataFrame
    rows: pl.Series
    headers: tuple[HeaderCell, ...]
    columns: ColumnMap
    header_row: int | None
    stated_total: int | None
    exported: datetime | None
    window_end: datetime | None
    window: titles.Window | None = None
    suspect: tuple[int, ...] = ()
    broken: pl.Series | None = None
    doubts: tuple[tuple[str, str], ...] = ()
    month_first: dict[int, str] = field(default_factory=dict)
    money_units: dict[int, int] = field(default_factory=dict)
    clocks: dict[str, int] = field(default_factory=dict)

    def slice(self, start: int, size: int) -> Table:
        """``size`` data rows from row ``start`` on."""
        broken = self.broken.slice(start, size) if self.broken is not None else None
        return replace(self, cells=self.cells.slice(start, size), rows=self.rows.slice(start, size), broken=broken)


@dataclass(frozen=True)
class Cover:
    """A sheet without a table; its text may still tell the export time."""

    sheet: RawSheet
    exported: datetime | None
    window_end: datetime | None
    window: titles.Window | None


def lay_out(sheet: RawSheet, contract: Contract, index: HeaderIndex, limits: Limits) -> Table | Cover:
    """The table of ``sheet``, or its cover where no row names two known fields."""
    if sheet.header is not None:
        return _named(sheet, index)
    head = sheet.cells.head(limits.header_search_rows).rows()
    header = find_header(head, index, sheet.merged)
    if header is None and sheet.cells.height > len(head):
        head = sheet.cells.head(limits.header_search_rows * _FURTHER).rows()
        header = find_header(head, index, sheet.merged)
    if header is None:
        lines = _lines(head)
        return Cover(sheet, titles.export_time(lines), titles.window_end(lines), titles.window(lines))
    lines = _lines(head[: header.top])
    headers = [tuple(row) for row in head[header.top : header.end]]
    columns = map_columns(header.cells, index, lambda column: _has_values(sheet, column, header.data))
    sorter = RowSorter(contract, index, columns, header, headers)
    sheet = hold_for_their_range(sheet, header.data)
    cells, rows = sheet.cells.slice(header.data), sheet.rows.slice(header.data)
    kept, total, footer = sorter.sort(cells)
    columns, clocks = with_clocks(columns, index, cells.filter(kept))
    total = total if total is not None else titles.stated_total_in_titles(lines)
    broken = faulty_rows(sheet, kept, _width_of_header(sheet, header), header.data, sorter.first_needed)
    table = Table(
        sheet=sheet,
        cells=cells.filter(kept),
        rows=rows.filter(kept),
        headers=header.cells,
        columns=columns,
        header_row=int(sheet.rows[header.end - 1]),
        stated_total=total,
        exported=titles.export_time([*lines, *footer]),
        window_end=titles.window_end(lines),
        window=titles.window(lines),
        broken=broken,
        doubts=(*_rivals(cells.filter(kept), columns), *_doubts(sheet, index)),
        money_units=money_units(contract, columns, header.cells, head[header.end : header.data], lines),
        clocks=clocks,
    )
    return _without_cut_value(table, contract, bool(kept[-1])) if sheet.unfinished and len(kept) else table


def _width_of_header(sheet: RawSheet, header: Header) -> int:
    """Cells of the header's widest row: as printed in delimited text, as far as there are names elsewhere."""
    if sheet.widths is None:
        return len(header.cells)
    return int(sheet.widths.slice(header.top, header.end - header.top).max() or 0)  # type: ignore[arg-type]


def _rivals(cells: pl.DataFrame, columns: ColumnMap) -> tuple[tuple[str, str], ...]:
    """Fields that two columns name which do not say the same: which one was meant is for a person to decide."""
    pairs = ((name, cells.to_series(columns.fields[name]), cells.to_series(column)) for name, column in columns.rivals)
    return tuple(dict.fromkeys((name, RIVAL) for name, one, other in pairs if not one.eq_missing(other).all()))


def _doubts(sheet: RawSheet, index: HeaderIndex) -> tuple[tuple[str, str], ...]:
    """The reader's doubts by field; by the whole file where their header names none."""
    found = ((index.match([text]), reason) for text, reason in sheet.doubts)
    return tuple((match.field if match else "", reason) for match, reason in found)


def _without_cut_value(table: Table, contract: Contract, ends_with_data: bool) -> Table:
    """``table`` with its last row set apart where the file ends, without line end, in the middle of a value."""
    last = max(table.columns.fields.values())
    name = next(name for name, column in table.columns.fields.items() if column == last)
    if not ends_with_data or contract.by_name[name].kind is Kind.TEXT or last != _last_filled(table.cells):
        return table
    if not table.cells.height or not cut_value(table.cells.to_series(last)):
        return table
    broken = table.broken if table.broken is not None else pl.repeat(None, len(table.rows), dtype=pl.String, eager=True)
    return replace(table, broken=broken.clone().scatter([len(broken) - 1], [CUT]))


def _last_filled(cells: pl.DataFrame) -> int:
    row = cells.row(cells.height - 1) if cells.height else ()
    return max((column for column, cell in enumerate(row) if cell), default=-1)


def _named(sheet: RawSheet, index: HeaderIndex) -> Table:
    sheet = _one_column_a_field(sheet, index)
    headers = tuple(HeaderCell(text, index.match([text])) for text in sheet.header or ())
    columns = map_columns(headers, index, lambda column: _has_values(sheet, column, 0))
    kept = not_blank(sheet.cells)
    cells = sheet.cells.filter(kept)
    columns, clocks = with_clocks(columns, index, cells)
    doubts = (*_rivals(cells, columns), *_doubts(sheet, index))
    rows = sheet.rows.filter(kept)
    total = sheet.stated_total
    return Table(sheet, cells, rows, headers, columns, None, total, None, None, doubts=doubts, clocks=clocks)


def _one_column_a_field(sheet: RawSheet, index: HeaderIndex) -> RawSheet:
    """Columns of one field brought together where no record fills two of them differently.

    Records of one json file may spell a key in several ways; columns that disagree stay apart.
    """
    header = list(sheet.header or ())
    places: dict[str, list[int]] = {}
    for place, text in enumerate(header):
        match = index.match([text])
        if match is not None:
            places.setdefault(match.field, []).append(place)
    cells, gone = sheet.cells, set()
    for several in places.values():
        names = [cells.columns[place] for place in several]
        if len(names) < 2 or _disagree(cells.select(names)):
            continue
        cells = cells.with_columns(pl.coalesce(names).alias(names[0]))
        gone.update(several[1:])
    if not gone:
        return sheet
    kept = [place for place in range(len(header)) if place not in gone]
    return replace(
        sheet, cells=cells.select(cells.columns[place] for place in kept), header=tuple(header[p] for p in kept)
    )


def _disagree(cells: pl.DataFrame) -> bool:
    first = pl.coalesce(cells.columns)
    return bool(cells.select(pl.any_horizontal(pl.col(name) != first for name in cells.columns).any()).item())


def _lines(rows: Sequence[Sequence[str | None]]) -> list[str]:
    return [" ".join(cell for cell in row if cell) for row in rows if any(row)]


def _has_values(sheet: RawSheet, column: int, start: int) -> bool:
    if column >= sheet.cells.width:
        return False
    values = sheet.cells.to_series(column).slice(start)
    return values.null_count() < len(values)


def batches(tables: list[Table], size: int) -> Iterator[tuple[Table, int]]:
    """``tables`` in pieces of at most ``size`` rows, each with the number of its first row in the file, from 1."""
    first = 1
    for table in tables:
        for start in range(0, max(table.cells.height, 1), size):
            yield table.slice(start, size), first
            first += min(size, table.cells.height - start)
