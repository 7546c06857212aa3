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
    facts = cells.select(
        *[
            (pl.col(name).is_not_null() & ~_starts_visibly(name)).any().alias(f"{name} doubtful")
            for name in cells.columns
        ],
        *[
            (pl.col(name).str.len_bytes().sum() != pl.col(name).str.len_chars().sum()).alias(f"{name} wide")
            for name in cells.columns
            if normalise
        ],
    ).row(0, named=True)
    expressions = []
    for name in cells.columns:
        value = pl.col(name)
        if normalise and facts[f"{name} wide"] and bool(cells.get_column(name).str.contains(_COMBINING).any()):
            value = value.str.normalize("NFC")
        if facts[f"{name} doubtful"]:
            value = pl.when(_starts_visibly(name) | value.str.contains(_VISIBLE)).then(value)
        expressions.append(value.alias(name))
    return cells.select(expressions)


def _starts_visibly(name: str) -> pl.Expr:
    """Whether the first character is for certain no space: a comparison of text is cheap, a pattern is not."""
    value = pl.col(name)
    return pl.any_horizontal((value >= first) & (value < end) for first, end in _VISIBLE_STARTS)
