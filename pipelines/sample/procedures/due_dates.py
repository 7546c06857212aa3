"""Rules R3 and R4 once more, in numpy, for the answer key: no line is shared with the warehouse's SQL.

Times are minutes since 1970-01-01 (Vietnam wall clock), days are counts since the same date, ``NONE`` stands
for "not there". Pauses come as pairs of minute arrays, in order of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.sample.world.working_days import add_working, is_working, roll_forward, working_number

Ints = npt.NDArray[np.int64]
NONE = -1
DAY = 1440
WORKING_DAYS, CALENDAR_DAYS, HOURS, SAME_DAY, NO_LIMIT = range(5)
UNITS = {"ngay_lam_viec": WORKING_DAYS, "ngay": CALENDAR_DAYS, "gio": HOURS, "trong_ngay": SAME_DAY}
_EIGHT, _FIFTEEN = 8 * 60, 15 * 60
Pauses = Sequence[tuple[Ints, Ints]]


@dataclass(frozen=True)
class Due:
    """``han_tinh_lai`` as day numbers (``NONE`` where there is no limit) and ``so_ngay_tam_dung``."""

    day: Ints
    paused: Ints


def effective_receipt(received: Ints) -> Ints:
    """Receipt on a day off counts as 08:00 of the next working day (R3)."""
    days = received // DAY
    return np.where(is_working(days), received, roll_forward(days) * DAY + _EIGHT)


def base_due(received: Ints, limit: Ints, unit: Ints) -> Ints:
    """Due day without pauses; for ``ngay`` not yet rolled to a working day."""
    effective = effective_receipt(received)
    day = effective // DAY
    same = np.where(effective % DAY < _FIFTEEN, day, add_working(day, 1))
    hours = add_working(day, np.maximum(-(-limit // 8), 1))
    working = add_working(day, np.maximum(limit, 1))
    return np.select([unit == WORKING_DAYS, unit == CALENDAR_DAYS, unit == HOURS], [working, day + limit, hours], same)


def recompute(received: Ints, limit: Ints, unit: Ints, pauses: Pauses, close: Ints) -> Due:
    """R3 with pauses; ``close`` (minutes) ends a pause that is still open (dossier's end, else as-of)."""
    has_limit = unit != NO_LIMIT
    due = base_due(received, limit, unit)
    calendar = unit == CALENDAR_DAYS
    total = np.zeros(len(due), dtype=np.int64)
    for start, end in pauses:
        shut = np.where(end == NONE, close, end)
        first, last = start // DAY, np.maximum(shut, start) // DAY
        reached = np.where(calendar, roll_forward(due), due)
        counts = (start != NONE) & has_limit & (first <= reached)
        safe_first, safe_last = np.where(counts, first, due), np.where(counts, last, due)
        working = working_number(safe_last) - working_number(safe_first)
        moved = np.where(counts, np.where(calendar, safe_last - safe_first, working), 0)
        due = np.where(calendar, due + moved, add_working(due, moved))
        total += moved
    due = np.where(calendar, roll_forward(due), due)
    return Due(np.where(has_limit, due, NONE), total)


def outcome(end: Ints, due_day: Ints, due_minute: Ints) -> npt.NDArray[np.str_]:
    """R4 for finished dossiers: ``due_minute`` is the minute of day, ``NONE`` for a date alone."""
    late_after = np.where(due_minute == NONE, (due_day + 1) * DAY - 1, due_day * DAY + due_minute)
    return np.select(
        [due_day == NONE, end // DAY < due_day, end > late_after], ["khong_han", "truoc_han", "qua_han"], "dung_han"
    )


def in_progress(as_of_day: int, due_day: Ints, due_minute: Ints) -> npt.NDArray[np.str_]:
    """R4 for dossiers in progress, judged at the end of the as-of day."""
    return outcome_open(np.full(len(due_day), (as_of_day + 1) * DAY - 1), due_day, due_minute)


def outcome_open(now: Ints, due_day: Ints, due_minute: Ints) -> npt.NDArray[np.str_]:
    """``trong_han``, ``qua_han`` or ``khong_han`` at the minute ``now``."""
    limit = np.where(due_minute == NONE, (due_day + 1) * DAY - 1, due_day * DAY + due_minute)
    return np.select([due_day == NONE, now > limit], ["khong_han", "qua_han"], "trong_han")
