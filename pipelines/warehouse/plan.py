"""What a build has to do: which inputs changed since the last one, for the models to decide by (macro ``theo_khoa``).

``begin`` writes the plan before dbt starts: digests of every model's SQL, the digest of each small source and seed, the
changed keys of each raw table (schema ``doi``), and how each model depends on each parent. ``finish`` takes the entries
of the ledger out. A build that died, or a model that failed, is no base: what it should have made is built whole next
time, and so is what stands below it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.warehouse import column_tests, dbt
from pipelines.warehouse.database import content_digest, identifier, transaction
from pipelines.warehouse.runs import Run

Manifest = Mapping[str, Any]
Node = Mapping[str, Any]

PLANNED = frozenset({"bang", "theo_khoa"})
"""Materialisations that decide by the plan."""
AFTER_GATE = "sau_cong"
"""dbt's tag on the models that tell of the gate: they are built when it has decided, every night, without a plan."""
DEFINITIONS = frozenset({"view", "bang_macro", "ham"})
"""Materialisations that hold no rows: their text and the columns of what they read are all that they are made of."""
PARAMETERS = "source.kho06.so_cai.tham_so"
_RAW = "tho"
_MOST_BY_KEY = 0.3
"""Above this share of a raw table's rows, replacing keys costs more than building whole."""


@dataclass(frozen=True)
class Parent:
    """How a model depends on a parent: ``way`` as in ``so_cai.nut_cha.cach``; ``take`` leads to its keys."""

    node: str
    way: str
    take: str | None = None


_ASKED = "người vận hành yêu cầu dựng lại toàn bộ (--dung-lai)"


def begin(connection: duckdb.DuckDBPyConnection, manifest: Manifest, run: Run, *, rebuild: str | None = None) -> None:
    """Plan the build of ``run``, or bring the plan up to date where this run has begun one; in one transaction.

    ``rebuild``: why everything is to be built whole (Vietnamese). Raises ``duckdb.Error``.
    """
    with transaction(connection):
        if not _goes_on(connection, run):
            _open(connection, run, rebuild or (_ASKED if run.rebuild else None))
            _enter_models(connection, manifest)
            _raw_changes(connection, manifest)
        _small_changes(connection, manifest)


def finish(connection: duckdb.DuckDBPyConnection) -> None:
    """The build went through: it is the base of the next one, and the ledger's entries are used up."""
    with transaction(connection):
        connection.execute("DELETE FROM so_cai.khoa_doi WHERE so_lan <= (SELECT lan FROM so_cai.dung)")
        connection.execute("UPDATE so_cai.dung SET dang_dung = false")


def is_nothing_new(connection: duckdb.DuckDBPyConnection, run: Run) -> bool:
    """Whether the build of ``run`` makes what the last one made: no input, no SQL and no day has changed since.

    Called after ``begin``, or when the build is done. A last build in which something failed is tried again.
    """
    rows = connection.execute(
        """
        SELECT d.lan_nen IS NOT NULL AND NOT d.toan_bo AND d.ngay = d.ngay_nen
            AND NOT EXISTS (SELECT 1 FROM so_cai.nut_dung n WHERE n.nut NOT LIKE 'model.%' AND n.doi_lan > d.lan_nen)
            AND NOT EXISTS (
                SELECT 1 FROM so_cai.nut_ma a LEFT JOIN so_cai.nut_dung n ON n.nut = a.nut
                WHERE (n.lan IS DISTINCT FROM d.lan_nen AND n.lan IS DISTINCT FROM d.lan)
                    OR n.dau_ma IS DISTINCT FROM a.dau_ma)
            AND EXISTS (SELECT 1 FROM so_cai.nut_dbt b WHERE b.so_lan = d.lan_nen)
            AND NOT EXISTS (
                SELECT 1 FROM so_cai.nut_dbt b WHERE b.so_lan = d.lan_nen AND NOT list_contains(?, b.trang_thai))
        FROM so_cai.dung d WHERE d.lan = ?
        """,
        [sorted(dbt.GOOD), run.number],
    ).fetchall()
    return bool(rows and rows[0][0])


def take_over(connection: duckdb.DuckDBPyConnection, nodes: Collection[str]) -> list[dbt.NodeResult]:
    """What the last build made of ``nodes`` stands for this run too; returns what became of them."""
    names = sorted(nodes)
    connection.execute(
        "UPDATE so_cai.nut_dung SET lan = (SELECT lan FROM so_cai.dung) WHERE list_contains(?, nut)", [names]
    )
    rows = connection.execute(
        "SELECT nut, trang_thai FROM so_cai.nut_dbt WHERE so_lan = (SELECT lan_nen FROM so_cai.dung) "
        "AND list_contains(?, nut) ORDER BY nut",
        [names],
    ).fetchall()
    return [dbt.NodeResult(str(node), str(status), 0.0, taken=True) for node, status in rows]


def _goes_on(connection: duckdb.DuckDBPyConnection, run: Run) -> bool:
    rows = connection.execute(
        "SELECT 1 FROM so_cai.dung WHERE dang_dung AND lan = ? AND ngay = ?", [run.number, run.as_of]
    ).fetchall()
    return bool(rows)


def _open(connection: duckdb.DuckDBPyConnection, run: Run, rebuild: str | None) -> None:
    before = connection.execute(
        "SELECT CASE WHEN dang_dung THEN lan_nen ELSE lan END, CASE WHEN dang_dung THEN ngay_nen ELSE ngay END "
        "FROM so_cai.dung"
    ).fetchall()
    base = before[0] if before and before[0][0] != run.number else (None, None)
    if base[0] is None or rebuild is not None:
        connection.execute("DELETE FROM so_cai.nut_dung")
    connection.execute("DELETE FROM so_cai.dung")
    connection.execute(
        "INSERT INTO so_cai.dung VALUES (?, ?, ?, ?, true, ?, ?)",
        [run.number, run.as_of, *base, rebuild is not None, rebuild],
    )
    for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'doi'").fetchall():
        connection.execute(f"DROP TABLE doi.{identifier(name)}")


def _enter_models(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    connection.execute("DELETE FROM so_cai.nut_ma")
    connection.execute("DELETE FROM so_cai.nut_cha")
    macros = _MacroTexts(manifest)
    tests = column_tests.tests_of(manifest, manifest["nodes"])
    texts = {name: code_digest(node, macros, tests.get(name, ())) for name, node in _texts(manifest)}
    codes = [[name, _definition_digest(manifest, name, texts)] for name in definitions(manifest)]
    parents = []
    for unique_id, node in planned(manifest).items():
        codes.append([unique_id, texts[unique_id]])
        for parent in parents_of(manifest, node):
            parents.append([unique_id, parent.node, parent.way, parent.take, changed_rows(manifest, parent.node)])
    connection.execute(
        "INSERT INTO so_cai.nut_dung (nut) SELECT unnest(?::VARCHAR[]) EXCEPT SELECT nut FROM so_cai.nut_dung",
        [[unique_id for unique_id, _ in codes]],
    )
    _insert(connection, "nut_ma", codes)
    _insert(connection, "nut_cha", parents)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[list[Any]]) -> None:
    """All rows by one statement: a prepared one a row costs a second for a thousand."""
    if rows:
        columns = list(zip(*rows, strict=True))
        marks = ", ".join("unnest(?::VARCHAR[])" for _ in columns)
        connection.execute(f"INSERT INTO so_cai.{table} SELECT {marks}", [list(column) for column in columns])


def planned(manifest: Manifest) -> dict[str, Node]:
    """Models that decide by the plan, by unique id."""
    return _with_materialization(manifest, PLANNED)


def _with_materialization(manifest: Manifest, kinds: Collection[str]) -> dict[str, Node]:
    return {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["config"]["materialized"] in kinds
        and AFTER_GATE not in (node.get("tags") or ())
    }


def parents_of(manifest: Manifest, node: Node) -> list[Parent]:
    """What a model reads, views seen through, and how a change of each reaches it."""
    found: dict[str, Parent] = {}
    for name, via in _seen_through(manifest, node):
        parent = _way(manifest, node, name, via)
        if parent is not None and (name not in found or found[name].way != "het"):
            found[name] = parent
    return list(found.values())


def _seen_through(manifest: Manifest, node: Node, via: str | None = None) -> Iterator[tuple[str, str | None]]:
    """Parents of ``node`` that hold rows, each with the view next to ``node`` through which it is read."""
    for name in node["depends_on"]["nodes"]:
        parent = manifest["nodes"].get(name)
        if parent is not None and parent["resource_type"] == "model" and parent["config"]["materialized"] == "view":
            yield from _seen_through(manifest, parent, via or name)
        else:
            yield name, via


def _way(manifest: Manifest, node: Node, name: str, via: str | None) -> Parent | None:
    config = node["config"]
    if config["materialized"] != "theo_khoa":
        return Parent(name, "het")
    by_key: Mapping[str, str] = config.get("theo") or {}
    short = _short(manifest, name)
    if short in (config.get("da_tinh") or ()):
        return None
    if name == PARAMETERS:
        return Parent(name, "het") if config.get("theo_ngay") is None else Parent(name, "ngay")
    take = by_key.get(short) or (by_key.get(_RAW) if short.startswith(f"{_RAW}.") else None)
    if take is None and via is not None and _has_keys(manifest, name):
        take = by_key.get(_short(manifest, via))
    return Parent(name, "het") if take is None else Parent(name, "khoa", take)


def _has_keys(manifest: Manifest, name: str) -> bool:
    node = manifest["nodes"].get(name)
    return name.startswith(f"source.kho06.{_RAW}.") if node is None else node["config"]["materialized"] == "theo_khoa"


def _short(manifest: Manifest, name: str) -> str:
    """``schema.table`` of a source, the name of anything else: as a model's configuration calls its parents."""
    source = manifest["sources"].get(name)
    return f"{source['source_name']}.{source['name']}" if source else str(manifest["nodes"][name]["name"])


def changed_rows(manifest: Manifest, name: str) -> str:
    """The table of schema ``doi`` with what changed of a node."""
    source = manifest["sources"].get(name)
    if source:
        return f"doi.{source['schema']}__{source['name']}"
    node = manifest["nodes"][name]
    return f"doi.{node['schema']}__{node['alias']}"


class _MacroTexts:
    """The project's macros that a node calls, directly or through others."""

    def __init__(self, manifest: Manifest) -> None:
        self._macros: Mapping[str, Any] = manifest["macros"]

    def of(self, names: list[str]) -> list[str]:
        waiting, seen = list(names), set[str]()
        while waiting:
            name = waiting.pop()
            macro = self._macros.get(name)
            if name not in seen and macro is not None and macro["package_name"] == "kho06":
                seen.add(name)
                waiting += macro["depends_on"]["macros"]
        return [str(self._macros[name]["macro_sql"]) for name in sorted(seen)]


def code_digest(node: Node, macros: _MacroTexts, tests: Collection[str] = ()) -> str:
    """Digest of what decides a model's content besides its inputs: SQL, macros, settings, types, DuckDB's version.

    ``tests``: ids of the tests on it, which hold a digest of what they are given: their last verdict stands with it.
    """
    config = {name: node["config"].get(name) for name in ("materialized", "khoa", "theo", "theo_ngay", "da_tinh")}
    types = {name: column.get("data_type") for name, column in node["columns"].items()}
    parts = [duckdb.__version__, node["raw_code"], *macros.of(node["depends_on"]["macros"])]
    parts += [json.dumps(config, sort_keys=True), json.dumps(types, sort_keys=True), *sorted(tests)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _texts(manifest: Manifest) -> Iterator[tuple[str, Node]]:
    """Models and seeds: what a definition may read."""
    return ((name, node) for name, node in manifest["nodes"].items() if node["resource_type"] in {"model", "seed"})


def _definition_digest(manifest: Manifest, name: str, texts: Mapping[str, str]) -> str:
    """Digest of a definition's text and of every text that decides on the columns it reads."""
    waiting, seen = [name], set[str]()
    while waiting:
        read = waiting.pop()
        if read in texts and read not in seen:
            seen.add(read)
            waiting += manifest["nodes"][read]["depends_on"].get("nodes", ())
    return hashlib.sha256("\0".join(texts[read] for read in sorted(seen)).encode()).hexdigest()


def definitions(manifest: Manifest) -> set[str]:
    """Models that hold no rows, by unique id."""
    return set(_with_materialization(manifest, DEFINITIONS))


def define(connection: duckdb.DuckDBPyConnection, nodes: Collection[str]) -> None:
    """Of ``nodes``, the definitions that dbt has made now stand as of this run."""
    connection.execute(
        "UPDATE so_cai.nut_dung SET lan = d.lan, dau_ma = a.dau_ma FROM so_cai.dung d, so_cai.nut_ma a "
        "WHERE d.dang_dung AND a.nut = nut_dung.nut AND list_contains(?, nut_dung.nut)",
        [sorted(nodes)],
    )


def _raw_changes(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """State of each raw table, and its touched keys as ``doi.tho__<table>`` (``_khoa``, ``ma_ho_so``)."""
    touched = dict(
        connection.execute(
            "SELECT bang, CASE WHEN bool_or(khoa IS NULL) THEN NULL ELSE count(DISTINCT khoa) END "
            "FROM so_cai.khoa_doi GROUP BY bang"
        ).fetchall()
    )
    for unique_id, source in manifest["sources"].items():
        if source["source_name"] != _RAW:
            continue
        table = str(source["name"])
        if table not in touched:
            _enter_state(connection, unique_id, None, changed=False)
            continue
        rows = connection.execute(
            "SELECT estimated_size FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?", [_RAW, table]
        ).fetchall()
        whole = touched[table] is None or not rows or touched[table] > _MOST_BY_KEY * max(rows[0][0], 1)
        _enter_state(connection, unique_id, None, changed=True, whole=whole)
        connection.execute(
            f"CREATE OR REPLACE TABLE doi.{identifier(f'{_RAW}__{table}')} AS "
            "SELECT DISTINCT khoa AS _khoa, ma_ho_so FROM so_cai.khoa_doi WHERE bang = ? AND khoa IS NOT NULL",
            [table],
        )


def _small_changes(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Seeds by their file, tables of the ledger and of the reference by their content."""
    states = dict(connection.execute("SELECT nut, dau_ma FROM so_cai.nut_dung").fetchall())
    read = {name for (name,) in connection.execute("SELECT DISTINCT cha FROM so_cai.nut_cha").fetchall()}
    for unique_id in sorted(read):
        source = manifest["sources"].get(unique_id)
        if source is not None and source["source_name"] != _RAW:
            place = f"{identifier(source['schema'])}.{identifier(source['name'])}"
            digest = content_digest(connection, place)
        elif unique_id.startswith("seed."):
            digest = _file_digest(dbt.DBT_PROJECT / manifest["nodes"][unique_id]["original_file_path"])
        else:
            continue
        if states.get(unique_id, "") != digest:
            _enter_state(connection, unique_id, digest, changed=True, whole=True)


def _file_digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _enter_state(
    connection: duckdb.DuckDBPyConnection, node: str, digest: str | None, *, changed: bool, whole: bool = False
) -> None:
    """Note whether an input changed in this run; one that was never seen before counts as changed whole."""
    known = connection.execute("SELECT doi_lan, toan_lan FROM so_cai.nut_dung WHERE nut = ?", [node]).fetchall()
    run = connection.execute("SELECT lan FROM so_cai.dung").fetchall()[0][0]
    last, last_whole = known[0] if known else (run, run)
    connection.execute("DELETE FROM so_cai.nut_dung WHERE nut = ?", [node])
    connection.execute(
        "INSERT INTO so_cai.nut_dung VALUES (?, ?, ?, ?, ?)",
        [node, run, run if changed else last, run if changed and whole else last_whole, digest],
    )
