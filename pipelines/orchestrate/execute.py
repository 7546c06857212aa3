"""Run the nightly job once, now, in this process; the run is kept in Dagster's storage and seen in its UI."""

from __future__ import annotations

import logging
import sqlite3
from datetime import date
from typing import Any

from dagster import DagsterEvent, DagsterInstance
from dagster._core.definitions.repository_definition.valid_definitions import SINGLETON_REPOSITORY_NAME
from dagster._core.storage.tags import REPOSITORY_LABEL_TAG
from sqlalchemy.exc import DBAPIError

from pipelines import stopping, turn
from pipelines.job import Job
from pipelines.orchestrate import alive
from pipelines.orchestrate.definitions import JOB_NAME, build_definitions, run_config
from pipelines.orchestrate.home import StorageAwayError, has_own_storage, instance, set_aside_if_broken
from pipelines.orchestrate.several.code_servers import LOCATION
from pipelines.orchestrate.steps import RED
from pipelines.warehouse.damage import is_flagged
from pipelines.warehouse.journal import RunState

_ASIDE = (
    "Kho lưu của Dagster hỏng nên đã dời sang {place} và lập kho mới: giao diện web không còn các lần chạy cũ; "
    "dữ liệu và phần đã công bố không bị ảnh hưởng."
)

_AWAY = (
    "Kho lưu PostgreSQL của Dagster (dagster_rieng.yaml) không dùng được ({kind}): đêm vẫn chạy, nhưng giao diện web "
    "không có lần chạy này. Xem dịch vụ PostgreSQL, mật khẩu trong biến môi trường mà dagster_rieng.yaml nêu, và các "
    "gói của deploy/dagster/requirements.lock."
)

SERVED = {REPOSITORY_LABEL_TAG: f"{SINGLETON_REPOSITORY_NAME}@{LOCATION}"}
"""By this tag the web UI finds the runs of the jobs it serves; a run without it is on no timeline and no job's page."""


def run_nightly(
    job: Job, as_of: date | None, *, accept_fall: bool = False, replace: bool = False, rebuild: bool = False
) -> list[str]:
    """Execute all steps as the one writer of the data folder; returns what failed, one sentence a step.

    That groups were held is no failure: the night was done, and its outcome tells of them.
    A storage of Dagster's that is broken is set aside and the run made again: the night does not depend on it.
    Raises ``TurnError`` where another run holds the folder, ``KeyboardInterrupt`` where this one was asked to stop.
    """
    turn.begin(job.paths, as_of, "kho run", foreground=True)
    state, reason = RunState.FAILED, None
    try:
        config = run_config(
            as_of.isoformat() if as_of else None, accept_fall=accept_fall, replace=replace, rebuild=rebuild
        )
        failures = _run(job, config)
        state, reason = (RunState.FAILED, failures[0]) if failures else (RunState.DONE, None)
    finally:
        if stopping.asked() is not None:
            state, reason = RunState.STOPPED, None
        turn.end(job.paths, state, reason=reason)
    if state is RunState.STOPPED:
        raise KeyboardInterrupt
    return failures


def _run(job: Job, config: dict[str, Any]) -> list[str]:
    _say_if_set_aside(job)
    try:
        failures = _execute(job, config)
        # A step found the warehouse damaged: the next start sets it aside and rebuilds, and there is no need to wait.
        return _execute(job, config) if failures and is_flagged(job.paths) else failures
    except StorageAwayError as error:
        return _execute_without_storage(job, config, str(error))
    except (sqlite3.DatabaseError, DBAPIError) as error:
        if has_own_storage(job.paths.dagster_home):
            return _execute_without_storage(job, config, type(error).__name__)
        if not _say_if_set_aside(job):
            raise
        return _execute(job, config)


def _say_if_set_aside(job: Job) -> bool:
    aside = set_aside_if_broken(job)
    if aside is not None:
        turn.remark(job.paths, _ASIDE.format(place=aside.name))
    return aside is not None


def _execute(job: Job, config: dict[str, Any]) -> list[str]:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with instance(job) as storage:
        alive.close_dead(storage, job.paths)
        return _execute_in(storage, job, config)


def _execute_without_storage(job: Job, config: dict[str, Any], kind: str) -> list[str]:
    """The night in an instance that forgets: what it did stands in the ledger and the journal."""
    turn.remark(job.paths, _AWAY.format(kind=kind))
    with DagsterInstance.ephemeral() as storage:
        return _execute_in(storage, job, config)


def _execute_in(storage: DagsterInstance, job: Job, config: dict[str, Any]) -> list[str]:
    definitions = build_definitions(job)
    result = definitions.resolve_job_def(JOB_NAME).execute_in_process(
        instance=storage,
        raise_on_error=False,
        tags=SERVED,
        run_config={**config, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    alive.unmark(job.paths, result.run_id)
    return [_sentence(event) for event in result.all_events if event.is_step_failure and not _is_red(event)]


def _is_red(event: DagsterEvent) -> bool:
    said = event.step_failure_data.user_failure_data
    return said is not None and RED in (said.metadata or {})


def _sentence(event: DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data is not None and data.user_failure_data.description:
        return data.user_failure_data.description
    return f"Bước {event.step_key}: {data.error.cls_name if data.error else 'lỗi'}"
