"""Periods: months, quarters and years in one spelling."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

from pipelines.contracts.normal_form import bare
from pipelines.intake.values.result import ParsedColumn, map_unique, unread
from pipelines.intake.values.text import clean_one

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "01": 1, "02": 2, "03": 3, "04": 4}
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_JOIN = r"\s*(?:[/\-._,]|năm)?\s*"
_SHAPES = tuple(
    re.compile(spelling)
    for pattern in (
        rf"^(?:cả\s+)?(?:năm\s*)?{_YEAR}(?:\.0)?$",
        rf"^(?:tháng\s*)?(?P<m>\d{{1,2}})\s*(?:[/\-.,]|năm|\s)\s*(?:năm\s*)?{_YEAR}$",
        rf"^{_YEAR}\s*[/\-.]\s*(?:t)?(?P<m>\d{{1,2}})$",
        rf"^{_YEAR}(?P<m>\d{{2}})$",
        rf"^[tm](?P<m>\d{{1,2}})\s*[/\-.]\s*{_YEAR}$",
        rf"^{_YEAR}m(?P<m>\d{{2}})$",
        rf"^0?1/(?P<m>\d{{1,2}})/{_YEAR}(?: 0?0:00(?::00)?)?$",
        rf"^(?:quý|quí|q)\s*\.?\s*(?P<q>iv|i{{1,3}}|0?[1-4]){_JOIN}{_YEAR}$",
        rf"^{_YEAR}{_JOIN}(?:quý|quí|q)\s*\.?\s*(?P<q>iv|i{{1,3}}|0?[1-4])$",
        rf"^(?P<q>iv|i{{1,3}})\s*[/\-.]\s*{_YEAR}$",
        rf"^{_YEAR}-(?P<m>\d{{2}})-01(?:[ t]00:00(?::00)?)?$",
    )
    for spelling in (pattern, bare(pattern))
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(rf"^(?P<b>{'|'.join(_MONTHS)})(?:[a-z]{{0,6}})[\s\-./,']+(?:20)?(?P<y>\d{{2}})$")
"""``Jun-24``: what a spreadsheet makes of a typed ``6/2024``."""
_SAID_TO_BE_ONE = re.compile(r"^k[ỳìyi]:?\s+")
"""``Kỳ tháng 6/2024``."""


def parse_periods(name: str, text: pl.Series) -> ParsedColumn:
    """``name`` VARCHAR: ``2024-06``, ``2024-Q2`` or ``2024``."""
    value, _ = map_unique(text, lambda item: (read_period(item), None), pl.String())
    return ParsedColumn({name: value.alias(name)}, unread(text, value))


def read_period(text: str) -> str | None:
    """Canonical period of ``06/2024``, ``Tháng 6/2024``, ``Quý II/2024``, ``Nam 2024`` and the like, or None."""
    lowered = _SAID_TO_BE_ONE.sub("", unicodedata.normalize("NFKC", clean_one(text)).lower())
    if named := _NAMED.match(lowered):
        return f"20{named['y']}-{_MONTHS.index(named['b']) + 1:02d}"
    for shape in _SHAPES:
        match = shape.match(lowered)
        if not match:
            continue
        parts = match.groupdict()
        year, month, quarter = parts["y"], parts.get("m"), parts.get("q")
        if quarter is not None:
            return f"{year}-Q{_QUARTERS[quarter]}"
        if month is None:
            return year
        if 1 <= int(month) <= 12:
            return f"{year}-{int(month):02d}"
    return None
