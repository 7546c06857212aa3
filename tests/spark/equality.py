"""Two engines' tables set against each other: names and types of the columns in order, and every row, whatever the order of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.warehouse.database import identifier, literal

OF_A_TABLE = frozenset({"bang", "theo_khoa", "table", "view", "incremental"})
"""Materialisations that leave a table or view; what takes parameters is asked (``Asked``)."""


@dataclass(frozen=True)
class Relation:
    """A model as it stands in the warehouse; ``is_mart``: it belongs to a published group."""

    schema: str
    name: str
    is_mart: bool
    takes_parameters: bool

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


def relations(manifest: Mapping[str, Any]) -> Iterator[Relation]:
    """Every model of the project, marts last: the graph says what is compared, so nothing can be left out."""
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    for node in sorted(models, key=lambda node: (node["fqn"][1] == "marts", node["schema"], node["alias"])):
        parameters = node["config"]["materialized"] not in OF_A_TABLE
        yield Relation(str(node["schema"]), str(node["alias"]), node["fqn"][1] == "marts", parameters)


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
    """``relation`` of the open warehouse against the Parquet files of ``folder``. Raises ``duckdb.Error``."""
    if relation.takes_parameters:
        return Outcome(relation, None, None, "THIẾU: bảng có tham số, Spark chưa dựng")
    if not any(folder.glob("*.parquet")):
        return Outcome(relation, None, None, "THIẾU: Spark không dựng được")
    first = f"{identifier(relation.schema)}.{identifier(relation.name)}"
    second = f"read_parquet({literal(str(folder / '*.parquet'))})"
    ours, theirs = _columns(connection, first), _columns(connection, second)
    if ours != theirs:
        return Outcome(relation, None, None, f"KHÁC cột: {_differing(ours, theirs)}")
    counts = connection.execute(
        f"SELECT (SELECT count(*) FROM {first}),"
        f" (SELECT count(*) FROM (SELECT * FROM {first} EXCEPT ALL SELECT * FROM {second})),"
        f" (SELECT count(*) FROM (SELECT * FROM {second} EXCEPT ALL SELECT * FROM {first}))"
    ).fetchall()
    rows, only_ours, only_theirs = counts[0]
    fault = f"KHÁC dòng: {only_ours} chỉ DuckDB có, {only_theirs} chỉ Spark có" if only_ours or only_theirs else None
    return Outcome(relation, int(rows), len(ours), fault)


def _columns(connection: duckdb.DuckDBPyConnection, place: str) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in connection.execute(f"DESCRIBE SELECT * FROM {place}").fetchall()]


def _differing(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> str:
    pairs = [f"{a[0]} {a[1]} | {b[0]} {b[1]}" for a, b in zip(ours, theirs, strict=False) if a != b]
    return "; ".join(pairs[:5]) or f"{len(ours)} | {len(theirs)} cột"
