"""Working days of Vietnam 2019–2028 (before: Monday to Friday), apart from the warehouse's calendar on purpose.

The answer key recomputes due dates (R2, R3) without touching the pipeline's reference table, so that an
error in either shows. Holidays: Bộ luật Lao động 2019, Điều 112, and the yearly announcements of the
Ministry of Labour / Home Affairs; 24/11 from 2026 by Nghị quyết 28/2026/QH16.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]
"""Days as the count since 1970-01-01."""

_FIRST = date(1940, 1, 1)
_LAST = date(2028, 12, 31)
EPOCH = date(1970, 1, 1)

_OFF = [
    "2019-01-01",
    "2019-02-04",
    "2019-02-05",
    "2019-02-06",
    "2019-02-07",
    "2019-02-08",
    "2019-04-15",
    "2019-04-30",
    "2019-05-01",
    "2019-09-02",
    "2020-01-01",
    "2020-01-23",
    "2020-01-24",
    "2020-01-27",
    "2020-01-28",
    "2020-01-29",
    "2020-04-02",
    "2020-04-30",
    "2020-05-01",
    "2020-09-02",
    "2021-01-01",
    "2021-02-10",
    "2021-02-11",
    "2021-02-12",
    "2021-02-15",
    "2021-02-16",
    "2021-04-21",
    "2021-04-30",
    "2021-05-03",
    "2021-09-02",
    "2021-09-03",
    "2022-01-03",
    "2022-01-31",
    "2022-02-01",
    "2022-02-02",
    "2022-02-03",
    "2022-02-04",
    "2022-04-11",
    "2022-05-02",
    "2022-05-03",
    "2022-09-01",
    "2022-09-02",
    "2023-01-02",
    "2023-01-20",
    "2023-01-23",
    "2023-01-24",
    "2023-01-25",
    "2023-01-26",
    "2023-05-01",
    "2023-05-02",
    "2023-05-03",
    "2023-09-01",
    "2023-09-04",
    "2024-01-01",
    "2024-02-08",
    "2024-02-09",
    "2024-02-12",
    "2024-02-13",
    "2024-02-14",
    "2024-04-18",
    "2024-04-29",
    "2024-04-30",
    "2024-05-01",
    "2024-09-02",
    "2024-09-03",
    "2025-01-01",
    "2025-01-27",
    "2025-01-28",
    "2025-01-29",
    "2025-01-30",
    "2025-01-31",
    "2025-04-07",
    "2025-04-30",
    "2025-05-01",
    "2025-05-02",
    "2025-09-01",
    "2025-09-02",
    "2026-01-01",
    "2026-01-02",
    "2026-02-16",
    "2026-02-17",
    "2026-02-18",
    "2026-02-19",
    "2026-02-20",
    "2026-04-27",
    "2026-04-30",
    "2026-05-01",
    "2026-08-31",
    "2026-09-01",
    "2026-09-02",
    "2026-11-24",
]
_MADE_UP = ("2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22")


def day(value: date) -> int:
    """Days since 1970-01-01 of ``value``."""
    return (value - EPOCH).days


_BASE = day(_FIRST)
_SPAN = day(_LAST) - _BASE + 1


def _build() -> npt.NDArray[np.bool_]:
    numbers = np.arange(_SPAN) + _BASE
    working = (numbers + 3) % 7 < 5  # 1970-01-01 was a Thursday
    for text in _OFF:
        working[day(date.fromisoformat(text)) - _BASE] = False
    for text in _MADE_UP:
        working[day(date.fromisoformat(text)) - _BASE] = True
    return working


_WORKING = _build()
_COUNT = np.cumsum(_WORKING)
_LIST = np.flatnonzero(_WORKING) + _BASE


def is_working(days: Days) -> npt.NDArray[np.bool_]:
    """Whether each day is a working day (R2)."""
    return np.asarray(_WORKING[days - _BASE])


def working_number(days: Days) -> Days:
    """How many working days lie between the start of the table and each day, that day included."""
    return np.asarray(_COUNT[days - _BASE])


def add_working(days: Days, count: npt.NDArray[np.int64] | int) -> Days:
    """The ``count``-th working day after each day; with 0, the last working day on or before it."""
    return np.asarray(_LIST[_COUNT[days - _BASE] + count - 1])


def roll_forward(days: Days) -> Days:
    """Each day itself if it is a working day, else the next one."""
    return np.where(is_working(days), days, add_working(days, 1))


def working_days_between(first: date, last: date) -> Days:
    """All working days of [first, last]."""
    return np.asarray(_LIST[(day(first) <= _LIST) & (day(last) >= _LIST)])
