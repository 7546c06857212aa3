"""Dates of civil registers that may be a year, or a month and a year, only.

Kept as canonical text (``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``) and as the interval of days it can mean; a missing
part is never filled in (docs/mess.md).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.contracts.normal_form import bare
from pipelines.intake.values.result import ParsedColumn, map_unique, try_in_turn, unread
from pipelines.intake.values.text import clean_one
from pipelines.intake.values.timestamps import read_one, serial_timestamps

_FIRST_YEAR = 1000
_UNKNOWN = r"(?:_{1,4}|[?x*]{1,2}|0{1,2}|\.{2,3}|-{2}|…|\s*)"
_PARTIAL = re.compile(
    rf"^(?:ng[àa]y\s*)?(?:(?:(?P<d>\d{{1,2}}|{_UNKNOWN})\s*[/.\-]\s*)?(?P<m>\d{{1,2}}|{_UNKNOWN})\s*[/.\-]\s*)?"
    r"(?P<y>\d{4})(?:\.0)?$"
)
_YEAR_FIRST = re.compile(r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?(?:[ t]00:00(?::00(?:\.0+)?)?)?$")
_DAY_FIRST_RUN = re.compile(r"^(?P<d>0[1-9]|[12]\d|3[01])?(?P<m>0[1-9]|1[0-2])(?P<y>(?:19|20)\d{2})$")
"""``ddmmyyyy`` and ``mmyyyy`` as they are keyed in; never a ``yyyymmdd`` too, whose month is 12 at most."""

_WORDS = re.compile(
    r"^(?:(?:ngày\s*(?P<d>\d{1,2})[\s,]*)?tháng\s*(?P<m>\d{1,2})[\s,]*)?(?:sinh\s+)?năm\s*(?P<y>\d{4})$"
)
_MONTH_IN_NUMBERS = re.compile(r"^th[áa]ng\s*(?P<m>\d{1,2})\s*[/\-.]\s*(?P<y>\d{4})$")
_ZONED = re.compile(r"^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:z|[+-]\d{2}:?\d{2})$")
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""With its offsets of the past: a midnight of before 1975 is 16:00 of the day before in UTC."""
_BARE_WORDS = re.compile(bare(_WORDS.pattern))
_TEXT = pl.String()


def parse_partial_dates(name: str, text: pl.Series, *, date_system_1904: bool) -> ParsedColumn:
    """``name`` canonical text, ``name_tu`` and ``name_den`` first and last day (DATE) that it can mean."""

    def serials(part: pl.Series) -> pl.Series:
        days = part.str.extract(r"^([0-9]{5})(?:[.,]0+)?$").cast(pl.Float64)
        return serial_timestamps(days, date_system_1904=date_system_1904).dt.to_string("%Y-%m-%d")

    value = try_in_turn(text, [_usual, _iso, serials, lambda part: map_unique(part, _scalar, _TEXT)[0]])
    frame = value.to_frame("v").select(
        start=pl.concat_str("v", pl.lit("-01-01")).str.head(10).str.to_date("%Y-%m-%d"),
        v="v",
        size=pl.col("v").str.len_bytes(),
    )
    end = (
        pl.when(pl.col("size") == 4)
        .then(pl.col("start").dt.offset_by("1y").dt.offset_by("-1d"))
        .when(pl.col("size") == 7)
        .then(pl.col("start").dt.month_end())
        .otherwise(pl.col("start"))
    )
    columns = {
        name: value.alias(name),
        f"{name}_tu": frame["start"].alias(f"{name}_tu"),
        f"{name}_den": frame.select(end.alias(f"{name}_den")).to_series(),
    }
    return ParsedColumn(columns, unread(text, value))


def _usual(text: pl.Series) -> pl.Series:
    """``dd.mm.yyyy``, ``mm.yyyy`` and ``yyyy`` with any of ``. / -``, over the whole column."""
    parts = text.str.extract_groups(
        r"^(?:(?:(?<d>[0-9]{1,2})[./-])?(?<m>[0-9]{1,2})[./-])?(?<y>[1-9][0-9]{3})$"
    ).struct.unnest()
    day = pl.col("d").cast(pl.Int8)
    month = pl.col("m").cast(pl.Int8)
    year = pl.col("y").cast(pl.Int32)
    first = pl.date(year, month.fill_null(1).clip(1, 12), 1)
    sound = month.is_between(1, 12) & (day.is_null() | day.is_between(1, first.dt.month_end().dt.day()))
    canonical = (
        pl.when(month.is_null())
        .then(pl.col("y"))
        .when(sound & day.is_null())
        .then(pl.concat_str("y", pl.lit("-"), pl.col("m").str.zfill(2)))
        .when(sound)
        .then(pl.concat_str("y", pl.lit("-"), pl.col("m").str.zfill(2), pl.lit("-"), pl.col("d").str.zfill(2)))
        .otherwise(None)
    )
    return parts.select(canonical.alias("v")).to_series()


def _iso(text: pl.Series) -> pl.Series:
    """``yyyy-mm-dd``, as databases and interfaces write days, over the whole column."""
    day = text.str.extract(r"^([1-9][0-9]{3}-[0-9]{2}-[0-9]{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?$")
    return day.set(day.str.to_date("%Y-%m-%d", strict=False).is_null(), None)


def _scalar(text: str) -> tuple[str | None, None]:
    return read_partial(text), None


def read_partial(text: str) -> str | None:
    """Canonical form of one date with blanked parts (``__/05/1975``, ``00.00.1975``), ISO, or words; else None.

    A day whose month is unknown is left out: only the year is certain.
    """
    lowered = clean_one(text).lower()
    for pattern in (_PARTIAL, _YEAR_FIRST, _WORDS, _BARE_WORDS, _MONTH_IN_NUMBERS):
        match = pattern.match(lowered)
        if match:
            parts = match.groupdict()
            return canonical_parts(_number(parts["y"]) or 0, _number(parts["m"]), _number(parts.get("d")))
    if re.fullmatch(r"(?:19|20)\d{6}", lowered):
        found = canonical_parts(int(lowered[:4]), int(lowered[4:6]) or 13, int(lowered[6:]) or 32)
        if found is not None:
            return found
    if run := _DAY_FIRST_RUN.match(lowered):
        return canonical_parts(int(run["y"]), int(run["m"]) or 13, int(run["d"]) if run["d"] is not None else None)
    if not re.search(r"\d{4}", lowered):
        return None
    if _ZONED.match(lowered):
        return _day_in_vietnam(lowered)
    moment = read_one(lowered)
    return moment.date().isoformat() if moment else None


def _day_in_vietnam(text: str) -> str | None:
    """The day of a moment with its zone (``1980-05-11T17:00:00Z`` is the 12th)."""
    try:
        return datetime.fromisoformat(text.upper()).astimezone(_VIETNAM).date().isoformat()
    except (ValueError, OverflowError):
        return None


def _number(text: str | None) -> int | None:
    """An integer; None for a blanked part or zeros."""
    return int(text) or None if text and text.strip().isdigit() else None


def canonical_parts(year: int, month: int | None, day: int | None) -> str | None:
    """``YYYY[-MM[-DD]]`` of parts, or None where they are no date."""
    if year < _FIRST_YEAR:
        return None
    if month is None:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day).isoformat()
