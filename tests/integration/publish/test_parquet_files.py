"""A Parquet file put together of content files reads as the table itself does."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from pipelines.publish import parquet_files
from pipelines.publish.content import write_parquet

_ROWS = """
    SELECT i AS ma, CASE WHEN i % 7 = 0 THEN NULL ELSE 'nội dung ' || (i % 50) END AS ten,
    DATE '2025-01-01' + CAST(i % 365 AS INTEGER) AS ngay, CASE WHEN i % 2 = 0 THEN i / 3 END AS ty_le,
    i % 3 = 0 AS la_that, CAST(i AS DECIMAL(18, 2)) AS tien,
    [i, NULL] AS day_so, MAP {{'k': i}} AS bang_doi, NULL AS khong,
    TIMESTAMP '2025-01-01' + to_minutes(CAST(i AS INTEGER)) AS luc
    FROM range({start}, {end}) t (i)
"""
_STAMPS = {"ngay_so_lieu": "2025-12-31", "phien_ban": "2025-12-31.ơ'x"}


def _contents(tmp_path: Path, bounds: list[tuple[int, int]]) -> list[Path]:
    files = [tmp_path / f"{i}.bang" for i in range(len(bounds))]
    with duckdb.connect() as connection:
        for file, (start, end) in zip(files, bounds, strict=True):
            rows = _ROWS.format(start=start, end=end)
            connection.execute(f"COPY ({rows}) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)")
    return files


def _columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    described = connection.execute("DESCRIBE muon_co").fetchall()
    return [(str(row[0]), str(row[1])) for row in described]


@pytest.mark.parametrize(
    "bounds", [[(0, 10)], [(0, 0)], [(0, 7000), (7000, 7001), (7001, 20_000)], [(0, 0), (0, 5000), (5000, 5000)]]
)
def test_it_reads_as_the_table_with_its_stamps(tmp_path: Path, bounds: list[tuple[int, int]]) -> None:
    contents, target = _contents(tmp_path, bounds), tmp_path / "bang.parquet"
    rows = _ROWS.format(start=bounds[0][0], end=bounds[-1][1])
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE muon_co AS SELECT *, DATE '2025-12-31' AS ngay_so_lieu, '2025-12-31.ơ''x' AS phien_ban "
            f"FROM ({rows})"
        )
        columns = _columns(connection)
        stamps = _STAMPS if bounds[-1][1] else dict.fromkeys(_STAMPS)
        parquet_files.write(target, contents, columns, stamps)

        wanted = connection.execute("FROM muon_co ORDER BY ma").fetchall()
        assert connection.execute(f"FROM '{target}' ORDER BY ma").fetchall() == wanted
        kinds = dict(connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{target}')").fetchall())
        assert kinds == dict(columns) | {"khong": "INTEGER"}  # as DuckDB writes a column of no type
        few = f"SELECT count(*) FROM '{target}' WHERE phien_ban = '2025-12-31.ơ''x' AND ma >= {bounds[-1][1] // 2}"
        assert connection.execute(few).fetchall() == [(sum(row[0] >= bounds[-1][1] // 2 for row in wanted),)]
    read = pq.read_table(target)
    read.validate(full=True)
    assert read.num_rows == len(wanted)
    assert pl.read_parquet(target).select("ma", "ngay_so_lieu", "phien_ban").sort("ma").rows() == [
        (row[0], row[-2], row[-1]) for row in wanted
    ]


def test_without_stamps_it_is_the_content(tmp_path: Path) -> None:
    contents, target = _contents(tmp_path, [(0, 100), (100, 200)]), tmp_path / "bang.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE muon_co AS {_ROWS.format(start=0, end=200)}")
        parquet_files.write(target, contents, _columns(connection), {})
        wanted = connection.execute("FROM muon_co ORDER BY ma").fetchall()
        assert connection.execute(f"FROM '{target}' ORDER BY ma").fetchall() == wanted


def _foreign(tmp_path: Path) -> dict[str, list[Path]]:
    good = _contents(tmp_path, [(0, 3000)])[0]
    cut, other, text = tmp_path / "cut.bang", tmp_path / "other.bang", tmp_path / "text.bang"
    cut.write_bytes(good.read_bytes()[:-9])
    duckdb.sql(f"COPY (SELECT 1 AS ma) TO '{other}' (FORMAT parquet)")
    text.write_text("không phải Parquet")
    return {"cut": [cut], "several": [good, other], "text": [text], "empty": [tmp_path / "none.bang"], "none": []}


@pytest.mark.parametrize("case", ["cut", "several", "text", "empty", "none"])
def test_what_cannot_be_put_together_is_refused_and_written_of_its_rows(tmp_path: Path, case: str) -> None:
    contents, target = _foreign(tmp_path)[case], tmp_path / "bang.parquet"
    (tmp_path / "none.bang").write_bytes(b"")
    columns = [("ma", "INTEGER"), ("phien_ban", "VARCHAR")]
    with pytest.raises(parquet_files.NotAlikeError):
        parquet_files.write(target, contents, columns, {"phien_ban": "x"})

    facts = {"cot": [[*column, None] for column in columns], "hang": {"phien_ban": "x"}}
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE bang AS SELECT 1 AS ma, 'x' AS phien_ban")
        write_parquet(connection, "bang", facts, contents, target)
        assert connection.execute(f"FROM '{target}'").fetchall() == [(1, "x")]


@pytest.mark.parametrize(
    "columns",
    [
        [("phien_ban", "VARCHAR"), ("ma", "INTEGER")],  # the stamp would come last
        [("ma", "INTEGER"), ("phien_ban", "BLOB")],
    ],
)
def test_stamps_elsewhere_or_of_other_types_are_refused(tmp_path: Path, columns: list[tuple[str, str]]) -> None:
    file = tmp_path / "a.bang"
    duckdb.sql(f"COPY (SELECT 1 AS ma) TO '{file}' (FORMAT parquet)")
    with pytest.raises(parquet_files.NotAlikeError):
        parquet_files.write(tmp_path / "bang.parquet", [file], columns, {"phien_ban": "x"})


def test_types_that_parquet_gives_back_as_others_are_written_of_the_rows(tmp_path: Path) -> None:
    file, target = tmp_path / "a.bang", tmp_path / "bang.parquet"
    duckdb.sql(f"COPY (SELECT '5' AS tong) TO '{file}' (FORMAT parquet)")
    facts = {"cot": [["tong", "HUGEINT", None]], "hang": {}}
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE bang AS SELECT 5::HUGEINT AS tong")
        write_parquet(connection, "bang", facts, [file], target)
        assert connection.execute(f"SELECT tong + 1 FROM '{target}'").fetchall() == [(6,)]
