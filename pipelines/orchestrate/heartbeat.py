"""The scheduler's heartbeat, noted in a file for ``kho watch``, where Dagster's runs are not kept in the data folder.

``kho watch`` imports no Dagster and asks no server; the SQLite storage of this folder it reads itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from dagster import DagsterInstance

from pipelines.config.disk import write_whole
from pipelines.config.paths import DataPaths

_EVERY_SECONDS = 30.0
_SCHEDULER = "SCHEDULER"


class Heartbeat:
    """Notes the newest heartbeat each time it is asked to, at most every half minute."""

    def __init__(self, folders: Sequence[DataPaths], open_storage: Callable[[], DagsterInstance]) -> None:
        self._folders = folders
        self._open = open_storage
        self._next = 0.0

    def note(self) -> None:
        """Write the scheduler's last sign of life; where the storage or the disk fails, what was written last stays.

        That grows old, so the watch tells of it: the scheduler does nothing then either.
        """
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY_SECONDS
        try:
            with self._open() as storage:
                beat = storage.get_daemon_heartbeats().get(_SCHEDULER)
        except Exception:  # noqa: BLE001 - a database driver's errors are of many kinds
            return
        if beat is None:
            return
        for paths in self._folders:
            with suppress(OSError):
                write_whole(paths.heartbeat_file, f"{beat.timestamp:.0f}\n")
