"""Dagster's events take no more room than the runs that are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSpec,
    AssetKey,
    DagsterEventType,
    DagsterInstance,
    Output,
    asset,
    job,
    materialize,
    op,
)
from dagster._core.definitions.freshness import FreshnessState, FreshnessStateChange
from dagster._core.test_utils import instance_for_test

from pipelines.job import load_job
from pipelines.orchestrate import event_storage
from pipelines.orchestrate.home import prepare_home
from pipelines.orchestrate.tidy import purge_runs, thin_runs
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


@asset(check_specs=[AssetCheckSpec("dem", asset="bang"), AssetCheckSpec("khoa", asset="bang")])
def bang() -> Iterator[Output[None] | AssetCheckResult]:
    """An asset with two checks, one of which fails."""
    yield Output(None, metadata={"so_dong": 5, "dai": "x" * 4000})
    yield AssetCheckResult(passed=True, check_name="dem")
    yield AssetCheckResult(passed=False, check_name="khoa")


def _size(history: Path) -> dict[str, int]:
    with sqlite3.connect(history / "index.db") as index:
        counted = "SELECT count(*) FROM {} WHERE run_id = ?"
        return {
            file.stem: sum(
                int(index.execute(counted.format(table), [file.stem]).fetchone()[0])
                for table in ("event_logs", "asset_check_executions")
            )
            for file in history.glob("*.db")
        }


def test_of_an_older_run_stays_how_it_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps, failures and the log stay of each run, of each asset and check the newest word; the files get small."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setattr(event_storage, "_THIN_BYTES", 100_000)
    work = load_job(tmp_path / "data")
    prepare_home(work)
    history = work.paths.dagster_home / "history" / "runs"
    keep = work.settings.luu_giu
    with DagsterInstance.from_config(str(work.paths.dagster_home)) as storage:
        runs = [materialize([bang], instance=storage).run_id for _ in range(3)]
        before = _size(history)
        assert not thin_runs(work, storage)(now_in_vietnam() + timedelta(days=keep.nhat_ky_chi_tiet_ngay - 1), False)
        late = now_in_vietnam() + timedelta(days=keep.nhat_ky_chi_tiet_ngay + 1)
        listed = thin_runs(work, storage)(late, True)
        assert _size(history) == before, "a rehearsal removes nothing"
        thinned = thin_runs(work, storage)(late, False)
        assert {item.name for item in listed} == {item.name for item in thinned} == set(runs)
        after = _size(history)
        assert after[runs[0]] < before[runs[0]]
        kinds = {log.dagster_event.event_type for log in storage.all_logs(runs[0]) if log.dagster_event}
        assert {DagsterEventType.STEP_SUCCESS, DagsterEventType.RUN_SUCCESS} <= kinds
        assert DagsterEventType.STEP_OUTPUT not in kinds
        newest = storage.get_latest_materialization_event(AssetKey("bang"))
        assert newest is not None and newest.run_id == runs[-1]
        checks = storage.event_log_storage.get_asset_check_execution_history(
            AssetCheckKey(AssetKey("bang"), "khoa"), limit=10
        )
        assert len(checks) == 3, "what failed stays of every run"
        passed = storage.event_log_storage.get_asset_check_execution_history(
            AssetCheckKey(AssetKey("bang"), "dem"), limit=10
        )
        assert [check.run_id for check in passed] == [runs[-1]]
        late = now_in_vietnam() + timedelta(days=keep.nhat_ky_ngay + 1)
        purge_runs(work, storage)(late, False)
        with sqlite3.connect(history / "index.db") as index:
            left = index.execute("SELECT check_name, run_id FROM asset_check_executions ORDER BY 1").fetchall()
        assert left == [("dem", runs[-1]), ("khoa", runs[-1])]


def test_in_a_database_of_all_runs_the_same_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with PostgreSQL (tests/e2e/test_postgres.py), here by the one-file storage that Dagster itself has."""
    monkeypatch.setenv("DAGSTER_HOME", "")
    work = load_job(tmp_path / "data")
    keep = work.settings.luu_giu
    kind = {"module": "dagster._core.storage.event_log", "class": "ConsolidatedSqliteEventLogStorage"}
    settings = {"event_log_storage": {**kind, "config": {"base_dir": str(tmp_path / "chung")}}}
    with instance_for_test(temp_dir=str(tmp_path), overrides=settings) as storage:
        runs = [materialize([bang], instance=storage).run_id for _ in range(3)]
        change = FreshnessStateChange(
            key=AssetKey("bang"), new_state=FreshnessState.PASS, previous_state=FreshnessState.UNKNOWN,
            state_change_timestamp=0.0,
        )  # fmt: skip
        for _ in range(2):
            storage._report_runless_asset_event(change)
        before = {run: len(storage.all_logs(run)) for run in runs}
        soon = now_in_vietnam() + timedelta(days=keep.nhat_ky_chi_tiet_ngay - 1)
        assert not thin_runs(work, storage)(soon, False)
        late = now_in_vietnam() + timedelta(days=keep.nhat_ky_ngay + 1)
        listed = thin_runs(work, storage)(late, True)
        assert {run: len(storage.all_logs(run)) for run in runs} == before, "a rehearsal removes nothing"
        assert (
            {item.name for item in listed} == {item.name for item in thin_runs(work, storage)(late, False)} == set(runs)
        )
        assert not thin_runs(work, storage)(late, False)
        kinds = {log.dagster_event.event_type for log in storage.all_logs(runs[0]) if log.dagster_event}
        assert {DagsterEventType.STEP_SUCCESS, DagsterEventType.RUN_SUCCESS} <= kinds
        assert not {DagsterEventType.STEP_OUTPUT, DagsterEventType.ASSET_MATERIALIZATION} & kinds
        newest = storage.get_latest_materialization_event(AssetKey("bang"))
        assert newest is not None and newest.run_id == runs[-1]
        events = storage.event_log_storage
        failed, passed = (
            events.get_asset_check_execution_history(AssetCheckKey(AssetKey("bang"), name), limit=10)
            for name in ("khoa", "dem")
        )
        assert [check.run_id for check in failed] == runs[::-1], "what failed stays of every run"
        assert all(check.event for check in failed)
        assert [check.run_id for check in passed] == [runs[-1]]
        states = [log for log in storage.all_logs("") if log.dagster_event]
        assert len(states) == 1


def test_changes_of_freshness_end_in_time_but_the_newest_of_each_asset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    work = load_job(tmp_path / "data")
    prepare_home(work)
    history = work.paths.dagster_home / "history" / "runs"
    with DagsterInstance.from_config(str(work.paths.dagster_home)) as storage:
        for key in ("a", "a", "b"):
            change = FreshnessStateChange(
                key=AssetKey(key), new_state=FreshnessState.PASS, previous_state=FreshnessState.UNKNOWN,
                state_change_timestamp=0.0,
            )  # fmt: skip
            storage._report_runless_asset_event(change)
        for days, left in ((1, 3), (work.settings.luu_giu.nhat_ky_ngay + 1, 2)):
            thin_runs(work, storage)(now_in_vietnam() + timedelta(days=days), False)
            for file in ("index.db", ".db"):
                with sqlite3.connect(history / file) as events:
                    assert events.execute("SELECT count(*) FROM event_logs").fetchall() == [(left,)], file
