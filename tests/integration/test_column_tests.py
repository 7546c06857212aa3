"""dbt's data tests of one table asked by one query: the outcomes are dbt's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.job import load_job
from pipelines.warehouse import column_tests, dbt

TABLE = "model.kho06.a"


def node(kind: str, **given: Any) -> dict[str, Any]:
    return {"resource_type": "test", "attached_node": TABLE, "test_metadata": {"name": kind, "kwargs": given}}


def manifest(**tests: dict[str, Any]) -> dict[str, Any]:
    table = {"resource_type": "model", "unique_id": TABLE, "schema": "s", "alias": "a", "config": {"khoa": "so"}}
    return {"nodes": {TABLE: table, **tests}}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("CREATE SCHEMA s")
        opened.execute(
            "CREATE TABLE s.a AS FROM (VALUES (1, 'x', 'x''y', 7), (2, 'x', 'khác', NULL), (2, NULL, NULL, NULL), "
            "(3, NULL, 'x''y', 8)) AS v(so, chu, loai, la)"
        )
        opened.execute("CREATE SCHEMA so_cai")
        opened.execute("CREATE TABLE so_cai.dung (lan BIGINT, lan_nen BIGINT, dang_dung BOOLEAN, toan_bo BOOLEAN)")
        opened.execute("CREATE TABLE so_cai.nut_dung (nut VARCHAR, lan BIGINT, doi_lan BIGINT, toan_lan BIGINT)")
        opened.execute("CREATE TABLE so_cai.nut_dbt (so_lan BIGINT, nut VARCHAR, trang_thai VARCHAR)")
        yield opened


def plan(connection: duckdb.DuckDBPyConnection, *, changed: int, whole: int, before: str = "pass") -> None:
    """Run 8 is building on run 7, in which test ``t`` had that outcome; ``changed``, ``whole``: when the table was."""
    connection.execute("INSERT INTO so_cai.dung VALUES (8, 7, true, false)")
    connection.execute("INSERT INTO so_cai.nut_dung VALUES (?, 8, ?, ?)", [TABLE, changed, whole])
    connection.execute("INSERT INTO so_cai.nut_dbt VALUES (7, 't', ?)", [before])
    connection.execute("CREATE SCHEMA doi")
    connection.execute("CREATE TABLE doi.khoa__s__a AS SELECT 3 AS khoa")


def asked(connection: duckdb.DuckDBPyConnection, test: dict[str, Any]) -> tuple[str, int | None, bool]:
    book = manifest(t=test)
    (result,) = column_tests.ask(connection, book, column_tests.tests_of(book, {TABLE}), {TABLE})
    return result.status, result.failures, result.taken


@pytest.mark.parametrize(
    ("test", "failures"),
    [
        (node("not_null", column_name="chu"), 1),
        (node("accepted_values", column_name="loai", values=["khác"]), 1),
        (node("unique", column_name="so"), 0),
        (node("khoa_duy_nhat", cot=["so", "chu"]), 0),
        (node("unique", column_name="chu"), 1),  # its key is not that of the rows: all of them are asked
        (node("khoa_duy_nhat", cot=["chu"]), 2),
    ],
)
def test_of_a_table_with_replaced_keys_only_their_rows_are_asked(
    connection: duckdb.DuckDBPyConnection, test: dict[str, Any], failures: int
) -> None:
    plan(connection, changed=8, whole=3)
    assert asked(connection, test) == ("fail" if failures else "pass", failures, False)


@pytest.mark.parametrize(("changed", "whole", "before"), [(8, 8, "pass"), (8, 3, "fail"), (6, 3, "fail")])
def test_all_rows_are_asked_of_a_table_built_whole_or_that_had_not_passed(
    connection: duckdb.DuckDBPyConnection, changed: int, whole: int, before: str
) -> None:
    plan(connection, changed=changed, whole=whole, before=before)
    assert asked(connection, node("not_null", column_name="chu")) == ("fail", 2, False)


def test_a_table_that_came_out_as_it_was_keeps_what_its_tests_said(connection: duckdb.DuckDBPyConnection) -> None:
    plan(connection, changed=6, whole=3)
    assert asked(connection, node("not_null", column_name="chu")) == ("pass", 0, True)


def test_outside_a_planned_build_all_rows_are_asked(connection: duckdb.DuckDBPyConnection) -> None:
    plan(connection, changed=6, whole=3)
    connection.execute("UPDATE so_cai.dung SET dang_dung = false")
    assert asked(connection, node("not_null", column_name="chu")) == ("fail", 2, False)


@pytest.mark.parametrize(
    ("test", "failures"),
    [
        (node("not_null", column_name="so"), 0),
        (node("not_null", column_name="chu"), 2),
        (node("unique", column_name="so"), 1),
        (node("unique", column_name="la"), 0),
        (node("accepted_values", column_name="loai", values=["x'y", "khác"]), 0),
        (node("accepted_values", column_name="loai", values=["x'y"]), 1),
        (node("accepted_values", column_name="so", values=[1, 2], quote=False), 1),
        (node("khoa_duy_nhat", cot=["so", "chu"]), 0),
        (node("khoa_duy_nhat", cot=["chu"]), 2),
        (node("khoa_duy_nhat", cot=["chu", "la"]), 0),
    ],
)
def test_each_kind_counts_what_dbt_calls_a_failure(
    connection: duckdb.DuckDBPyConnection, test: dict[str, Any], failures: int
) -> None:
    book = manifest(t=test)
    (result,) = column_tests.ask(connection, book, column_tests.tests_of(book, {TABLE}), {TABLE})
    assert (result.unique_id, result.status, result.failures) == ("t", "fail" if failures else "pass", failures)


def test_one_test_that_cannot_be_asked_hides_no_other(connection: duckdb.DuckDBPyConnection) -> None:
    book = manifest(gone=node("not_null", column_name="mat"), chu=node("not_null", column_name="chu"))
    results = column_tests.ask(connection, book, column_tests.tests_of(book, {TABLE}), {TABLE})
    assert {r.unique_id: r.status for r in results} == {"gone": "error", "chu": "fail"}


def test_what_was_not_built_is_skipped_and_other_tests_are_left_to_dbt(connection: duckdb.DuckDBPyConnection) -> None:
    book = manifest(chu=node("not_null", column_name="chu"), noi=node("relationships", column_name="so"))
    tests = column_tests.tests_of(book, {TABLE})
    assert tests == {TABLE: ["chu"]}
    assert [r.status for r in column_tests.ask(connection, book, tests, set())] == ["skipped"]


def test_no_test_of_these_kinds_has_settings_that_the_one_query_would_pass_over(tmp_path: Any) -> None:
    nodes = dbt.parse(load_job(tmp_path / "data").paths)["nodes"]
    plain = {"where": None, "limit": None, "severity": "ERROR", "warn_if": "!= 0", "error_if": "!= 0"}
    found = [name for name, item in nodes.items() if column_tests.kind_of(item) in column_tests.KINDS]
    assert len(found) > 100
    for name in found:
        item = nodes[name]
        assert item["attached_node"] in nodes, name
        assert {key: item["config"].get(key) for key in plain} == plain, name
        assert item["config"].get("enabled", True), name
