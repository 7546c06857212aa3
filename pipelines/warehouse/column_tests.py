"""dbt's data tests of one table, asked together: one query a table where dbt asks one a test.

Nearly all data tests ask whether a column is filled, unique or one of listed values, or whether columns are a key. By
dbt each costs some 30 milliseconds of CPU whatever it looks at. They stay dbt's tests, with their names and outcomes:
``dbt build`` and ``dbt test`` run them as they are declared.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import duckdb

from pipelines.warehouse.database import identifier, literal
from pipelines.warehouse.dbt import NodeResult

KINDS = ("accepted_values", "khoa_duy_nhat", "not_null", "unique")
"""Names of the tests that are asked here."""

Manifest = Mapping[str, Any]


def tests_of(manifest: Manifest, tables: Collection[str]) -> dict[str, list[str]]:
    """Of ``tables`` (unique ids of models and seeds), those with tests of these kinds, and the tests' unique ids."""
    found: dict[str, list[str]] = {}
    for unique_id, node in sorted(manifest["nodes"].items()):
        if node.get("attached_node") in tables and kind_of(node) in KINDS:
            found.setdefault(node["attached_node"], []).append(unique_id)
    return found


def left_to_dbt(manifest: Manifest, tables: Collection[str]) -> set[str]:
    """Unique ids of the tests of other kinds that look at one of ``tables``."""
    return {
        name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "test"
        and kind_of(node) not in KINDS
        and not set(tables).isdisjoint(node["depends_on"]["nodes"])
    }


def kind_of(node: Mapping[str, Any]) -> str | None:
    """The generic test that a node is an instance of."""
    return (node.get("test_metadata") or {}).get("name")


def ask(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    tests: Mapping[str, Sequence[str]],
    built: Collection[str],
) -> list[NodeResult]:
    """One result a test; those of a table that is not among ``built`` are skipped, as dbt does."""
    results: list[NodeResult] = []
    for table, names in tests.items():
        if table in built:
            results += _ask_table(connection, manifest["nodes"][table], {n: manifest["nodes"][n] for n in names})
        else:
            results += [NodeResult(name, "skipped", 0.0) for name in names]
    return results


def _ask_table(
    connection: duckdb.DuckDBPyConnection, table: Mapping[str, Any], tests: Mapping[str, Mapping[str, Any]]
) -> Iterable[NodeResult]:
    place = f"{identifier(table['schema'])}.{identifier(table['alias'])}"
    counts = [_failures(node, place) for node in tests.values()]
    started = time.perf_counter()
    try:
        found = connection.execute(f"SELECT {', '.join(counts)} FROM {place} AS t").fetchall()[0]
    except duckdb.Error:
        # One test that cannot be asked (a column that is gone) must not hide what the others say.
        return [_ask_alone(connection, name, node, place) for name, node in tests.items()]
    seconds = (time.perf_counter() - started) / len(tests)
    return [_result(name, int(count), seconds) for name, count in zip(tests, found, strict=True)]


def _ask_alone(connection: duckdb.DuckDBPyConnection, name: str, node: Mapping[str, Any], place: str) -> NodeResult:
    started = time.perf_counter()
    try:
        found = connection.execute(f"SELECT {_failures(node, place)} FROM {place} AS t").fetchall()[0][0]
    except duckdb.Error:
        return NodeResult(name, "error", time.perf_counter() - started)
    return _result(name, int(found), time.perf_counter() - started)


def _result(name: str, failures: int, seconds: float) -> NodeResult:
    return NodeResult(name, "fail" if failures else "pass", seconds, failures)


def _failures(node: Mapping[str, Any], place: str) -> str:
    """How many rows, values or keys fail a test, as an expression over its table ``t``."""
    kind, given = kind_of(node), node["test_metadata"]["kwargs"]
    if kind == "khoa_duy_nhat":
        key = ", ".join(identifier(name) for name in given["cot"])
        return f"count(*) - (SELECT count(*) FROM (SELECT DISTINCT {key} FROM {place}) AS k)"
    column = f"t.{identifier(given['column_name'])}"
    if kind == "not_null":
        return f"count(*) - count({column})"
    if kind == "unique":
        return f"count({column}) - count(DISTINCT {column})"
    values = given["values"]
    listed = ", ".join(literal(str(value)) if given.get("quote", True) else str(value) for value in values)
    return f"count(*) FILTER (WHERE {column} NOT IN ({listed}))"
