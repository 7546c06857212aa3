"""The full rebuild as a Dagster job: runs by itself, says what it did, refuses to run beside another run."""

from __future__ import annotations

import fcntl
from datetime import date

import pytest
from dagster import DagsterInstance

from pipelines import nightly
from pipelines.config.paths import DataPaths
from pipelines.job import Job, load_job
from pipelines.linkage.link import LinkReport
from pipelines.orchestrate.relink_job import RELINK_JOB, relink_job


@pytest.fixture
def job(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "khoa-thu-nghiem-khong-phai-khoa-that-0123456789")
    loaded = load_job()
    nightly.prepare(loaded, date(2025, 9, 30))
    return loaded


def test_it_compares_everything_anew(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def link(of: Job, *, full: bool = False) -> dict[str, LinkReport]:
        asked.append(full)
        return {"khai_sinh": LinkReport(records=5, compared=5, candidates=2, pairs=1, trained=False)}

    monkeypatch.setattr(nightly, "link", link)
    definition = relink_job(job)
    assert definition.name == RELINK_JOB
    with DagsterInstance.ephemeral() as instance:
        assert definition.execute_in_process(instance=instance).success
    assert asked == [True]


def test_it_refuses_to_run_beside_another_run(job: Job) -> None:
    job.paths.working.mkdir(parents=True, exist_ok=True)
    with (job.paths.working / "khoa_chay").open("w") as other, DagsterInstance.ephemeral() as instance:
        fcntl.flock(other, fcntl.LOCK_EX)
        result = relink_job(job).execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success


def test_without_births_and_deaths_there_is_nothing_to_do(job: Job) -> None:
    with DagsterInstance.ephemeral() as instance:
        assert relink_job(job).execute_in_process(instance=instance).success
