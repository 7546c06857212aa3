"""Great Expectations runs the native suites itself, on DuckDB, over the working warehouse opened read-only.

The warehouse is attached to a database in memory that shows each of its tables under its own name; the staging views,
which find the newest state of every key, are computed once into it. Results hold counts: no sample of values is kept.
"""

from __future__ import annotations

import contextlib
import functools
import io
import logging
import operator
import os
import re
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy

from pipelines.config.orchestration import ResourceLimits
from pipelines.quality.native.conditions import Filter
from pipelines.quality.native.suites import Expectation
from pipelines.quality.verdict import SEVERITY, QualityError
from pipelines.warehouse.database import TIME_ZONE, identifier, literal

_NO_VALUES = {"result_format": "BASIC", "partial_unexpected_count": 0, "include_unexpected_rows": False}
_ENGINE = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
"""As in ``verdict``: GX closes its connection before it fetches."""
_SITE = "kho"
_LAST_BIT = 1e-12
"""GX is told 1 less the threshold, which in floating point is not quite that; far below one row of any table."""


@dataclass(frozen=True)
class NativeResult:
    """What Great Expectations found of one rule; ``passed`` null where no row could be judged."""

    code: str
    judged: int
    failed: int
    passed: bool | None
    error: str | None = None


def run_suites(
    warehouse_file: Path,
    suites: Mapping[str, Sequence[Expectation]],
    limits: ResourceLimits | None = None,
    docs: Path | None = None,
) -> dict[str, NativeResult]:
    """One result a rule; ``docs``: a folder that takes Data Docs of suites and results, if every rule could be run.

    Raises ``QualityError`` where the warehouse cannot be opened or Great Expectations returns too few results.
    """
    # Telemetry is decided when the package is imported; the import itself takes seconds.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    gx: Any = great_expectations
    context = _context(gx, docs)
    found: dict[str, NativeResult] = {}
    # Named, so that every engine that Great Expectations makes sees one and the same database in memory.
    address = f"duckdb:///:memory:gx_{uuid.uuid4().hex}"
    with (
        _shown(address, warehouse_file, suites, limits),
        contextlib.redirect_stdout(io.StringIO()),
        _quiet("great_expectations"),
    ):
        # GX prints a warning for each query that reads more than its batch, each time it meets it.
        source = context.data_sources.add_sql(name="kho_lam_viec", connection_string=address, kwargs=_ENGINE)
        try:
            for table, expectations in suites.items():
                found |= _run_suite(gx, context, source, table, expectations)
            # The text of an error of DuckDB quotes values, and Data Docs would show it.
            if docs is not None and all(result.error is None for result in found.values()):
                context.build_data_docs(site_names=[_SITE])
        finally:
            source.get_engine().dispose()
            source.get_execution_engine().engine.dispose()
    missing = {item.rule.code for items in suites.values() for item in items} - set(found)
    if missing:
        raise QualityError(f"Great Expectations không trả kết quả cho {len(missing)} quy tắc, ví dụ {min(missing)}.")
    return found


@contextlib.contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Nothing of this logger while this is open: it logs errors of DuckDB, which quote values."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _context(gx: Any, docs: Path | None) -> Any:
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    sites = {}
    if docs is not None:
        place = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.resolve())}
        sites[_SITE] = {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": place,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        }
    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
            data_docs_sites=sites,
        ),
    )


@contextlib.contextmanager
def _shown(
    address: str, file: Path, suites: Mapping[str, Sequence[Expectation]], limits: ResourceLimits | None
) -> Iterator[None]:
    """Show every table of the warehouse under its own name in the database in memory, while this is open.

    Settings are global ones: the connections that Great Expectations opens take them from there.
    """
    words = _words(suites)
    warehouse = identifier(file.stem)
    # The same way to the database as that of GX: DuckDB wants one configuration of all connections to it.
    engine = sqlalchemy.create_engine(address, **_ENGINE)
    with (
        contextlib.closing(engine.raw_connection()) as raw,
        tempfile.TemporaryDirectory(dir=file.parent, prefix="gx_") as spill,
    ):
        connection: Any = raw.driver_connection
        run = connection.execute
        run(f"SET GLOBAL temp_directory = {literal(spill)}")
        run("SET GLOBAL autoinstall_known_extensions = false")
        run("SET GLOBAL autoload_known_extensions = false")
        run(f"SET GLOBAL TimeZone = '{TIME_ZONE}'")
        if limits is not None and limits.bo_nho:
            run(f"SET GLOBAL memory_limit = {literal(limits.bo_nho)}")
        if limits is not None and limits.luong:
            run(f"SET GLOBAL threads = {limits.luong}")
        run(f"ATTACH {literal(str(file))} AS {warehouse} (READ_ONLY)")
        # A rule is SQL that an operator wrote: it may read the warehouse, nothing beside it.
        run("SET GLOBAL enable_external_access = false")
        for schema, table, is_view, columns in run(_SHOWN, [file.stem]).fetchall():
            place = f"{identifier(schema)}.{identifier(table)}"
            run(f"CREATE SCHEMA IF NOT EXISTS {identifier(schema)}")
            if is_view and f"{schema}.{table}" in words:
                wanted = ", ".join(identifier(c) for c in columns if c in words) or identifier(columns[0])
                run(f"CREATE TABLE {place} AS SELECT {wanted} FROM {warehouse}.{place}")
            else:
                run(f"CREATE VIEW {place} AS SELECT * FROM {warehouse}.{place}")
        yield
    engine.dispose()


_SHOWN = """
select c.schema_name, c.table_name, v.view_name is not null, list(c.column_name order by c.column_index)
from duckdb_columns() c
left join duckdb_views() v
    on v.database_name = c.database_name and v.schema_name = c.schema_name and v.view_name = c.table_name
where c.database_name = ? and not c.internal and c.schema_name <> 'main' group by all order by all
"""


def _words(suites: Mapping[str, Sequence[Expectation]]) -> set[str]:
    """Names of tables and columns that any expectation mentions."""
    texts = list(suites)
    for items in suites.values():
        for item in items:
            texts += [str(value) for value in item.arguments.values()] + [f.column for f in item.rows]
    text = "\n".join(texts)
    return set(re.findall(r"[a-z_][a-z0-9_]*", text)) | set(re.findall(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*", text))


def _run_suite(
    gx: Any, context: Any, source: Any, table: str, expectations: Sequence[Expectation]
) -> dict[str, NativeResult]:
    schema, name = table.split(".")
    asset = source.add_table_asset(name=table, table_name=name, schema_name=schema)
    suite = context.suites.add(
        gx.ExpectationSuite(name=table, expectations=[_built(gx, item) for item in expectations])
    )
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=table, data=asset.add_batch_definition_whole_table("tat_ca"), suite=suite)
    )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=table, validation_definitions=[definition], result_format=_NO_VALUES)
    )
    outcome = checkpoint.run()
    results = [item for run in outcome.run_results.values() for item in run.results]
    return {found.code: found for found in map(_result, results)}


def _built(gx: Any, item: Expectation) -> Any:
    from pipelines.quality.native import own_kinds

    rule = item.rule
    kind = getattr(own_kinds, item.kind, None) or getattr(gx.expectations, item.kind)
    arguments = dict(item.arguments)
    if item.rows:
        arguments["row_condition"] = _row_condition(item)
    notes = [f"Kỳ vọng: {item.kind}", *_sql(item), f"Căn cứ: {rule.basis}", f"Nơi sửa: {rule.mended_by}"]
    return kind(
        **arguments,
        mostly=max(0.0, 1 - item.threshold - _LAST_BIT),
        severity=SEVERITY[item.severity],
        description=f"{rule.code}: {rule.description}".replace("$", "$$"),
        notes=[*notes, f"Cách sửa: {rule.mending}"],
        meta={"ma_quy_tac": rule.code, "chieu": rule.dimension.value},
    )


def _sql(item: Expectation) -> list[str]:
    query = item.arguments.get("unexpected_rows_query")
    return [f"Dòng lỗi: {query}"] if query is not None else []


def _row_condition(item: Expectation) -> Any:
    from great_expectations.expectations.row_conditions import Column

    built = [_comparison(Column(part.column), part) for part in item.rows]
    return functools.reduce(operator.and_, built)


def _comparison(column: Any, part: Filter) -> Any:
    match part.operator:
        case "null":
            return column.is_null()
        case "not null":
            return column.is_not_null()
        case "in":
            return column.is_in(part.value)
        case "not in":
            return column.is_not_in(part.value)
        case sign:
            return _SIGNS[sign](column, part.value)


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _result(item: Any) -> NativeResult:
    config = item.expectation_config
    code = str(config.meta["ma_quy_tac"])
    if (item.exception_info or {}).get("raised_exception") or "unexpected_count" not in item.result:
        return NativeResult(code, 0, 0, False, "Great Expectations không chạy được kỳ vọng này")
    judged = int(item.result["element_count"])
    if config.type not in {"expect_column_values_to_not_be_null", "expect_column_values_to_be_null"}:
        judged -= int(item.result.get("missing_count") or 0)
    passed = bool(item.success) if judged else None
    return NativeResult(code, judged, int(item.result["unexpected_count"] or 0), passed)
