"""What of a part of the build stands as it is, so that dbt need not be asked: it costs a tenth of a second a node.

A model stands where the macro ``che_do_dung`` would keep it (``giu``); a seed, where its file is that of the last
build; what is only a definition (a view, a macro), where neither its text nor that of anything it reads has changed.
Whatever did not succeed last time, or has a test that dbt runs, is left to dbt.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.warehouse import column_tests
from pipelines.warehouse.dbt import GOOD

Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class _State:
    """What the ledger says of a node: as of which run it stands, when it last changed, of what text it was made."""

    run: int | None
    changed: int | None
    text: str | None


@dataclass(frozen=True)
class _Ledger:
    """The plan of tonight's build and what the last one left.

    ``parents``: node → (parent, way as in ``plan.Parent``); ``good``: what succeeded; ``there``: what the file holds.
    """

    base: int
    same_day: bool
    states: Mapping[str, _State]
    texts: Mapping[str, str]
    parents: Mapping[str, list[tuple[str, str]]]
    good: frozenset[str]
    there: frozenset[tuple[str, str]]


def standing(connection: duckdb.DuckDBPyConnection, manifest: Manifest, nodes: Collection[str]) -> set[str]:
    """Of ``nodes`` (models, seeds and their tests), those that stand; a test stands with its table, if it passed."""
    built = {name for name in nodes if manifest["nodes"][name]["resource_type"] != "test"}
    ledger = _read(
        connection, {(manifest["nodes"][name]["schema"], manifest["nodes"][name]["alias"]) for name in built}
    )
    if ledger is None:
        return set()
    tests = column_tests.tests_of(manifest, built)
    left_to_dbt = _tested_by_dbt(manifest)
    found = {
        name
        for name in built - left_to_dbt
        if _stands_alone(manifest["nodes"][name], name, ledger) and ledger.good.issuperset(tests.get(name, ()))
    }
    while moved := {name for name in found if _is_moved(name, ledger, built - found)}:
        found -= moved
    return found | {test for name in found for test in tests.get(name, ())}


def _read(connection: duckdb.DuckDBPyConnection, wanted: Collection[tuple[str, str]]) -> _Ledger | None:
    """``wanted``: what is looked for in the file, as (schema, name)."""
    plan = connection.execute(
        "SELECT lan_nen, ngay = ngay_nen FROM so_cai.dung WHERE dang_dung AND NOT toan_bo AND lan_nen IS NOT NULL"
    ).fetchall()
    if not plan:
        return None
    base, same_day = plan[0]
    rows = connection.execute("SELECT nut, lan, doi_lan, dau_ma FROM so_cai.nut_dung").fetchall()
    parents: dict[str, list[tuple[str, str]]] = {}
    for node, parent, way in connection.execute("SELECT nut, cha, cach FROM so_cai.nut_cha").fetchall():
        parents.setdefault(node, []).append((parent, way))
    good = connection.execute(
        "SELECT nut FROM so_cai.nut_dbt WHERE so_lan = ? AND list_contains(?, trang_thai)", [base, sorted(GOOD)]
    ).fetchall()
    return _Ledger(
        int(base),
        bool(same_day),
        {str(node): _State(at, changed, text) for node, at, changed, text in rows},
        dict(connection.execute("SELECT nut, dau_ma FROM so_cai.nut_ma").fetchall()),
        parents,
        frozenset(str(node) for (node,) in good),
        _there(connection, wanted),
    )


def _there(connection: duckdb.DuckDBPyConnection, wanted: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Tables, views and, where something ``wanted`` is neither, macros: DuckDB lists its own functions with them."""
    found = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database() "
        "UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = current_database()"
    ).fetchall()
    there = frozenset((str(schema), str(name)) for schema, name in found)
    if there.issuperset(wanted):
        return there
    macros = connection.execute(
        "SELECT DISTINCT schema_name, function_name FROM duckdb_functions() WHERE database_name = current_database()"
    ).fetchall()
    return there | {(str(schema), str(name)) for schema, name in macros}


def _stands_alone(node: Mapping[str, Any], name: str, ledger: _Ledger) -> bool:
    """Whether the node itself is as the last build left it, whatever it reads."""
    state = ledger.states.get(name)
    if state is None or name not in ledger.good or (node["schema"], node["alias"]) not in ledger.there:
        return False
    if node["resource_type"] == "seed":
        return state.changed is not None and state.changed <= ledger.base
    return state.run == ledger.base and state.text == ledger.texts.get(name)


def _is_moved(name: str, ledger: _Ledger, open_nodes: Collection[str]) -> bool:
    """Whether something that a node reads has changed, or may yet in this part (``open_nodes``)."""
    return any(
        not ledger.same_day if way == "ngay" else parent in open_nodes or _has_changed(parent, ledger)
        for parent, way in ledger.parents.get(name, ())
    )


def _has_changed(parent: str, ledger: _Ledger) -> bool:
    state = ledger.states.get(parent)
    return state is None or state.changed is None or state.changed > ledger.base


def _tested_by_dbt(manifest: Manifest) -> set[str]:
    """What is looked at by a test that dbt itself runs."""
    return {
        parent
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "test" and column_tests.kind_of(node) not in column_tests.KINDS
        for parent in node["depends_on"]["nodes"]
    }
