"""Two engines' tables set against each other: columns by name, type and place, and every row, in whatever order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.warehouse.database import identifier, literal

_FUNCTIONS = {"bang_macro": "SELECT * FROM {call}", "ham": "SELECT {call} AS gia_tri"}
"""Materialisations that take parameters: they are asked with the call in the example of their description."""


@dataclass(frozen=True)
class Relation:
    """A model as it stands in the warehouse; ``query`` gives all of it; ``is_mart``: it is of a published group."""

    unique_id: str
    schema: str
    name: str
    is_mart: bool
    query: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


def relations(manifest: Mapping[str, Any]) -> Iterator[Relation]:
    """Every model of the project, marts last: the graph says what is compared, so nothing can be left out."""
    models = [(key, node) for key, node in manifest["nodes"].items() if node["resource_type"] == "model"]
    for key, node in sorted(
        models, key=lambda item: (item[1]["fqn"][1] == "marts", item[1]["schema"], item[1]["alias"])
    ):
        schema, name = str(node["schema"]), str(node["alias"])
        asked = _FUNCTIONS.get(node["config"]["materialized"])
        query = f"SELECT * FROM {identifier(schema)}.{identifier(name)}"
        if asked is not None:
            called = re.search(rf"{re.escape(f'{schema}.{name}')}\([^)]*\)", node["config"]["meta"]["vi_du"])
            query = asked.format(call=called.group()) if called else ""
        yield Relation(key, schema, name, node["fqn"][1] == "marts", query)


@dataclass(frozen=True)
class Outcome:
    """What a comparison found: ``fault`` in words, or None where both are equal in every row, name and type."""

    relation: Relation
    rows: int | None
    columns: int | None
    fault: str | None

    def __str__(self) -> str:
        if self.fault is not None:
            return f"{self.relation}: {self.fault}"
        return f"{self.relation}: bằng ({self.rows} dòng, {self.columns} cột)"


def compare(connection: duckdb.DuckDBPyConnection, relation: Relation, folder: Path) -> Outcome:
    """``relation`` of the open warehouse against the Parquet files of ``folder``.

    Names and types are those of the contract of a mart; inside the warehouse a sum may be of another width. Raises
    ``duckdb.Error``.
    """
    if not relation.query:
        return Outcome(relation, None, None, "THIẾU: mô tả không có ví dụ để hỏi")
    if not any(folder.glob("*.parquet")):
        return Outcome(relation, None, None, "THIẾU: Spark không dựng được")
    first, second = relation.query, f"SELECT * FROM read_parquet({literal(str(folder / '*.parquet'))})"
    ours, theirs = _columns(connection, first), _columns(connection, second)
    if [name for name, _ in ours] != [name for name, _ in theirs] or (relation.is_mart and ours != theirs):
        return Outcome(relation, None, None, f"KHÁC cột: {_differing(ours, theirs)}")
    counts = connection.execute(
        f"SELECT (SELECT count(*) FROM ({first})),"
        f" (SELECT count(*) FROM (({first}) EXCEPT ALL ({second}))),"
        f" (SELECT count(*) FROM (({second}) EXCEPT ALL ({first})))"
    ).fetchall()
    rows, only_ours, only_theirs = counts[0]
    fault = f"KHÁC dòng: {only_ours} chỉ DuckDB có, {only_theirs} chỉ Spark có" if only_ours or only_theirs else None
    return Outcome(relation, int(rows), len(ours), fault)


def _columns(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in connection.execute(f"DESCRIBE {query}").fetchall()]


def _differing(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> str:
    pairs = [f"{a[0]} {a[1]} | {b[0]} {b[1]}" for a, b in zip(ours, theirs, strict=False) if a != b]
    return "; ".join(pairs[:5]) or f"{len(ours)} | {len(theirs)} cột"
