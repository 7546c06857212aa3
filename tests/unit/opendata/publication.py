"""A small publication written by hand, with the marts that open data read."""

from __future__ import annotations

from pathlib import Path

import duckdb

FORMULA = "=HYPERLINK(1)"
_AGENCIES = ("tthc.don_vi", "ho_tich.don_vi")
_COMPONENTS = ("cong_khai_minh_bach", "dich_vu_truc_tuyen", "muc_do_hai_long", "so_hoa_ho_so", "thanh_toan_truc_tuyen")
_TABLES = {
    "tthc.giai_quyet_thang": "SELECT ky, ma_don_vi, ma_tthc, a::BIGINT AS truc_tuyen, b::BIGINT AS truc_tiep, "
    "c::BIGINT AS buu_chinh, 0::BIGINT AS khong_ro_kenh, (a + b)::BIGINT AS da_giai_quyet, a::BIGINT AS truoc_han, "
    "0::BIGINT AS dung_han, b::BIGINT AS qua_han, 0::BIGINT AS khong_han FROM (VALUES "
    "('2025-10', 'H1', 'T1', 60, 20, 0), ('2025-10', 'H1', 'T2', 40, 9, 0), ('2025-10', 'H2', 'T1', 30, 8, 0), "
    "('2025-10', 'H3', 'T2', 3, 11, 0), ('2025-10', 'H3', 'T1', 8, 12, 0), ('2025-10', 'H9', 'chua_anh_xa', 7, 7, 0), "
    "('2025-11', 'H1', 'T1', 50, 10, 0), ('2025-11', 'H2', 'T2', 50, 10, 0), ('2025-12', 'H1', 'T1', 5, 5, 5)) "
    "v(ky, ma_don_vi, ma_tthc, a, b, c)",
    "tthc.danh_muc": "SELECT *, true AS moi_nhat, ma_tthc = 'T3' AS noi_bo, NULL::VARCHAR AS ma_tthc_qg, 'xa' AS cap, "
    "'UBND' AS co_quan, 'Toàn trình' AS muc_do_dvc_ten, 3 AS thoi_han, 'Ngày làm việc' AS don_vi_thoi_han_ten, "
    "true AS mot_cua, true AS co_phi, true AS thanh_toan_truc_tuyen, true AS thiet_yeu, '1/QĐ' AS so_quyet_dinh, "
    "DATE '2024-01-01' AS hieu_luc_tu, NULL::DATE AS hieu_luc_den "
    f"FROM (VALUES ('T1', 'Khai sinh', 'Hộ tịch'), ('T2', '{FORMULA}', 'Đất đai'), ('T3', 'Nội bộ', 'Nội vụ'), "
    "(NULL, 'Chưa có mã', 'Y tế')) v(ma_tthc, ten_tthc, linh_vuc)",
    "tthc.thanh_toan": "SELECT '2025-10' AS ky, ma_don_vi, ket_qua, n::BIGINT AS so_giao_dich FROM (VALUES "
    "('H1', 'thanh_cong', 70), ('H1', 'that_bai', 6), ('H2', 'thanh_cong', 50), ('H2', NULL, 6), "
    "('H3', 'that_bai', 2)) v(ma_don_vi, ket_qua, n)",
    "tthc.pakn": "SELECT '2025-10' AS ky, 'H1' AS ma_don_vi, 'hanh_vi' AS loai, 12::BIGINT AS tiep_nhan",
    "ho_tich.dang_ky_thang": "SELECT '2025-10' AS ky, ma_don_vi, 'khai_sinh' AS loai_so, n::BIGINT AS so_luong "
    "FROM (VALUES ('H1', 30), ('H2', 20), ('H3', 2)) v(ma_don_vi, n)",
    "chi_so_766.tien_do_giai_quyet": "SELECT '2025-10' AS ky, ma AS ma_chi_so, tu::BIGINT AS tu_so, "
    "mau::BIGINT AS mau_so, 9.5 AS diem_hien_thi, 10.0 AS diem_toi_da, 'co_mau_so' AS tinh_trang, "
    "true AS la_toan_tinh FROM (VALUES ('2.1', 97, 100), ('1.1', 1, 2)) v(ma, tu, mau)",
    "chi_so_766.tong_hop": "SELECT '2025-10' AS ky, nhom, nhom AS ten_nhom, 9.5 AS diem_hien_thi, "
    "10.0 AS diem_toi_da, 9.0 AS diem_cong_qg, 8.0 AS binh_quan_ca_nuoc, true AS la_toan_tinh, 'thang' AS loai_ky "
    "FROM (VALUES ('tien_do'), ('cong_khai'), ('tong')) v(nhom)",
    "chi_so_766.dinh_nghia": "SELECT *, ma_chi_so AS ten, DATE '2022-01-01' AS hieu_luc_tu "
    "FROM (VALUES ('2.1', 'tien_do'), ('1.1', 'cong_khai')) v(ma_chi_so, nhom)",
}


def publish(place: Path, *changes: str, without: tuple[str, ...] = ()) -> Path:
    """Write ``kho.duckdb`` into ``place``; ``changes``: SQL on it; ``without``: tables left out."""
    place.mkdir(parents=True, exist_ok=True)
    file = place / "kho.duckdb"
    file.unlink(missing_ok=True)
    tables = dict(_TABLES)
    for name in _AGENCIES:
        tables[name] = (
            "SELECT *, NULL::VARCHAR AS ma_don_vi_cha, ma_don_vi AS ma_don_vi_hien_nay, true AS moi_nhat, "
            "DATE '2020-01-01' AS hieu_luc_tu, NULL::DATE AS hieu_luc_den FROM (VALUES ('H1', 'Sở Y', 'tinh'), "
            "('H2', 'Xã A', 'xa'), ('H3', 'Xã B', 'xa')) v(ma_don_vi, ten_don_vi, cap)"
        )
    for name in _COMPONENTS:
        tables[f"chi_so_766.{name}"] = f"SELECT * FROM chi_so_766.tien_do_giai_quyet WHERE ma_chi_so = '{name}'"
    with duckdb.connect(str(file)) as db:
        for schema in ("tthc", "ho_tich", "chi_so_766"):
            db.execute(f"CREATE SCHEMA {schema}")
        for name, sql in tables.items():
            db.execute(f"CREATE TABLE {name} AS {sql}")
        db.execute("COMMENT ON COLUMN tthc.giai_quyet_thang.truc_tuyen IS 'Nhận mới qua mạng.'")
        for sql in (*changes, *(f"DROP TABLE {name}" for name in without)):
            db.execute(sql)
    return file
