"""The rule book: what a quality rule is, and how ``expectations/**/*.yaml`` is read and checked.

A rule belongs to one of the four dimensions đúng, đủ, sạch, sống (docs/quality.md) and is evaluated over one
relation of the working warehouse. Three outcomes a row: passes, fails, cannot be judged (condition null).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

PLACEHOLDER = re.compile(r"\$([a-z_]+)")
AS_OF = "ngay_so_lieu"


class Dimension(StrEnum):
    """The four words of Đề án 06."""

    CORRECT = "dung"
    COMPLETE = "du"
    CLEAN = "sach"
    LIVE = "song"


class Severity(StrEnum):
    """``chan`` holds mart groups back, ``canh_bao`` warns, ``theo_doi`` is only recorded."""

    BLOCK = "chan"
    WARN = "canh_bao"
    WATCH = "theo_doi"


MEND_DAYS = {Severity.BLOCK: 3, Severity.WARN: 10, Severity.WATCH: 30}
"""Calendar days for mending, where a rule gives none of its own."""
WAIVER_NOTICE = timedelta(days=30)
"""A waiver that ends within this time is told as ending soon."""


@dataclass(frozen=True)
class RowCheck:
    """``condition`` is a boolean SQL expression over the relation's alias ``t``; null cannot be judged."""

    condition: str


@dataclass(frozen=True)
class UniqueCheck:
    """``columns`` together occur once; every row of a repeated value fails; a null part cannot be judged."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class ReferenceCheck:
    """``column`` is found in ``table``.``target``; nothing can be judged while the look-up table is empty.

    With ``day`` (a date expression) the look-up row must also be in force that day, by its columns
    ``hieu_luc_tu`` and ``hieu_luc_den`` (last day of validity, null = open).
    """

    column: str
    table: str
    target: str
    day: str | None = None
    whole: str | None = None
    """The look-up table itself, where ``table`` holds only a part of it."""


@dataclass(frozen=True)
class LookUp:
    """The rule judges a row by rows of ``table`` (alias ``d``) whose ``key`` is one of ``of_row`` (alias ``t``)."""

    table: str
    key: str
    of_row: tuple[str, ...]


@dataclass(frozen=True)
class CountCheck:
    """Each row of the relation stands for ``total`` checked things, ``failed`` of which are faulty."""

    total: str
    failed: str


Check = RowCheck | UniqueCheck | ReferenceCheck | CountCheck


@dataclass(frozen=True)
class Locator:
    """SQL expressions that say where a failing row is: published key, agency, file, sheet, physical row.

    ``month``: any day of the month to which the row is counted in the scorecard, null = the as-of month; ``feed``:
    the feed whose score the rule is part of, null = none.
    """

    key: str = "cast(null as varchar)"
    agency: str = "cast(null as varchar)"
    file: str = "cast(null as varchar)"
    sheet: str = "cast(null as varchar)"
    row: str = "cast(null as bigint)"
    month: str | None = None
    feed: str | None = None


@dataclass(frozen=True)
class Loosening:
    """A rule made milder for a time, with the reason on record."""

    reason: str
    since: date
    until: date
    threshold: float | None = None
    severity: Severity | None = None

    def in_force(self, as_of: date) -> bool:
        """Whether the loosening holds on the as-of day; both ends included."""
        return self.since <= as_of <= self.until


@dataclass(frozen=True)
class Rule:
    """One rule; ``threshold`` is the tolerated share of failing rows among those judged, 0–1.

    ``looked_up``: what its SQL looks into by a key, where it says so.
    ``mending``: Vietnamese, how to mend a failing row; ``mend_days``: calendar days given for it from its discovery.
    """

    code: str
    dimension: Dimension
    table: str
    columns: tuple[str, ...]
    description: str
    severity: Severity
    threshold: float
    mended_by: str
    basis: str
    check: Check
    relation: str
    applies: str | None = None
    indicator_groups: tuple[str, ...] = ()
    loosening: Loosening | None = None
    locator: Locator = field(default_factory=Locator)
    mending: str = ""
    mend_days: int = 30
    looked_up: tuple[LookUp, ...] = ()

    @property
    def look_ups(self) -> tuple[LookUp, ...]:
        """What the rule looks into by a key; all that a reference does."""
        if isinstance(self.check, ReferenceCheck):
            return (LookUp(self.check.table, f"d.{self.check.target}", (f"t.{self.check.column}",)),)
        return self.looked_up

    def threshold_on(self, as_of: date) -> float:
        """Tolerated share on the as-of day, loosening included."""
        loose = self.loosening
        if loose is not None and loose.in_force(as_of) and loose.threshold is not None:
            return loose.threshold
        return self.threshold

    def severity_on(self, as_of: date) -> Severity:
        """Severity on the as-of day, loosening included."""
        loose = self.loosening
        if loose is not None and loose.in_force(as_of) and loose.severity is not None:
            return loose.severity
        return self.severity


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace ``$name`` by its value; raises ``KeyError`` with the name that has none."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)
