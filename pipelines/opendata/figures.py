"""Counts of a block read from a publication: leaves by month, what they are called and what they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from pipelines.opendata.cells import TOP, Node
from pipelines.opendata.declared import UNKNOWN, Block, Part, Tree
from pipelines.warehouse.database import described_columns, identifier, literal

Counted = Mapping[Node, Mapping[str, int]]


class OpenDataError(Exception):
    """A table cannot be opened; Vietnamese text without any value of the data."""


@dataclass(frozen=True)
class Figures:
    """``months``: month → leaf → counts of the parts. ``parents``: of leaves and nodes above. ``labels``: of leaves."""

    months: Mapping[str, Counted]
    parents: Mapping[Node, Node]
    labels: Mapping[Node, str]


@dataclass
class _Reading:
    months: dict[str, dict[Node, dict[str, int]]] = field(default_factory=lambda: defaultdict(dict))
    parents: dict[Node, Node] = field(default_factory=dict)
    labels: dict[Node, str] = field(default_factory=dict)


def figures(
    connection: duckdb.DuckDBPyConnection, block: Block, trees: Mapping[str, Tree], months: tuple[str, str]
) -> Figures:
    """Counts of the months (first, last), of every leaf that has any; codes without a name are one leaf, ``UNKNOWN``.

    Raises ``OpenDataError`` where the parts do not make the total, ``duckdb.Error``.
    """
    reading = _Reading()
    for name in block.cay:
        _read_tree(connection, block, trees[name], months, reading)
    return Figures(reading.months, reading.parents, reading.labels)


def place(table: str) -> str:
    """``schema.table`` as a quoted place."""
    return ".".join(map(identifier, table.split(".")))


def _read_tree(
    connection: duckdb.DuckDBPyConnection, block: Block, tree: Tree, months: tuple[str, str], into: _Reading
) -> None:
    leaf, above, label = (identifier(name) for name in (tree.la.cot, tree.cha.cot, tree.nhan.cot))
    sums = [_sum(part) for part in block.phan]
    total = " + ".join(f"coalesce(sum(d.{identifier(name)}), 0)" for name in block.tong.cong) if block.tong else "0"
    unknown = literal(UNKNOWN)
    rows = connection.execute(
        f"WITH nhan AS (SELECT {leaf} AS la, arg_max({above}, hieu_luc_tu) AS cha, "
        f"arg_max({label}, hieu_luc_tu) AS ten FROM {place(tree.tu)} GROUP BY 1 HAVING ten IS NOT NULL) "
        f"SELECT d.ky, coalesce(n.la, {unknown}) AS la, coalesce(any_value(n.cha), {unknown}), any_value(n.ten), "
        f"({total})::BIGINT, {', '.join(sums)} FROM {place(block.nguon)} AS d LEFT JOIN nhan AS n ON n.la = d.{leaf} "
        "WHERE d.ky BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL",
        list(months),
    ).fetchall()
    for ky, code, parent, name, counted, *parts in rows:
        node, upper = (tree.la.cot, str(code)), (tree.cha.cot, str(parent))
        counts = dict(zip([part.cot for part in block.phan], map(int, parts), strict=True))
        rest = int(counted) - sum(counts.values()) if block.tong else 0
        if block.con_lai:
            counts[block.con_lai.cot] = rest
        if rest < 0 or (rest and not block.con_lai) or min(counts.values()) < 0:
            raise OpenDataError(f"khối {block.ma}, tháng {ky}: các phần không cộng thành tổng.")
        if not any(counts.values()):
            continue
        into.months[str(ky)][node] = counts
        into.parents[node], into.parents[upper] = upper, TOP
        into.labels[node] = str(name) if name is not None else ""


def _sum(part: Part) -> str:
    where = " AND ".join(f"d.{identifier(name)} = {literal(value)}" for name, value in part.khi.items()) or "true"
    return f"coalesce(sum(d.{identifier(part.cong)}) FILTER (WHERE {where}), 0)::BIGINT"


def texts(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """Descriptions of published columns, by (``schema.table``, column)."""
    return {
        (f"{schema}.{table}", name): comment
        for (schema, table), columns in described_columns(connection).items()
        for name, _, comment in columns
        if comment is not None
    }
