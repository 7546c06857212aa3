"""Content that collapses between two publications: a folder not mounted, a disk lost, an export that came empty.

Rules judge the rows that are there; none of them fails on an empty table. So what is about to be published is set
against what is: a feed whose states fall, or a group whose rows fall, by more than ``cong_chat_luong.nguong_giam`` is
held back with the reason until somebody has looked and accepts it (``kho run --chap-nhan-giam``). States that retention
has removed since are no loss. Tables that list what is wrong (``meta.phat_hien``) are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from pipelines.config.figures import grouped, percent
from pipelines.quality.manifest import UNGATED_GROUPS, Manifest, marts
from pipelines.warehouse.database import identifier, raw_tables

FEW = 50
"""Below so many rows a fall says nothing."""
_REMEDY = "Kiểm tra raw/ và ổ đĩa; nếu đúng là phải giảm, chạy `kho run --chap-nhan-giam`."


def feed_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """States held of each feed, by raw table."""
    return {
        name: int(connection.execute(f"SELECT count(*) FROM tho.{identifier(name)}").fetchall()[0][0])
        for name in raw_tables(connection)
    }


def removed_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """States of each feed that retention has removed so far, by raw table."""
    rows = connection.execute("SELECT bang, sum(so_dong) FROM so_cai.trang_thai_don GROUP BY 1 ORDER BY 1").fetchall()
    return {str(table): int(count) for table, count in rows}


def table_rows(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> dict[tuple[str, str], int]:
    """Rows by (schema, table): of tables from the catalogue, of marts that are views counted."""
    rows = connection.execute("SELECT schema_name, table_name, estimated_size FROM duckdb_tables()").fetchall()
    views = connection.execute("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    published = {(mart.schema, mart.name) for mart in marts(manifest)}
    counted = {(str(schema), str(table)): int(size) for schema, table, size in rows}
    return counted | {place: _count(connection, *place) for place in views if place in published}


def _count(connection: duckdb.DuckDBPyConnection, schema: str, view: str) -> int:
    try:
        rows = connection.execute(f"SELECT count(*) FROM {identifier(schema)}.{identifier(view)}").fetchall()
    except duckdb.CatalogException:
        return 0  # what it stands on was not built
    return int(rows[0][0])


def collapsed(
    manifest: Manifest,
    published: Mapping[str, Any],
    feeds: Mapping[str, int],
    tables: Mapping[tuple[str, str], int],
    tolerated: float,
    *,
    removed: Mapping[str, int],
) -> dict[str, str]:
    """Node of the lineage (a raw table, a mart) → why everything below it is held back.

    ``published``: the listing of the current publication (``nguon``: states by raw table, ``so_dong``: rows by mart,
    ``nguon_don``: states that retention had removed by then, ``nhom_mart``: what became of each group); ``feeds``,
    ``tables`` and ``removed``: what the working warehouse holds now, and what retention has removed by now.
    """
    found = {}
    removed_before: Mapping[str, int] = published.get("nguon_don") or {}
    for table, held in (published.get("nguon") or {}).items():
        before = held - max(0, removed.get(table, 0) - removed_before.get(table, 0))
        now = feeds.get(table, 0)
        if _falls(before, now, tolerated):
            found[f"source.kho06.tho.{table}"] = (
                f"Nguồn {table.replace('__', '/')} giảm {_words(before, now)} {_REMEDY}"
            )
    if found:
        return found  # the groups below fall with their feed; one reason is enough
    return _collapsed_groups(manifest, published, tables, tolerated)


def _collapsed_groups(
    manifest: Manifest, published: Mapping[str, Any], tables: Mapping[tuple[str, str], int], tolerated: float
) -> dict[str, str]:
    rows_before: Mapping[str, int] = published.get("so_dong") or {}
    before: dict[str, int] = {}
    now: dict[str, int] = {}
    nodes: dict[str, str] = {}
    for mart in marts(manifest):
        # What a table finds wrong may vanish: the other portal's file has come, the books are complete.
        if mart.is_macro or mart.finds or mart.group in UNGATED_GROUPS or mart.table not in rows_before:
            continue
        before[mart.group] = before.get(mart.group, 0) + rows_before[mart.table]
        now[mart.group] = now.get(mart.group, 0) + tables.get((mart.schema, mart.name), 0)
        nodes.setdefault(mart.group, mart.unique_id)
    return {
        nodes[group]: f"Số dòng của nhóm {group} giảm {_words(rows, now[group])} {_REMEDY}"
        for group, rows in before.items()
        if _falls(rows, now[group], tolerated)
    }


def _falls(before: int, now: int, tolerated: float) -> bool:
    return before >= FEW and now < before * (1 - tolerated)


def _words(before: int, now: int) -> str:
    return (
        f"từ {grouped(before)} xuống {grouped(now)} dòng (−{percent((before - now) / before)}) so với bản đang công bố."
    )
