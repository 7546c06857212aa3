"""Great Expectations decides, from the measured shares, which rules pass.

GX run on the tables themselves writes raw values in every result format but ``BOOLEAN_ONLY`` and needs a query
or two a rule. Here its batch is one row of measured shares, one column a rule, in a small file of its own: the
expectations are GX's, their bounds are the rule book's, and no personal value can reach a result.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.paths import OWNER_FILE
from pipelines.quality.measure import Measure
from pipelines.quality.model import Rule, Severity

SEVERITY = {Severity.BLOCK: "critical", Severity.WARN: "warning", Severity.WATCH: "info"}
_TABLE = "do_luong"
RESULT_FILE = "ket_qua_gx.json"
_ASKED = "dau_cau_hoi"


class QualityError(Exception):
    """The rules could not be evaluated at all; the text is Vietnamese and holds no value of the data."""


@dataclass(frozen=True)
class _Column:
    name: str
    share: float


def judge(
    folder: Path, rules: Sequence[Rule], measures: Mapping[str, Measure], as_of: date, *, keep: bool = True
) -> dict[str, bool | None]:
    """Verdict a rule code: true, false, or null where no row could be judged.

    ``folder`` (owner-only) takes the small file of measures, removed afterwards, and the validation result of Great
    Expectations (``RESULT_FILE``: verdicts and bounds, no value), which stays until the next evaluation; with ``keep``
    false the one kept there is left alone. A result that was given for the very same question answers it again. A rule
    that could not be measured, or that GX could not evaluate, is false: the gate fails closed. Raises ``QualityError``
    if GX returns another number of results than it was given.
    """
    verdicts: dict[str, bool | None] = {}
    columns: dict[str, _Column] = {}
    for rule in rules:
        found = measures.get(rule.code)
        if found is None or found.error is not None:
            verdicts[rule.code] = False
        elif found.judged == 0:
            verdicts[rule.code] = None
        else:
            columns[rule.code] = _Column(rule.code.lower(), found.failed / found.judged)
    judged = [rule for rule in rules if rule.code in columns]
    asked = _question(judged, columns, as_of)
    if keep and (known := _kept_answer(folder, asked, judged)):
        return verdicts | known
    if keep:
        (folder / RESULT_FILE).unlink(missing_ok=True)
    if columns:
        with tempfile.TemporaryDirectory(dir=folder, prefix="do_luong_") as place:
            file = Path(place) / "do_luong.duckdb"
            _write(file, columns)
            outcome = _evaluate(file, judged, columns, as_of)
            if keep:
                _keep(folder, Path(place), outcome, asked)
        verdicts |= _read(outcome.results, judged)
    return verdicts


def _write(file: Path, columns: Mapping[str, _Column]) -> None:
    body = ", ".join(f'cast(? as double) as "{c.name}"' for c in columns.values())
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"create table {_TABLE} as select {body}", [c.share for c in columns.values()])


def _evaluate(file: Path, rules: Sequence[Rule], columns: Mapping[str, _Column], as_of: date) -> Any:
    # Telemetry is decided when the package is imported (spec privacy, point 7); the import itself takes seconds.
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
                        column=columns[rule.code].name,
                        max_value=rule.threshold_on(as_of),
                        severity=SEVERITY[rule.severity_on(as_of)],
                        meta={"ma_quy_tac": rule.code, "chieu": rule.dimension.value},
                    )
                    for rule in rules
                ],
            )
        )
        validation = context.validation_definitions.add(
            gx.ValidationDefinition(name="cong_chat_luong", data=batch, suite=suite)
        )
        return validation.run(result_format={"result_format": "BOOLEAN_ONLY"})
    finally:
        source.get_engine().dispose()


def _question(rules: Sequence[Rule], columns: Mapping[str, _Column], as_of: date) -> str:
    """Digest of all that a verdict depends on: shares, bounds, severities, and who judges."""
    told = [[r.code, columns[r.code].share, r.threshold_on(as_of), r.severity_on(as_of).value] for r in rules]
    return hashlib.sha256(json.dumps([version("great_expectations"), told]).encode()).hexdigest()


def _kept_answer(folder: Path, asked: str, rules: Sequence[Rule]) -> dict[str, bool | None]:
    """The verdicts of the kept validation result where it answers this very question; empty where it does not.

    A rule that GX could not evaluate is no answer: it is asked again.
    """
    try:
        kept = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
        if kept[_ASKED] != asked or any(item["exception_info"]["raised_exception"] for item in kept["results"]):
            return {}
        verdicts: dict[str, bool | None] = {
            item["expectation_config"]["meta"]["ma_quy_tac"]: item["success"] is True for item in kept["results"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # lost, cut or of another version: asked anew
    return verdicts if verdicts.keys() == {rule.code for rule in rules} else {}


def _keep(folder: Path, place: Path, outcome: Any, asked: str) -> None:
    """Put GX's validation result beside the warehouse, whole or not at all."""
    part = place / RESULT_FILE
    told = {_ASKED: asked, **outcome.to_json_dict()}
    part.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    part.chmod(OWNER_FILE)
    part.replace(folder / RESULT_FILE)


def _read(results: Sequence[Any], rules: Sequence[Rule]) -> dict[str, bool | None]:
    verdicts: dict[str, bool | None] = {}
    for item in results:
        raised = bool((item.exception_info or {}).get("raised_exception", False))
        verdicts[item.expectation_config.meta["ma_quy_tac"]] = bool(item.success) and not raised
    if set(verdicts) != {rule.code for rule in rules} or len(results) != len(rules):
        raise QualityError(
            f"Great Expectations trả về {len(results)} kết quả cho {len(rules)} quy tắc; không công bố khi thiếu."
        )
    return verdicts
