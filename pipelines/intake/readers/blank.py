"""What counts as a blank cell: nothing, or nothing but spaces, no-break spaces and zero-width characters."""

from __future__ import annotations

import polars as pl

_VISIBLE = r"[^\s\p{Z}\p{C}]"
_COMBINING = r"\p{M}"
_VISIBLE_STARTS = (("!", "\x7f"), ("À", "\u0300"), ("Ạ", "\u1f00"))


def clean_text(cells: pl.DataFrame, *, normalise: bool) -> pl.DataFrame:
    """Blank cells to null; with ``normalise`` also text to NFC (where the reader has not done it)."""
    if cells.height == 0:
        return cells
    return pl.DataFrame([_clean(column, normalise=normalise) for column in cells.get_columns()])


def _clean(column: pl.Series, *, normalise: bool) -> pl.Series:
    if column.null_count() == len(column):
        return column
    if normalise and not _is_ascii(column) and bool(column.str.contains(_COMBINING).any()):
        column = column.str.normalize("NFC")
    doubtful = (column.is_not_null() & ~_starts_visibly(column)).arg_true()
    if doubtful.is_empty():
        return column
    blank = ~column.gather(doubtful).str.contains(_VISIBLE)
    return column.scatter(doubtful.filter(blank), None) if blank.any() else column


def _is_ascii(column: pl.Series) -> bool:
    return bool(column.str.len_bytes().sum() == column.str.len_chars().sum())


def _starts_visibly(column: pl.Series) -> pl.Series:
    """Whether the first character is for certain no space: a comparison of text is cheap, a pattern is not."""
    found = pl.Series([False]).new_from_index(0, len(column))
    for first, end in _VISIBLE_STARTS:
        found |= ((column >= first) & (column < end)).fill_null(value=False)
    return found
