"""Times of day that stand in a column of their own beside their day: ``16:30``, ``16h30``, a spreadsheet's fraction."""

from __future__ import annotations

import polars as pl

from pipelines.intake.values.result import map_unique
from pipelines.intake.values.text import clean
from pipelines.intake.values.timestamps import read_one, serial_timestamps

_OF_SPREADSHEET = r"^(?:1899-12-3[01]|1900-01-0[01]|1904-01-0[01])[ T]"
"""The day before the first one of spreadsheets, which they put before a time alone."""
_FRACTION = r"^0?[.,][0-9]+$|^0$"
_DAY = "01/01/2000"
_ANY_SERIAL = 40_000
_TYPE = pl.Duration("us")


def read_clocks(text: pl.Series) -> pl.Series:
    """Time since midnight (Duration) of each cell, null where it is blank or no time of day."""
    cells = clean(text).str.replace(_OF_SPREADSHEET, "")
    fraction = cells.set(~cells.str.contains(_FRACTION).fill_null(value=False), None).str.replace(",", ".")
    moments = serial_timestamps(fraction.cast(pl.Float64) + _ANY_SERIAL)
    printed, _ = map_unique(cells, lambda cell: (_printed(cell), None), pl.Datetime("us"))
    return pl.select(pl.coalesce(pl.lit(moments), pl.lit(printed)).pipe(_since_midnight)).to_series()


def _printed(cell: str) -> object:
    return None if cell[:1].isalpha() else read_one(f"{_DAY} {cell}")


def _since_midnight(moment: pl.Expr) -> pl.Expr:
    return (moment - moment.dt.truncate("1d")).cast(_TYPE)
