"""Dagster's own run launcher, with an answer to "is the run's process still there?" for its run monitoring."""

from __future__ import annotations

from dagster import DagsterRun, DefaultRunLauncher
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus

from pipelines.config.paths import data_paths
from pipelines.orchestrate.alive import GONE, is_alive


class WatchedRunLauncher(DefaultRunLauncher):
    """Runs as ``DefaultRunLauncher`` does; a run whose process is gone is reported as failed within a minute."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Yes."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """By the lock that the run's process holds."""
        record = self._instance.get_run_record_by_id(run.run_id)
        if is_alive(data_paths(), run.run_id, record.start_time if record else None):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.NOT_FOUND, GONE)
