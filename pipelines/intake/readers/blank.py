"""What counts as a blank cell: nothing, or nothing but spaces, no-break spaces and zero-width characters."""

from __future__ import annotations

import polars as pl

_VISIBLE = r"[^\s\p{Z}\p{C}]"
_COMBINING = r"\p{M}"


def clean_text(cells: pl.DataFrame, *, normalise: bool) -> pl.DataFrame:
    """Blank cells to null; with ``normalise`` also text to NFC (where the reader has not done it)."""
    if cells.height == 0:
        return cells
    expressions = []
    for name in cells.columns:
        value = pl.col(name)
        if normalise and bool(cells.get_column(name).str.contains(_COMBINING).any()):
            value = value.str.normalize("NFC")
        expressions.append(pl.when(value.str.contains(_VISIBLE)).then(value).alias(name))
    return cells.select(expressions)
