"""Files that are still being copied: a file is taken once its size and time of change have stood still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from pipelines.intake.found.scan import FoundFile

_Mark = tuple[int, int]


def still_being_written(
    found: Iterable[FoundFile],
    seconds: float,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> set[str]:
    """Names of files that change while they are watched; one wait for all of them, none where all are older.

    Watched are files changed within the last ``seconds`` (or, by a clock that runs ahead, after now): until the
    youngest has stood still that long.
    """
    if seconds <= 0:
        return set()
    now = clock()
    marks = {item: mark for item in found if item.refusal is None and (mark := _mark(item)) is not None}
    young = {item: mark for item, mark in marks.items() if now - mark[1] / 1e9 < seconds}
    if not young:
        return set()
    youngest = max(mark[1] for mark in young.values()) / 1e9
    sleep(min(seconds, max(youngest + seconds - now, 0)))
    return {item.name for item, mark in young.items() if _mark(item) != mark}


def _mark(item: FoundFile) -> _Mark | None:
    """(size, time of change in ns); None for a file that cannot be looked at: taking it says why."""
    try:
        found = item.path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
