"""The query service reads what is published and can do nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from pipelines.cli.main import run
from pipelines.config.paths import DataPaths, data_paths
from pipelines.publish.query import QueryError, QueryLimits, QuestionError, ask, run_query


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> DataPaths:
    paths = tiny.build(tmp_path_factory.mktemp("kho"), "v1", 1)
    tiny.release(paths, "v1")
    return paths


def test_question_is_answered_with_names_and_values(published: DataPaths) -> None:
    result = run_query(published, "select count(*) as n, max(ngay_so_lieu) as d from tthc.ho_so")
    assert result.columns == ("n", "d")
    assert result.rows == [(1000, tiny.AS_OF)]


def test_before_the_first_publication_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="kho run"):
        run_query(data_paths(tmp_path), "select 1")


def test_damaged_file_is_said_plainly(tmp_path: Path) -> None:
    paths = data_paths(tmp_path)
    paths.marts.mkdir(parents=True)
    paths.marts_file.write_bytes(b"x" * 20000)
    with pytest.raises(QueryError, match="không mở được"):
        run_query(paths, "select 1")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd.parquet'",
        "select * from glob('/*')",
        "copy (select 1) to '/tmp/x.csv'",
        "attach '/tmp/other.duckdb'",
        "export database '/tmp/x'",
        "install httpfs",
        "set enable_external_access = true",
        "set threads = 1",
        "reset lock_configuration",
        "insert into tthc.ho_so select * from tthc.ho_so",
        "delete from tthc.ho_so",
        "drop table tthc.ho_so",
        "create table moi as select 1",
        "load '/tmp/x.duckdb_extension'",
        "copy (select 1) to '{file}'",
        "copy (select 1) to '{file}.wal'",
        "copy (select 1) to '{file}.tmp'",
        "explain analyze copy (select 1) to '{file}.wal'",
        "/* EXPLAIN */ explain (analyze) copy (select 1) to '{file}.wal'",
        "select 1; copy (select 1) to '{file}.wal'",
        "create temp table x as select 1",
        "pivot tthc.ho_so on ma_ho_so using count(*); drop table tthc.ho_so",
        "checkpoint",
        "vacuum",
        "begin",
        "prepare x as select 1",
        "use memory",
        "",
        " ; -- không hỏi gì",
    ],
)
def test_nothing_but_published_tables_can_be_reached_or_changed(published: DataPaths, sql: str) -> None:
    before = {path: path.read_bytes() for path in published.marts.rglob("*") if path.is_file()}
    with pytest.raises(QueryError):
        run_query(published, sql.replace("{file}", str(published.marts_file)))
    assert {path: path.read_bytes() for path in published.marts.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "sql",
    [
        "from tthc.ho_so",
        "table tthc.ho_so",
        "show all tables",
        "describe tthc.ho_so",
        "summarize tthc.ho_so",
        "pragma table_info('tthc.ho_so')",
        "values (1)",
        "with a as (select 1 as x) select * from a",
        "explain select 1",
        "-- vì sao chậm\nEXPLAIN ANALYZE SELECT count(*) FROM tthc.ho_so",
        "pivot (select 1 as a, 2 as b) on a using sum(b)",
        "select 1; select 2",
    ],
)
def test_every_statement_that_reads_is_answered(published: DataPaths, sql: str) -> None:
    assert run_query(published, sql).rows


def test_a_question_takes_no_more_time_than_it_may(published: DataPaths) -> None:
    with pytest.raises(QueryError, match="quá 1 giây"):
        run_query(published, "select count(*) from range(10000000000) a, range(1000) b", QueryLimits(seconds=1))


def test_a_question_takes_no_more_memory_than_it_may_and_spills_outside_the_marts(published: DataPaths) -> None:
    before = set(published.root.rglob("*"))
    small = QueryLimits(memory="60MB")
    with ask(published, "select range as a, hash(range) as b from range(2000000) order by b", small) as answer:
        assert set(published.root.rglob("*")) == before
        assert sum(1 for _ in answer.rows) == 2_000_000
    with pytest.raises(QueryError, match="bộ nhớ"):
        run_query(published, "select list(range) as a from range(20000000)", small)


def test_hints_of_the_parser_are_kept(published: DataPaths) -> None:
    with pytest.raises(QuestionError, match="ho_so"):
        run_query(published, "select * from tthc.ho_s")
    with pytest.raises(QuestionError, match="ma_ho_so"):
        run_query(published, "select ma_ho from tthc.ho_so")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("selec 1", "sai cú pháp"),
        ("select * from tthc.khong_co", "không có bảng"),
        ("select khong_co from tthc.ho_so", "khong_co"),
    ],
)
def test_mistakes_in_the_question_are_explained(published: DataPaths, sql: str, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        run_query(published, sql)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select 1", 0),
        ("selec 1", 2),
        ("select khong_co from tthc.ho_so", 2),
        ("select * from tthc.khong_co", 2),
        ("select * from '/etc/passwd'", 2),
        ("delete from tthc.ho_so", 2),
        ("drop table tthc.ho_so", 2),
        (" ", 2),
        ("select * from read_csv('/etc/passwd')", 2),
        ("select cast('x' as integer)", 3),
    ],
)
def test_a_wrong_or_forbidden_question_ends_as_wrong_usage(
    published: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sql: str, code: int
) -> None:
    monkeypatch.setenv("KHO_DATA", str(published.root))
    assert run(["sql", sql]) == code
    assert bool(capsys.readouterr().err) == (code != 0)


@pytest.mark.parametrize(
    "sql",
    [
        "select cast('Đặng Mạc Đĩnh' as integer)",
        "select cast('024190098765x' as bigint) from tthc.ho_so",
        "select * from tthc.ho_so where khong_co = 'Đặng Mạc Đĩnh 024190098765x'",
        "select 'Đặng Mạc Đĩnh 024190098765x",
        "select error('Đặng Mạc Đĩnh 024190098765x')",
        "select date 'Đặng Mạc Đĩnh'",
    ],
)
def test_errors_quote_no_value(published: DataPaths, sql: str) -> None:
    with pytest.raises(QueryError) as caught:
        run_query(published, sql)
    assert "Đặng" not in str(caught.value)
    assert "024190098765" not in str(caught.value)
    assert caught.value.__suppress_context__
