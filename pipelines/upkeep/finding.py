"""What ``kho watch`` finds: one sentence of what, since when, and what to do; never a personal datum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Level(IntEnum):
    """How bad: the exit code of ``kho watch`` is the worst of them.

    ``WORK`` is what agencies have to do, told like the rest: late dossiers are no fault of the warehouse, and a code
    that is never 0 would hide the day when something is.
    """

    WORK = 0
    ATTENTION = 1
    FAILED = 3


@dataclass(frozen=True)
class Finding:
    """``code`` names kind and object (``nhip:dvc/ho_so``): the same finding of the next look has the same code.

    ``what``: Vietnamese; ``since``: Vietnam wall clock, None where nobody knows; ``remedy``: what to do first.
    ``parts``: what a finding that sums up stands for; it is told again when there is one that was not told.
    """

    code: str
    level: Level
    what: str
    since: datetime | None
    remedy: str
    parts: frozenset[str] = frozenset()
