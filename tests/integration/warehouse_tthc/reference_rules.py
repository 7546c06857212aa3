"""Rules R3–R5 and R4b once more, day by day and dossier by dossier, from the text of the rules.

Nothing is shared with the SQL but the list of working days: loops here, joins there. Slow and plain on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)
END = time(23, 59, 59, 999999)
ASK, WITHDRAWN, STOPPED = "yeu_cau_bo_sung", "cong_dan_rut", "dung_xu_ly"
REFUSED, NEW = "khong_duoc_tiep_nhan", "moi_dang_ky"
DONE = ("da_xu_ly_xong", "da_tra_ket_qua")
ORDER = (NEW, "duoc_tiep_nhan", REFUSED, "dang_xu_ly", ASK, "yeu_cau_nghia_vu_tai_chinh", WITHDRAWN, STOPPED, *DONE)


@dataclass(frozen=True)
class Limit:
    """A procedure's time limit; ``unit`` null means none."""

    amount: int | None
    unit: str | None


@dataclass(frozen=True)
class Dossier:
    """What the export says of one dossier, with its level and its procedure's limit already looked up."""

    code: str
    unit: str
    level: str | None
    today: str | None
    exported: str
    procedure: str | None
    limit: Limit | None
    channel: str | None
    status: str
    received: datetime
    due: datetime | None
    finished: datetime | None
    handed_over: datetime | None
    steps: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True)
class Rules:
    """The rules with a calendar and an as-of day."""

    working: frozenset[date]
    as_of: date

    def roll(self, day: date) -> date:
        while day not in self.working:
            day += DAY
        return day

    def add(self, day: date, amount: int) -> date:
        while amount:
            day += DAY
            amount -= day in self.working
        return day

    # R4, R5: classes and ends
    @staticmethod
    def kind(d: Dossier) -> str:
        if d.status in (NEW, REFUSED):
            return d.status
        if d.status in (WITHDRAWN, STOPPED):
            return "tra_lai"
        return "da_giai_quyet" if d.status in DONE or d.finished else "dang_xu_ly"

    def end(self, d: Dossier) -> datetime | None:
        kind = self.kind(d)
        if kind in (NEW, "dang_xu_ly"):
            return None
        last = max((moment for moment, _ in d.steps), default=None)
        return d.finished or d.handed_over or (None if kind == "da_giai_quyet" else last)

    def leaves(self, d: Dossier) -> date | None:
        end = self.end(d)
        if end is None or d.status == REFUSED:
            return None
        return max(end.date(), d.received.date())

    # R3
    def start(self, moment: datetime) -> datetime:
        day = moment.date()
        return moment if day in self.working else datetime.combine(self.roll(day), time(8))

    def pauses(self, d: Dossier) -> list[tuple[datetime, datetime | None, str | None]]:
        """(from, until or None, the next status) of each request: it ends with the very next step."""
        steps = sorted(set(d.steps), key=lambda s: (s[0], ORDER.index(s[1])))
        following = [*steps[1:], (None, None)]
        return [(moment, *after) for (moment, status), after in zip(steps, following, strict=False) if status == ASK]

    def limit_from(self, moment: datetime, limit: Limit) -> date:
        """Due day without pauses, not yet rolled off a day off for the unit ``ngay``."""
        begin = self.start(moment)
        if limit.unit == "trong_ngay":
            return begin.date() if begin.time() < time(15) else self.add(begin.date(), 1)
        assert limit.amount is not None
        if limit.unit == "ngay":
            return begin.date() + limit.amount * DAY
        return self.add(begin.date(), limit.amount if limit.unit == "ngay_lam_viec" else -(-limit.amount // 8))

    def has_limit(self, d: Dossier) -> bool:
        unit = d.limit.unit if d.limit else None
        return unit == "trong_ngay" or (unit is not None and d.limit is not None and d.limit.amount is not None)

    def due_again(self, d: Dossier) -> tuple[date | None, int | None]:
        """(``han_tinh_lai``, ``so_ngay_tam_dung``)."""
        if d.limit is None or not self.has_limit(d):
            return None, None
        due, moved = self.limit_from(d.received, d.limit), 0
        calendar_days = d.limit.unit == "ngay"
        for begin, until, _ in self.pauses(d):
            if begin.date() > self.roll(due):
                continue
            stop = (until or self.end(d) or datetime.combine(self.as_of, time())).date()
            day = begin.date() + DAY
            while day <= stop:
                if calendar_days or day in self.working:
                    moved += 1
                    due = due + DAY if calendar_days else self.add(due, 1)
                day += DAY
        return self.roll(due), moved

    def due_by_law(self, d: Dossier) -> date | None:
        if d.limit is None or not self.has_limit(d):
            return None
        pauses = self.pauses(d)
        awaited = d.status == ASK or (pauses and pauses[-1][1] is None)
        if self.kind(d) == "dang_xu_ly" and awaited:
            return None
        complete = [until for _, until, status in pauses if until and status not in (ASK, WITHDRAWN, STOPPED)]
        return self.roll(self.limit_from(complete[-1] if complete else d.received, d.limit))

    # R4
    @staticmethod
    def due_moment(due: datetime) -> datetime:
        return datetime.combine(due.date(), END) if due.time() == time() else due

    def outcome(self, d: Dossier, due: datetime | None) -> str | None:
        if self.kind(d) != "da_giai_quyet":
            return None
        end = self.end(d)
        if due is None:
            return "khong_han"
        if end is None:
            return None
        if end.date() < due.date():
            return "truoc_han"
        return "qua_han" if end > self.due_moment(due) else "dung_han"

    def open_state(self, d: Dossier, day: date) -> str:
        if d.due is None:
            return "khong_han"
        return "qua_han" if self.due_moment(d.due) < datetime.combine(day, END) else "trong_han"

    # R4b
    def on_time_766(self, d: Dossier, first: date, last: date) -> bool | None:
        """Verdict for the period; None where the dossier is not in its base or has no due date."""
        gone = self.leaves(d)
        if d.status in (NEW, REFUSED) or d.received.date() > last or (gone is not None and gone < first):
            return None
        judged = min(last, self.as_of)
        pauses = [p for p in self.pauses(d) if p[0].date() <= judged]
        if len(pauses) > 1:
            return False
        due = d.due.date() if d.due else self.due_again(d)[0]
        if due is None:
            return None
        end = self._end_766(d, judged)
        waited = sum((p[1].date() - p[0].date()).days for p in pauses if p[1] and p[1].date() <= judged)
        if end is None:
            asked = [p[0].date() for p in pauses if p[1] is None or p[1].date() > judged]
            end = asked[0] if asked else judged
        return end - waited * DAY <= due

    @staticmethod
    def _end_766(d: Dossier, judged: date) -> date | None:
        if not d.steps:
            end = d.finished or d.handed_over
            return end.date() if end and end.date() <= judged else None
        for status in DONE:
            moments = [m for m, s in d.steps if s == status]
            if moments and min(moments).date() <= judged:
                return min(moments).date()
        stops = [m for m, s in d.steps if s in (WITHDRAWN, STOPPED, REFUSED)]
        if stops and max(stops) >= d.received and max(stops).date() <= judged:
            return max(stops).date()
        return None

    # R5
    def count(self, dossiers: Iterable[Dossier], first: date, last: date) -> Counter[str]:
        """The counts of a window, named as in the marts."""
        result: Counter[str] = Counter()
        for d in dossiers:
            day = d.received.date()
            if d.status == REFUSED and first <= day <= last:
                result["tu_choi_tiep_nhan"] += 1
            gone = self.leaves(d)
            if d.status in (NEW, REFUSED) or day > last or (gone is not None and gone < first):
                continue
            result["tiep_nhan"] += 1
            result["ky_truoc" if day < first else (d.channel or "khong_ro_kenh")] += 1
            if gone is not None and gone <= last:
                result[self.kind(d)] += 1
                if self.kind(d) == "da_giai_quyet":
                    result[self.outcome(d, d.due) or ""] += 1
            else:
                result["dang_giai_quyet"] += 1
                result["dang_" + self.open_state(d, min(last, self.as_of))] += 1
        return result
