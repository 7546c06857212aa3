"""Dagster's events take no more room than the runs that are kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from dagster import DagsterInstance, job, op

from pipelines.job import load_job
from pipelines.orchestrate.home import prepare_home
from pipelines.orchestrate.tidy import purge_runs
from pipelines.warehouse.runs import now_in_vietnam


@op
def nothing() -> None:
    """A step."""


@job
def short() -> None:
    nothing()


def test_a_run_past_its_time_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    work = load_job(tmp_path / "data")
    prepare_home(work)
    history = work.paths.dagster_home / "history" / "runs"
    with DagsterInstance.from_config(str(work.paths.dagster_home)) as storage:
        first = short.execute_in_process(instance=storage).run_id
        assert list(history.glob(f"{first}.db*"))

        late = now_in_vietnam() + timedelta(days=work.settings.luu_giu.nhat_ky_ngay + 1)
        listed = purge_runs(work, storage)(late, True)
        assert list(history.glob(f"{first}.db*")), "a rehearsal removes nothing"
        removed = purge_runs(work, storage)(late, False)
        assert [item.name for item in listed] == [item.name for item in removed] == [first]
        assert not list(history.glob(f"{first}*"))

        again = short.execute_in_process(instance=storage)
        assert again.success and storage.all_logs(again.run_id)
    assert [file.name for file in history.glob("*.db") if file.name != "index.db"] == [f"{again.run_id}.db"]
