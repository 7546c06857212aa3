"""Which of Dagster's runs are alive: each run's process holds a lock on a file of its own, a dead one holds nothing.

Without it a run that was killed stays STARTED for ever, and with a queue of one no night would start again. The files
lie in Dagster's home: where several provinces have one, its daemon knows the run, not the run's data folder.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from pipelines.config.paths import ALIVE_FOLDER, OWNER_DIR, OWNER_FILE, DataPaths

_GRACE_SECONDS = 120.0
"""From the start of a run's process to its first step."""
_OPEN = (DagsterRunStatus.STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.CANCELING)
_marks: dict[Path, int] = {}
GONE = "Tiến trình của lần chạy này không còn (bị tắt ngang hoặc mất điện); lần chạy sau làm tiếp, không mất dữ liệu."


def mark(paths: DataPaths, run_id: str) -> None:
    """Say that this process carries the run, until it ends. Raises ``OSError``."""
    place = _place(paths, run_id)
    if place in _marks:
        return
    place.parent.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT, OWNER_FILE)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    _marks[place] = descriptor


def unmark(paths: DataPaths, run_id: str) -> None:
    """The run has ended."""
    place = _place(paths, run_id)
    descriptor = _marks.pop(place, None)
    if descriptor is not None:
        place.unlink(missing_ok=True)
        os.close(descriptor)


def is_alive(paths: DataPaths, run_id: str, started: float | None) -> bool:
    """Whether the run's process lives; one that began (seconds since the epoch) a moment ago counts as alive."""
    place = _place(paths, run_id)
    if place in _marks:
        return True
    try:
        descriptor = os.open(place, os.O_RDWR)
    except OSError:
        return started is not None and time.time() - started < _GRACE_SECONDS
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def close_dead(instance: DagsterInstance, paths: DataPaths) -> int:
    """Enter every open run whose process is gone as failed; returns how many there were."""
    closed = 0
    for record in instance.get_run_records(RunsFilter(statuses=list(_OPEN))):
        run = record.dagster_run
        if not is_alive(paths, run.run_id, record.start_time or record.create_timestamp.timestamp()):
            instance.report_run_failed(run, GONE)
            _place(paths, run.run_id).unlink(missing_ok=True)
            closed += 1
    return closed


def _place(paths: DataPaths, run_id: str) -> Path:
    return paths.dagster_home / ALIVE_FOLDER / run_id
