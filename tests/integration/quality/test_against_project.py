"""Rule book and publication against the real dbt project, built on an empty warehouse."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config.paths import DataPaths, data_paths
from pipelines.contracts.loader import load_contracts
from pipelines.nightly import LINKED
from pipelines.publish.publish import publish
from pipelines.quality.evaluate import evaluate
from pipelines.quality.gate import GroupDecision, State, decide, endangered_by_rule, groups_below, mart_groups
from pipelines.quality.manifest import marts, nodes_of_tables
from pipelines.quality.rules import load_rules
from pipelines.warehouse import dbt
from pipelines.warehouse.schema import create_tables

AS_OF = date(2025, 9, 30)
FUNCTIONS = {
    "tthc.khong_dau": ("Đất đai", "dat dai"),
    "doi_soat.so_in": ("S4-074", None),
    "van_hanh.da_co": ("dvc/ho_so", False),
}
"""Functions of one value, with what one of an empty project gives."""
SCORING = "chi_so_766.cham_diem"
WINDOW = "'2025-01-01', '2025-12-31'"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataPaths, dict[str, Any]]:
    paths = data_paths(tmp_path_factory.mktemp("du_an"))
    paths.prepare()
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        create_tables(connection, load_contracts().values())
        connection.execute("insert into so_cai.tham_so values (?, 'v0')", [AS_OF])
    failed = [node.unique_id for node in dbt.build(paths, select=[], exclude=[]) if not node.ok]
    assert failed == []
    return paths, dbt.read_manifest(paths)


def test_every_rule_runs_on_the_built_warehouse(built: tuple[DataPaths, dict[str, Any]]) -> None:
    results = evaluate(built[0].warehouse_file, load_rules(), run_number=1, version="v0", as_of=AS_OF)
    assert {r.rule: r.error for r in results if r.error is not None} == {}


def test_no_mart_feeds_an_intermediate_and_no_intermediate_a_staging_model(
    built: tuple[DataPaths, dict[str, Any]],
) -> None:
    models = {key: node for key, node in built[1]["nodes"].items() if node["resource_type"] == "model"}
    rank = {"staging": 0, "intermediate": 1, "marts": 2}
    upward = [
        (models[parent]["name"], node["name"])
        for node in models.values()
        for parent in node["depends_on"]["nodes"]
        if parent in models and rank[models[parent]["path"].split("/")[0]] > rank[node["path"].split("/")[0]]
    ]
    assert upward == []


def test_late_changes_are_told_in_every_field_that_a_model_reads(built: tuple[DataPaths, dict[str, Any]]) -> None:
    sql = next(built[0].dbt_target.rglob("compiled/**/van_hanh__thay_doi_tre.sql")).read_text(encoding="utf-8")
    provincial, national = sql.split("dvcqg__ho_so as (")
    for field in ("kenh", "ket_qua_dien_tu", "thanh_toan_truc_tuyen", "tai_su_dung", "so_hoa_ho_so", "ngay_hen_tra"):
        assert f"giu_{field}" in provincial, field
    assert "giu_danh_gia_han" in national
    assert "giu_chu_ho_so" not in sql


def test_a_failed_linkage_holds_the_registers_and_nothing_else(built: tuple[DataPaths, dict[str, Any]]) -> None:
    decisions = decide(built[1], [], [], {LINKED}, set(mart_groups(built[1])), reasons_known={LINKED: "Vì sao."})
    assert {d.group: d.reason for d in decisions if d.status is not State.NEW} == {"ho_tich": "Vì sao."}


def test_every_rule_is_about_a_table_and_columns_of_the_project(built: tuple[DataPaths, dict[str, Any]]) -> None:
    paths, manifest = built
    nodes = nodes_of_tables(manifest)
    with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
        rows = connection.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        ).fetchall()
    have: dict[str, set[str]] = {}
    for table, column in rows:
        have.setdefault(str(table), set()).add(str(column))
    rules = load_rules()
    assert [r.code for r in rules if r.table not in nodes] == []
    assert [(r.code, c) for r in rules for c in r.columns if c not in have[r.table]] == []


def test_every_mart_and_column_of_the_project_is_described_and_classed(
    built: tuple[DataPaths, dict[str, Any]],
) -> None:
    found = marts(built[1])
    assert [m.table for m in found if not m.description] == []
    assert [f"{m.table}.{c.name}" for m in found for c in m.columns if not (c.description and c.published)] == []


def test_an_empty_project_passes_its_gate_and_is_published_with_macros_that_run(
    built: tuple[DataPaths, dict[str, Any]],
) -> None:
    paths, manifest = built
    rules = load_rules()
    results = evaluate(paths.warehouse_file, rules, run_number=1, version="v0", as_of=AS_OF)
    decisions = decide(manifest, rules, results, set(), set())
    assert decisions == [GroupDecision(group, State.NEW) for group in sorted(mart_groups(manifest))]
    report = publish(paths, manifest, decisions, version="v0", as_of=AS_OF)
    assert report.private_columns == ()
    assert report.undescribed == ()
    published = set(report.rows) | {tuple(name.split(".")) for name in report.macros}
    assert published == set().union(*mart_groups(manifest).values())
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        for name, (asked, answer) in FUNCTIONS.items():
            assert connection.execute(f"select {name}(?)", [asked]).fetchall() == [(answer,)]
        for name in set(report.macros) - FUNCTIONS.keys():
            arguments = "'LINEAR', null, '0', 6, 1, 2, 'tinh', 'tinh', true" if name == SCORING else WINDOW
            connection.execute(f"from {name}({arguments})").fetchall()
        bare = connection.execute("select count(*) from duckdb_columns() where comment is null and not internal")
        assert bare.fetchall() == [(0,)]
    assert Path(paths.marts / "tthc" / "ho_so.parquet").exists()


# Feed -> groups that a blocking rule about it may hold back, by dbt's lineage. A group that joins the row or leaves it
# changes what an operator must expect of a bad night: that belongs here.
EXPECTED = {
    "dvc/pakn": {"canh_bao", "chi_so_766", "dieu_hanh", "doi_soat", "muc_do_hai_long", "tthc"},
    "ho_tich/so_hoa": {"canh_bao", "dieu_hanh", "ho_tich"},
    "ho_tich/khai_tu": {"canh_bao", "ho_tich"},
    "ho_tich/ket_hon": {"canh_bao", "ho_tich"},
    "ho_tich/lien_thong": {"canh_bao", "ho_tich"},
    "bao_cao/so_lieu": {"doi_soat"},
    "bo_chi_so_766/diem": {"canh_bao", "chi_so_766", "dieu_hanh", "doi_soat"},
    "dvc/phi": {"tthc"},
    "dvc/buu_gui": {"tthc"},
    "dvc/van_ban": {"tthc"},
    "nganh_doc/tong_hop": {"tthc"},
    "he_thong/ket_noi": {"he_thong"},
    "he_thong/gian_doan": {"he_thong"},
    "chi_dao/nhiem_vu": {"dieu_hanh"},
    "chi_dao/muc_tieu": {"canh_bao", "dieu_hanh"},
    "dao_tao/ket_qua": {"canh_bao", "dieu_hanh"},
    "ho_tich/co_so_y_te": {"ho_tich"},
}


@pytest.mark.parametrize("feed", sorted(EXPECTED))
def test_a_feed_endangers_only_the_groups_below_it(built: tuple[DataPaths, dict[str, Any]], feed: str) -> None:
    table = f"tho.{feed.replace('/', '__')}"
    assert groups_below(built[1], nodes_of_tables(built[1])[table]) == EXPECTED[feed]


def test_dossiers_and_agencies_endanger_no_register_progress_and_registers_no_dossier(
    built: tuple[DataPaths, dict[str, Any]],
) -> None:
    nodes = nodes_of_tables(built[1])
    for feed in load_contracts():
        reached = groups_below(built[1], nodes[f"tho.{feed.replace('/', '__')}"])
        assert reached, feed
        if feed.startswith("ho_tich/"):
            assert "tthc" not in reached, feed
        if feed in {"dvc/ho_so", "dvc/qua_trinh", "dvc/danh_gia", "dvc/thanh_toan"}:
            assert "ho_tich" not in reached, feed


def test_a_failed_identity_of_a_group_mart_holds_that_group_and_what_reads_it(
    built: tuple[DataPaths, dict[str, Any]],
) -> None:
    rules = {rule.code: rule for rule in load_rules()}
    held = endangered_by_rule(built[1], list(rules.values()))["M766_DUNG_01__SO_HOA_HO_SO"]
    assert "so_hoa_ho_so" in held
    assert not held & {"tthc", "ho_tich", "tien_do_giai_quyet", "cong_khai_minh_bach", "muc_do_hai_long"}
    everything = endangered_by_rule(built[1], list(rules.values()))["LICH_DU_01"]
    assert {"tthc", "tien_do_giai_quyet", "doi_soat"} <= everything
