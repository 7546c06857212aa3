"""A sheet cut into title block, header, data rows and footer; a sheet without header is a cover."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import polars as pl

from pipelines.contracts.model import Contract, Kind, Sensitivity
from pipelines.contracts.normal_form import normal_form
from pipelines.intake.headers.columns import ColumnMap, HeaderCell, HeaderIndex, is_ordinal, map_columns, needed_fields
from pipelines.intake.headers.header import Header, find_header, is_numbering
from pipelines.intake.laid_out import titles
from pipelines.intake.laid_out.merged import hold_for_their_range
from pipelines.intake.laid_out.row_shape import CUT, cut_value, faulty_rows
from pipelines.intake.limits import Limits
from pipelines.intake.sheet import RawSheet
from pipelines.intake.values.numbers import read_decimal

_SUMMED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.SHARE})
_LISTED = frozenset({Kind.CODE_LIST, Kind.BOOLEAN})
_OF_PERSONS = frozenset({Sensitivity.PERSONAL, Sensitivity.SENSITIVE})
_DATES = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.PARTIAL_DATE})
_DIGIT = re.compile(r"\d")
_FURTHER = 10
"""How many times as far a header is looked for where none stands at the top."""

RIVAL = "hai_cot_mot_truong"
NO_DIGIT = r"^[^0-9]+$"


@dataclass(frozen=True)
class Table:
    """The data rows of one sheet, with what the sheet says around them.

    ``cells`` keeps the positional columns of the raw sheet, ``rows`` the physical row of each; ``stated_total``
    is the number of rows that the sheet claims, ``header_row`` the physical row of the last header line.
    ``suspect``: columns whose text looks typed in a font of an old character set, which one could not be told.
    ``broken``: by data row why it cannot be taken as it stands (``row_shape``), or None. ``doubts``: (field, reason)
    of columns that are a finding as a whole. ``month_first``: columns of turned dates → spelling not read.
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
    suspect: tuple[int, ...] = ()
    broken: pl.Series | None = None
    doubts: tuple[tuple[str, str], ...] = ()
    month_first: dict[int, str] = field(default_factory=dict)

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
        return Cover(sheet, titles.export_time(lines), titles.window_end(lines))
    lines = _lines(head[: header.top])
    headers = [tuple(row) for row in head[header.top : header.end]]
    columns = map_columns(header.cells, index, lambda column: _has_values(sheet, column, header.data))
    sorter = _RowSorter(contract, index, columns, header, headers)
    sheet = hold_for_their_range(sheet, header.data)
    cells, rows = sheet.cells.slice(header.data), sheet.rows.slice(header.data)
    kept, total, footer = sorter.sort(cells)
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
        broken=broken,
        doubts=(*_rivals(cells.filter(kept), columns), *_doubts(sheet, index)),
    )
    return table if not sheet.unfinished else _without_cut_value(table, contract, bool(kept[-1]))


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
    kept = _not_blank(sheet.cells)
    cells = sheet.cells.filter(kept)
    return Table(
        sheet,
        cells,
        sheet.rows.filter(kept),
        headers,
        columns,
        None,
        None,
        None,
        None,
        doubts=(*_rivals(cells, columns), *_doubts(sheet, index)),
    )


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


def _not_blank(cells: pl.DataFrame) -> pl.Series:
    if cells.width == 0:
        return pl.Series([False] * cells.height, dtype=pl.Boolean)
    return cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()


class _RowSorter:
    """Tells data rows from blank, section, numbering, total and footer rows.

    Only rows that miss a needed field, or repeat the header, are looked at one by one: every other row has
    all that a data row must have.
    """

    def __init__(
        self,
        contract: Contract,
        index: HeaderIndex,
        columns: ColumnMap,
        header: Header,
        headers: Sequence[Sequence[str | None]],
    ) -> None:
        self._index = index
        self._personal = {c for n, c in columns.fields.items() if contract.by_name[n].sensitivity in _OF_PERSONS}
        self._kinds = {column: contract.by_name[name].kind for name, column in columns.fields.items()}
        self._needed = [columns.fields[f.name] for f in needed_fields(contract) if f.name in columns.fields]
        self._ordinals = {i for i, cell in enumerate(header.cells) if is_ordinal(cell.text)}
        self._texts = [row[self._needed[0]] or "" for row in headers] if self._needed else []
        self._headers = [[normal_form(cell) if cell else "" for cell in row] for row in headers]
        self._dates = {column for column, kind in self._kinds.items() if kind in _DATES}
        self.first_needed = self._needed[0] if self._needed else None
        self._total: int | None = None
        self._footer: list[str] = []

    def sort(self, cells: pl.DataFrame) -> tuple[pl.Series, int | None, list[str]]:
        """(mask of data rows, stated total, footer lines) of the rows below the header."""
        kept = _not_blank(cells)
        doubtful = self._doubtful(cells) & kept
        positions = doubtful.arg_true().to_list()
        sure = (kept & ~doubtful).arg_true()
        last_sure = int(sure[-1]) if len(sure) else -1
        dropped: list[int] = []
        in_footer = in_aside = False
        filled = kept
        for position, row in zip(positions, cells.filter(doubtful).iter_rows(), strict=True):
            in_tail = position > last_sure
            in_footer = in_footer and in_tail
            apart = position > 0 and not filled[position - 1]
            if in_tail and not in_footer and (in_aside or apart) and self._is_aside(row, begins=not in_aside):
                in_aside = True
                dropped.append(position)
                continue
            in_aside = False
            role = self._role(row, in_tail=in_tail, in_footer=in_footer)
            if role == "data":
                continue
            dropped.append(position)
            if in_tail and role in {"total", "footer"}:
                in_footer = True
                self._note(row, role)
        if dropped:
            kept = kept.scatter(dropped, False)
        return kept, self._total, self._footer

    def _doubtful(self, cells: pl.DataFrame) -> pl.Series:
        names = cells.columns
        if not self._needed:
            return pl.Series([True] * cells.height, dtype=pl.Boolean)
        first = pl.col(names[self._needed[0]])
        missing = pl.any_horizontal(pl.col(names[column]).is_null() for column in self._needed)
        repeats = first.is_in(self._repeated(cells.to_series(self._needed[0]))) | first.str.contains(
            r"^\s*[(\[]\d{1,3}[)\]]\s*$"
        )
        return cells.select((missing | repeats.fill_null(False)).alias("doubtful")).to_series()

    def _repeated(self, column: pl.Series) -> list[str]:
        """The spellings of the header's own text that stand among the values of ``column``."""
        column_of_key = self._needed[0]
        known = {row[column_of_key] for row in self._headers if column_of_key < len(row)} - {""}
        words = column.filter(column.str.contains(NO_DIGIT).fill_null(value=False)).unique()
        return [*self._texts, *(text for text in words.to_list() if normal_form(text) in known)]

    def _is_aside(self, row: Sequence[str | None], *, begins: bool) -> bool:
        """Whether a row after the last sound one, set off by a blank line, is of a small table of its own."""
        filled = [(column, cell) for column, cell in enumerate(row) if cell]
        if len(filled) < 2 or len(filled) * 2 > max(len(self._kinds), 4) or any(c in self._dates for c, _ in filled):
            return False
        if not begins:
            return True
        words = not any(_DIGIT.search(cell) for _, cell in filled)
        return words and any(self._index.match([cell]) or titles.is_count(cell) for _, cell in filled)

    def _role(self, row: Sequence[str | None], *, in_tail: bool, in_footer: bool) -> str:
        filled = [(column, cell) for column, cell in enumerate(row) if cell and column not in self._ordinals]
        ordinals = [cell for column, cell in enumerate(row) if cell and column in self._ordinals]
        if not filled:
            return self._role_of_ordinal(ordinals)
        if is_numbering(row) or self._repeats_header(row):
            return "header"
        if any(column in self._dates and titles.is_date(cell) for column, cell in filled):
            return "data"
        first_column, first = filled[0]
        if ordinals and not ordinals[0].strip(" .)(").isdigit():
            first_column, first = -1, ordinals[0]
        if in_footer:
            return "footer"
        others = filled if first_column == -1 else filled[1:]
        if titles.is_summary(first) and all(_is_number(cell) for _, cell in others):
            return "total"
        if first_column == -1 and self._heads_a_group(filled):
            return "section"
        footers = [titles.is_footer(cell) for _, cell in filled]
        needed = sum(
            1
            for (column, _), footer in zip(filled, footers, strict=True)
            if column in self._needed and column != first_column and not footer
        )
        if needed:
            return "data"
        if titles.is_total(first):
            return "total"
        if titles.is_footer(first) or any(footers):
            return "footer"
        if len(filled) == 1 and not ordinals:
            return self._role_of_single(first_column, first, in_tail=in_tail)
        return "section" if first_column == -1 and len(filled) <= 1 else "data"

    def _role_of_ordinal(self, ordinals: Sequence[str]) -> str:
        text = " ".join(ordinals)
        if text.strip(" .)(").isdigit():
            return "blank"
        if titles.is_total(text):
            return "total"
        return "footer" if titles.is_footer(text) else "section"

    def _heads_a_group(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Beside a roman number or a letter: words where a value of another kind should stand, and numbers."""
        column, text = filled[0]
        words = self._role_of_single(column, text, in_tail=False) == "section" or (
            len(filled) == 1 and self._kinds.get(column) is Kind.TEXT
        )
        return words and all(_is_number(cell) for _, cell in filled[1:])

    def _role_of_single(self, column: int, text: str, *, in_tail: bool) -> str:
        """A lone cell of several words where a code, date or number should stand is a heading or a note.

        Words in a column of listed words may be one of them, but for what comes after the last sound row.
        """
        words, kind = len(text.split()), self._kinds.get(column)
        if kind is Kind.TEXT and (column not in self._needed or column in self._personal):
            return "data"
        if kind in _LISTED and not in_tail:
            return "data"
        return "section" if words >= 3 or (words == 2 and kind is not Kind.TEXT and not _DIGIT.search(text)) else "data"

    def _repeats_header(self, row: Sequence[str | None]) -> bool:
        filled = [(column, form) for column, cell in enumerate(row) if cell and (form := normal_form(cell))]
        if len(filled) < 2:
            return False
        return any(all(column < len(h) and h[column] == form for column, form in filled) for h in self._headers)

    def _note(self, row: Sequence[str | None], role: str) -> None:
        filled = [(column, cell) for column, cell in enumerate(row) if cell]
        cells = [cell for _, cell in filled]
        self._footer.append(" ".join(cells))
        if role == "total" and not self._sums_a_column(filled):
            stated = titles.stated_total(cells)
            self._total = stated if stated is not None else self._total

    def _sums_a_column(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether a line of totals states the sum of a column of numbers, not how many rows there are."""
        column, last = filled[-1]
        if len(filled) > 1 and self._kinds.get(column) in _SUMMED and _is_number(last):
            return True
        named = [words for words in titles.counted_words([cell for _, cell in filled]) if words]
        match = self._index.match([text for words in named for text in (words, f"so {words}")])
        return match is not None and self._index.contract.by_name[match.field].kind in _SUMMED


def _is_number(text: str) -> bool:
    return read_decimal(text, percent_sign=True) is not None


def batches(tables: list[Table], size: int) -> Iterator[tuple[Table, int]]:
    """``tables`` in pieces of at most ``size`` rows, each with the number of its first row in the file, from 1."""
    first = 1
    for table in tables:
        for start in range(0, max(table.cells.height, 1), size):
            yield table.slice(start, size), first
            first += min(size, table.cells.height - start)
