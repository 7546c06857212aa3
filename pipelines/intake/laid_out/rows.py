"""Rows below a header: data, or blank, section, numbering, total and footer rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from pipelines.contracts.model import DAYS, Contract, Kind, Sensitivity
from pipelines.contracts.normal_form import normal_form, plain
from pipelines.intake.headers.columns import ColumnMap, HeaderIndex, is_ordinal, needed_fields
from pipelines.intake.headers.header import Header, is_numbering
from pipelines.intake.laid_out import titles
from pipelines.intake.values.numbers import read_decimal

_SUMMED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.SHARE})
_CODES = frozenset({Kind.CODE, Kind.DOSSIER_CODE, Kind.REGISTER_NUMBER})
_LISTED = frozenset({Kind.CODE_LIST, Kind.BOOLEAN})
_OF_PERSONS = frozenset({Sensitivity.PERSONAL, Sensitivity.SENSITIVE})
_DIGIT = re.compile(r"\d")
_LEAST_SUMMED = 2
_UNCUT = re.compile(r"[,;|\t](?=\S)")
"""Marks of a record with another delimiter, not cut into cells; words have a blank after them."""
_PART = re.compile(r"^(?:phan|muc|bang|bieu|phu luc|chuong|nhom)(?: so)? (?:[ivx]{1,5}|[0-9]{1,2})[.:]?$")
NO_DIGIT = r"^[^0-9]+$"


def not_blank(cells: pl.DataFrame) -> pl.Series:
    """Boolean, where a row holds anything."""
    if cells.width == 0:
        return pl.Series([False] * cells.height, dtype=pl.Boolean)
    return cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()


class RowSorter:
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
        self._dates = {column for column, kind in self._kinds.items() if kind in DAYS}
        self.first_needed = self._needed[0] if self._needed else None
        self._total: int | None = None
        self._subtotals: set[str] = set()
        self._footer: list[str] = []

    def sort(self, cells: pl.DataFrame) -> tuple[pl.Series, int | None, list[str]]:
        """(mask of data rows, stated total, footer lines) of the rows below the header."""
        kept = not_blank(cells)
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
            if role == "data" and not (in_tail and self._sums_up(row, cells, sure)):
                continue
            dropped.append(position)
            if role == "total" and self._is_subtotal(row, in_tail=in_tail):
                continue
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
        """The spellings of the header's own text that stand among the values of ``column``, and words where a code
        should stand: of signatures, in a table so narrow that they fill all needed columns."""
        column_of_key = self._needed[0]
        known = {row[column_of_key] for row in self._headers if column_of_key < len(row)} - {""}
        words = column.filter(column.str.contains(NO_DIGIT).fill_null(value=False)).unique()
        coded = self._kinds[column_of_key] in _CODES
        return [
            *self._texts,
            *(text for text in words.to_list() if (coded and " " in text.strip()) or normal_form(text) in known),
        ]

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
        announced = in_tail and len(filled) == 2 and titles.is_label(filled[0][1])
        if not announced and any(column in self._dates and titles.is_date(cell) for column, cell in filled):
            return "data"
        first_column, first = filled[0]
        numbered = bool(ordinals) and ordinals[0].strip(" .)(").isdigit()
        if ordinals and not numbered:
            first_column, first = -1, ordinals[0]
        if in_footer or announced:
            return "footer"
        if self._tells_a_listed_word(filled):
            return "data"
        others = filled if first_column == -1 else filled[1:]
        if all(_is_number(cell) for _, cell in others) and (
            titles.is_summary(first) or (first_column in {-1, *self._needed} and titles.is_whole(first))
        ):
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
        if titles.is_total(first) and not numbered:
            return "total"
        if (titles.is_footer(first) or any(footers)) and not numbered:
            return "footer"
        if len(filled) == 1 and not ordinals:
            return self._role_of_single(first_column, first, in_tail=in_tail)
        return "section" if first_column == -1 and len(filled) <= 1 else "data"

    def _sums_up(self, row: Sequence[str | None], cells: pl.DataFrame, sure: pl.Series) -> bool:
        """Whether a row without a word holds nothing but the sums of columns of numbers in the ``sure`` rows."""
        filled = [(column, cell) for column, cell in enumerate(row) if cell]
        if len(sure) < _LEAST_SUMMED or any(self._kinds.get(column) not in _SUMMED for column, _ in filled):
            return False
        return all(read_decimal(cell) == _sum_of(cells.to_series(column).gather(sure)) for column, cell in filled)

    def _tells_a_listed_word(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether, beside the first cell, a word stands where one of a list should, and none of a signature or sum."""
        return any(
            self._kinds.get(column) in _LISTED
            and not _is_number(cell)
            and not titles.is_footer(cell)
            and not titles.is_total(cell)
            for column, cell in filled[1:]
        )

    def _role_of_ordinal(self, ordinals: Sequence[str]) -> str:
        text = " ".join(ordinals)
        if len(_UNCUT.findall(text)) * 2 >= max(len(self._kinds), 4) and _DIGIT.search(text):
            return "data"
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
        if _PART.match(plain(text)):
            return "section"
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

    def _is_subtotal(self, row: Sequence[str | None], *, in_tail: bool) -> bool:
        """Whether a line of totals sums up a group: so does the last one that reads as those between data rows."""
        form = titles.total_form(cell for cell in row if cell)
        if form and not in_tail:
            self._subtotals.add(form)
        return form in self._subtotals

    def _note(self, row: Sequence[str | None], role: str) -> None:
        filled = [(column, cell) for column, cell in enumerate(row) if cell]
        cells = [cell for _, cell in filled]
        self._footer.append(" ".join(cells))
        if role == "total" and not self._counts_a_field(cells):
            stated = titles.stated_rows(cells) if self._sums_a_column(filled) else titles.stated_total(cells)
            self._total = stated if stated is not None else self._total

    def _sums_a_column(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether a line of totals ends with the sum of a column of numbers."""
        column, last = filled[-1]
        return len(filled) > 1 and self._kinds.get(column) in _SUMMED and _is_number(last)

    def _counts_a_field(self, cells: Sequence[str]) -> bool:
        """Whether what a line of totals says it counts is a column of numbers, not the rows."""
        named = [words for words in titles.counted_words(cells) if words]
        match = self._index.match([text for words in named for text in (words, f"so {words}")])
        return match is not None and self._index.contract.by_name[match.field].kind in _SUMMED


def _sum_of(column: pl.Series) -> Decimal | None:
    """The sum of a column's numbers, None where a cell is none or all are blank."""
    numbers = [read_decimal(cell) for cell in column.drop_nulls().to_list()]
    return sum((n for n in numbers if n is not None), Decimal()) if numbers and None not in numbers else None


def _is_number(text: str) -> bool:
    return read_decimal(text, percent_sign=True) is not None
