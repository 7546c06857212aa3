"""A small publication written by hand, with the columns that the leaders' page and the work list ask for."""

from __future__ import annotations

from pathlib import Path

import duckdb

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} \"'&"
CODE = "H05.03-251201-0007"
_TODAY = "DATE '2025-12-15' AS ngay_so_lieu, '2025-12-15.abc' AS phien_ban"
_TABLES = {
    "tthc.don_vi": "SELECT *, if(ma_don_vi = 'H05.122', 'H05.121', ma_don_vi) AS ma_don_vi_hien_nay FROM (VALUES "
    "('H05.03', 'x', NULL::DATE), ('H05.121', 'Xã Đa Mai', DATE '2015-01-01'), "
    "('H05.121', 'UBND phường Đa Mai', DATE '2025-07-01'), ('H05.122', 'Sở Y', DATE '2015-01-01'), "
    "('H05.123', 'Sở Y', DATE '2015-01-01')) v(ma_don_vi, ten_don_vi, hieu_luc_tu)",
    "tthc.danh_muc": "SELECT '../T1' AS ma_tthc, 'Đăng ký khai sinh' AS ten_tthc, DATE '2024-01-01' AS hieu_luc_tu",
    "tthc.giai_quyet_thang": "SELECT * FROM (VALUES "
    "('2025-10', 'H05.03', '../T1', 110, 80, 10, 100, 60, 35, 5, 0, 10, 1), "
    "('2025-11', 'H05.03', '../T1', 110, 80, 10, 100, 50, 30, 20, 0, 10, 2), "
    "('2025-11', 'H05.121', 'chua_anh_xa', 3, 0, 3, 0, 0, 0, 0, 0, 3, 3), "
    "('2025-12', 'H05.122', '../T1', 5, 5, 0, 5, 5, 0, 0, 0, 0, 0), "
    "('2025-12', 'H05.123', '../T1', 5, 5, 0, 5, 5, 0, 0, 0, 0, 0)) v(ky, ma_don_vi, ma_tthc, tiep_nhan, truc_tuyen, "
    "ky_truoc, da_giai_quyet, truoc_han, dung_han, qua_han, khong_han, dang_giai_quyet, dang_qua_han)",
    "chi_so_766.tong_hop": "SELECT ky, nhom, ten AS ten_nhom, diem::DECIMAL(9, 2) AS diem_hien_thi, "
    "toi_da AS diem_toi_da, "
    "7.5 AS diem_cong_qg, 8.0 AS binh_quan_ca_nuoc, 3 AS xep_hang_cong_qg, 34 AS so_don_vi_xep_hang, "
    "-0.5 AS thay_doi_so_voi_ky_truoc, true AS duoi_binh_quan, NULL::VARCHAR AS nguon_thieu, true AS la_toan_tinh, "
    "'thang' AS loai_ky FROM (VALUES ('2025-10', 'tong', 'Tổng điểm', 80.0, 100.0), "
    "('2025-11', 'tong', 'Tổng điểm', 79.5, 100.0), ('2025-11', 'so_hoa', 'Số hóa hồ sơ', 7.0, 22.0)) "
    "v(ky, nhom, ten, diem, toi_da)",
    "chi_so_766.dinh_nghia": "SELECT '4.1' AS ma_chi_so, 'so_hoa' AS nhom",
    "chi_so_766.diem_mat": "SELECT * FROM (VALUES ('2025-11', 'H05.03', '', '../T1', '', '4.1', 1, 0.75), "
    "('2025-11', 'H05.121', 'UBND phường Đa Mai', 'khong_theo_tthc', NULL, '5.2', 2, 0.25)) "
    "v(ky, ma_don_vi, ten_don_vi, ma_tthc, ten_tthc, ma_chi_so, so_ho_so_loi, diem_mat), "
    "(SELECT 'hồ sơ chưa có kết quả điện tử' AS loi, 'ho_so' AS loai_doi_tuong)",
    "dieu_hanh.canh_bao": "SELECT loai || ':' || doi_tuong AS ma_canh_bao, *, 1 AS so_viec FROM (VALUES "
    f"('qua_han', 'Quá hẹn trả', 'do', 'Đỏ', '{CODE}', 'ho_so', 'H05.03', "
    f"'Hồ sơ {CODE} quá hẹn trả 3 ngày làm việc.', 3, DATE '2025-12-11'), "
    "('nguon_im_lang', 'Nguồn dữ liệu im lặng', 'vang', 'Vàng', 'dvc/ho_so', 'nguon', NULL, "
    "'=HYPERLINK(1) <b>im</b>', 1, DATE '2025-12-15')) "
    "v(loai, loai_ten, muc_do, muc_do_ten, doi_tuong, loai_doi_tuong, ma_don_vi, mo_ta, so_ngay, mo_tu_ngay)",
    "dieu_hanh.viec_don_vi": "SELECT * FROM (VALUES ('H05.03', 'qua_han', 'Quá hẹn trả', 1, 3, -2), "
    "('H05.121', 'sap_den_han', 'Sắp đến hẹn trả', 0, NULL, -1)) "
    "v(ma_don_vi, loai, loai_ten, so_luong, lau_nhat_ngay, thay_doi_so_voi_hom_truoc)",
    "dieu_hanh.chi_tieu": "SELECT *, 'toan_tinh' AS pham_vi, '2025-11' AS ky, 'it_nhat' AS chieu, false AS dat, "
    "true AS tron_ky FROM (VALUES ('Tỷ lệ trực tuyến', true, 0.9, 0.8), ('Điểm 766', false, 14, 13.6)) "
    "v(ten_chi_tieu, la_ty_le, muc_tieu, thuc_hien)",
    "ho_tich.so_dinh_danh": "SELECT 9 AS so_khai_sinh, 1 AS chua_co, 2 AS cho_huy, 0 AS sai_cau_truc",
    "ho_tich.so_hoa": "SELECT 'khai_sinh' AS loai_so, 'Khai sinh' AS loai_so_ten, 1000 AS so_truong_hop, "
    "900 AS da_nhap, 250 AS da_phe_duyet",
    "van_hanh.nguon": "SELECT 'dvc/ho_so' AS nguon_du_lieu, DATE '2025-12-10' AS ngay_du_lieu_cuoi, 4 AS so_ngay_tre, "
    "false AS trong_han",
    "chat_luong.diem_nguon": "SELECT 'dvc/ho_so' AS nguon_du_lieu, 99.5 AS diem",
}
HELD = "quy tắc HS_1 không đạt"


def publish(place: Path, *, held: str | None = None, without: tuple[str, ...] = ()) -> Path:
    """Write ``kho.duckdb`` into ``place``; ``held``: a group kept back; ``without``: tables left out."""
    place.mkdir(parents=True, exist_ok=True)
    file = place / "kho.duckdb"
    with duckdb.connect(str(file)) as db:
        for schema in ("tthc", "chi_so_766", "ho_tich", "chat_luong", "van_hanh", "dieu_hanh"):
            db.execute(f"CREATE SCHEMA {schema}")
        for name, sql in _TABLES.items():
            if name not in without:
                db.execute(f"CREATE TABLE {name} AS SELECT *, {_TODAY} FROM ({sql})")
        db.execute("UPDATE tthc.don_vi SET ten_don_vi = ? WHERE ma_don_vi = 'H05.03'", [HOSTILE])
        db.execute(
            "CREATE TABLE van_hanh.xuat_ban AS SELECT '2025-12-15.abc' AS phien_ban, g AS nhom_mart, 1 AS so_lan, "
            "if(g = ?, if(?, 'chua_co', 'giu_ban_cu'), 'moi') AS trang_thai, "
            "if(g = ?, DATE '2025-12-14', DATE '2025-12-15') AS ngay_so_lieu, if(g = ?, ?, NULL) AS ly_do "
            "FROM (VALUES ('tthc'), ('chi_so_766'), ('canh_bao'), ('ho_tich'), ('van_hanh')) v(g)",
            [held, bool(without), held, held, HELD],
        )
        db.execute(
            "CREATE MACRO chi_so_766.thanh_phan(ky, chi_so) AS TABLE SELECT 'H05.03' AS ma_don_vi, '../T1' AS ma_tthc, "
            f"'{CODE}' AS ma_doi_tuong, 'mau_so' AS vai_tro, 'chung' AS pham_vi, 'ho_so' AS loai_doi_tuong "
            "WHERE chi_so = '4.1' AND ky = '2025-11'"
        )
    return file
