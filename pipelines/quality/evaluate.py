"""Evaluates the whole rule book over the working warehouse: measured by DuckDB, judged by Great Expectations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from pipelines.quality.measure import measure
from pipelines.quality.rules import Rule, Severity
from pipelines.quality.verdict import QualityError, judge
from pipelines.warehouse.database import TIME_ZONE, connect


@dataclass(frozen=True)
class Limits:
    """What the evaluation may use of the machine; null leaves DuckDB's own default."""

    threads: int | None = None
    memory_limit: str | None = None


@dataclass(frozen=True)
class RuleResult:
    """Outcome of one rule in one run.

    ``judged`` = passed + failed; ``share`` = failed / judged, null where nothing could be judged; ``passed`` null
    likewise. ``error`` says in Vietnamese why the rule could not be run; such a rule has not passed. ``severity``
    and ``threshold`` are those in force on the as-of day.
    """

    code: str
    severity: Severity
    threshold: float
    run_number: int
    version: str
    applicable: int
    judged: int
    failed: int
    share: float | None
    passed: bool | None
    started: datetime
    milliseconds: int
    error: str | None = None

    @property
    def coverage(self) -> float | None:
        """Share of the applicable rows that could be judged; null where the rule applied to no row."""
        return self.judged / self.applicable if self.applicable else None


def evaluate(
    warehouse_file: Path,
    rules: Sequence[Rule],
    *,
    run_number: int,
    version: str,
    as_of: date,
    limits: Limits | None = None,
) -> list[RuleResult]:
    """One result for each rule, in the order given; the warehouse is only read.

    Raises ``QualityError`` when the warehouse cannot be opened or the evaluation is incomplete.
    """
    granted = limits or Limits()
    started = datetime.now(ZoneInfo(TIME_ZONE)).replace(tzinfo=None)
    try:
        with connect(
            warehouse_file, read_only=True, threads=granted.threads, memory_limit=granted.memory_limit
        ) as connection:
            # A rule is SQL that an operator wrote: it may read the warehouse, nothing beside it.
            connection.execute("SET enable_external_access = false")
            measures = {m.code: m for m in measure(connection, rules, as_of)}
    except duckdb.Error as error:
        raise QualityError(f"không mở được kho làm việc để kiểm tra ({type(error).__name__}).") from None
    verdicts = judge(warehouse_file.parent, rules, measures, as_of)
    results: list[RuleResult] = []
    for rule in rules:
        found = measures[rule.code]
        results.append(
            RuleResult(
                code=rule.code,
                severity=rule.severity_on(as_of),
                threshold=rule.threshold_on(as_of),
                run_number=run_number,
                version=version,
                applicable=found.applicable,
                judged=found.judged,
                failed=found.failed,
                share=found.failed / found.judged if found.judged else None,
                passed=verdicts[rule.code],
                started=started,
                milliseconds=found.milliseconds,
                error=found.error,
            )
        )
    return results
