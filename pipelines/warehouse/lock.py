"""One writer at a time for a data folder: the command line, the schedule and the web UI share one lock.

The operating system lets go of it when the process ends, however it ends. Beside the lock stands who holds it, so
that the others can say whom they wait for.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.config.paths import OWNER_FILE, DataPaths

_POLL_SECONDS = 0.2
_GLANCE_SECONDS = 1.0
_held: dict[Path, int] = {}
"""Lock files that this process holds, with their descriptors."""


@dataclass(frozen=True)
class Holder:
    """Who holds the folder: process id, what it does, since when (Vietnam wall clock, ISO)."""

    pid: int
    what: str
    since: str


class BusyError(Exception):
    """Another process holds the folder; ``holder`` is None where it has not said yet who it is."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__("busy")
        self.holder = holder


def take(
    paths: DataPaths,
    what: str,
    since: str,
    *,
    wait: float = 0.0,
    waiting: Callable[[Holder | None], None] | None = None,
) -> None:
    """Take the folder, or go on where this process holds it already; waits up to ``wait`` seconds for others.

    ``waiting`` is told once whom it waits for. Raises ``BusyError`` and, where the folder cannot be written,
    ``OSError``. Somebody who only looks whether the folder is free holds it for a moment: that long it always waits.
    """
    place = _place(paths)
    if place in _held:
        return
    paths.working.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT, OWNER_FILE)
    try:
        if not _locked_within(descriptor, _GLANCE_SECONDS):
            if waiting is not None and wait:
                waiting(holder(paths))
            if not _locked_within(descriptor, wait):
                raise BusyError(holder(paths))  # noqa: TRY301 - the descriptor is closed below
        text = json.dumps({"pid": os.getpid(), "viec": what, "tu": since}, ensure_ascii=False)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode("utf-8"), 0)
    except BaseException:
        os.close(descriptor)
        raise
    _held[place] = descriptor


def let_go(paths: DataPaths) -> None:
    """Let others take the folder; nothing where this process does not hold it."""
    descriptor = _held.pop(_place(paths), None)
    if descriptor is not None:
        os.ftruncate(descriptor, 0)
        os.close(descriptor)


def is_mine(paths: DataPaths) -> bool:
    """Whether this process holds the folder."""
    return _place(paths) in _held


def holder(paths: DataPaths) -> Holder | None:
    """Who says that he holds the folder; None where nobody does or he has not said."""
    try:
        said = json.loads(_place(paths).read_text(encoding="utf-8"))
        return Holder(int(said["pid"]), str(said["viec"]), str(said["tu"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_free(paths: DataPaths) -> bool:
    """Whether nobody holds the folder; creates nothing."""
    place = _place(paths)
    if place in _held:
        return False
    try:
        descriptor = os.open(place, os.O_RDWR)
    except OSError:
        return True
    try:
        return _locked(descriptor)
    finally:
        os.close(descriptor)


def _place(paths: DataPaths) -> Path:
    return paths.working / "khoa_chay"


def _locked_within(descriptor: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not _locked(descriptor):
        if time.monotonic() >= end:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
