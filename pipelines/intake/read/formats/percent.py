"""Cells of a workbook that are shown as per cent: what is stored is the fraction, what was meant is ``97,92%``."""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl

LITERAL = re.compile(r'".*?"|\\.|\[[^\]]*\]')
"""What a number format shows as it stands."""
_NUMBER = re.compile(r"^-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$")


def is_percent_format(code: str) -> bool:
    """Whether a number format shows a true ``%``: not one in quotes, behind a backslash or in brackets."""
    return "%" in LITERAL.sub("", code)


def as_shown(text: pl.Series, rows: pl.Series, percent: frozenset[int]) -> pl.Series:
    """``0.9792`` of a per-cent cell as ``97.92%``; ``rows`` are the sheet rows of ``text``."""
    places = (rows.is_in(sorted(percent)) & text.is_not_null()).arg_true()
    if places.is_empty():
        return text
    return text.scatter(places, [_shown(item) for item in text.gather(places).to_list()])


def _shown(text: str) -> str:
    return f"{(Decimal(text) * 100).normalize():f}%" if _NUMBER.match(text) else text
