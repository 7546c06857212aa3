"""Periods of Bộ chỉ số 766 as the portal, boards and titles write them, and when an answer was fetched."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pipelines.contracts.normal_form import plain

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_VIETNAM = timedelta(hours=7)
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_QUARTER = re.compile(
    rf"(?<![a-z0-9]){_YEAR}\s*[-/_ ]?\s*q(?P<q>[1-4])(?!\d)"
    rf"|(?<![a-z])(?:quy|q)\s*[.:]?\s*(?P<w>iv|i{{1,3}}|[1-4])\s*(?:nam|[-/_.,])?\s*(?P<y2>(?:19|20)\d{{2}})(?!\d)"
)
_MONTH = re.compile(
    rf"(?<!\d){_YEAR}[-/_.](?P<m>0[1-9]|1[0-2]|[1-9])(?![\d])"
    r"|(?<!\d)(?P<m2>0?[1-9]|1[0-2])[-/_.](?P<y2>(?:19|20)\d{2})(?!\d)"
    r"|thang\s*(?P<m3>0?[1-9]|1[0-2])\s*(?:nam|[-/,])?\s*(?P<y3>(?:19|20)\d{2})(?!\d)"
    r"|(?<!\d)(?P<y4>(?:19|20)\d{2})(?P<m4>0[1-9]|1[0-2])(?!\d)"
)
_WINDOW = re.compile(
    r"(?:tu|ngay)?\s*(?<!\d)(?P<d1>\d{1,2})[/.-](?P<m1>\d{1,2})[/.-](?P<y1>\d{4})\s*(?:den|-|–)\s*(?:het\s*)?(?:ngay\s*)?"
    r"(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})"
)
_WHOLE_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_FULL_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{1,2}-\d{1,2}(?:[t ]\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|ngay\s*\d{1,2}\s*thang\s*\d{1,2}\s*nam\s*\d{4})(?!\d)"
)
_STAMP = re.compile(r"(?P<at>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?!\d)")
_PERIOD_KEYS = ("ky", "period", "timeValue", "periodValue", "value", "time")
_FETCH_KEYS = (
    "thoi_diem_lay",
    "fetchedAt",
    "crawledAt",
    "collectedAt",
    "capturedAt",
    "generatedAt",
    "timestamp",
    "nguon",
    "source",
)


@dataclass(frozen=True)
class Period:
    """``text`` is the canonical period (``2026-08``, ``2026-Q3``, ``2026``), ``end`` its last day."""

    text: str
    end: date

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A calendar month."""
        return cls(f"{year:04d}-{month:02d}", date(year, month, monthrange(year, month)[1]))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """A calendar quarter, 1–4."""
        month = quarter * 3
        return cls(f"{year:04d}-Q{quarter}", date(year, month, monthrange(year, month)[1]))

    @classmethod
    def year(cls, year: int) -> Period:
        """A calendar year."""
        return cls(f"{year:04d}", date(year, 12, 31))


def period_of(text: str) -> Period | None:
    """The one period that ``text`` names (a cell, a title, a file name), or None.

    A window of two dates counts where it is exactly a month, quarter or year (R14: calendar periods).
    """
    words = plain(text)
    if window := _WINDOW.search(words):
        return _of_window(window)
    words = _FULL_DATE.sub(" ", words)
    if found := _QUARTER.search(words):
        number = found["q"] or found["w"]
        year = int(found["y"] or found["y2"])
        return Period.quarter(year, _ROMAN.get(number) or int(number))
    if found := _MONTH.search(words):
        year = int(found["y"] or found["y2"] or found["y3"] or found["y4"])
        return Period.month(year, int(found["m"] or found["m2"] or found["m3"] or found["m4"]))
    if found := _WHOLE_YEAR.search(words):
        return Period.year(int(found["y"]))
    return None


def find_period(item: dict[str, Any]) -> Period | None:
    """The period of a JSON answer: ``timeType`` with its value, or a field that names a period."""
    for level in _levels(item):
        kind = str(level.get("timeType") or "").lower()
        year = _whole(level.get("year") or level.get("nam") or level.get("timeYear"))
        number = _whole(level.get(kind)) if kind else None
        value = next((str(level[k]) for k in _PERIOD_KEYS if level.get(k) is not None), None)
        if year and kind in {"month", "quarter"}:
            number = number or _whole(value)
            if number and 1 <= number <= (12 if kind == "month" else 4):
                return Period.month(year, number) if kind == "month" else Period.quarter(year, number)
        if year and kind == "year":
            return Period.year(year)
        if year and not kind and (month := _whole(level.get("month") or level.get("thang"))):
            return Period.month(year, month) if 1 <= month <= 12 else None
        if value and not isinstance(level.get("value"), dict | list) and (found := _typed(value, kind)):
            return found
        if kind and (found := _typed(str(level.get(kind) or ""), kind) or _between(level, kind)):
            return found
    return None


def fetched_at(item: dict[str, Any]) -> str | None:
    """When a document was fetched, as Vietnam wall clock ``YYYY-MM-DD HH:MM:SS``, where it says so."""
    for key in _FETCH_KEYS:
        value = item.get(key)
        if isinstance(value, str) and (found := _stamp(value)):
            return found
    return None


def _levels(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield item
    for key in ("params", "request", "filter", "query", "time", "period", "timeFilter", "body"):
        inner = item.get(key)
        if isinstance(inner, dict):
            yield inner


def _typed(value: str, kind: str) -> Period | None:
    if kind == "month" and (found := _MONTH.fullmatch(plain(value))):
        return period_of(found[0])
    period = period_of(value)
    if period is None or not kind:
        return period
    fits = {"month": len(period.text) == 7 and "Q" not in period.text, "quarter": "Q" in period.text}
    return period if fits.get(kind, len(period.text) == 4) else None


def _between(level: dict[str, Any], kind: str) -> Period | None:
    """A window ``fromDate`` … ``toDate`` that is exactly a period of ``kind``."""
    days = [_ISO_DAY.match(str(level.get(key) or "")) for key in ("fromDate", "toDate")]
    if days[0] is None or days[1] is None:
        return None
    first, last = (f"{day[3]}/{day[2]}/{day[1]}" for day in days if day)
    return _typed(f"{first} đến {last}", kind)


def _of_window(match: re.Match[str]) -> Period | None:
    try:
        first = date(int(match["y1"]), int(match["m1"]), int(match["d1"]))
        last = date(int(match["y2"]), int(match["m2"]), int(match["d2"]))
    except ValueError:
        return None
    if first.day != 1 or first.year != last.year:
        return None
    candidates = [Period.month(last.year, last.month)]
    if last.month % 3 == 0:
        candidates.append(Period.quarter(last.year, last.month // 3))
    candidates.append(Period.year(last.year))
    months = {7: 1, 4: 12}
    for period in candidates:
        length = 3 if "Q" in period.text else months[len(period.text)]
        if period.end == last and first.month == last.month - length + 1:
            return period
    return None


def _stamp(text: str) -> str | None:
    match = _STAMP.search(text)
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(match["at"])
        if match["zone"] == "Z":
            moment += _VIETNAM
        elif match["zone"]:
            zone = match["zone"].replace(":", "")
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
            moment += _VIETNAM - (offset if zone[0] == "+" else -offset)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(sep=" ", timespec="seconds")


def _whole(value: Any) -> int | None:
    text = str(value).strip() if value is not None else ""
    return int(text) if text.isdigit() and len(text) <= 4 else None
