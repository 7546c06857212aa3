"""Dates of birth as intervals: what a comparison level may and may not say."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.linkage.births import BIRTHS

DATES = next(c for c in BIRTHS.comparisons if c.name == "ngay_sinh")
LABELS = [level.label for level in DATES.levels]
OVERLAPPING = LABELS[:3]
CONNECTION = duckdb.connect()


def features(interval: tuple[date, date]) -> dict[str, object]:
    """The columns that records.py derives from one interval."""
    first, last = interval
    exact = first == last
    return {
        "tu": first,
        "den": last,
        "nam": first.year if first.year == last.year else None,
        "ngay": first.isoformat() if exact else None,
        "ngay_doi": f"{first.year}-{first.day:02d}-{first.month:02d}" if exact and first.day <= 12 else None,
    }


def level(left: tuple[date, date], right: tuple[date, date]) -> str:
    """Name of the level that two intervals reach, or ``khác``."""
    cases = " ".join(f"when {x.sql} then '{x.label}'" for x in DATES.levels)
    columns, values = [], []
    for side, interval in (("l", left), ("r", right)):
        for name, value in features(interval).items():
            kind = {"tu": "date", "den": "date", "nam": "bigint"}.get(name, "varchar")
            columns.append(f"?::{kind} as {name}_{side}")
            values.append(value)
    query = f"select case {cases} else 'khác' end from (select {', '.join(columns)})"
    return str(CONNECTION.execute(query, values).fetchall()[0][0])


@st.composite
def intervals(draw: st.DrawFn) -> tuple[date, date]:
    """A day, a month or a year, as registers write them."""
    day = draw(st.dates(date(1990, 1, 1), date(1993, 12, 31)))
    kind = draw(st.sampled_from(["ngay", "thang", "nam"]))
    if kind == "ngay":
        return day, day
    if kind == "thang":
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return day.replace(day=1), following - timedelta(days=1)
    return date(day.year, 1, 1), date(day.year, 12, 31)


@settings(max_examples=150)
@given(intervals(), intervals())
def test_comparison_of_dates_does_not_depend_on_which_record_comes_first(left, right) -> None:  # type: ignore[no-untyped-def]
    assert level(left, right) == level(right, left)


@settings(max_examples=150)
@given(intervals(), intervals())
def test_the_agreeing_levels_are_exactly_the_overlapping_intervals(left, right) -> None:  # type: ignore[no-untyped-def]
    overlap = left[0] <= right[1] and right[0] <= left[1]
    assert (level(left, right) in OVERLAPPING) == overlap


@settings(max_examples=100)
@given(intervals(), intervals())
def test_only_two_whole_dates_can_be_the_same_day(left, right) -> None:  # type: ignore[no-untyped-def]
    whole = left == right and left[0] == left[1]
    assert (level(left, right) == "cùng ngày") == whole


def test_slips_have_levels_of_their_own() -> None:
    def day(*parts: int) -> tuple[date, date]:
        return date(*parts), date(*parts)

    assert level(day(1990, 3, 8), day(1990, 8, 3)) == "đảo ngày và tháng"
    assert level(day(1989, 3, 8), day(1990, 3, 8)) == "lệch 1 hoặc 10 năm"
    assert level(day(1990, 3, 31), day(1990, 4, 1)) == "lệch một chữ số hoặc một ngày"
    assert level(day(1990, 3, 8), day(1990, 11, 25)) == "cùng năm"
    assert level(day(1990, 3, 8), day(1993, 11, 25)) == "khác"
    year = (date(1990, 1, 1), date(1990, 12, 31))
    assert level(day(1990, 3, 8), year) == "khoảng giao nhau"
    assert level(day(1990, 3, 8), (date(1990, 3, 1), date(1990, 3, 31))) == "khoảng giao nhau trong một tháng"
