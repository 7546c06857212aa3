"""A working warehouse without dbt: raw and ledger tables from the contracts, staging and marts as plain tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.loader import load_contracts
from pipelines.warehouse.schema import create_tables

# Seeds and intermediate tables that rules read; the marts come with their types from the contracts of the project.
OTHERS = {
    "tham_chieu.nhom_chi_so": "nhom varchar, diem_toi_da decimal(18, 6)",
    "tham_chieu.lich": (
        "ngay date, la_ngay_lam_viec boolean, ten_ngay_nghi varchar, so_thu_tu_lam_viec integer, tam_tinh boolean"
    ),
    "tham_chieu.lich_dieu_chinh": "ngay date, loai varchar",
    "tham_chieu.ma_tinh_khai_sinh": "ma_tinh varchar",
    "tham_chieu.chi_tieu": "chi_tieu varchar",
}
MODELS = PROJECT_ROOT / "dbt_project" / "models" / "marts"


@cache
def mart_tables() -> dict[str, str]:
    """``schema.table`` → its columns, for every mart whose columns the project declares."""
    tables = {}
    for file in sorted(MODELS.rglob("*.yml")):
        for model in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("models") or ():
            schema, name = model["name"].split("__")
            columns = [f'"{c["name"]}" {c["data_type"]}' for c in model.get("columns", ()) if c.get("data_type")]
            tables[f"{schema}.{name}"] = ", ".join(columns)
    return tables


def create_warehouse(connection: duckdb.DuckDBPyConnection) -> None:
    contracts = load_contracts()
    create_tables(connection, contracts.values())
    connection.execute("create table if not exists so_cai.nhip_nguon (nguon_du_lieu varchar, so_ngay bigint)")
    own = {table.partition(".")[0] for table in (*mart_tables(), *OTHERS)}
    for schema in sorted({"stg"} | own):
        connection.execute(f"create schema {schema}")
    for contract in contracts.values():
        name = f"stg.stg_{contract.table}"
        connection.execute(f"create table {name} as select *, 1 as _thu_tu_ban_ghi from tho.{contract.table}")
    for table, columns in (mart_tables() | OTHERS).items():
        connection.execute(f"create table {table} ({columns})")


@pytest.fixture(scope="session")
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        create_warehouse(connection)
        yield connection


@pytest.fixture
def warehouse_file(tmp_path: Path) -> Path:
    folder = tmp_path / "lam_viec có dấu cách"
    folder.mkdir()
    file = folder / "kho_lam_viec.duckdb"
    with duckdb.connect(str(file)) as connection:
        create_warehouse(connection)
    return file
