"""The index from raw rows to points: who is counted, published figures recomputed, lost points that add up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.config.paths import DataPaths
from pipelines.quality.gate import groups_below
from tests.integration.chi_so_766.conftest import PUBLISHED, compiled

GROUPS = {
    "cong_khai": ("cong_khai_minh_bach", ["1.1", "1.2", "1.3", "1.4"]),
    "tien_do": ("tien_do_giai_quyet", ["2.1"]),
    "truc_tuyen": ("dich_vu_truc_tuyen", ["3.1", "3.2", "3.3"]),
    "thanh_toan": ("thanh_toan_truc_tuyen", ["3.5", "3.5b", "3.6"]),
    "so_hoa": ("so_hoa_ho_so", ["4.1", "4.2", "4.2c", "4.3", "4.4", "4.5a", "4.5b"]),
    "hai_long": ("muc_do_hai_long", ["5.1", "5.2", "5.3", "5.4"]),
}


@pytest.fixture(scope="module")
def warehouse(built: DataPaths) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built.warehouse_file)) as connection:
        yield connection


def counts(warehouse: duckdb.DuckDBPyConnection, agency: str, ky: str = "2025-08") -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for mart, _ in GROUPS.values():
        sql = f"select ma_chi_so, tu_so, mau_so from chi_so_766.{mart} where ky = ? and ma_don_vi = ?"
        found |= {row[0]: (row[1], row[2]) for row in warehouse.execute(sql, [ky, agency]).fetchall()}
    return found


def roles(warehouse: duckdb.DuckDBPyConnection, code: str) -> dict[str, tuple[str, str | None]]:
    sql = "select ma_doi_tuong, vai_tro, ly_do from chi_so_766.thanh_phan('2025-08', ?) where pham_vi <> 'don_vi'"
    return {row[0]: (row[1], row[2]) for row in warehouse.execute(sql, [code]).fetchall()}


def test_the_province_is_counted_under_the_code_of_its_agencies_at_that_time(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert counts(warehouse, "H05") == {
        "1.1": (1, 2),
        "1.2": (1, 2),
        "1.3": (1, 2),
        "1.4": (2, 5),
        "2.1": (3, 5),
        "3.1": (2, 3),
        "3.2": (2, 2),
        "3.3": (2, 4),
        "3.5": (1, 1),
        "3.5b": (1, 1),
        "3.6": (2, 2),
        "4.1": (1, 4),
        "4.2": (1, 4),
        "4.2c": (0, 1),
        "4.3": (0, 4),
        "4.4": (0, 4),
        "4.5a": (0, 0),
        "4.5b": (0, 4),
        "5.1": (1, 2),
        "5.2": (1, 3),
        "5.3": (1, 2),
        "5.4": (3, 5),
    }


def test_components_of_the_province_are_never_invented_for_agencies(warehouse: duckdb.DuckDBPyConnection) -> None:
    province_only = {"1.1", "1.2", "1.3", "3.1", "3.5", "3.5b", "4.2c", "4.5a"}
    for agency in ("H05.01", "H05.02"):
        assert not province_only & set(counts(warehouse, agency))
    assert counts(warehouse, "H05.02")["3.6"] == (0, 0)


def rebuild(built: DataPaths, warehouse: duckdb.DuckDBPyConnection, table: str, model: str) -> None:
    """Fill ``table`` again by the compiled SQL of ``model`` (its path below ``models/``)."""
    folder, _, name = model.rpartition("/")
    warehouse.execute(f"delete from {table}")
    warehouse.execute(f"insert into {table} {compiled(built, folder, name)}")


def rebuild_intermediate(built: DataPaths, warehouse: duckdb.DuckDBPyConnection, *models: str) -> None:
    for model in models:
        rebuild(built, warehouse, f"trung_gian.{model}", f"intermediate/chi_so_766/{model}")


def test_a_later_definition_leaves_every_earlier_row_as_it_is(
    built: DataPaths, warehouse: duckdb.DuckDBPyConnection
) -> None:
    published = [*(mart for mart, _ in GROUPS.values()), "tong_hop", "diem_mat"]

    def rows() -> dict[str, list[tuple[Any, ...]]]:
        for group in GROUPS:
            rebuild_intermediate(built, warehouse, f"int_chi_so_766__diem_{group}")
        rebuild_intermediate(built, warehouse, "int_chi_so_766__diem_nhom", "int_chi_so_766__diem_nhom_tu_tinh")
        for mart in published:
            rebuild(built, warehouse, f"chi_so_766.{mart}", f"marts/chi_so_766/chi_so_766__{mart}")
        rebuild(built, warehouse, "doi_soat.diem_766", "marts/doi_soat/doi_soat__diem_766")
        tables = [*(f"chi_so_766.{mart}" for mart in published), "doi_soat.diem_766"]
        return {table: warehouse.execute(f"select * from {table} order by all").fetchall() for table in tables}

    warehouse.execute("begin")
    try:
        before = rows()
        assert all(before.values())
        definition = (
            "insert into tham_chieu.dinh_nghia_chi_so (ma_chi_so, nhom, diem_toi_da, quy_tac, mau_so_bang_0, "
            "cap_ap_dung, hieu_luc_tu, cach_dem) values (?, ?, 5, 'LINEAR', 'max', 'tinh huyen xa', '2030-01-01', ?)"
        )
        for group, (_, codes) in GROUPS.items():
            warehouse.execute(definition, [f"{codes[0]}z", group, codes[0]])
        warehouse.execute(definition, ["3.6", "thanh_toan", "3.5"])
        warehouse.execute("update tham_chieu.nhom_chi_so set hieu_luc_den = '2029-12-31'")
        warehouse.execute(
            "insert into tham_chieu.nhom_chi_so select nhom, bang, 'Tên mới', diem_toi_da + 5, thu_tu, '2030-01-01', "
            "null from tham_chieu.nhom_chi_so"
        )
        assert rows() == before
    finally:
        warehouse.execute("rollback")


def test_a_feed_without_a_file_gives_no_points_and_a_feed_without_rows_the_maximum(
    built: DataPaths, warehouse: duckdb.DuckDBPyConnection
) -> None:
    warehouse.execute("begin")
    try:
        warehouse.execute("delete from trung_gian.int_chi_so_766__dem_hai_long where cach_dem <> '5.4'")
        found = {}
        for came in (True, False):
            if not came:
                warehouse.execute("delete from so_cai.tep where ma_tep = 'dvc/pakn'")
            rebuild(built, warehouse, "trung_gian.int_nguon__ky", "intermediate/nguon/int_nguon__ky")
            rebuild_intermediate(built, warehouse, "int_chi_so_766__thieu_nguon", "int_chi_so_766__diem_hai_long")
            found[came] = warehouse.execute(
                "select ma_chi_so, mau_so, diem, tinh_trang, nguon_thieu from trung_gian.int_chi_so_766__diem_hai_long "
                "where la_toan_tinh and ky = '2025-08' and ma_chi_so in ('5.2', '5.3', '5.4') order by 1"
            ).fetchall()
        assert found[True][:2] == [(code, 0, Decimal(6), "mau_so_0_diem_toi_da", None) for code in ("5.2", "5.3")]
        assert found[False][:2] == [(code, None, None, "thieu_nguon", "dvc/pakn") for code in ("5.2", "5.3")]
        assert found[False][2] == found[True][2]
        assert found[True][2][3] == "co_mau_so"
    finally:
        warehouse.execute("rollback")


def test_without_a_catalogue_what_is_counted_by_procedures_is_unknown(
    built: DataPaths, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """4.5a counts procedures, 4.2c knows a certified copy by its procedure's name."""
    warehouse.execute("begin")
    try:
        warehouse.execute("delete from so_cai.tep where nguon_du_lieu = 'dvc/tthc'")
        rebuild_intermediate(built, warehouse, "int_chi_so_766__thieu_nguon")
        found = warehouse.execute(
            "select cach_dem from trung_gian.int_chi_so_766__thieu_nguon "
            "where ky = '2025-08' and nguon_thieu like '%dvc/tthc%' order by 1"
        ).fetchall()
        assert [code for (code,) in found] == ["1.1", "1.2", "1.3", "3.1", "3.2", "3.5", "3.5b", "4.2c", "4.5a"]
    finally:
        warehouse.execute("rollback")


def test_every_role_has_its_reason(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert roles(warehouse, "3.3") == {
        "A1": ("tu_so", None),
        "A2": ("mau_so", "nộp trực tuyến, đã xong mà không có kết quả điện tử"),
        "A3": ("mau_so", "nộp trực tiếp"),
        "A4": ("tu_so", None),
        "A5": ("loai_tru", "mới đăng ký, chưa tiếp nhận"),
    }
    assert roles(warehouse, "1.4") == {
        "A1": ("tu_so", None),
        "A2": ("loai_tru", "chưa có trên Cổng DVCQG, nhưng mẫu số theo số của Cổng"),
        "A3": ("tu_so", None),
        "A4": ("loai_tru", "chưa có trên Cổng DVCQG, nhưng mẫu số theo số của Cổng"),
        "A5": ("loai_tru", "mới đăng ký, chưa tiếp nhận"),
        "B1": ("mau_so", "chỉ có trên Cổng DVCQG"),
        "B2": ("mau_so", "chỉ có trên Cổng DVCQG"),
        "B3": ("mau_so", "chỉ có trên Cổng DVCQG"),
    }
    assert roles(warehouse, "5.4")["A1"] == ("mau_so", "bị đánh giá không hài lòng")
    assert roles(warehouse, "1.1")["T2"] == ("mau_so", "công bố muộn")


def test_published_points_come_out_of_their_own_numerators_and_denominators(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select ma_chi_so, diem_cong_qg, chenh_lech_cong_thuc, diem_tinh_lai from doi_soat.diem_766 "
        "where ky = '2026-08' and ma_don_vi = 'H44'"
    ).fetchall()
    published = {code: Decimal(points) for code, _, _, _, points in PUBLISHED} | {"tien_do": Decimal("15.68")}
    assert {row[0]: row[1] for row in rows} == published
    assert {row[0]: row[2] for row in rows if row[2] != 0} == {}
    assert {row[3] for row in rows} == {None}


def test_a_group_is_out_of_what_applies(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select nhom, diem_toi_da, diem_toi_da_day_du from chi_so_766.tong_hop "
        "where ky = '2025-07' and ma_don_vi = 'H05' and nhom in ('cong_khai', 'so_hoa')"
    ).fetchall()
    # July: nothing announced, nothing public yet; no dossier of a citizen.
    assert sorted(rows) == [("cong_khai", 6, 18), ("so_hoa", 20, 22)]


@pytest.mark.parametrize(
    ("feed", "groups"),
    [
        ("model.kho06.stg_dvc__danh_gia", {"muc_do_hai_long"}),
        ("model.kho06.stg_dvc__pakn", {"muc_do_hai_long"}),
        ("model.kho06.stg_dvc__thanh_toan", {"thanh_toan_truc_tuyen"}),
        ("model.kho06.stg_dvcqg__ho_so", {"cong_khai_minh_bach"}),
        ("source.kho06.tho.dvc__qua_trinh", {"tien_do_giai_quyet", "muc_do_hai_long"}),
    ],
)
def test_a_failing_feed_endangers_only_its_own_indicator_groups(built: DataPaths, feed: str, groups: set[str]) -> None:
    manifest: dict[str, Any] = json.loads((built.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    reached = groups_below(manifest, feed)
    assert reached & {mart for mart, _ in GROUPS.values()} == groups
    assert "chi_so_766" in reached


CELL = st.tuples(
    st.sampled_from(["2025-07", "2025-08"]),
    st.sampled_from([(g, c) for g, (_, codes) in GROUPS.items() for c in codes]),
    st.sampled_from(["H05.01", "H05.02", "H02.01", "X", None]),
    st.sampled_from(["T1", "T2", "chua_anh_xa", None]),
    st.integers(0, 200_000),
    st.integers(0, 200_000),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELL, max_size=30))
def test_lost_points_add_up_to_what_is_lost_on_any_data(
    built: DataPaths, warehouse: duckdb.DuckDBPyConnection, cells: list[tuple[Any, ...]]
) -> None:
    warehouse.execute("begin")
    try:
        for group in GROUPS:
            table = f"trung_gian.int_chi_so_766__dem_{group}"
            warehouse.execute(f"delete from {table}")
            rows = [
                (ky, code, "chung", "ho_so", agency, procedure, min(tu, mau), mau)
                for ky, (owner, code), agency, procedure, tu, mau in cells
                if owner == group and mau > 0
            ]
            if rows:
                warehouse.executemany(f"insert into {table} values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            rebuild_intermediate(built, warehouse, f"int_chi_so_766__diem_{group}")
        lost = compiled(built, "marts/chi_so_766", "chi_so_766__diem_mat")
        wrong = warehouse.execute(
            f"with m as ({lost}) select d.ky, d.ma_chi_so, d.diem_toi_da - d.diem, sum(m.diem_mat) "
            "from trung_gian.int_chi_so_766__diem_thanh_phan as d left join m "
            "on m.ky = d.ky and m.ma_tinh = d.ma_don_vi and m.ma_chi_so = d.ma_chi_so "
            "where d.la_toan_tinh and d.diem is not null group by all "
            "having coalesce(sum(m.diem_mat), 0) <> d.diem_toi_da - d.diem or min(m.diem_mat) < 0"
        ).fetchall()
        assert wrong == []
    finally:
        warehouse.execute("rollback")
