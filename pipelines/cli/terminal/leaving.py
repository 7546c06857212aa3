"""How a process of ours ends once its work is done: with the code of that work, whatever native threads still do.

A thread of Arrow or DuckDB that lets go of a Python object while the interpreter is being taken down is unwound by
Python 3.11 through C++ that allows no unwinding: "terminate called without an active exception", code 134, after a
command that did all it was asked. So the interpreter is not taken down.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys

from pipelines import stopping


class Leaving:
    """To be made before the work, so that its handler is the last: what the work registered at exit runs before."""

    def __init__(self) -> None:
        self._code: int | None = None
        atexit.register(self._leave)

    def by(self, code: int) -> None:
        """Exit with ``code``: at once after a stop, else when non-daemon threads and handlers at exit are done."""
        self._code = code
        if stopping.asked() is not None:
            # Threads of a build that was broken off would keep the process until their statement ends.
            self._leave()
        sys.exit(code)

    def _leave(self) -> None:
        if self._code is None:  # not by our hand: the interpreter knows its code, we do not
            return
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BrokenPipeError):  # its reader has left, and with it whoever would read more
                stream.flush()
        os._exit(self._code)
