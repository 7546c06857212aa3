"""dbt's data tests of one table, asked together: one query a table where dbt asks one a test.

Nearly all data tests ask whether a column is filled, unique or one of listed values, or whether columns are a key. By
dbt each costs some 30 milliseconds of CPU whatever it looks at. They stay dbt's tests, with their names and outcomes:
``dbt build`` and ``dbt test`` run them as they are declared.

Of a table that passed its tests last time, and of which tonight only keys were replaced (macro ``theo_khoa``), only the
rows of these keys are asked: the others are the rows that passed. The monthly rebuild asks all of them.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    build = _read(connection)
    for table, names in tests.items():
        if table not in built:
            results += [NodeResult(name, "skipped", 0.0) for name in names]
        elif build.stands(table, names):
            results += [NodeResult(name, "pass", 0.0, 0, taken=True) for name in names]
        else:
            node = manifest["nodes"][table]
            for rows, some in _by_rows(node, {n: manifest["nodes"][n] for n in names}, build):
                results += _ask_rows(connection, rows, some)
    return results


@dataclass(frozen=True)
class _Build:
    """Of the build that is going on: tables as the last one left them, tables with replaced keys; passed tests."""

    same: frozenset[str]
    by_key: frozenset[str]
    passed: frozenset[str]

    def stands(self, table: str, tests: Collection[str]) -> bool:
        return table in self.same and self.passed.issuperset(tests)


def _read(connection: duckdb.DuckDBPyConnection) -> _Build:
    """What the plan's tables say (``plan``); nothing outside a planned build."""
    planned = connection.execute(
        "SELECT n.nut, n.doi_lan < d.lan, n.toan_lan < d.lan FROM so_cai.nut_dung n "
        "JOIN so_cai.dung d ON n.lan = d.lan WHERE d.dang_dung AND NOT d.toan_bo AND n.nut LIKE 'model.%'"
    ).fetchall()
    passed = connection.execute(
        "SELECT nut FROM so_cai.nut_dbt WHERE so_lan = (SELECT lan_nen FROM so_cai.dung) AND trang_thai = 'pass'"
    ).fetchall()
    return _Build(
        frozenset(str(name) for name, same, _ in planned if same),
        frozenset(str(name) for name, _, in_part in planned if in_part),
        frozenset(str(name) for (name,) in passed),
    )


_Tests = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class _Rows:
    """Rows that tests are asked of: all of ``place``, or those whose ``key`` is among the keys in ``changed``."""

    place: str
    key: str = ""
    changed: str = ""

    def counting(self, tests: _Tests) -> str:
        """SQL of what fails each of the tests."""
        if not self.key:
            return f"SELECT {', '.join(_failures(node, self.place) for node in tests.values())} FROM {self.place} AS t"
        columns = sorted({self.key, *(column for node in tests.values() for column in _columns(node))})
        return (
            f"WITH phan AS MATERIALIZED (SELECT {', '.join(map(identifier, columns))} FROM {self.place} "
            f"WHERE {identifier(self.key)} IN (SELECT khoa FROM {self.changed})) "
            f"SELECT {', '.join(_failures(node, 'phan') for node in tests.values())} FROM phan AS t"
        )


def _by_rows(table: Mapping[str, Any], tests: _Tests, build: _Build) -> Iterator[tuple[_Rows, _Tests]]:
    """The tests of a table with the rows that each must be asked of."""
    place = f"{identifier(table['schema'])}.{identifier(table['alias'])}"
    key = table["config"].get("khoa")
    some: _Tests = {}
    if key is not None and table["unique_id"] in build.by_key and build.passed.issuperset(tests):
        some = {name: node for name, node in tests.items() if key in _key(node) or not _key(node)}
    if some:
        changed = f"khoa__{table['schema']}__{table['alias']}"
        yield _Rows(place, key, f"doi.{identifier(changed)}"), some
    if rest := {name: node for name, node in tests.items() if name not in some}:
        yield _Rows(place), rest


def _ask_rows(connection: duckdb.DuckDBPyConnection, rows: _Rows, tests: _Tests) -> Iterable[NodeResult]:
    started = time.perf_counter()
    try:
        found = connection.execute(rows.counting(tests)).fetchall()[0]
    except duckdb.Error:
        # One test that cannot be asked (a column that is gone) must not hide what the others say.
        return [_ask_alone(connection, name, node, rows) for name, node in tests.items()]
    seconds = (time.perf_counter() - started) / len(tests)
    return [_result(name, int(count), seconds) for name, count in zip(tests, found, strict=True)]


def _ask_alone(connection: duckdb.DuckDBPyConnection, name: str, node: Mapping[str, Any], rows: _Rows) -> NodeResult:
    started = time.perf_counter()
    try:
        found = connection.execute(rows.counting({name: node})).fetchall()[0][0]
    except duckdb.Error:
        return NodeResult(name, "error", time.perf_counter() - started)
    return _result(name, int(found), time.perf_counter() - started)


def _result(name: str, failures: int, seconds: float) -> NodeResult:
    return NodeResult(name, "fail" if failures else "pass", seconds, failures)


def _columns(node: Mapping[str, Any]) -> list[str]:
    """The columns that a test looks at."""
    given = node["test_metadata"]["kwargs"]
    return list(given["cot"]) if "cot" in given else [str(given["column_name"])]


def _key(node: Mapping[str, Any]) -> list[str]:
    """The columns that a test says are unique; none where it asks each row alone."""
    return _columns(node) if kind_of(node) in {"khoa_duy_nhat", "unique"} else []


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
