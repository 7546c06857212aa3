"""The queue of a deployment of several provinces: as Dagster's own, each run marked with the province it is of.

The mark is what ``tag_concurrency_limits`` counts by: one run a province at a time, so that a second run of a
province waits in the queue, and not in a place that another province could use.
"""

from __future__ import annotations

from dagster import DagsterInstance, DagsterRun, QueuedRunCoordinator
from dagster._core.run_coordinator import SubmitRunContext

from pipelines.orchestrate.several.province import TAG


class ProvinceQueue(QueuedRunCoordinator[DagsterInstance]):
    """``QueuedRunCoordinator`` that tags what is submitted."""

    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        """Tag, then queue: the run must not be looked at without its mark."""
        run = context.dagster_run
        if run.remote_job_origin is not None:
            self._instance.add_run_tags(run.run_id, {TAG: run.remote_job_origin.location_name})
        return super().submit_run(context)
