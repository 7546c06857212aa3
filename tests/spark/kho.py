"""``kho`` whose nights are built by Spark: a trial, for scripts that call ``$KHO`` (``python -m tests.spark.kho``).

``run --as-of D`` is a night of the program's own steps (intake, linkage, build, gate, publication) with one between:
after DuckDB's build, Spark builds every model anew from the same inputs, and its rows take the place of DuckDB's
before the rules are measured. So what is judged and published is what Spark built. Every other
command is ``kho``'s own. ``KHO_SPARK_CUM=1``: on a master and two workers.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date
from pathlib import Path

from pipelines import nightly, publishing, turn
from pipelines.job import Job, load_job
from pipelines.outcome import read_outcome
from pipelines.warehouse import dbt, inputs
from pipelines.warehouse.journal import RunState
from tests.spark import engine
from tests.spark.takeover import take_over

_KHO = Path(sys.executable).with_name("kho")


def main() -> int:
    """A night on Spark, or the real ``kho``; exit codes are those of ``kho run``."""
    arguments = sys.argv[1:]
    if arguments[:1] != ["run"]:
        os.execv(_KHO, [str(_KHO), *arguments])  # noqa: S606
    if len(arguments) != 3 or arguments[1] != "--as-of":
        raise SystemExit("chỉ có: run --as-of YYYY-MM-DD")
    job = load_job()
    state = RunState.FAILED
    turn.begin(job.paths, date.fromisoformat(arguments[2]), "kho run trên Spark", foreground=True)
    try:
        night(job, date.fromisoformat(arguments[2]))
        state = RunState.DONE
    finally:
        turn.end(job.paths, state)
    outcome = read_outcome(job.paths)
    return 3 if outcome is None or outcome.published is None else int(outcome.wants_a_look)


def night(job: Job, as_of: date) -> None:
    """The steps of a night, Spark's rows taken over before the gate. Raises ``SystemExit`` where Spark fails."""
    run = nightly.prepare(job, as_of, rebuild=True)
    nightly.ingest(job, run)
    nightly.link_or_hold(job, run)
    nightly.build(job, run)
    taken = _by_spark(job)
    engine.say(f"Spark: {len(taken)} bảng, {sum(taken.values())} dòng thay cho của DuckDB")
    publishing.publish(job, run, nightly.check(job, run))


def _by_spark(job: Job) -> dict[str, int]:
    """Everything Spark leaves lies in the owner's working folder meanwhile: it holds personal data."""
    place = job.paths.working / "spark"
    manifest = dbt.parse(job.paths)
    try:
        with job.warehouse(read_only=True) as connection:
            inputs.write(connection, manifest, place / "dau_vao")
        with engine.running(engine.ENVIRONMENT, place / "may", cluster=bool(os.environ.get("KHO_SPARK_CUM"))) as up:
            faults = engine.build(up, place / "dau_vao", place / "bang").values()
        if any(faults):
            raise SystemExit(f"Spark không dựng được {sum(map(bool, faults))} bảng.")
        with job.warehouse() as connection:
            return take_over(connection, manifest, place / "bang")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
