"""R2, R3, R3b and R4 as the answer key computes them, on cases worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.sample.procedures import due_dates as due
from pipelines.sample.world import working_days as wd
from pipelines.sample.world.catalogue import CHANGE, on_day, procedures
from pipelines.sample.world.geography import MERGER, agencies, todays_unit, units_on


def _minute(text: str) -> np.ndarray:
    return np.array([int((datetime.fromisoformat(text) - datetime(1970, 1, 1)).total_seconds() // 60)])


def _due(received: str, limit: int, unit: int, *pauses: tuple[str, str]) -> tuple[str, int]:
    spans = [(_minute(a), _minute(b)) for a, b in pauses]
    result = due.recompute(_minute(received), np.array([limit]), np.array([unit]), spans, np.array([0]))
    return (date(1970, 1, 1) + timedelta(days=int(result.day[0]))).isoformat(), int(result.paused[0])


@pytest.mark.parametrize(
    ("text", "working"),
    [("2025-04-26", True), ("2025-05-02", False), ("2025-09-01", False), ("2025-04-07", False), ("2025-06-30", True),
     ("2026-01-10", True), ("2026-11-24", False), ("2024-05-04", True), ("2025-06-29", False)],
)  # fmt: skip
def test_working_days_know_holidays_and_swaps(text: str, working: bool) -> None:
    assert bool(wd.is_working(np.array([wd.day(date.fromisoformat(text))]))[0]) is working


@pytest.mark.parametrize(
    ("received", "limit", "unit", "pauses", "expected"),
    [
        ("2025-06-12T09:00", 3, due.WORKING_DAYS, [], ("2025-06-17", 0)),
        ("2025-04-29T09:00", 1, due.WORKING_DAYS, [], ("2025-05-05", 0)),
        ("2025-06-14T09:00", 1, due.WORKING_DAYS, [], ("2025-06-17", 0)),
        ("2025-06-13T09:00", 1, due.CALENDAR_DAYS, [], ("2025-06-16", 0)),
        ("2025-06-12T09:00", 16, due.HOURS, [], ("2025-06-16", 0)),
        ("2025-06-12T14:59", 0, due.SAME_DAY, [], ("2025-06-12", 0)),
        ("2025-06-12T15:00", 0, due.SAME_DAY, [], ("2025-06-13", 0)),
        ("2025-06-02T09:00", 5, due.WORKING_DAYS, [("2025-06-04T10:00", "2025-06-10T08:00")], ("2025-06-13", 4)),
        ("2025-06-02T09:00", 10, due.CALENDAR_DAYS, [("2025-06-04T10:00", "2025-06-10T08:00")], ("2025-06-18", 6)),
        ("2025-06-02T09:00", 2, due.WORKING_DAYS, [("2025-06-05T10:00", "2025-06-10T08:00")], ("2025-06-04", 0)),
    ],
)
def test_due_dates(
    received: str, limit: int, unit: int, pauses: list[tuple[str, str]], expected: tuple[str, int]
) -> None:
    assert _due(received, limit, unit, *pauses) == expected


@pytest.mark.parametrize(
    ("end", "clock", "verdict"),
    [
        ("2025-06-11T23:00", due.NONE, "truoc_han"),
        ("2025-06-12T23:59", due.NONE, "dung_han"),
        ("2025-06-12T17:00", 17 * 60, "dung_han"),
        ("2025-06-12T17:01", 17 * 60, "qua_han"),
        ("2025-06-13T00:00", due.NONE, "qua_han"),
    ],
)
def test_outcomes(end: str, clock: int, verdict: str) -> None:
    day = np.array([wd.day(date(2025, 6, 12))])
    assert due.outcome(_minute(end), day, np.array([clock]))[0] == verdict


def test_every_agency_has_a_successor_but_two() -> None:
    heirs = todays_unit(agencies(), date(2025, 12, 31))
    assert sorted(code for code, heir in heirs.items() if heir is None) == ["H02.22", "H02.30.07"]
    assert heirs["H02.07"] == "H05.08"
    assert heirs["H02"] == "H05"


def test_no_unit_of_the_old_province_is_alive_after_the_merger() -> None:
    codes = units_on(agencies(), MERGER)["ma_don_vi"]
    assert codes.str.starts_with("H05.").all()
    assert units_on(agencies(), date(2025, 6, 30))["ma_don_vi"].str.starts_with("H02.").all()


def test_procedures_have_one_version_a_day_and_distinct_names() -> None:
    for day in (date(2025, 1, 2), CHANGE, MERGER, date(2025, 12, 31)):
        listed = on_day(procedures(), day)
        assert listed["ma_tthc"].is_unique().all()
        assert listed["ten_tthc"].is_unique().all()
    assert on_day(procedures(), MERGER).filter(pl.col("cap") == "huyen").is_empty()
