"""A step's failure as Dagster may keep it: the kind of error and where the details lie, never their text.

DuckDB and others quote the data in their messages; the full traceback goes to the owner-only working folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from dagster import Failure
from dagster._core.errors import DagsterExecutionInterruptedError

from pipelines import stopping, turn
from pipelines.config import space
from pipelines.config.paths import DataPaths
from pipelines.config.release import ReleaseError
from pipelines.config.traces import keep_trace
from pipelines.config.yaml_lines import ConfigError
from pipelines.job import Job
from pipelines.nightly import RunError
from pipelines.orchestrate import alive
from pipelines.orchestrate.retries import again
from pipelines.publish.publish import PublishError
from pipelines.turn import TurnError
from pipelines.warehouse.damage import flag_damage, is_damage
from pipelines.warehouse.dbt import DbtError
from pipelines.warehouse.journal import RunState

_HOURS_TO_WAIT = 6


def begin_run(job: Job, run_id: str, as_of: date | None) -> None:
    """Take the data folder for the run of this process, unless ``kho run`` has; the schedule waits for its turn."""
    alive.mark(job.paths, run_id)
    turn.begin(job.paths, as_of, "lịch hằng đêm hoặc giao diện Dagster", wait=_HOURS_TO_WAIT * 3600)


def end_run(job: Job, run_id: str) -> None:
    """The publication stands: nothing is left to do, except where ``kho run`` ends the run itself."""
    if not turn.is_foreground(job.paths):
        turn.end(job.paths, RunState.DONE)
        alive.unmark(job.paths, run_id)


@contextmanager
def told_safely(paths: DataPaths, step: str) -> Iterator[None]:
    """Turn any exception of ``step`` into a ``Failure`` whose text holds no value of the data, and end the run."""
    try:
        yield
    except (RunError, TurnError, ConfigError, DbtError, ReleaseError) as error:
        raise _failed(paths, str(error)) from None
    except DagsterExecutionInterruptedError:
        # Dagster keeps the chain of what it was raised in, whose text may quote data: raised anew.
        if not turn.is_foreground(paths):
            turn.stopped(paths)
        raise DagsterExecutionInterruptedError from None
    except Exception as error:  # noqa: BLE001 - whatever it is, its text must not reach Dagster's storage
        stopping.raise_if_asked()
        if is_damage(error):
            flag_damage(paths)
        retry = again(paths, step, error)
        if retry is not None:
            raise retry from None
        file = keep_trace(paths, error)
        # A publication says it itself: what it had staged is gone by now, and the disk looks emptier than it was.
        said = str(error) if isinstance(error, PublishError) else space.told(paths, error)
        message = f"Bước “{step}” dừng vì lỗi {type(error).__name__}; chi tiết (chỉ chủ thư mục đọc được): {file}"
        raise _failed(paths, message if said is None else f"Bước “{step}” dừng: {said}") from None


def _failed(paths: DataPaths, message: str) -> Failure:
    if not turn.is_foreground(paths):
        turn.end(paths, RunState.FAILED, reason=message)
    return Failure(description=message, allow_retries=False)
