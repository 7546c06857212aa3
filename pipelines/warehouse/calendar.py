"""Working-day calendar (rule R2): one row a day, generated into a dbt seed.

Statutory holidays come from the ``holidays`` package; ``lich_dieu_chinh.csv`` beside the seed holds dated
corrections (officially announced swaps, new holidays) and wins over the package; ``lich_cong_bo.csv`` lists
the years whose schedule of days off has been announced: every other year is provisional. An operator
corrects those two files and runs ``python -m pipelines.warehouse.calendar``.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import holidays

from pipelines.config.paths import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
FIRST_DAY = date(2015, 1, 1)
LAST_DAY = date(2030, 12, 31)
HEADER = ("ngay", "la_ngay_lam_viec", "ten_ngay_nghi", "so_thu_tu_lam_viec", "tam_tinh")
_OFF, _WORK = "nghi", "lam_bu"


@dataclass(frozen=True)
class CalendarDay:
    """One day: whether it is worked, its holiday's name or ``''``, running number, provisional or not.

    ``so_thu_tu_lam_viec`` is the number of working days from the first day of the calendar up to and
    including this day, so that "working days after a, up to b" is a subtraction.
    """

    ngay: date
    la_ngay_lam_viec: bool
    ten_ngay_nghi: str
    so_thu_tu_lam_viec: int
    tam_tinh: bool


def read_corrections(file: Path) -> dict[date, tuple[str, str]]:
    """Day → (``nghi``/``lam_bu``, name) of the corrections; ``ValueError`` on an unknown kind."""
    result: dict[date, tuple[str, str]] = {}
    with file.open(encoding="utf-8", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=2):
            if row["loai"] not in (_OFF, _WORK):
                raise ValueError(f"{file.name}, dòng {number}: cột “loai” phải là nghi hoặc lam_bu.")
            result[date.fromisoformat(row["ngay"])] = (row["loai"], row["ten_ngay_nghi"])
    return result


def read_announced_years(file: Path) -> frozenset[int]:
    """Years whose schedule of public holidays has been announced."""
    with file.open(encoding="utf-8", newline="") as handle:
        return frozenset(int(row["nam"]) for row in csv.DictReader(handle) if row["da_cong_bo"] == "true")


def year_owed(today: date) -> int:
    """The last year whose schedule of days off must be loaded: this one, from 1 December the next (R2)."""
    return today.year + (today.month == 12)


def build_calendar(
    corrections: dict[date, tuple[str, str]],
    announced: frozenset[int],
    first: date = FIRST_DAY,
    last: date = LAST_DAY,
) -> list[CalendarDay]:
    """Every day from ``first`` to ``last``, both included (R2; Bộ luật Lao động 2019, Điều 111–112)."""
    package = holidays.country_holidays("VN", years=range(first.year, last.year + 1), language="vi")
    swapped_saturdays: set[date] = package.weekend_workdays
    days: list[CalendarDay] = []
    number = 0
    day = first
    while day <= last:
        kind, name = corrections.get(day, ("", ""))
        if kind == _OFF:
            working = False
        elif kind == _WORK:
            working = True
        else:
            name = package.get(day) or ""
            working = day in swapped_saturdays or (day.weekday() < 5 and not name)
            if day in swapped_saturdays:
                name = "Làm bù"
        number += working
        days.append(CalendarDay(day, working, name, number, day.year not in announced))
        day += timedelta(days=1)
    return days


def calendar_csv(days: list[CalendarDay]) -> str:
    """The seed's text: header and one line a day; regenerating is byte-identical."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    for d in days:
        writer.writerow(
            (
                d.ngay.isoformat(),
                str(d.la_ngay_lam_viec).lower(),
                d.ten_ngay_nghi,
                d.so_thu_tu_lam_viec,
                str(d.tam_tinh).lower(),
            )
        )
    return buffer.getvalue()


def generate(seeds: Path = SEEDS) -> str:
    """Text of ``lich.csv`` from the corrections and announced years in ``seeds``."""
    corrections = read_corrections(seeds / "lich_dieu_chinh.csv")
    return calendar_csv(build_calendar(corrections, read_announced_years(seeds / "lich_cong_bo.csv")))


def main() -> None:
    """Write the calendar seed anew."""
    (SEEDS / "lich.csv").write_text(generate(), encoding="utf-8")


if __name__ == "__main__":
    main()
