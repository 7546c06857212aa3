"""The plan of a build: how models depend on what, what a lost base means, which keys the ledger holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.loader import load_contracts
from pipelines.warehouse import changes, plan
from pipelines.warehouse.runs import Run, start_run
from pipelines.warehouse.schema import create_tables

MODELS = PROJECT_ROOT / "dbt_project" / "models"
START = datetime(2025, 3, 1, 1)


def _model(name: str, parents: list[str], **config: Any) -> dict[str, Any]:
    return {
        "unique_id": f"model.kho06.{name}", "name": name, "alias": name, "schema": "trung_gian",
        "resource_type": "model",
        "raw_code": "select 1", "columns": {}, "depends_on": {"nodes": parents, "macros": []},
        "config": {"materialized": "bang", **config},
    }  # fmt: skip


def _source(schema: str, name: str) -> dict[str, Any]:
    return {"source_name": schema, "schema": schema, "name": name}


RAW, FILES = "source.kho06.tho.dvc__ho_so", "source.kho06.so_cai.tep"
MANIFEST: dict[str, Any] = {
    "nodes": {
        node["unique_id"]: node
        for node in (
            _model("goc", [RAW, FILES], materialized="theo_khoa", khoa="_khoa", theo={"tho": "_khoa"},
                   da_tinh=["so_cai.tep"]),
            _model("nhin", ["model.kho06.goc", plan.PARAMETERS], materialized="view"),
            _model("duoi", ["model.kho06.nhin"], materialized="theo_khoa", khoa="k", theo={"nhin": "k"}, theo_ngay=[]),
            _model("nho", ["model.kho06.nhin", FILES]),
        )
    },
    "sources": {
        RAW: _source("tho", "dvc__ho_so"), FILES: _source("so_cai", "tep"),
        plan.PARAMETERS: _source("so_cai", "tham_so"),
    },
    "macros": {},
}  # fmt: skip


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as made:
        create_tables(made, load_contracts().values())
        yield made


def _run(connection: duckdb.DuckDBPyConnection, day: int) -> Run:
    return start_run(connection, date(2025, 3, day), START)


def _built(connection: duckdb.DuckDBPyConnection, day: int) -> Run:
    run = _run(connection, day)
    plan.begin(connection, MANIFEST, run)
    connection.execute("UPDATE so_cai.nut_dung SET lan = ? WHERE nut LIKE 'model.%'", [run.number])
    plan.finish(connection)
    return run


def test_a_view_is_seen_through_and_each_way_is_kept() -> None:
    ways = {
        node["name"]: {(p.node.rsplit(".", 1)[-1], p.way) for p in plan.parents_of(MANIFEST, node)}
        for node in plan.planned(MANIFEST).values()
    }
    assert ways == {
        "goc": {("dvc__ho_so", "khoa")},
        "duoi": {("goc", "khoa"), ("tham_so", "ngay")},
        "nho": {("goc", "het"), ("tham_so", "het"), ("tep", "het")},
    }


def test_a_build_that_died_is_no_base(connection: duckdb.DuckDBPyConnection) -> None:
    first = _built(connection, 1)
    plan.begin(connection, MANIFEST, _run(connection, 2))
    third = _run(connection, 3)
    plan.begin(connection, MANIFEST, third)
    assert connection.execute("SELECT lan, lan_nen, ngay_nen FROM so_cai.dung").fetchall() == [
        (third.number, first.number, first.as_of)
    ]


def test_keys_are_noted_once_there_is_a_base_and_used_up_by_a_build(connection: duckdb.DuckDBPyConnection) -> None:
    contract = load_contracts()["dvc/ho_so"]
    rows = "(VALUES ('k', 'H1')) x (_khoa, ma_ho_so)"
    changes.note(connection, contract, rows, changes.Cause.NEW_FILE)
    assert connection.execute("SELECT count(*) FROM so_cai.khoa_doi").fetchall() == [(0,)]
    _built(connection, 1)
    run = _run(connection, 2)
    changes.note(connection, contract, rows, changes.Cause.NEW_FILE)
    connection.execute("INSERT INTO tho.dvc__ho_so (_khoa, ma_ho_so) SELECT 'k' || i, 'H' || i FROM range(100) t (i)")
    plan.begin(connection, MANIFEST, run)
    assert connection.execute("FROM doi.tho__dvc__ho_so").fetchall() == [("k", "H1")]
    assert connection.execute(
        "SELECT doi_lan, toan_lan < doi_lan FROM so_cai.nut_dung WHERE nut = ?", [RAW]
    ).fetchall() == [(run.number, True)]
    plan.finish(connection)
    assert connection.execute("SELECT count(*) FROM so_cai.khoa_doi").fetchall() == [(0,)]


def test_a_reach_that_nobody_knows_builds_whole(connection: duckdb.DuckDBPyConnection) -> None:
    _built(connection, 1)
    run = _run(connection, 2)
    changes.note_all(connection, "dvc__ho_so", changes.Cause.PERSON_REMOVED)
    plan.begin(connection, MANIFEST, run)
    assert connection.execute("SELECT toan_lan FROM so_cai.nut_dung WHERE nut = ?", [RAW]).fetchall() == [(run.number,)]


@pytest.mark.parametrize("file", sorted(MODELS.rglob("*.sql")), ids=lambda file: file.stem)
def test_a_model_by_key_reads_by_key_what_it_says(file: Path) -> None:
    """A parent whose key is taken as it is must be read through ``phan_doi``, or the rest of it would be read too."""
    text = file.read_text(encoding="utf-8")
    if "materialized='theo_khoa'" not in text:
        return
    for parent, column in re.findall(r"^        '([a-z_0-9.]+)': '([a-z_]+)',$", text, re.MULTILINE):
        name = parent.split(".")[-1]
        group = name.rsplit("_", 1)[0]
        read = {f"'{name}'), '{column}'", f"'{group}_' ~ nhom), '{column}'"}
        macros = "".join(p.read_text(encoding="utf-8") for p in (PROJECT_ROOT / "dbt_project" / "macros").glob("*.sql"))
        by_loop = (
            name.startswith("stg_ho_tich__")
            or parent == "tho"
            or name.startswith(("int_nguon__", "int_chi_so_766__vai_"))
        )
        assert by_loop or any(part in text or part in macros for part in read), f"{file.stem}: {parent}"
