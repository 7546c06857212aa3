"""The comparison behind `make test-spark` sees what it is there for: a row, a type, a name, a table that is missing."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.spark.equality import Relation, compare, relations

MART = Relation("model.kho06.t", "s", "t", True, "SELECT * FROM s.t")
INNER = Relation("model.kho06.t", "s", "t", False, "SELECT * FROM s.t")


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA s")
        connection.execute("CREATE TABLE s.t AS SELECT 1::BIGINT AS ma, 0.5::DOUBLE AS ty_le UNION ALL SELECT 1, 0.5")
        yield connection


def written(connection: duckdb.DuckDBPyConnection, folder: Path, query: str) -> Path:
    connection.execute(f"COPY ({query}) TO '{folder / 'part-0.parquet'}' (FORMAT parquet)")
    return folder


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("SELECT ma, ty_le FROM s.t", None),
        ("SELECT DISTINCT ma, ty_le FROM s.t", "KHÁC dòng: 1 chỉ DuckDB có, 0 chỉ Spark có"),
        ("SELECT ma, ty_le FROM s.t UNION ALL SELECT 2, NULL", "KHÁC dòng: 0 chỉ DuckDB có, 1 chỉ Spark có"),
        ("SELECT ma, ty_le + 1e-16 AS ty_le FROM s.t", "KHÁC dòng: 2 chỉ DuckDB có, 2 chỉ Spark có"),
        ("SELECT ma::INTEGER AS ma, ty_le FROM s.t", "KHÁC cột: ma BIGINT | ma INTEGER"),
        ("SELECT ma AS ma_so, ty_le FROM s.t", "KHÁC cột: ma BIGINT | ma_so BIGINT"),
        ("SELECT ma FROM s.t", "KHÁC cột: 2 | 1 cột"),
    ],
)
def test_a_mart_is_equal_or_it_is_said_how_not(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, query: str, fault: str | None
) -> None:
    assert compare(warehouse, MART, written(warehouse, tmp_path, query)).fault == fault


def test_inside_the_warehouse_a_sum_may_be_of_another_width(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    narrow = written(warehouse, tmp_path, "SELECT ma::INTEGER AS ma, ty_le FROM s.t")
    assert compare(warehouse, INNER, narrow).fault is None


def test_what_was_not_built_is_named(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert compare(warehouse, MART, tmp_path / "khong_co").fault == "THIẾU: Spark không dựng được"


def test_the_graph_says_what_is_compared() -> None:
    def model(name: str, folder: str, materialized: str, example: str = "") -> dict[str, object]:
        return {
            "resource_type": "model",
            "fqn": ["kho06", folder, name],
            "schema": "s",
            "alias": name,
            "config": {"materialized": materialized, "meta": {"vi_du": example}},
        }

    nodes = {
        "a": model("a", "marts", "view"),
        "b": model("b", "intermediate", "bang"),
        "c": model("c", "marts", "bang_macro", "select d.x from s.c('2025-01-01', 2) as d limit 3"),
        "d": model("d", "marts", "ham", "select s.d('a')"),
        "e": model("e", "marts", "bang_macro", "select 1"),
        "f": {"resource_type": "test"},
    }
    assert {str(found): found.query for found in relations({"nodes": nodes})} == {
        "s.b": 'SELECT * FROM "s"."b"',
        "s.a": 'SELECT * FROM "s"."a"',
        "s.c": "SELECT * FROM s.c('2025-01-01', 2)",
        "s.d": "SELECT s.d('a') AS gia_tri",
        "s.e": "",
    }
