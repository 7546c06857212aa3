"""What statements answer at the edges: nothing to divide by, quarters beside months, one dossier in several rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from pipelines.questions.statements import Statement, load
from tests import functions_of_marts

STATEMENTS = load()
SQL = {one.code: one.sql for one in STATEMENTS}


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for schema in ("tthc", "doi_soat", "van_hanh", "chi_so_766", "ho_tich", "dieu_hanh", "chat_luong"):
            connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute("CREATE TABLE van_hanh.nguon (nguon_du_lieu VARCHAR, tep_cuoi VARCHAR)")
        connection.execute(
            "CREATE TABLE doi_soat.so_lieu_bao_cao (ma_so_lieu VARCHAR, chi_tieu VARCHAR, pham_vi VARCHAR, "
            "ma_don_vi VARCHAR, tu_ngay DATE, den_ngay DATE, gia_tri DECIMAL(28, 6), mau_so DECIMAL(28, 6))"
        )
        functions_of_marts.create(connection, "doi_soat.so_in", "van_hanh.da_co")
        yield connection


def came(db: duckdb.DuckDBPyConnection, feed: str) -> None:
    db.execute("INSERT INTO van_hanh.nguon VALUES (?, 'tep.csv')", [feed])


def ask(db: duckdb.DuckDBPyConnection, code: str) -> list[dict[str, Any]]:
    cursor = db.execute(SQL[code])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("one", STATEMENTS, ids=lambda one: one.code)
def test_nothing_is_divided_by_what_may_be_zero(one: Statement) -> None:
    """DuckDB gives ``inf`` or ``nan`` for it, and an answer sheet prints that."""
    bare = [
        division.sql(dialect="duckdb")
        for division in sqlglot.parse_one(one.sql, dialect="duckdb").find_all(exp.Div)
        if not isinstance(division.expression, exp.Nullif | exp.Literal)
    ]
    assert bare == []


def test_a_course_that_nobody_joined_has_no_share(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TABLE dieu_hanh.dao_tao AS SELECT 'An toàn thông tin' AS khoa_hoc, 0 AS dang_ky, 0 AS kich_hoat, "
        "0 AS hoan_thanh, 0 AS chung_chi, 0 AS giam_tru, 0 AS chua_ro"
    )
    assert {row["noi_dung"]: row["gia_tri"] for row in ask(db, "Q-108")}["Kích hoạt (%)"] is None


def test_a_stage_of_which_nothing_is_approved_yet_is_under_way(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("CREATE TABLE ho_tich.don_vi AS SELECT 'A' AS ma_don_vi, 'Xã A' AS ten_don_vi")
    db.execute(
        "CREATE TABLE ho_tich.so_hoa_giai_doan AS SELECT 'A' AS ma_don_vi, * FROM (VALUES (1, 10, 10), (2, 20, NULL), "
        "(3, 5, 1)) v(giai_doan, so_truong_hop, da_phe_duyet)"
    )
    (row,) = ask(db, "Q-051")
    assert (row["so_giai_doan_xong"], row["giai_doan_dang_lam"], row["phan_tram"]) == (1, 2, 31.43)


@pytest.mark.parametrize("code", ["Q-068", "Q-070"])
def test_the_newest_month_is_no_quarter_and_no_year(db: duckdb.DuckDBPyConnection, code: str) -> None:
    came(db, "bo_chi_so_766/diem")
    db.execute("CREATE TABLE chi_so_766.tong_hop AS SELECT 'H44' AS ma_don_vi, true AS la_toan_tinh")
    db.execute(
        "CREATE TABLE doi_soat.diem_766 AS SELECT 'H44' AS ma_don_vi, ky, ma AS ma_chi_so, r AS ty_le_cong_qg FROM "
        "(VALUES ('2024-07', 0.6), ('2024-08', 0.7), ('2024-Q2', 0.1), ('2024', 0.2), ('2025', 0.3)) v(ky, r), "
        "(VALUES ('4.1'), ('5.4')) m(ma)"
    )
    db.execute(
        "CREATE TABLE chi_so_766.so_hoa_ho_so AS SELECT true AS la_toan_tinh, '4.1' AS ma_chi_so, '2024-08' AS ky, "
        "0.5 AS ty_le"
    )
    assert ask(db, code)[0]["gia_tri"] == 70


def test_a_dossier_whose_payment_failed_twice_is_one(db: duckdb.DuckDBPyConnection) -> None:
    rows = (
        "(VALUES ('a', 'E1', 'dvcqg', DATE '2024-01-31'), ('a', 'E1', 'tinh', DATE '2024-02-01'), "
        "('b', 'E1', 'tinh', DATE '2024-02-01'), ('b', NULL, 'tinh', DATE '2024-02-01')) "
        "v(ma_ho_so, ma_loi, kenh, ngay)"
    )
    db.execute(f"CREATE TABLE tthc.giao_dich AS SELECT *, 'that_bai' AS ket_qua FROM {rows}")
    db.execute(
        "CREATE TABLE tthc.thanh_toan AS SELECT kenh, ngay, ma_loi, ket_qua, count(*) AS so_giao_dich, "
        "count(DISTINCT ma_ho_so) AS so_ho_so FROM tthc.giao_dich GROUP BY ALL"
    )
    assert {row["ma_loi"]: (row["so_giao_dich"], row["so_ho_so"]) for row in ask(db, "Q-049")} == {
        "E1": (3, 2),
        None: (1, 1),
    }


def test_communes_without_a_district_stand_for_themselves(db: duckdb.DuckDBPyConnection) -> None:
    came(db, "dvc/ho_so")
    db.execute(
        "CREATE TABLE tthc.don_vi AS SELECT * FROM (VALUES "
        "('H', 'UBND tỉnh', 'tinh', NULL, DATE '2000-01-01', NULL), "
        "('H.1', 'Sở Tư pháp', 'tinh', 'H', DATE '2000-01-01', NULL), "
        "('H.2', 'UBND huyện Hai', 'huyen', 'H', DATE '2000-01-01', DATE '2024-02-29'), "
        "('H.2.1', 'UBND xã Một', 'xa', 'H.2', DATE '2000-01-01', DATE '2024-02-29'), "
        "('H.2.1', 'UBND xã Một', 'xa', 'H', DATE '2024-03-01', NULL), "
        "('H.3', 'UBND phường Ba', 'xa', 'H', DATE '2024-03-01', NULL)"
        ") v(ma_don_vi, ten_don_vi, cap, ma_don_vi_cha, hieu_luc_tu, hieu_luc_den)"
    )
    db.execute(
        "CREATE TABLE tthc.ho_so AS SELECT true AS duoc_tiep_nhan, ma AS ma_don_vi, cap, ngay AS ngay_tiep_nhan, "
        "'CHỨNG THỰC BẢN SAO' AS ten_tthc, NULL::INT AS so_ban_sao FROM (VALUES "
        "('H.1', 'tinh', TIMESTAMP '2024-01-02'), ('H.2', 'huyen', TIMESTAMP '2024-01-02'), "
        "('H.2.1', 'xa', TIMESTAMP '2024-02-29 23:59:00'), ('H.2.1', 'xa', TIMESTAMP '2024-03-01'), "
        "('H.3', 'xa', TIMESTAMP '2024-03-05')) v(ma, cap, ngay)"
    )
    found = {row["dia_ban"]: row["so_ho_so_chung_thuc"] for row in ask(db, "Q-028")}
    assert found == {"UBND huyện Hai": 2, "UBND xã Một": 1, "UBND phường Ba": 1}


def test_ten_days_made_eight_working_days_are_no_cut(db: duckdb.DuckDBPyConnection) -> None:
    came(db, "dvc/tthc")
    db.execute(
        "CREATE TABLE tthc.danh_muc AS SELECT 'tinh' AS cap, DATE '2024-06-01' AS ngay_so_lieu, * FROM (VALUES "
        "('A', DATE '2020-01-01', 10, 'ngay'), ('A', DATE '2022-01-01', 8, 'ngay_lam_viec'), "
        "('B', DATE '2020-01-01', 10, 'ngay'), ('B', DATE '2022-01-01', 7, 'ngay')) "
        "v(ma_tthc, hieu_luc_tu, thoi_han, don_vi_thoi_han)"
    )
    found = {row["noi_dung"]: row["gia_tri"] for row in ask(db, "Q-086")}
    assert (found["Thủ tục được cắt thời hạn, cấp tỉnh"], found["Tổng số ngày cắt, mọi cấp"]) == (1, 3)


def test_a_number_with_two_days_is_one_line_however_its_body_is_written(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TABLE tthc.van_ban AS SELECT '9/QĐ-UBND' AS so_van_ban, 'quyet_dinh' AS loai, 'H' AS ma_don_vi, "
        "true AS trung_so, * FROM (VALUES ('UBND tỉnh', DATE '2024-01-09'), "
        "('Ủy ban nhân dân tỉnh', DATE '2023-12-10')) v(co_quan, ngay)"
    )
    (row,) = ask(db, "Q-122")
    assert (row["so_van_ban"], row["cac_ngay"], row["so_lan"]) == ("9/QĐ-UBND", "10/12/2023; 09/01/2024", 2)


def test_tasks_done_regular_and_under_way_add_up(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TABLE dieu_hanh.nhiem_vu AS SELECT 'Kế hoạch Đề án 06' AS ke_hoach, 'x' AS ten_nhiem_vu, * "
        "FROM (VALUES ('xong', true), ('xong', false), ('xong', NULL), ('dang_lam', true), ('chua_lam', true), "
        "('dang_lam', NULL), ('chua_lam', false)) v(trang_thai, thuong_xuyen)"
    )
    found = {row["noi_dung"]: row["gia_tri"] for row in ask(db, "Q-112")}
    parts = [found[name] for name in ("Xong", "Thường xuyên", "Đang làm có lộ trình")]
    assert (parts, found["Tổng số"]) == ([3, 2, 2], 7)


def test_what_is_blocked_today_is_of_the_last_run(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("ALTER TABLE van_hanh.nguon ADD COLUMN so_ngay_tre INT")
    db.execute("ALTER TABLE van_hanh.nguon ADD COLUMN trong_han BOOLEAN")
    db.execute("CREATE TABLE van_hanh.tep (ten_tep VARCHAR, ly_do VARCHAR, trang_thai VARCHAR)")
    db.execute(
        "CREATE TABLE chat_luong.quy_tac AS SELECT *, 'chan' AS muc_do, 'x' AS mo_ta "
        "FROM (VALUES ('CU'), ('NAY')) v(ma_quy_tac)"
    )
    db.execute(
        "CREATE TABLE chat_luong.ket_qua AS SELECT * FROM (VALUES (1, 'CU', false), (1, 'NAY', false), "
        "(2, 'CU', true), (2, 'NAY', false)) v(so_lan, ma_quy_tac, dat)"
    )
    assert [row["ten"] for row in ask(db, "Q-120")] == ["NAY"]
