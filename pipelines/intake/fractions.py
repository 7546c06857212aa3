"""Number cells whose text looks like grouped thousands: a cell that holds the number 97.925 holds no 97 925."""

from __future__ import annotations

import re

import polars as pl

LOOKS_GROUPED = r"^-?[1-9][0-9]{0,2}[.,][0-9]{3}$"
STORED = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}(?:[09]{6}[0-9]*)?")
"""How a workbook may store such a number: in full length, too (``97.924999999999997``)."""
_SURE = r"^(.*[.,][0-9]{3})e0$"


def looks_grouped(text: pl.Series) -> pl.Series:
    """Cells that hold digits, one separator and three digits."""
    return text.str.contains(LOOKS_GROUPED).fill_null(value=False)


def fraction_rows(numbers: pl.Series, first: int = 1) -> frozenset[int]:
    """Rows of a column of numbers (as text) that look like grouped thousands, counted from ``first``."""
    return frozenset((looks_grouped(numbers).arg_true() + first).to_list())


def as_fractions(text: pl.Series, places: pl.Series) -> pl.Series:
    """``97.925`` as ``97.925e0`` where ``places``: an exponent is never read beside a group."""
    found = (places & looks_grouped(text)).arg_true()
    return text if found.is_empty() else text.scatter(found, text.gather(found) + "e0")


def as_printed(text: pl.Series) -> pl.Series:
    """``text`` without what ``as_fractions`` put to it."""
    return text.str.replace(_SURE, "$1")
