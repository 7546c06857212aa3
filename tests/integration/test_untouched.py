"""What of a build stands: models whose parents stand, seeds of the same file, definitions of the same text."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from pipelines.contracts.loader import load_contracts
from pipelines.warehouse import changes, plan, untouched
from pipelines.warehouse.runs import Run, start_run
from pipelines.warehouse.schema import create_tables
from tests.unit.warehouse.test_plan import FILES, MANIFEST, RAW, START, _model

ALL = {"goc", "nhin", "duoi", "nho", "ke"}


def _manifest() -> dict[str, Any]:
    made = copy.deepcopy(MANIFEST)
    made["nodes"]["model.kho06.ke"] = _model("ke", ["model.kho06.goc"])
    made["nodes"]["test.kho06.not_null_ke"] = {
        "unique_id": "test.kho06.not_null_ke", "name": "not_null_ke", "resource_type": "test", "schema": "kiem_tra",
        "attached_node": "model.kho06.ke", "test_metadata": {"name": "not_null", "kwargs": {"column_name": "k"}},
        "depends_on": {"nodes": ["model.kho06.ke"], "macros": []}, "config": {},
    }  # fmt: skip
    return made


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as made:
        create_tables(made, load_contracts().values())
        made.execute("CREATE SCHEMA trung_gian")
        for name in ALL - {"nhin"}:
            made.execute(f"CREATE TABLE trung_gian.{name} (k INTEGER)")
        made.execute("CREATE VIEW trung_gian.nhin AS SELECT 1 AS k")
        yield made


def _built(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], day: int, **failed: str) -> Run:
    """A night on which everything was built; ``failed``: nodes by short name with another outcome."""
    run = start_run(connection, date(2025, 3, day), START)
    plan.begin(connection, manifest, run)
    connection.execute(
        "UPDATE so_cai.nut_dung SET lan = ?, dau_ma = a.dau_ma FROM so_cai.nut_ma a WHERE a.nut = nut_dung.nut",
        [run.number],
    )
    connection.execute(
        "UPDATE so_cai.nut_dung SET doi_lan = coalesce(doi_lan, ?) WHERE nut IN ?",
        [run.number, list(plan.planned(manifest))],
    )
    for name in manifest["nodes"]:
        status = failed.get(name.rsplit(".", 1)[-1], "pass" if name.startswith("test.") else "success")
        connection.execute("INSERT INTO so_cai.nut_dbt VALUES (?, ?, ?, 0)", [run.number, name, status])
    plan.finish(connection)
    return run


def _next(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], day: int) -> set[str]:
    """Short names of what stands on the next night."""
    plan.begin(connection, manifest, start_run(connection, date(2025, 3, day), datetime(2025, 3, day, 2)))
    return {name.rsplit(".", 1)[-1] for name in untouched.standing(connection, manifest, manifest["nodes"])}


def test_all_stands_where_nothing_has_changed(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1)
    assert _next(connection, manifest, 1) == ALL | {"not_null_ke"}


def test_a_first_build_and_one_that_died_leave_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    assert _next(connection, manifest, 1) == set()
    assert _next(connection, manifest, 2) == set()


def test_a_later_day_moves_what_reads_the_day(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1)
    assert "duoi" not in _next(connection, manifest, 2)


def test_changed_keys_move_what_is_below_them_and_nothing_beside(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1)
    changes.note_all(connection, "dvc__ho_so", changes.Cause.PERSON_REMOVED)
    assert _next(connection, manifest, 1) == {"nhin"}


def test_a_table_of_the_ledger_moves_its_readers(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1)
    connection.execute("UPDATE so_cai.nut_dung SET dau_ma = 'khac' WHERE nut = ?", [FILES])
    assert _next(connection, manifest, 1) == ALL - {"nho"} | {"not_null_ke"}


@pytest.mark.parametrize("failed", ["ke", "not_null_ke"])
def test_what_failed_is_tried_again_with_its_tests(connection: duckdb.DuckDBPyConnection, failed: str) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1, **{failed: "fail"})
    assert _next(connection, manifest, 1) == ALL - {"ke"}


def test_a_table_that_is_gone_is_built(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1)
    connection.execute("DROP TABLE trung_gian.goc")
    assert _next(connection, manifest, 1) == {"nhin"}, "and what reads it may change with it"


def test_another_text_of_a_parent_makes_a_view_anew(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1)
    manifest["nodes"]["model.kho06.goc"]["raw_code"] = "select 2"
    assert _next(connection, manifest, 1) == set()


def test_a_new_test_is_asked(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1)
    test = copy.deepcopy(manifest["nodes"]["test.kho06.not_null_ke"])
    manifest["nodes"]["test.kho06.unique_ke"] = test | {"unique_id": "test.kho06.unique_ke", "name": "unique_ke"}
    assert _next(connection, manifest, 1) == ALL - {"ke"}


def test_what_dbt_tests_is_left_to_dbt(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    manifest["nodes"]["test.kho06.rieng"] = {
        "unique_id": "test.kho06.rieng", "name": "rieng", "resource_type": "test", "schema": "kiem_tra", "config": {},
        "depends_on": {"nodes": ["model.kho06.duoi"], "macros": []},
    }  # fmt: skip
    _built(connection, manifest, 1)
    assert _next(connection, manifest, 1) == ALL - {"duoi"} | {"not_null_ke"}


def test_what_dbt_has_defined_stands_as_of_this_run(connection: duckdb.DuckDBPyConnection) -> None:
    manifest = _manifest()
    _built(connection, manifest, 1)
    manifest["nodes"]["model.kho06.nhin"]["raw_code"] = "select 3"
    assert "nhin" not in _next(connection, manifest, 1)
    plan.define(connection, {"model.kho06.nhin"})
    rows = connection.execute(
        "SELECT n.lan = d.lan AND n.dau_ma = a.dau_ma FROM so_cai.nut_dung n JOIN so_cai.nut_ma a USING (nut), "
        "so_cai.dung d WHERE nut = 'model.kho06.nhin'"
    ).fetchall()
    assert rows == [(True,)]
    assert RAW in manifest["sources"]
