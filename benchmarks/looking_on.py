"""Something looked at again and again beside what is measured (not a benchmark)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def looking_on(every: float, look: Callable[[], None]) -> Iterator[None]:
    """Call ``look`` every so many seconds, in a thread of its own, until the block ends."""
    done = threading.Event()

    def go_on() -> None:
        while not done.wait(every):
            look()

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
