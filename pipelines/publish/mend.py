"""A swap that a crash cut off, finished by whoever comes next and may write: a run, ``kho status``, ``kho sql``."""

from __future__ import annotations

import contextlib

from pipelines.config.paths import DataPaths
from pipelines.publish.swap import is_pending, recover
from pipelines.turn import TurnError, exclusive


def finish_swap(paths: DataPaths) -> None:
    """Bring the rest of a decided publication into place; nothing where none is pending or a run is at work.

    A reader without the right to write leaves it to somebody who has it: what he sees is whole, table by table.
    """
    if is_pending(paths.marts):
        with contextlib.suppress(OSError, TurnError), exclusive(paths, "thay nốt bản công bố"):
            recover(paths.marts)
