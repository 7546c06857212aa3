"""``kho doctor`` as a dry run: rules on an empty warehouse, kinds of the raw layer, models that went."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.cli.doctor import dry_run as doctor_dry_run
from pipelines.cli.doctor.dry_run import DryRun, FoundError, Remark, unit_reference
from pipelines.config.paths import DataPaths, data_paths
from pipelines.config.yaml_lines import ConfigError
from pipelines.contracts.loader import load_contracts
from pipelines.quality.model import Locator, RowCheck
from pipelines.quality.rules import load_rules
from pipelines.warehouse import dbt
from pipelines.warehouse.releases import CURRENT
from pipelines.warehouse.schema import NOT_DBT, create_tables

MANIFESTS: dict[str, Any] = {}


@pytest.fixture
def dry_run(data: DataPaths, tmp_path_factory: pytest.TempPathFactory) -> DryRun:
    if not MANIFESTS:
        paths = data_paths(tmp_path_factory.mktemp("doc"))
        paths.prepare()
        MANIFESTS["m"] = dbt.parse(paths)
    made = DryRun(data)
    made.__dict__["manifest"] = MANIFESTS["m"]
    return made


def warehouse(data: DataPaths) -> str:
    data.prepare()
    with duckdb.connect(str(data.warehouse_file)) as connection:
        create_tables(connection, load_contracts().values())
    return digest(data.warehouse_file)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_every_rule_of_the_book_can_be_planned_and_nothing_is_created(dry_run: DryRun, data: DataPaths) -> None:
    assert dry_run.rules() == f"{len(load_rules())} quy tắc chạy được trên kho trống"
    assert dry_run.warehouse() == "chưa có kho làm việc"
    assert not data.root.exists()


@pytest.mark.parametrize(
    "fault",
    [
        {"check": RowCheck("t.cot_khong_co > 0")},
        {"applies": "t.cot_khong_co"},
        {"locator": Locator(key="t.cot_khong_co")},
        {"relation": "tthc.bang_da_xoa"},
    ],
)
def test_a_rule_that_would_fail_at_night_is_told_with_its_code(
    dry_run: DryRun, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    first, *others = load_rules()
    monkeypatch.setattr(doctor_dry_run, "load_rules", lambda: [replace(first, **fault), *others[:3]])
    with pytest.raises(FoundError, match=rf"1 quy tắc không chạy được.*{first.code}"):
        dry_run.rules()


def test_kinds_of_the_raw_layer_are_compared_and_left_alone(
    dry_run: DryRun, data: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse(data)
    with duckdb.connect(str(data.warehouse_file)) as connection:
        connection.execute("ALTER TABLE tho.dvc__ho_so ALTER COLUMN phi_le_phi SET DATA TYPE VARCHAR")
        connection.execute("ALTER TABLE tho.dvc__ho_so DROP COLUMN kenh")
    before = digest(data.warehouse_file)
    with pytest.raises(Remark, match=r"sửa 2 cột.*phi_le_phi: VARCHAR →|thêm cột tho\.dvc__ho_so\.kenh"):
        dry_run.warehouse()
    assert digest(data.warehouse_file) == before
    with duckdb.connect(str(data.warehouse_file)) as connection:
        connection.execute("INSERT INTO tho.dvc__ho_so (phi_le_phi) VALUES ('không phải số')")
    with pytest.raises(ConfigError, match="phi_le_phi"):
        dry_run.warehouse()


def test_tables_that_no_model_builds_are_named(dry_run: DryRun, data: DataPaths) -> None:
    warehouse(data)
    assert dry_run.warehouse() == f"lược đồ số {CURRENT}, kiểu cột khớp hợp đồng, bảng nào cũng có mô hình"
    with duckdb.connect(str(data.warehouse_file)) as connection:
        for schema in NOT_DBT:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.bang_rieng (a INTEGER)")
    assert dry_run.warehouse().endswith("bảng nào cũng có mô hình")
    with duckdb.connect(str(data.warehouse_file)) as connection:
        connection.execute("CREATE SCHEMA tthc; CREATE TABLE tthc.bang_cu (a INTEGER)")
    with pytest.raises(Remark, match=r"1 bảng không còn mô hình dựng: tthc\.bang_cu"):
        dry_run.warehouse()


def test_a_warehouse_that_a_run_holds_is_a_remark(
    dry_run: DryRun, data: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse(data)

    def held(*_: Any, **__: Any) -> Any:
        raise duckdb.IOException("IO Error: Could not set lock on file")

    monkeypatch.setattr(doctor_dry_run, "connect", held)
    with pytest.raises(Remark, match="đang giữ kho"):
        dry_run.warehouse()


def test_a_model_that_the_last_run_had_and_the_files_have_not_is_named(
    dry_run: DryRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = {"name": "tthc__bang_cu", "resource_type": "model"}
    monkeypatch.setattr(dbt, "kept_manifest", lambda _: {"nodes": {"model.kho06.tthc__bang_cu": node}})
    with pytest.raises(Remark, match=r"1 mô hình của lần chạy trước không còn.*tthc__bang_cu"):
        dry_run.models()
    monkeypatch.setattr(dbt, "kept_manifest", lambda _: None)
    assert dry_run.models().endswith("bảng và khung nhìn")


def test_the_reference_of_units_has_todays_provinces(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unit_reference() == "34 tỉnh, 3.321 xã có hiệu lực hôm nay"

    def lost(connection: duckdb.DuckDBPyConnection) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(doctor_dry_run.units, "load", lost)
    with pytest.raises(FoundError, match="không đọc được danh mục"):
        unit_reference()
