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
    return {"nodes": {TABLE: {"resource_type": "model", "schema": "s", "alias": "a"}, **tests}}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("CREATE SCHEMA s")
        opened.execute(
            "CREATE TABLE s.a AS FROM (VALUES (1, 'x', 'x''y', 7), (2, 'x', 'khác', NULL), (2, NULL, NULL, NULL), "
            "(3, NULL, 'x''y', 8)) AS v(so, chu, loai, la)"
        )
        yield opened


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
