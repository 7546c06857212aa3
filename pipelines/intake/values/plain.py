"""Columns in which no cell needs what few cells need, told by one look at a whole table.

Each of the looks for a text mark, a spreadsheet's error, a letter to compose or an object costs little, but more than
all the rest of a column of a thousand rows, and most columns have none of them.
"""

from __future__ import annotations

import polars as pl

from pipelines.intake.values.text import MAY_NEED_CLEANING

_RARE = rf"{MAY_NEED_CLEANING}|\|\||\|['#=\[{{]|\|Err:"
"""In cells between bars: what ``text.clean`` changes, a blank cell, and how text marks, errors of spreadsheets (also
those that ``sheet.LOST`` stands for) and objects begin."""
_AT_ONCE = 50_000


def plain_columns(cells: pl.DataFrame) -> frozenset[int]:
    """Positions of the columns of ``cells`` (String) whose every cell is text as it should have been typed.

    ``text.clean`` leaves such a column as it is; none of its cells is blank (null may be), is forced to be text, shows
    a spreadsheet's error, or is an object or a list. A cell with a bar in it makes its column look otherwise.
    """
    rare = [False] * cells.width
    for start in range(0, cells.height, _AT_ONCE):
        part = cells.slice(start, _AT_ONCE)
        filled = [position for position in range(part.width) if part.to_series(position).null_count() < part.height]
        if not filled:
            continue
        bar = pl.lit("|")
        joined = part.select(pl.concat_str(bar, pl.nth(p).str.join("|"), bar).alias(str(p)) for p in filled)
        for position, found in zip(filled, joined.select(pl.all().str.contains(_RARE)).rows()[0], strict=True):
            rare[position] |= found
    return frozenset(position for position, is_rare in enumerate(rare) if not is_rare)
