"""The working-day calendar: generated, corrected by hand-kept data, and committed as generated."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import holidays
import pytest

from pipelines.warehouse.calendar import (
    SEEDS,
    build_calendar,
    generate,
    read_announced_years,
    read_corrections,
)

DAYS = {
    d.ngay: d
    for d in build_calendar(
        read_corrections(SEEDS / "lich_dieu_chinh.csv"), read_announced_years(SEEDS / "lich_cong_bo.csv")
    )
}


def test_the_committed_seed_is_what_the_command_generates() -> None:
    assert (SEEDS / "lich.csv").read_text(encoding="utf-8") == generate()


@pytest.mark.parametrize(
    "day",
    ["2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22", "2025-09-03", "2025-11-24"],
)
def test_compensatory_saturdays_and_plain_weekdays_are_worked(day: str) -> None:
    assert DAYS[date.fromisoformat(day)].la_ngay_lam_viec


@pytest.mark.parametrize(
    "day",
    [
        "2024-04-29", "2025-01-27", "2025-01-31", "2025-04-07", "2025-05-02", "2025-09-01", "2026-01-02",
        "2026-04-27", "2026-08-31", "2026-11-24", "2027-05-03", "2025-04-27",
    ],
)  # fmt: skip
def test_holidays_swapped_days_and_days_in_lieu_are_off(day: str) -> None:
    assert not DAYS[date.fromisoformat(day)].la_ngay_lam_viec


def test_the_running_number_counts_working_days_and_covers_every_day() -> None:
    days = sorted(DAYS)
    assert (days[0], days[-1], len(days)) == (date(2015, 1, 1), date(2030, 12, 31), 5844)
    total = 0
    for day in days:
        total += DAYS[day].la_ngay_lam_viec
        assert DAYS[day].so_thu_tu_lam_viec == total


def test_years_without_an_announced_schedule_are_provisional() -> None:
    assert {d.ngay.year for d in DAYS.values() if d.tam_tinh} == {2027, 2028, 2029, 2030}


def test_the_list_holds_every_swap_the_package_knows_and_each_has_both_days() -> None:
    with (SEEDS / "lich_dieu_chinh.csv").open(encoding="utf-8") as handle:
        rows = {date.fromisoformat(row["ngay"]): row for row in csv.DictReader(handle)}
    package = holidays.country_holidays("VN", years=range(2015, 2031), language="vi")
    assert {day for day in package.weekend_workdays if day.year >= 2015} <= {
        day for day, row in rows.items() if row["loai"] == "lam_bu"
    }
    named = {day: re.findall(r"\d{2}/\d{2}/\d{4}", row["ten_ngay_nghi"]) for day, row in rows.items()}
    for day, others in named.items():
        for other in others:
            partner = date(*map(int, reversed(other.split("/"))))
            assert partner.year < 2015 or f"{day:%d/%m/%Y}" in named[partner]
            assert day.weekday() < 5 or rows[day]["loai"] == "lam_bu"


def test_a_citation_that_was_not_verified_carries_no_number() -> None:
    with (SEEDS / "lich_dieu_chinh.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            number = re.search(r"\d+/", row["can_cu"])
            assert (number is not None) == (row["kiem_chung"] == "van_ban"), row["ngay"]


WEEKDAYS_OFF = {
    2015: 13, 2016: 10, 2017: 10, 2018: 11, 2019: 11, 2020: 10, 2021: 11, 2022: 11, 2023: 11, 2024: 12,
    2025: 12, 2026: 14,
}  # fmt: skip


@pytest.mark.parametrize(("year", "count"), WEEKDAYS_OFF.items())
def test_weekdays_off_of_an_announced_year(year: int, count: int) -> None:
    """Counted by hand from the announced schedules; a change of the package would show here."""
    off = [d for d in DAYS.values() if d.ngay.year == year and d.ngay.weekday() < 5 and not d.la_ngay_lam_viec]
    assert len(off) == count


def test_an_unknown_kind_of_correction_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "lich_dieu_chinh.csv"
    file.write_text("ngay,loai,ten_ngay_nghi,can_cu\n2025-01-01,le,x,y\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"lich_dieu_chinh\.csv, dòng 2"):
        read_corrections(file)
