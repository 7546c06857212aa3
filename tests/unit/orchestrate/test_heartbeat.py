"""The scheduler's heartbeat is noted from whichever storage; one that does not answer leaves what was written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from dagster import DagsterInstance
from dagster._daemon.types import DaemonHeartbeat

from pipelines.config.paths import DataPaths
from pipelines.orchestrate import heartbeat
from pipelines.orchestrate.heartbeat import Heartbeat


def beat(data: DataPaths, storage: DagsterInstance | None) -> str | None:
    def opened() -> DagsterInstance:
        if storage is None:
            raise ConnectionError
        return storage

    Heartbeat([data], opened).note()
    return data.heartbeat_file.read_text() if data.heartbeat_file.exists() else None


def test_the_last_sign_of_life_is_noted(data: DataPaths, tmp_path: Path) -> None:
    data.prepare()
    with DagsterInstance.local_temp(str(tmp_path)) as storage:
        assert beat(data, storage) is None
    moment = time.time()
    with DagsterInstance.local_temp(str(tmp_path)) as storage:
        storage.add_daemon_heartbeat(DaemonHeartbeat(moment, "SCHEDULER", "x", []))
        noted = beat(data, storage)
    assert noted is not None
    assert abs(float(noted) - moment) < 1
    assert beat(data, None) == noted
    assert data.heartbeat_file.stat().st_mode & 0o077 == 0


def test_a_storage_is_asked_twice_a_minute_at_most(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def opened() -> DagsterInstance:
        asked.append(clock[0])
        raise ConnectionError

    clock = [100.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: clock[0])
    watched = Heartbeat([data], opened)
    for second in range(61):
        clock[0] = 100.0 + second
        watched.note()
    assert asked == [100.0, 130.0, 160.0]
