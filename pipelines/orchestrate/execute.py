"""Run the nightly job once, now, in this process; the run is kept in Dagster's storage and seen in its UI."""

from __future__ import annotations

import logging
from datetime import date

from dagster import DagsterEvent

from pipelines.nightly import Job
from pipelines.orchestrate.definitions import JOB_NAME, build_definitions
from pipelines.orchestrate.home import instance


def run_nightly(job: Job, as_of: date | None) -> list[str]:
    """Execute all steps; returns what failed, one sentence a step, empty where the run is green."""
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with instance(job) as storage:
        definitions = build_definitions(job)
        config = {"ngay_so_lieu": as_of.isoformat() if as_of else None}
        result = definitions.resolve_job_def(JOB_NAME).execute_in_process(
            instance=storage,
            raise_on_error=False,
            run_config={
                "ops": {"nap_tep": {"config": config}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
        )
    return [_sentence(event) for event in result.all_events if event.is_step_failure]


def _sentence(event: DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data is not None and data.user_failure_data.description:
        return data.user_failure_data.description
    return f"Bước {event.step_key}: {data.error.cls_name if data.error else 'lỗi'}"
