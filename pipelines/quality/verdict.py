"""Great Expectations decides, from the measured shares, which rules pass.

GX run on the tables themselves writes raw values in every result format but ``BOOLEAN_ONLY`` and needs a query
or two a rule. Here its batch is one row of measured shares, one column a rule, in a small file of its own: the
expectations are GX's, their bounds are the rule book's, and no personal value can reach a result.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.paths import OWNER_FILE
from pipelines.quality.measure import Measure
from pipelines.quality.model import Rule, Severity
from pipelines.quality.proved import RESULT_FILE, Question, edges, kept_text, read_proof

SEVERITY = {Severity.BLOCK: "critical", Severity.WARN: "warning", Severity.WATCH: "info"}
_TABLE = "do_luong"


class QualityError(Exception):
    """The rules could not be evaluated at all; the text is Vietnamese and holds no value of the data."""


def judge(
    folder: Path,
    rules: Sequence[Rule],
    measures: Mapping[str, Measure],
    as_of: date,
    *,
    keep: bool = True,
    anew: bool = False,
) -> dict[str, bool | None]:
    """Verdict a rule code: true, false, or null where no row could be judged.

    ``folder`` (owner-only) takes the small file of measures, removed afterwards, and the validation result of Great
    Expectations (``RESULT_FILE``: verdicts, shares and bounds, no value), which stays until it is asked again; with
    ``keep`` false the one kept there is left alone. Where what is kept proves the verdict of every rule (``proved``) it
    is not asked, unless ``anew``. A rule that could not be measured, or that GX could not evaluate, is false: the gate
    fails closed. Raises ``QualityError`` if GX returns another number of results than it was given.
    """
    verdicts: dict[str, bool | None] = {}
    asked: dict[str, Question] = {}
    for rule in rules:
        found = measures.get(rule.code)
        if found is None or found.error is not None:
            verdicts[rule.code] = False
        elif found.judged == 0:
            verdicts[rule.code] = None
        else:
            asked[rule.code] = _question(rule, found.failed / found.judged, as_of)
    if keep and not anew:
        proof = read_proof(folder)
        known = {code: proof.verdict(question) for code, question in asked.items()}
        if None not in known.values():
            return verdicts | known
    if keep:
        (folder / RESULT_FILE).unlink(missing_ok=True)
    if asked:
        questions = [*asked.values(), *edges(rule.threshold_on(as_of) for rule in rules)]
        with tempfile.TemporaryDirectory(dir=folder, prefix="do_luong_") as place:
            file = Path(place) / "do_luong.duckdb"
            _write(file, questions)
            outcome = _evaluate(file, questions)
            if keep:
                _keep(folder, Path(place), outcome)
        verdicts |= _read(outcome.results, asked, len(questions))
    return verdicts


def _question(rule: Rule, share: float, as_of: date) -> Question:
    meta = {"ma_quy_tac": rule.code, "chieu": rule.dimension.value}
    severity = SEVERITY[rule.severity_on(as_of)]
    return Question(rule.code.lower(), share, rule.threshold_on(as_of), severity, meta)


def _write(file: Path, questions: Sequence[Question]) -> None:
    body = ", ".join(f'cast(? as double) as "{q.column}"' for q in questions)
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"create table {_TABLE} as select {body}", [q.share for q in questions])


def _evaluate(file: Path, questions: Sequence[Question]) -> Any:
    # Telemetry is decided when the package is imported (SECURITY.md); the import itself takes seconds.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    gx: Any = great_expectations
    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        ),
    )
    source = context.data_sources.add_sql(
        name="do_luong",
        connection_string=f"duckdb:///{file}",
        # GX closes its connection before it fetches and SQLAlchemy then rolls back, which discards DuckDB's pending
        # result: without these two options every query fails.
        kwargs={
            "connect_args": {"read_only": True},
            "isolation_level": "AUTOCOMMIT",
            "skip_autocommit_rollback": True,
        },
    )
    try:
        batch = source.add_table_asset(name=_TABLE, table_name=_TABLE).add_batch_definition_whole_table("tat_ca")
        suite = context.suites.add(
            gx.ExpectationSuite(
                name="so_quy_tac",
                expectations=[
                    gx.expectations.ExpectColumnMaxToBeBetween(
                        column=question.column, max_value=question.bound, severity=question.severity, meta=question.told
                    )
                    for question in questions
                ],
            )
        )
        validation = context.validation_definitions.add(
            gx.ValidationDefinition(name="cong_chat_luong", data=batch, suite=suite)
        )
        return validation.run(result_format={"result_format": "BOOLEAN_ONLY"})
    finally:
        source.get_engine().dispose()


def _keep(folder: Path, place: Path, outcome: Any) -> None:
    """Put GX's validation result beside the warehouse, whole or not at all."""
    part = place / RESULT_FILE
    part.write_text(kept_text(outcome.to_json_dict()), encoding="utf-8")
    part.chmod(OWNER_FILE)
    part.replace(folder / RESULT_FILE)


def _read(results: Sequence[Any], asked: Collection[str], questions: int) -> dict[str, bool | None]:
    verdicts: dict[str, bool | None] = {}
    for item in results:
        code = item.expectation_config.meta.get("ma_quy_tac")
        if code is not None:
            raised = bool((item.exception_info or {}).get("raised_exception", False))
            verdicts[code] = bool(item.success) and not raised
    if set(verdicts) != set(asked) or len(results) != questions:
        raise QualityError(
            f"Great Expectations trả về {len(results)} kết quả cho {questions} câu hỏi; không công bố khi thiếu."
        )
    return verdicts
