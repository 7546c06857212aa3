"""Progress of long steps, told to whoever listens: a progress bar on a terminal, or nobody.

``report(step, done, total)`` may be called from any layer; ``total`` 0 means unknown. Texts carry names of
files, feeds and tables, never a value of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, str, int, int], None]

_listeners: list[Listener] = []


def report(stage: str, item: str, done: int, total: int) -> None:
    """Tell the listeners that ``stage`` is at ``item``, ``done`` of ``total``."""
    for listener in _listeners:
        listener(stage, item, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Attach ``listener`` for the length of the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
