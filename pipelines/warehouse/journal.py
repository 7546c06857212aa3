"""The journal of runs: a line when a run begins, waits, reaches a phase and ends, outside the database.

``van_hanh/so_chay.jsonl`` is written first of all and needs no warehouse, so ``kho status`` tells the truth also of a
run that died, that could not open its warehouse, or that is going on. No personal datum is ever in it.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipelines.config.disk import write_whole
from pipelines.config.paths import OWNER_FILE, DataPaths
from pipelines.warehouse import lock

FILE = "so_chay.jsonl"
_KEPT_LINES = 20_000


class RunState(StrEnum):
    """How a run stands. ``DEAD``: its process ended without a word (killed, power lost)."""

    WAITING = "cho"
    RUNNING = "dang_chay"
    DONE = "xong"
    FAILED = "hong"
    STOPPED = "dung"
    DEAD = "chet"


@dataclass(frozen=True)
class Entry:
    """One run as its lines tell: ``phase`` is the last one entered; ``number`` and ``version`` once they are known."""

    key: str
    started: datetime
    as_of: date | None
    state: RunState
    pid: int
    phase: str = ""
    number: int | None = None
    version: str | None = None
    reason: str | None = None
    ended: datetime | None = None
    remarks: tuple[str, ...] = ()


class Journal:
    """Writes the lines of one run. Raises ``OSError`` where ``van_hanh/`` cannot be written."""

    def __init__(
        self, paths: DataPaths, started: datetime, as_of: date | None, state: RunState = RunState.RUNNING
    ) -> None:
        self._file = paths.operations / FILE
        self.key = secrets.token_hex(8)
        paths.operations.mkdir(parents=True, exist_ok=True)
        _cut_if_long(self._file)
        self._write(
            bat_dau=started.isoformat(),
            ngay_so_lieu=as_of.isoformat() if as_of else None,
            pid=os.getpid(),
            trang_thai=state,
        )

    def note(self, state: RunState = RunState.RUNNING, **facts: Any) -> None:
        """Add a line: a new state, ``buoc`` (phase), ``so_lan``, ``phien_ban``, ``ly_do``, ``ket_thuc``, ``luu_y``."""
        self._write(trang_thai=state, **facts)

    def _write(self, **facts: Any) -> None:
        line = json.dumps({"ma": self.key, **facts}, ensure_ascii=False) + "\n"
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_FILE)
        try:
            os.write(descriptor, line.encode("utf-8"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def entries(paths: DataPaths) -> list[Entry]:
    """All runs of the journal, oldest first; a line that a power cut left half written is passed over."""
    found: dict[str, Entry] = {}
    for line in _lines(paths.operations / FILE):
        key = str(line.get("ma", ""))
        before = found.get(key)
        if before is None:
            started = _moment(line.get("bat_dau"))
            if started is None:
                continue
            before = Entry(key, started, _day(line.get("ngay_so_lieu")), RunState.RUNNING, int(line.get("pid") or 0))
        found[key] = _advanced(before, line)
    return list(found.values())


def last_entry(paths: DataPaths) -> Entry | None:
    """The run that began last, a dead one told as such: it says it runs, but nobody holds the folder."""
    known = entries(paths)
    if not known:
        return None
    newest = known[-1]
    gone = not _lives(newest.pid) or (newest.state is RunState.RUNNING and lock.is_free(paths))
    if newest.state in {RunState.RUNNING, RunState.WAITING} and gone:
        return replace(newest, state=RunState.DEAD)
    return newest


def _advanced(entry: Entry, line: dict[str, Any]) -> Entry:
    state = line.get("trang_thai")
    return replace(
        entry,
        state=RunState(state) if state in set(RunState) else entry.state,
        as_of=_day(line.get("ngay_so_lieu")) or entry.as_of,
        phase=str(line.get("buoc") or entry.phase),
        number=line.get("so_lan") or entry.number,
        version=line.get("phien_ban") or entry.version,
        reason=line.get("ly_do") or entry.reason,
        ended=_moment(line.get("ket_thuc")) or entry.ended,
        remarks=(*entry.remarks, str(line["luu_y"])) if line.get("luu_y") else entry.remarks,
    )


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for raw in text.splitlines():
        try:
            line = json.loads(raw)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line


def _cut_if_long(file: Path) -> None:
    """Keep the newer half of a journal that has grown long; a whole new file takes the old one's place."""
    try:
        with file.open(encoding="utf-8", errors="replace") as handle:
            lines = handle.readlines()
    except OSError:
        return
    if len(lines) <= _KEPT_LINES:
        return
    write_whole(file, "".join(lines[-_KEPT_LINES // 2 :]))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None
