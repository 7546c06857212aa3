"""Whether somebody asked this process to stop, whichever library handled the signal.

Dagster and dbt install handlers of their own and turn an interrupt into exceptions of many kinds; the operating
system's wake-up pipe tells of the signal itself.
"""

from __future__ import annotations

import contextlib
import os
import signal

_ASKED = (signal.SIGINT, signal.SIGTERM)
_pipe: list[int] = []
_received: list[int] = []


def watch() -> None:
    """Notice SIGINT and SIGTERM from now on (main thread only); SIGTERM interrupts as Ctrl-C does."""
    if not _pipe:
        reading, writing = os.pipe()
        for end in (reading, writing):
            os.set_blocking(end, False)
        _pipe[:] = [reading, writing]
    signal.set_wakeup_fd(_pipe[1], warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def forget() -> None:
    """What was asked has been done; the program goes on, and notices the next signal (main thread only)."""
    asked()
    _received.clear()
    watch()


def asked() -> int | None:
    """The signal that asked this process to stop, or None."""
    if _pipe:
        with contextlib.suppress(BlockingIOError):  # no signal since the last look
            _received.extend(number for number in os.read(_pipe[0], 4096) if number in _ASKED)
    return _received[0] if _received else None


def raise_if_asked() -> None:
    """Raise ``KeyboardInterrupt`` where somebody asked: some code takes an interrupt for a fault of its own.

    Without the failure it is raised in, whose text may quote data and would be kept with it.
    """
    if asked() is not None:
        raise KeyboardInterrupt from None
