"""A run that is stopped from the web UI: told as stopped on request, without the failure it was stopped in."""

from __future__ import annotations

import traceback
from datetime import date

import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from pipelines import turn
from pipelines.config.paths import DataPaths
from pipelines.orchestrate.failures import told_safely
from pipelines.warehouse import lock
from pipelines.warehouse.journal import RunState, last_entry

QUOTED = "Nguyễn Thị Hoa"


def stop(data: DataPaths) -> BaseException:
    interrupt = DagsterExecutionInterruptedError()
    interrupt.__context__ = ValueError(QUOTED)
    with pytest.raises(DagsterExecutionInterruptedError) as caught, told_safely(data, "dựng bảng"):
        raise interrupt
    return caught.value


def test_it_is_told_as_stopped_and_keeps_the_folder_until_its_process_ends(data: DataPaths) -> None:
    turn.begin(data, date(2025, 6, 30), "giao diện")
    assert QUOTED not in "".join(traceback.format_exception(stop(data)))
    entry = last_entry(data)
    assert entry is not None
    assert entry.state is RunState.STOPPED
    assert entry.ended is not None
    assert not lock.is_free(data), "threads of dbt may still write"
    turn.end(data, RunState.FAILED)
    assert last_entry(data) == entry


def test_what_kho_run_began_it_ends_itself(data: DataPaths) -> None:
    turn.begin(data, date(2025, 6, 30), "kho run", foreground=True)
    stop(data)
    entry = last_entry(data)
    assert entry is not None
    assert entry.state is RunState.RUNNING
    turn.end(data, RunState.STOPPED)
