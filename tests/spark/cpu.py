"""CPU seconds and memory of everything below this process, by looking at ``/proc`` twice a second.

What a process has used is read while it lives, since nobody waits for Spark's JVM; its last half second may be missed.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_EVERY_SECONDS = 0.5


class Meter:
    """Started by ``with``; ``str()`` says wall, CPU and the largest memory of all together."""

    def __init__(self) -> None:
        self._used: dict[tuple[int, str], float] = {}
        self._before: dict[tuple[int, str], float] = {}
        self._begun = self._ended = 0.0
        self._largest = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Meter:
        self._look()
        self._before, self._used, self._largest = dict(self._used), {}, 0
        self._begun = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._ended = time.monotonic()

    @property
    def cpu_seconds(self) -> float:
        """Of all processes seen."""
        return sum(used - self._before.get(process, 0.0) for process, used in self._used.items())

    def __str__(self) -> str:
        wall = self._ended - self._begun
        return f"{wall:.0f} s, CPU {self.cpu_seconds:.0f} s, bộ nhớ nhiều nhất {self._largest / 1e9:.1f} GB"

    def _look_on(self) -> None:
        while not self._done.wait(_EVERY_SECONDS):
            self._look()

    def _look(self) -> None:
        seen = _processes()
        below, memory = {os.getpid()}, 0
        for pid in sorted(seen):  # a child's number is the larger one, but for wrap-around: seen at the next look
            if seen[pid].parent in below:
                below.add(pid)
        for pid in below - {os.getpid()}:
            found = seen[pid]
            self._used[pid, found.begun] = found.cpu
            memory += found.memory
        self._largest = max(self._largest, memory)


class _Process:
    def __init__(self, stat: str) -> None:
        words = stat.rsplit(")", 1)[1].split()
        self.parent = int(words[1])
        self.cpu = (int(words[11]) + int(words[12])) / _TICKS
        self.begun = words[19]
        self.memory = int(words[21]) * _PAGE


def _processes() -> dict[int, _Process]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = _Process((entry / "stat").read_text(encoding="utf-8", errors="replace"))
            except OSError:  # gone by now
                continue
    return found
