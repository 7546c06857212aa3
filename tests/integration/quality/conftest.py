"""A working warehouse without dbt: raw and ledger tables from the contracts, staging and marts as plain tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.loader import load_contracts
from pipelines.warehouse.schema import create_tables

MARTS = {
    "tthc.ho_so": (
        "ma_ho_so varchar, ma_tthc varchar, ma_tthc_qg varchar, ma_don_vi varchar, ma_don_vi_hien_nay varchar, "
        "trang_thai varchar, ket_qua_han varchar, dang_xu_ly varchar, tra_lai boolean, ngay_tiep_nhan timestamp, "
        "ngay_hen_tra timestamp, han_tinh_lai date, ma_tep varchar, dong bigint"
    ),
    "tthc.giai_quyet_thang": (
        "ky varchar, ma_don_vi varchar, ma_tthc varchar, tiep_nhan bigint, da_giai_quyet bigint, tra_lai bigint, "
        "dang_giai_quyet bigint, truoc_han bigint, dung_han bigint, qua_han bigint, khong_han bigint"
    ),
    "tham_chieu.nhom_chi_so": "nhom varchar, diem_toi_da decimal(18, 6)",
    "chi_so_766.dinh_nghia": "ma_chi_so varchar, nhom varchar",
    "chi_so_766.tong_hop": (
        "ky varchar, ma_don_vi varchar, nhom varchar, diem_cong_qg decimal(18, 6), diem_toi_da_day_du decimal(18, 6)"
    ),
    "doi_soat.hai_cong": "ma_ho_so varchar, ma_don_vi varchar, loai_lech varchar",
    "doi_soat.hai_cong_thang": "ky varchar, ma_don_vi varchar, loai_lech varchar, so_ho_so bigint",
    "doi_soat.so_lieu_bao_cao": (
        "ma_bao_cao varchar, ma_so_lieu varchar, chi_tieu varchar, co_tu_dien boolean, ma_tep varchar, dong bigint"
    ),
    "doi_soat.bao_cao": (
        "ma_bao_cao varchar, ma_quan_he varchar, loai varchar, gia_tri_in decimal(28, 6), "
        "gia_tri_tinh decimal(28, 6), ket_luan varchar"
    ),
    "ho_tich.dang_ky": "ma_ban_ghi varchar, ma_don_vi varchar, ma_tep varchar, dong bigint",
}


def create_warehouse(connection: duckdb.DuckDBPyConnection) -> None:
    contracts = load_contracts()
    create_tables(connection, contracts.values())
    connection.execute("create table if not exists so_cai.nhip_nguon (nguon_du_lieu varchar, so_ngay bigint)")
    for schema in ("stg", "tham_chieu", "tthc", "chi_so_766", "ho_tich", "doi_soat"):
        connection.execute(f"create schema {schema}")
    for contract in contracts.values():
        name = f"stg.stg_{contract.table}"
        connection.execute(f"create table {name} as select *, 1 as _thu_tu_ban_ghi from tho.{contract.table}")
    for table, columns in MARTS.items():
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
