"""The one-pass measure of the night against Great Expectations running the native suites, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.config.orchestration import ResourceLimits
from pipelines.quality.evaluate import measured
from pipelines.quality.model import Rule
from pipelines.quality.native.pages import finish
from pipelines.quality.native.run import run_suites
from pipelines.quality.native.suites import suites
from pipelines.quality.verdict import QualityError, judge


@dataclass(frozen=True)
class Compared:
    """One rule on both ways; ``passed`` null: no row could be judged; ``kind``: the expectation that says it."""

    code: str
    table: str
    kind: str
    judged: int
    judged_natively: int
    failed: int
    failed_natively: int
    passed: bool | None
    passed_natively: bool | None
    error: str | None = None

    @property
    def equal(self) -> bool:
        """Whether both ways ran and agree on rows judged, rows failed and the verdict."""
        mine = (self.judged, self.failed, self.passed)
        return self.error is None and mine == (self.judged_natively, self.failed_natively, self.passed_natively)


def compare(
    warehouse_file: Path,
    rules: Sequence[Rule],
    as_of: date,
    limits: ResourceLimits | None = None,
    docs: Path | None = None,
) -> list[Compared]:
    """Both ways over the same warehouse, one result a rule; the warehouse is only read.

    ``docs``: an empty or new folder that takes Data Docs of the native suites, fit to be read without a network; not
    written where a rule could not be run.
    Raises ``QualityError``; ``duckdb.IOException`` where a run holds the warehouse.
    """
    measures = measured(warehouse_file, rules, as_of, limits)
    verdicts = judge(warehouse_file.parent, rules, measures, as_of, keep=False)
    native = suites(rules, as_of)
    try:
        found = run_suites(warehouse_file, native, limits, docs)
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        raise QualityError(f"không chạy được các bộ kỳ vọng trên DuckDB ({type(error).__name__}).") from None
    kinds = {item.rule.code: item.kind for items in native.values() for item in items}
    compared = []
    for rule in rules:
        mine, theirs = measures[rule.code], found[rule.code]
        compared.append(
            Compared(
                rule.code,
                rule.table,
                kinds[rule.code],
                mine.judged,
                theirs.judged,
                mine.failed,
                theirs.failed,
                verdicts[rule.code],
                theirs.passed,
                mine.error or theirs.error,
            )
        )
    if docs is not None and all(result.error is None for result in found.values()):
        finish(docs, as_of, native, found)
    return compared
