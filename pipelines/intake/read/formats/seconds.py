"""Moments that a workbook keeps as fractions of a day, to the second."""

from __future__ import annotations

from datetime import datetime, timedelta

DRIFT = timedelta(microseconds=500)
"""The error of a fraction of a day, and more."""


def nearest_second(moment: datetime, *, drift: timedelta = timedelta(0)) -> datetime:
    """``moment`` without parts of a second, and never in the next day for them: 23:59:59.999 is the end of this one.

    As near to midnight as ``drift`` it is midnight.
    """
    rounded = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    return rounded if rounded.date() == moment.date() or rounded - moment <= drift else moment.replace(microsecond=0)
