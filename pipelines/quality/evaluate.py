"""Evaluates the whole rule book over the working warehouse: measured by DuckDB, judged by Great Expectations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from pipelines.config.orchestration import ResourceLimits
from pipelines.quality.changed import NOTHING, Changes, read_changes, sides_in
from pipelines.quality.manifest import Manifest
from pipelines.quality.measure import Measure, measure
from pipelines.quality.model import Rule, Severity
from pipelines.quality.verdict import QualityError, judge
from pipelines.warehouse.database import TIME_ZONE, connect, threads_for


@dataclass(frozen=True)
class RuleResult:
    """Outcome of one rule in one run.

    ``rows`` = rows judged, passed or failed; ``share`` = failures / rows, null where nothing could be judged;
    ``passed`` null likewise. ``error`` says in Vietnamese why the rule could not be run; such a rule has not
    passed. ``severity`` and ``threshold`` are those in force on the as-of day.
    """

    rule: str
    severity: Severity
    threshold: float
    run_number: int
    version: str
    as_of: date
    applicable: int
    rows: int
    failures: int
    share: float | None
    passed: bool | None
    started: datetime
    milliseconds: int
    error: str | None = None

    @property
    def coverage(self) -> float | None:
        """Share of the applicable rows that could be judged; null where the rule applied to no row."""
        return self.rows / self.applicable if self.applicable else None


def evaluate(
    warehouse_file: Path,
    rules: Sequence[Rule],
    *,
    run_number: int,
    version: str,
    as_of: date,
    limits: ResourceLimits | None = None,
) -> list[RuleResult]:
    """One result for each rule, in the order given, all counted in full; the warehouse is only read.

    Raises ``QualityError`` when the warehouse cannot be opened or the evaluation is incomplete.
    """
    return evaluate_changes(
        warehouse_file, rules, run_number=run_number, version=version, as_of=as_of, limits=limits, manifest=None
    )[0]


def evaluate_changes(
    warehouse_file: Path,
    rules: Sequence[Rule],
    *,
    run_number: int,
    version: str,
    as_of: date,
    limits: ResourceLimits | None = None,
    manifest: Manifest | None = None,
    sides: Path | None = None,
) -> tuple[list[RuleResult], Changes]:
    """As ``evaluate``, and what the rules were counted on by.

    With dbt's ``manifest``, rules are counted over what changed since the last run where that gives the same, the
    changed rows standing in the new database ``sides``; a run that counts all in full is judged anew in full too.
    """
    started = datetime.now(ZoneInfo(TIME_ZONE)).replace(tzinfo=None)
    measures, changes = _measured(warehouse_file, rules, as_of, limits, manifest, run_number, sides)
    verdicts = judge(warehouse_file.parent, rules, measures, as_of, anew=changes is NOTHING)
    results: list[RuleResult] = []
    for rule in rules:
        found = measures[rule.code]
        results.append(
            RuleResult(
                rule=rule.code,
                severity=rule.severity_on(as_of),
                threshold=rule.threshold_on(as_of),
                run_number=run_number,
                version=version,
                as_of=as_of,
                applicable=found.applicable,
                rows=found.judged,
                failures=found.failed,
                share=found.failed / found.judged if found.judged else None,
                passed=verdicts[rule.code],
                started=started,
                milliseconds=found.milliseconds,
                error=found.error,
            )
        )
    return results, changes


def measured(
    warehouse_file: Path, rules: Sequence[Rule], as_of: date, limits: ResourceLimits | None = None
) -> dict[str, Measure]:
    """Rule code → counts, all in full; the warehouse is only read. Raises ``QualityError`` if it cannot be opened."""
    return _measured(warehouse_file, rules, as_of, limits, None, 0, None)[0]


def _measured(  # noqa: PLR0917
    warehouse_file: Path,
    rules: Sequence[Rule],
    as_of: date,
    limits: ResourceLimits | None,
    manifest: Manifest | None,
    run_number: int,
    sides: Path | None,
) -> tuple[dict[str, Measure], Changes]:
    """Rule code → counts, and what of the last run's they were counted on by (``changed``)."""
    try:
        with (
            connect(
                warehouse_file,
                read_only=True,
                threads=threads_for(warehouse_file, limits.luong) if limits else None,
                memory_limit=limits.bo_nho if limits else None,
            ) as connection,
            sides_in(connection, sides, read_only=False),
        ):
            # A rule is SQL that an operator wrote: it may read the warehouse, nothing beside it.
            connection.execute("SET enable_external_access = false")
            changes = read_changes(connection, manifest, rules, run_number, as_of)
            return {m.code: m for m in measure(connection, rules, as_of, changes)}, changes
    except duckdb.Error as error:
        raise QualityError(f"không mở được kho làm việc để kiểm tra ({type(error).__name__}).") from None
