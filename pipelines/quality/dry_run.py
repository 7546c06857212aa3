"""Every rule explained by DuckDB against an empty warehouse in memory: what would stop it at night is told now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb

from pipelines.quality.defects import failing_rows
from pipelines.quality.flags import with_as_of
from pipelines.quality.manifest import MACRO_MATERIALIZATIONS
from pipelines.quality.measure import row_query, unique_query
from pipelines.quality.model import Rule, UniqueCheck
from pipelines.warehouse.database import identifier

_ANY_DAY = date(2025, 12, 31)


def explain(
    rules: Sequence[Rule], manifest: Mapping[str, Any], raw_tables: Callable[[duckdb.DuckDBPyConnection], None]
) -> list[tuple[Rule, str]]:
    """(rule, what DuckDB says of it) of every rule whose counting or listing of failing rows cannot be planned.

    ``raw_tables`` makes the raw layer and the ledger; the tables of dbt are made from the columns that ``manifest``
    declares. No row of any data is read.
    """
    with _empty_warehouse(manifest, raw_tables) as connection:
        found = []
        for rule in rules:
            counting = unique_query(rule, rule.check) if isinstance(rule.check, UniqueCheck) else row_query([rule])
            try:
                for sql in (counting, *failing_rows([rule])):
                    connection.execute(f"EXPLAIN {with_as_of(sql, _ANY_DAY)}").fetchall()
            except duckdb.Error as error:
                found.append((rule, str(error).partition("\n")[0]))
        return found


@contextmanager
def _empty_warehouse(
    manifest: Mapping[str, Any], raw_tables: Callable[[duckdb.DuckDBPyConnection], None]
) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        raw_tables(connection)
        connection.execute("SET enable_external_access = false")
        for node in manifest["nodes"].values():
            columns = _columns(node)
            if columns:
                schema, table = identifier(node["schema"]), identifier(node["alias"])
                body = ", ".join(f"{identifier(name)} {kind}" for name, kind in columns.items())
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
                connection.execute(f"CREATE TABLE {schema}.{table} ({body})")
        yield connection


def _columns(node: Mapping[str, Any]) -> dict[str, str]:
    """Columns with their types: of seeds by configuration, of models by contract; nothing where one has no type."""
    if node["resource_type"] == "seed":
        return dict(node["config"].get("column_types") or {})
    if node["resource_type"] != "model" or node["config"]["materialized"] in MACRO_MATERIALIZATIONS:
        return {}
    kinds = {name: column.get("data_type") for name, column in node["columns"].items()}
    return {name: str(kind) for name, kind in kinds.items()} if all(kinds.values()) else {}
