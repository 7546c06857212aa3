"""What statements answer where a province is another than the two they are tried on every time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.questions.statements import load
from tests import functions_of_marts

SQL = {one.code: one.sql for one in load()}
PRINTED = (
    "CREATE TABLE doi_soat.so_lieu_bao_cao (ma_so_lieu VARCHAR, ten_chi_tieu VARCHAR, chi_tieu VARCHAR, "
    "pham_vi VARCHAR, ma_don_vi VARCHAR, tu_ngay DATE, den_ngay DATE, gia_tri DECIMAL(28, 6), gia_tri_ngay DATE)"
)
COUNTED = (
    "CREATE MACRO tthc.bieu_giai_quyet_don_vi(tu, den) AS TABLE SELECT * FROM (VALUES "
    "('H44.20', 'UBND huyện Đông Hải', 10, 8, 2, 1, 8, 1.0), ('H44.21', 'UBND huyện Tây Hải', 10, 5, 3, 0, 10, 0.7)) "
    "v(ma_don_vi, ten_don_vi, da_giai_quyet, truoc_han, qua_han, dang_qua_han, mau_so_dung_va_truoc_han, "
    "ty_le_dung_va_truoc_han)"
)


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for schema in ("tthc", "doi_soat", "van_hanh", "dieu_hanh", "ho_tich"):
            connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(
            "CREATE TABLE van_hanh.nguon AS SELECT 'x' AS nguon_du_lieu, 'x.csv' AS tep_cuoi WHERE false"
        )
        connection.execute(PRINTED)
        functions_of_marts.create(connection, "doi_soat.so_in", "van_hanh.da_co")
        yield connection


def came(db: duckdb.DuckDBPyConnection, *feeds: str) -> None:
    for feed in feeds:
        db.execute("INSERT INTO van_hanh.nguon VALUES (?, 'tep.csv')", [feed])


def printed(db: duckdb.DuckDBPyConnection, metric: str, scope: str, value: float, days: str = "NULL, NULL") -> None:
    db.execute(
        "INSERT INTO doi_soat.so_lieu_bao_cao VALUES "
        f"('1', '', '{metric}', '{scope}', '{scope}', {days}, {value}, NULL)"
    )


def ask(db: duckdb.DuckDBPyConnection, code: str) -> list[dict[str, Any]]:
    cursor = db.execute(SQL[code])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("code", "metric"),
    [("Q-012", "agency_late_dossiers"), ("Q-017", "agency_early_rate"), ("Q-028", "e_certified_copy_dossiers")],
)
def test_a_printed_figure_stands_beside_the_agency_it_is_of(
    db: duckdb.DuckDBPyConnection, code: str, metric: str
) -> None:
    db.execute(COUNTED)
    db.execute(
        "CREATE TABLE tthc.don_vi AS SELECT * FROM (VALUES ('H44.20', 'UBND huyện Đông Hải', 'huyen', 'H44'), "
        "('H44.21', 'UBND huyện Tây Hải', 'huyen', 'H44')) v(ma_don_vi, ten_don_vi, cap, ma_don_vi_cha), "
        "(VALUES (DATE '2000-01-01', NULL::DATE)) w(hieu_luc_tu, hieu_luc_den)"
    )
    db.execute(
        "CREATE TABLE tthc.ho_so AS SELECT ma AS ma_don_vi, 'huyen' AS cap, true AS duoc_tiep_nhan, "
        "TIMESTAMP '2024-01-02' AS ngay_tiep_nhan, "
        "'Chứng thực bản sao từ bản chính' AS ten_tthc, true AS ket_qua_dien_tu, 1 AS so_ban_sao "
        "FROM (VALUES ('H44.20'), ('H44.21')) v(ma)"
    )
    printed(db, metric, "H44.20", 7)
    printed(db, metric, "toan_tinh", 99)
    printed(db, metric, "Hải Sơn / cấp huyện / Tây Hải", 5)
    printed(db, metric, "H44.20", 100, "DATE '2023-06-15', DATE '2023-12-14'")
    found = {row.get("ten_don_vi") or row["dia_ban"]: row["so_in"] for row in ask(db, code)}
    assert found == {"UBND huyện Đông Hải": 7, "UBND huyện Tây Hải": 5}


def test_both_shares_of_an_agency_are_of_what_had_a_due_date(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(COUNTED)
    first = ask(db, "Q-017")[0]
    assert (first["phan_tram_truoc_han"], first["phan_tram_dung_va_truoc_han"]) == (100, 100)


def test_certified_copies_are_counted_by_day(db: duckdb.DuckDBPyConnection) -> None:
    came(db, "dvc/ho_so")
    db.execute(
        "CREATE TABLE tthc.don_vi AS SELECT 'H44.20.01' AS ma_don_vi, 'UBND xã An Bình' AS ten_don_vi, 'xa' AS cap, "
        "'H44.20' AS ma_don_vi_cha, DATE '2000-01-01' AS hieu_luc_tu, NULL::DATE AS hieu_luc_den "
        "UNION ALL SELECT 'H44.20', 'UBND huyện Đông Hải', 'huyen', 'H44', DATE '2000-01-01', NULL"
    )
    db.execute(
        "CREATE TABLE tthc.ho_so AS SELECT 'H44.20.01' AS ma_don_vi, 'xa' AS cap, nhan AS duoc_tiep_nhan, "
        "ngay AS ngay_tiep_nhan, ten AS ten_tthc, false AS ket_qua_dien_tu, ban AS so_ban_sao FROM (VALUES "
        "(true, TIMESTAMP '2023-12-14 16:00:00', 'Chứng thực bản sao từ bản chính', NULL::INT), "
        "(true, TIMESTAMP '2023-12-15 08:00:00', 'Chứng thực bản sao từ bản chính', NULL), "
        "(true, TIMESTAMP '2024-06-30 16:00:00', 'Thủ tục khác', 3), "
        "(false, TIMESTAMP '2024-02-29 16:00:00', 'Chứng thực bản sao từ bản chính', 3), "
        "(true, TIMESTAMP '2024-02-29 16:00:00', 'Đăng ký khai sinh', 0)) v(nhan, ngay, ten, ban)"
    )
    row = ask(db, "Q-028")[0]
    assert (row["dia_ban"], row["so_ho_so_chung_thuc"], row["tong_ho_so"]) == ("UBND huyện Đông Hải", 2, 3)


@pytest.mark.parametrize(("code", "due"), [("Q-021", "han_theo_ngay_lich"), ("Q-022", "han_khong_tam_dung")])
def test_a_withdrawn_dossier_is_not_finished_late(db: duckdb.DuckDBPyConnection, code: str, due: str) -> None:
    db.execute(
        f"CREATE TABLE tthc.ho_so AS SELECT ma AS ma_ho_so, '' AS ten_don_vi, '' AS ten_tthc, "
        f"DATE '2024-03-01' AS {due}, DATE '2024-03-05' AS han_tinh_lai, 2 AS so_ngay_tam_dung, "
        "xong AS ngay_ket_thuc, ra AS ngay_ra, loai AS loai_ra FROM (VALUES "
        "('rut', TIMESTAMP '2024-03-04', DATE '2024-03-04', 'tra_lai'), "
        "('xong', TIMESTAMP '2024-03-04', DATE '2024-03-04', 'da_giai_quyet'), "
        "('chi_co_ngay_tra', NULL, DATE '2024-03-04', 'da_giai_quyet'), "
        "('dang', NULL, NULL, NULL)) v(ma, xong, ra, loai)"
    )
    assert [row["ma_ho_so"] for row in ask(db, code)] == ["chi_co_ngay_tra", "xong"]


def test_only_what_was_handed_in_online_needs_an_account(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TABLE tthc.ho_so AS SELECT TIMESTAMP '2024-07-02' AS ngay_tiep_nhan, * FROM (VALUES "
        "('truc_tuyen', 'khac', true), ('truc_tiep', 'khac', true), ('truc_tuyen', 'khac', false), "
        "('truc_tuyen', 'vneid', true)) v(kenh, tai_khoan, duoc_tiep_nhan)"
    )
    assert [(row["tai_khoan"], row["so_ho_so"]) for row in ask(db, "Q-041")] == [("khac", 1)]


def test_the_time_to_a_number_is_that_of_numbers_given(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TABLE ho_tich.dang_ky AS SELECT 'khai_sinh' AS loai_so, * FROM (VALUES ('dien_tu', true, 1), "
        "('dien_tu', true, 3), ('dien_tu', true, 9), ('dien_tu', false, 200), ('dien_tu', false, NULL), "
        "('so_hoa', false, NULL), ('so_hoa', true, 9000)) v(nguon, co_so_dinh_danh, so_ngay_cho_so_dinh_danh)"
    )
    row = ask(db, "Q-055")[0]
    assert (row["trung_vi_ngay"], row["p95_ngay"], row["chua_co_so"], row["so_khai_sinh"]) == (3, 9, 1, 5)


def test_a_facility_is_silent_up_to_the_last_month_of_its_kind_of_notice(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TABLE ho_tich.co_so_y_te AS SELECT ma AS ma_co_so, ma AS ten_co_so, * EXCLUDE (ma) FROM (VALUES "
        "('A', 'chung_sinh', '2024-06', 0), ('A', 'chung_sinh', '2024-07', 1), ('B', 'bao_tu', '2024-06', 3)) "
        "v(ma, loai, ky, im_lang_thang)"
    )
    found = {(row["ma_co_so"], row["loai"], row["ky"], row["im_lang_thang"]) for row in ask(db, "Q-094")}
    assert found == {("A", "chung_sinh", "2024-07", 1), ("B", "bao_tu", "2024-06", 3)}


def test_nothing_returned_is_said(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE MACRO tthc.bieu_tra_lai(tu, den) AS TABLE SELECT 'toan_tinh' AS pham_vi, '' AS ly_do, 1 AS so_ho_so, "
        "1 AS tu_choi_tiep_nhan, 0 AS cong_dan_rut, 0 AS dung_xu_ly WHERE false"
    )
    assert [row["noi_ro"] for row in ask(db, "Q-014")] == ["Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này."]
    came(db, "dvc/ho_so")
    assert [row["noi_ro"] for row in ask(db, "Q-014")] == ["Không có hồ sơ nào bị trả lại trong kỳ."]


@pytest.mark.parametrize("code", ["Q-112", "Q-113"])
@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ("Kế hoạch kiểm soát TTHC năm 2024", {"Q-113"}),
        ("KH KSTTHC 2024", {"Q-113"}),
        ("Kế hoạch KIỂM SOÁT THỦ TỤC hành chính", {"Q-113"}),
        ("Kế hoạch triển khai Đề án 06", {"Q-112"}),
        ("Kế hoạch ĐA06 năm 2024", {"Q-112"}),
        ("Kế hoạch chuyển đổi số", set[str]()),
    ],
)
def test_a_plan_is_known_by_its_name_and_another_is_not_a_missing_file(
    db: duckdb.DuckDBPyConnection, code: str, plan: str, found: set[str]
) -> None:
    db.execute(
        f"CREATE TABLE dieu_hanh.nhiem_vu AS SELECT '{plan}' AS ke_hoach, 'Việc' AS ten_nhiem_vu, "
        "'xong' AS trang_thai, false AS thuong_xuyen"
    )
    came(db, "chi_dao/nhiem_vu")
    said = [row["noi_ro"] for row in ask(db, code) if row["noi_ro"]]
    assert bool(said) == (code not in found)
    assert all(words.startswith("Không có kế hoạch nào") for words in said)


def test_who_published_late_is_told_from_the_catalogue(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("CREATE TABLE tthc.don_vi AS SELECT 'H44.03' AS ma_don_vi, 'Sở Tư pháp' AS ten_don_vi, true AS moi_nhat")
    db.execute(
        "CREATE TABLE tthc.danh_muc AS SELECT *, CASE co_quan WHEN 'Sở TP' THEN 'H44.03' END AS ma_don_vi FROM (VALUES "
        "('T1', 'Sở Tư pháp', 'Hộ tịch', DATE '2024-01-02', "
        "DATE '2024-03-04', 40, '1/QĐ', false), ('T2', 'Sở TP', 'Hộ tịch', "
        "DATE '2024-01-02', DATE '2024-03-04', 40, '1/QĐ', false), "
        "('T3', NULL, 'Đất đai', DATE '2024-01-02', DATE '2024-01-12', 0, '2/QĐ', NULL), "
        "('T4', 'Sở Xây dựng', 'Xây dựng', NULL, DATE '2024-01-12', NULL, '3/QĐ', false)) "
        "v(ma_tthc, co_quan, linh_vuc, ngay_bo_cong_bo, ngay_tinh_cong_bo, so_ngay_cham_cong_bo, so_quyet_dinh, noi_bo)"
    )
    rows = [
        (row["co_quan"], row["linh_vuc"], row["so_tthc"], row["so_quyet_dinh"], row["cham_nhat_ngay"])
        for row in ask(db, "Q-079")
    ]
    assert rows == [("Sở Tư pháp", "Hộ tịch", 2, 1, 62), (None, "Đất đai", 1, 1, 10)]


def test_what_waits_for_a_signature_now_is_listed_first(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TABLE tthc.lich AS SELECT ngay::DATE AS ngay, isodow(ngay) < 6 AS la_ngay_lam_viec, "
        "sum((isodow(ngay) < 6)::INT) OVER (ORDER BY ngay) AS so_thu_tu "
        "FROM range(TIMESTAMP '2024-07-01', TIMESTAMP '2024-08-01', INTERVAL 1 DAY) t(ngay)"
    )
    db.execute(
        "CREATE TABLE tthc.ho_so AS SELECT * FROM (VALUES ('ket', 'qua_han'), ('moi', 'trong_han'), ('qua', NULL), "
        "('xong', NULL)) v(ma_ho_so, dang_xu_ly)"
    )
    db.execute(
        "CREATE TABLE tthc.buoc_ho_so AS SELECT *, 'H44.02' AS ma_don_vi, "
        "DATE '2024-07-31' AS ngay_so_lieu FROM (VALUES "
        "('ket', 'trinh_ky', TIMESTAMP '2024-07-25 10:00:00', NULL::DOUBLE, true), "
        "('moi', 'trinh_ky', TIMESTAMP '2024-07-30 10:00:00', NULL, true), "
        "('xong', 'trinh_ky', TIMESTAMP '2024-07-01 10:00:00', NULL, true), "
        "('qua', 'trinh_ky', TIMESTAMP '2024-07-01 10:00:00', 30, false)) "
        "v(ma_ho_so, loai_buoc, thoi_diem, so_gio_den_buoc_sau, la_buoc_cuoi)"
    )
    rows = [(row["ma_ho_so"], row["so_gio"], row["dang_ket"], row["so_dang_ket"]) for row in ask(db, "Q-024")]
    assert rows == [("ket", 33, True, 1), ("qua", 30, False, 1)]  # 1,5 + 3,5 + four days of 7 hours


def test_fees_that_are_lower_online_are_counted_from_the_fees_in_force(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TABLE tthc.phi AS SELECT * FROM (VALUES ('T1', NULL, 100, true), ('T1', 'truc_tuyen', 50, true), "
        "('T2', 'truc_tiep', 100, true), ('T2', 'truc_tuyen', 0, true), ('T3', NULL, 100, true), "
        "('T4', NULL, 100, true), ('T4', 'truc_tuyen', 10, false)) v(ma_tthc, kenh, phi_phai_thu, hien_hanh)"
    )
    assert [row["gia_tri"] for row in ask(db, "Q-084")] == [2, 1, 25, None]
    db.execute("DELETE FROM tthc.phi")
    assert [row["noi_ro"] for row in ask(db, "Q-084")] == ["Chưa có số: tệp của nguồn dvc/phi sẽ trả lời câu này."]


def test_a_comparison_without_any_figure_is_a_sentence(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE MACRO tthc.bieu_giai_quyet(tu, den) AS TABLE "
        "SELECT unnest(['toan_tinh', 'tinh', 'huyen', 'xa']) AS pham_vi, "
        "0 AS tiep_nhan, NULL::DOUBLE AS ty_le_dung_va_truoc_han"
    )
    missing = "Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này."
    assert [ask(db, code)[0]["noi_ro"] for code in ("Q-001", "Q-006")] == [missing, missing]
    came(db, "dvc/ho_so")
    (row,) = ask(db, "Q-001")
    assert (row["gia_tri"], row["noi_ro"]) == (0, None)  # the feed came: none were received
    (row,) = ask(db, "Q-006")
    assert row["noi_ro"] == "Không có hồ sơ nào có hạn được giải quyết trong kỳ."


def test_every_statement_can_say_why_it_has_no_answer() -> None:
    assert [code for code, sql in SQL.items() if "AS noi_ro" not in sql] == []
