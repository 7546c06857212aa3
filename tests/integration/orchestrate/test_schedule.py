"""The schedule as Dagster's daemon evaluates it, days after the last look: missed nights are made up by one run."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from dagster import DagsterRunStatus
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.load_target import ModuleTarget
from dagster._scheduler.scheduler import launch_scheduled_runs

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.job import load_job
from pipelines.orchestrate.home import instance
from pipelines.orchestrate.several.code_servers import LOCATION
from pipelines.warehouse import dbt

pytestmark = pytest.mark.cham


def test_nights_missed_while_the_machine_was_off_are_made_up_by_one_run(data: DataPaths) -> None:
    data.prepare()
    job = load_job(data.root)
    dbt.parse(job.paths)
    target = ModuleTarget(LOCATION, attribute=None, working_directory=str(PROJECT_ROOT), location_name=LOCATION)
    log, now = logging.getLogger("lich"), datetime.now(UTC)
    with instance(job) as storage, create_test_daemon_workspace_context(target, storage) as context:
        for moment, runs in ((now - timedelta(days=4), 0), (now, 1), (now + timedelta(seconds=1), 1)):
            errors = [error for error in launch_scheduled_runs(context, log, moment, {}) if error is not None]
            assert not errors
            assert len(storage.get_runs()) == runs, moment
        (made_up,) = storage.get_runs()
        # Queued, not begun: one queue, of one run at a time, is emptied by the daemon.
        assert made_up.status is DagsterRunStatus.QUEUED
        assert made_up.job_name == "hang_dem"
        assert storage.get_settings("concurrency") == {"runs": {"max_concurrent_runs": 1}}
