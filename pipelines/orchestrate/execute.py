"""Run the nightly job once, now, in this process; the run is kept in Dagster's storage and seen in its UI."""

from __future__ import annotations

import logging
from datetime import date

from pipelines.nightly import Job
from pipelines.orchestrate.definitions import JOB_NAME, build_definitions
from pipelines.orchestrate.home import instance


def run_nightly(job: Job, as_of: date | None) -> bool:
    """Execute all steps; True where every step and every blocking check passed.

    Failures of steps are in Dagster's storage; nothing is printed here.
    """
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
    return result.success
