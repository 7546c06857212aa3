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
    wide = pl.all().str.len_bytes().sum() != pl.all().str.len_chars().sum()
    facts = cells.select(
        (pl.all().is_not_null() & ~_starts_visibly(pl.all())).any().name.suffix(" doubtful"),
        *([wide.name.suffix(" wide")] if normalise else []),
    ).row(0, named=True)
    if not any(facts.values()):
        return cells
    expressions = []
    for name in cells.columns:
        value = pl.col(name)
        if normalise and facts[f"{name} wide"] and bool(cells.get_column(name).str.contains(_COMBINING).any()):
            value = value.str.normalize("NFC")
        if facts[f"{name} doubtful"]:
            value = pl.when(_starts_visibly(pl.col(name)) | value.str.contains(_VISIBLE)).then(value)
        expressions.append(value.alias(name))
    return cells.select(expressions)


def _starts_visibly(value: pl.Expr) -> pl.Expr:
    """Whether the first character is for certain no space: a comparison of text is cheap, a pattern is not."""
    first, second, third = ((value >= start) & (value < end) for start, end in _VISIBLE_STARTS)
    return first | second | third
