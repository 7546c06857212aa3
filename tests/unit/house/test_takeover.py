"""Spark's rows in place of DuckDB's (``tests/spark/takeover.py``): all tables before the gate, or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.spark.takeover import TakeoverError, take_over


def node(name: str, *tags: str) -> dict[str, Any]:
    return {"resource_type": "model", "schema": "tthc", "alias": name, "tags": list(tags)}


MANIFEST = {
    "nodes": {name: node(name) for name in ("ho_so", "ke")} | {"sau": node("sau", "sau_cong"), "nhin": node("nhin")}
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("CREATE SCHEMA tthc; CREATE SCHEMA so_cai")
        for table in ("ho_so", "ke", "sau"):
            opened.execute(f"CREATE TABLE tthc.{table} AS SELECT 1::INTEGER AS ma, 2::DECIMAL(28,2) AS phi")
            opened.execute(f"COMMENT ON TABLE tthc.{table} IS 'bảng'")
        opened.execute("CREATE VIEW tthc.nhin AS SELECT * FROM tthc.ho_so")
        opened.execute("CREATE TABLE so_cai.nut_dung AS SELECT 'model.kho06.tthc__ho_so' AS nut, 7 AS lan")
        yield opened


def written(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, query: str) -> None:
    (folder / "tthc" / table).mkdir(parents=True)
    connection.execute(f"COPY ({query}) TO '{folder / 'tthc' / table / 'phan.parquet'}' (FORMAT parquet)")


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"SELECT ma, phi::DOUBLE FROM tthc.{table} ORDER BY ma").fetchall()


def test_rows_are_sparks_types_and_comments_are_duckdbs(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written(connection, tmp_path, "ho_so", "SELECT * FROM (VALUES (5, 1.5::DECIMAL(38,2)), (6, 2.5)) AS t(ma, phi)")
    written(connection, tmp_path, "ke", "SELECT 1 AS ma, 2.0 AS phi WHERE false")
    assert take_over(connection, MANIFEST, tmp_path) == {"tthc.ho_so": 2, "tthc.ke": 0}
    assert rows(connection, "ho_so") == rows(connection, "nhin") == [(5, 1.5), (6, 2.5)]
    assert rows(connection, "ke") == []
    assert rows(connection, "sau") == [(1, 2.0)]
    kept = connection.execute("SELECT DISTINCT comment FROM duckdb_tables() WHERE schema_name = 'tthc'").fetchall()
    assert kept == [("bảng",)]
    types = connection.execute("DESCRIBE tthc.ho_so").fetchall()
    assert [row[1] for row in types] == ["INTEGER", "DECIMAL(28,2)"]
    assert connection.execute("SELECT lan FROM so_cai.nut_dung").fetchall() == [(None,)]


@pytest.mark.parametrize("second", [None, "SELECT 2.0 AS phi, 1 AS ma", "SELECT 1 AS ma"])
def test_a_table_that_is_missing_or_of_other_columns_leaves_all_as_it_was(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, second: str | None
) -> None:
    written(connection, tmp_path, "ho_so", "SELECT 5 AS ma, 1.5 AS phi")
    if second is not None:
        written(connection, tmp_path, "ke", second)
    with pytest.raises(TakeoverError, match=r"tthc\.ke"):
        take_over(connection, MANIFEST, tmp_path)
    assert rows(connection, "ho_so") == [(1, 2.0)]
