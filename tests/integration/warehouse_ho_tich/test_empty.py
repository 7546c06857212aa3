"""An empty warehouse builds, passes dbt's data and unit tests, and gives empty marts."""

from __future__ import annotations

from pipelines.warehouse.dbt import DBT_PROJECT
from tests.integration.warehouse_ho_tich.conftest import MARTS, Warehouse


def test_marts_of_an_empty_warehouse_are_empty(empty: Warehouse) -> None:
    tables = empty.ask(
        f"SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN {MARTS} "
        f"UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE schema_name IN {MARTS}"
    )
    assert {f"{schema}.{table}" for schema, table in tables} >= {
        "ho_tich.dang_ky",
        "ho_tich.dang_ky_thang",
        "ho_tich.so_hoa",
        "ho_tich.so_hoa_giai_doan",
        "ho_tich.trung_lap",
        "ho_tich.so_dinh_danh",
        "ho_tich.lien_thong",
        "chi_so_766.dinh_nghia",
        "chi_so_766.tong_hop",
        "van_hanh.tep",
        "van_hanh.thay_doi_tre",
        "van_hanh.nguon",
        "van_hanh.xuat_ban",
        "chat_luong.quy_tac",
        "chat_luong.ket_qua",
        "chat_luong.loi",
        "chat_luong.cach_ly",
    }
    for schema, table in tables:
        if table != "dinh_nghia":
            assert empty.ask(f"SELECT count(*) FROM {schema}.{table}") == [(0,)], f"{schema}.{table}"


def test_definitions_hold_six_groups_of_a_hundred_points(empty: Warehouse) -> None:
    found = empty.ask(
        "SELECT nhom, sum(diem_toi_da) FROM chi_so_766.dinh_nghia WHERE hieu_luc_den IS NULL GROUP BY nhom"
    )
    assert {nhom: float(points) for nhom, points in found} == {
        "cong_khai": 18,
        "tien_do": 20,
        "truc_tuyen": 12,
        "thanh_toan": 10,
        "so_hoa": 22,
        "hai_long": 18,
    }


def test_every_feed_takes_part_in_clearing_quarantine(empty: Warehouse) -> None:
    raw = {name for (name,) in empty.ask("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'tho'")}
    source = (DBT_PROJECT / "macros" / "bang_tho.sql").read_text(encoding="utf-8")
    assert {name for name in raw if f"'{name}'" not in source} == set()
