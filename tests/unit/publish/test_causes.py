"""Causes are named only where the thing changed and the table is made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.publish.causes import Moved, cause
from pipelines.publish.lineage import made_of
from pipelines.quality.manifest import declared_keys, marts
from pipelines.warehouse.runs import origins

FILES = {"dvc/ho_so": [("t1", "dvc/ho_so/a.csv"), ("t2", "dvc/ho_so/b.csv")], "ho_tich/khai_sinh": [("t3", "c.csv")]}
TABLE: dict[str, Any] = {"nhom": "tthc", "phu_thuoc": {"nguon": ["dvc/ho_so"], "goc": ["lich"]}}


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (Moved(frozenset(), FILES), ("sua_muon", "dvc/ho_so/a.csv; dvc/ho_so/b.csv")),
        (Moved(frozenset(), FILES, {("2025-06", "H02.1"): {"t2", "t9"}}), ("sua_muon", "dvc/ho_so/b.csv")),
        (Moved(frozenset({"lich", "don_vi", "quy_tac"}), {}), ("lich", "")),
        (Moved(frozenset({"ma_nguon"}), {"ho_tich/khai_sinh": FILES["ho_tich/khai_sinh"]}), ("ma_nguon", "")),
        (Moved(frozenset({"lich"}), FILES, {}, other_day=True), ("sua_muon, lich", "dvc/ho_so/a.csv; dvc/ho_so/b.csv")),
        (Moved(frozenset({"don_vi"}), {}, {}, other_day=True), ("ngay_so_lieu", "")),
        (Moved(frozenset(), {}), ("lan_chay", "")),
    ],
)
def test_cause_of_a_figure(moved: Moved, expected: tuple[str, str]) -> None:
    assert cause(moved, TABLE, month="2025-06", agency="H02.1") == expected


def test_the_rule_book_is_a_cause_for_quality_tables() -> None:
    assert cause(Moved(frozenset({"quy_tac"}), {}), {"nhom": "chat_luong", "phu_thuoc": {}}) == ("quy_tac", "")


def test_lineage_and_keys_come_from_the_manifest() -> None:
    node = {
        "resource_type": "model",
        "schema": "tthc",
        "name": "tthc__ho_so",
        "alias": "ho_so",
        "description": "Bảng.",
        "config": {"meta": {"nhom_mart": "tthc"}},
    }
    manifest = {
        "nodes": {
            "model.kho06.tthc__ho_so": node,
            "test.kho06.khoa": {
                "resource_type": "test",
                "attached_node": "model.kho06.tthc__ho_so",
                "test_metadata": {"name": "khoa_duy_nhat", "kwargs": {"cot": ["KY", "ma_don_vi"]}},
            },
        },
        "parent_map": {
            "model.kho06.tthc__ho_so": ["model.kho06.stg", "seed.kho06.lich", "source.kho06.dvhc.don_vi"],
            "model.kho06.stg": ["source.kho06.tho.dvc__qua_trinh", "seed.kho06.chi_tieu", "model.kho06.tthc__ho_so"],
        },
    }
    (mart,) = marts(manifest)
    assert made_of(manifest, mart) == {"nguon": ["dvc/qua_trinh"], "goc": ["dinh_nghia", "don_vi", "lich"]}
    assert declared_keys(manifest) == {"model.kho06.tthc__ho_so": ("ky", "ma_don_vi")}


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("dbt_project/seeds/lich_dieu_chinh.csv", "lich"),
        ("dbt_project/seeds/don_vi_chia.csv", "don_vi"),
        ("pipelines/warehouse/reference/xa.csv", "don_vi"),
        ("dbt_project/seeds/dinh_nghia_chi_so.csv", "dinh_nghia"),
        ("expectations/tthc.yaml", "quy_tac"),
        ("pipelines/intake/run.py", "ma_nguon"),
        ("dbt_project/models/a.sql", "ma_nguon"),
    ],
)
def test_each_file_of_the_program_is_one_origin(tmp_path: Path, file: str, kind: str) -> None:
    for name in ("dbt_project/seeds/lich.csv", "pipelines/a.py", "expectations/b.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1", encoding="utf-8")
    before = origins(tmp_path)
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("2", encoding="utf-8")
    after = origins(tmp_path)
    assert [name for name in before if before[name] != after[name]] == [kind]
