"""Once a month the night builds everything whole and compares (``so_cai.so_sanh_dung_lai``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import duckdb

from pipelines.warehouse import plan
from pipelines.warehouse.database import identifier, row_digest, table_exists
from pipelines.warehouse.plan import Manifest, planned
from pipelines.warehouse.runs import Run

MONTHLY = "đối chiếu hằng tháng: dựng lại toàn bộ"

Digests = Mapping[str, tuple[int, int]]
"""Table → its rows, and the sum of their hashes: equal for equal rows in whatever order."""


def is_due(connection: duckdb.DuckDBPyConnection, run: Run) -> bool:
    """Whether the last whole build was in an earlier month than the run's as-of day; a whole build is entered.

    Called after a build has gone through. A first build, or one that was asked for, is whole and compares nothing.
    """
    plan = connection.execute("SELECT lan_nen IS NULL OR toan_bo FROM so_cai.dung").fetchall()
    if plan[0][0]:
        connection.execute("INSERT INTO so_cai.so_sanh_dung_lai (so_lan) VALUES (?)", [run.number])
        return False
    last = connection.execute(
        "SELECT max(r.ngay_so_lieu) FROM so_cai.so_sanh_dung_lai s JOIN so_cai.lan_chay r USING (so_lan)"
    ).fetchall()[0][0]
    return last is None or (last.year, last.month) < (run.as_of.year, run.as_of.month)


def rebuild(
    warehouse: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]],
    manifest: Manifest,
    run: Run,
    build: Callable[[], None],
) -> str | None:
    """Build everything whole after the night's increments; the rebuild stands.

    Returns what the operator is told where a table differs.
    """
    with warehouse() as connection:
        before = digests(connection, manifest)
        plan.begin(connection, manifest, run, rebuild=MONTHLY)
    build()
    with warehouse() as connection:
        plan.finish(connection)
        different = compare(connection, manifest, run, before)
    return sentence(different) if different else None


def digests(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> dict[str, tuple[int, int]]:
    """Rows and digest of every table that the plan builds."""
    found = {}
    for node in planned(manifest).values():
        if table_exists(connection, node["schema"], node["alias"]):
            place = f"{identifier(node['schema'])}.{identifier(node['alias'])}"
            found[f"{node['schema']}.{node['alias']}"] = row_digest(connection, place)
    return found


def compare(connection: duckdb.DuckDBPyConnection, manifest: Manifest, run: Run, before: Digests) -> list[str]:
    """Enter what the rebuild gave against ``before``; returns the tables that differ."""
    after = digests(connection, manifest)
    names = sorted(before.keys() | after.keys())
    none = (0, 0)
    connection.executemany(
        "INSERT INTO so_cai.so_sanh_dung_lai VALUES (?, ?, ?, ?, ?)",
        [
            [run.number, name, before.get(name) == after.get(name), before.get(name, none)[0], after.get(name, none)[0]]
            for name in names
        ],
    )
    return [name for name in names if before.get(name) != after.get(name)]


def sentence(different: list[str]) -> str:
    """What the operator is told."""
    named = ", ".join(different[:5]) + (" và bảng khác" if len(different) > 5 else "")
    return (
        f"ĐỎ: đối chiếu hằng tháng thấy {len(different)} bảng cộng dồn khác bản dựng lại toàn bộ ({named}). "
        "Bản dựng lại được dùng; báo người phát triển kèm so_cai.so_sanh_dung_lai."
    )
