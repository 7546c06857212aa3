"""A small publication written by hand: the columns that papers ask for, and window macros that answer from tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.papers.desk import Window

HOSTILE = "{{ 7*7 }} {tiep_nhan} <w:t>&\"'=HYPERLINK(1)"
WINDOW = ("2025-07-01", "2025-07-31")
JULY = Window(date(2025, 7, 1), date(2025, 7, 31))
_COUNTS = (
    "tiep_nhan, truc_tuyen, truc_tiep, buu_chinh, khong_ro_kenh, ky_truoc, da_giai_quyet, truoc_han, dung_han, "
    "qua_han, "
    "khong_han, tra_lai, dang_giai_quyet, dang_trong_han, dang_qua_han, dang_khong_han, tu_choi_tiep_nhan, "
    "ty_le_truc_tuyen, ty_le_dung_va_truoc_han, tu_so_truc_tuyen, mau_so_truc_tuyen, tu_so_dung_va_truoc_han, "
    "mau_so_dung_va_truoc_han"
)
_FORM = (
    "nhan_tong_so, nhan_truc_tuyen, nhan_truc_tiep_buu_chinh, nhan_tu_ky_truoc, giai_quyet_tong_so, "
    "giai_quyet_truoc_han, giai_quyet_dung_han, giai_quyet_qua_han, dang_giai_quyet_tong_so, "
    "dang_giai_quyet_trong_han, "
    "dang_giai_quyet_qua_han"
)
_MANY = (
    "(1200, 900, 80, 15, 5, 200, 1100, 700, 300, 90, 10, 20, 80, 60, 15, 5, 3, 0.9, 1000/1090.0, 900, 1000, 1000, 1090)"
)
_FEW = "(10, 8, 2, 0, 0, 0, 10, 6, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0.8, 1.0, 8, 10, 10, 10)"
_NONE = "(4, 0, 0, 0, 0, 4, 4, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, NULL, 0.0, 0, 0, 0, 4)"
_EARLIER = (
    "SELECT 'tthc' AS nhom_mart, 'giu_ban_cu' AS trang_thai, 'Quy tắc không đạt.' AS ly_do, 1 AS so_lan, "
    "DATE '2025-06-30' AS ngay_so_lieu, '2025-06-30.cu' AS phien_ban"
)
"""What was decided a night before."""
_TODAY = "DATE '2025-07-31' AS ngay_so_lieu, '2025-07-31.abc' AS phien_ban"


def _counted(key: str, values: str, month: int = 7) -> str:
    return f"SELECT {month} AS thang, '{key}' AS k, * FROM (VALUES {values}) AS v({_COUNTS})"


def publish(place: Path) -> Path:
    """Write ``kho.duckdb`` into ``place``; gives its path."""
    place.mkdir(parents=True, exist_ok=True)
    file = place / "kho.duckdb"
    with duckdb.connect(str(file)) as db:
        for schema in ("tthc", "chi_so_766", "ho_tich", "chat_luong", "van_hanh", "doi_soat"):
            db.execute(f"CREATE SCHEMA {schema}")
        for name, sql in _TABLES.items():
            db.execute(f"CREATE TABLE {name} AS SELECT *, {_TODAY} FROM ({sql})")
        db.execute(f"CREATE OR REPLACE TABLE van_hanh.xuat_ban AS {_EARLIER} UNION ALL FROM van_hanh.xuat_ban")
        db.execute("UPDATE tthc.don_vi SET ten_don_vi = ? WHERE ma_don_vi = 'H05.03'", [HOSTILE])
        db.execute("UPDATE chi_so_766.diem_mat SET ten_don_vi = ?, ten_tthc = ?", [HOSTILE, HOSTILE])
        for macro, key, table in (("", "pham_vi", "muc"), ("_don_vi", "ma_don_vi", "don_vi_dem")):
            db.execute(
                f"CREATE MACRO tthc.bieu_giai_quyet{macro}(tu_ngay, den_ngay) AS TABLE SELECT k AS {key}, {_COUNTS} "
                f"FROM tthc.{table} WHERE thang = month(tu_ngay)"
            )
        for macro, key in (("", "pham_vi"), ("_don_vi", "ma_don_vi")):
            db.execute(
                f"CREATE MACRO tthc.bieu_pakn{macro}(tu_ngay, den_ngay) AS TABLE SELECT k AS {key}, * EXCLUDE (k) "
                "FROM tthc.pakn_dem WHERE month(tu_ngay) = 7"
            )
        db.execute(
            "CREATE MACRO tthc.bieu_06a(tu_ngay, den_ngay) AS TABLE SELECT cap, linh_vuc, " + _FORM + " FROM tthc.bieu "
            "WHERE month(tu_ngay) = 7"
        )
    return file


def change_published(paths: DataPaths, sql: str) -> None:
    """Let the publication say something else."""
    with duckdb.connect(str(paths.marts_file)) as db:
        db.execute(sql)


_TABLES = {
    "van_hanh.xuat_ban": "SELECT * FROM (VALUES ('tthc', 'moi', NULL::VARCHAR, 2), ('ho_tich', 'moi', NULL, 2)) "
    "v(nhom_mart, trang_thai, ly_do, so_lan)",
    "tthc.ho_so": "SELECT DATE '2025-01-02' AS ngay_tiep_nhan",
    "tthc.ky_bao_cao": "SELECT '766' AS loai_lich, 'thang' AS loai_ky, DATE '2025-06-01' + INTERVAL (i) MONTH AS tu, "
    "(DATE '2025-06-01' + INTERVAL (i) MONTH)::DATE AS tu_ngay, "
    "(DATE '2025-06-01' + INTERVAL (i + 1) MONTH - INTERVAL 1 DAY)::DATE AS den_ngay FROM range(2) t(i)",
    "tthc.don_vi": "SELECT * FROM (VALUES ('H05', 'UBND tỉnh Bắc Ninh', 'tinh', NULL, DATE '2025-07-01', NULL::DATE), "
    "('H05.03', 'x', 'tinh', 'H05', DATE '2025-07-01', NULL), "
    "('H05.121', 'UBND phường A', 'xa', 'H05', DATE '2025-07-01', NULL)) "
    "v(ma_don_vi, ten_don_vi, cap, ma_don_vi_cha, hieu_luc_tu, hieu_luc_den)",
    "tthc.muc": " UNION ALL ".join(
        [_counted("toan_tinh", _MANY), _counted("tinh", _FEW), _counted("xa", _NONE), _counted("toan_tinh", _FEW, 6)]
    ),
    "tthc.don_vi_dem": " UNION ALL ".join([_counted("H05.03", _MANY), _counted("H05.121", _FEW)]),
    "tthc.bieu": f"SELECT * FROM (VALUES ('tinh', 'Đất đai', 7, 5, 2, 0, 7, 3, 4, 0, 0, 0, 0), "
    f"('tinh', 'Hộ tịch', 3, 3, 0, 0, 3, 3, 0, 0, 0, 0, 0), "
    f"('xa', '<b>{{{{ x }}}}', 4, 0, 0, 4, 4, 0, 0, 4, 0, 0, 0)) v(cap, linh_vuc, {_FORM})",
    "tthc.danh_muc": "SELECT * FROM (VALUES ('T1', 'tinh', 'trung_uong', true, DATE '2024-01-01', NULL::DATE, 'khop', "
    "'1/QĐ', DATE '2025-07-05', DATE '2025-07-06', 2), ('T1', 'tinh', 'trung_uong', true, DATE '2023-01-01', "
    "NULL, 'khop', "
    "'1/QĐ', NULL, NULL, 0), ('T2', 'xa', 'dia_phuong', false, DATE '2024-01-01', NULL, 'khop', '1/QĐ', "
    "DATE '2025-07-05', NULL, 0)) v(ma_tthc, cap, nguon, mot_cua, hieu_luc_tu, hieu_luc_den, anh_xa, so_quyet_dinh, "
    "ngay_tinh_cong_bo, ngay_cong_khai, so_ngay_cham_cong_bo), "
    "(VALUES (false)) b(noi_bo) UNION ALL SELECT 'N1', 'tinh', 'dia_phuong', NULL, "
    "DATE '2024-01-01', NULL, 'khop', '2/QĐ', DATE '2025-07-05', DATE '2025-07-05', 0, true",
    "tthc.pakn_chi_tiet": "SELECT * FROM (VALUES ('H05.03', 'quy_dinh', TIMESTAMP '2025-07-31 16:00:00'), ('H05.121', "
    "'hanh_vi', TIMESTAMP '2025-07-01 00:00:00'), ('H05.03', 'hanh_vi', TIMESTAMP '2025-06-30 23:59:00')) "
    "v(ma_don_vi, loai, ngay_tiep_nhan)",
    "tthc.pakn_dem": "SELECT * FROM (VALUES ('toan_tinh', 2, 1, 2, 1, 1), ('H05.03', 1, 1, 1, 0, 1)) "
    "v(k, tiep_nhan, ky_truoc, da_xu_ly, cong_khai, dang_xu_ly)",
    "van_hanh.nguon": "SELECT 'dvc/pakn' AS nguon_du_lieu, 'pakn.csv' AS tep_cuoi",
    "tthc.thiet_yeu": "SELECT * FROM (VALUES ('2025-06', 'T1', 'Khai sinh', 10, 5), ('2025-07', 'T1', 'Khai "
    "sinh', 12, 12), "
    "('2025-06', 'T2', 'Khai tử', 0, 0), ('2025-07', 'T2', 'Khai tử', 0, 0)) v(ky, ma_tthc, ten_tthc, so_ho_so, "
    "truc_tuyen)",
    "chi_so_766.tong_hop": "SELECT '2025-07' AS ky, 'thang' AS loai_ky, true AS tron_ky, ma AS ma_don_vi, ma = "
    "'H05' AS "
    "la_toan_tinh, ma AS ten_don_vi, nhom, 7.125 AS diem, 12.0 AS diem_toi_da, 7.0 AS diem_cong_qg, "
    "if(nhom = 'tong', NULL, 8.0) AS binh_quan_ca_nuoc, 0.0 AS thay_doi_so_voi_ky_truoc, NULL AS nguon_thieu "
    "FROM (VALUES ('H05'), ('H05.03')) d(ma), (VALUES ('cong_khai'), ('tien_do'), ('truc_tuyen'), ('thanh_toan'), "
    "('so_hoa'), ('hai_long'), ('tong')) n(nhom)",
    "chi_so_766.dinh_nghia": "SELECT ma AS ma_chi_so, 'Số hồ sơ nhận trong kỳ' AS mau_so FROM "
    "(VALUES ('3.6'), ('4.1'), ('4.2'), ('4.3'), ('5.3'), ('5.4')) v(ma)",
    **{
        f"chi_so_766.{table}": f"SELECT '2025-07' AS ky, 'H05' AS ma_don_vi, true AS la_toan_tinh, ma AS "
        f"ma_chi_so, 1 AS tu_so, "
        f"3 AS mau_so FROM (VALUES {codes}) v(ma)"
        for table, codes in (
            ("thanh_toan_truc_tuyen", "('3.6')"),
            ("so_hoa_ho_so", "('4.1'), ('4.2'), ('4.3')"),
            ("muc_do_hai_long", "('5.3'), ('5.4')"),
        )
    },
    "chi_so_766.diem_mat": "SELECT '2025-07' AS ky, 'H05.03' AS ma_don_vi, 'T1' AS ma_tthc, '2.1' AS ma_chi_so, "
    "213 AS so_ho_so_loi, "
    "0.8 AS diem_mat, '' AS ten_don_vi, '' AS ten_tthc, 'hồ sơ quá hạn' AS loi",
    "ho_tich.so_hoa": "SELECT 5 AS so_quyen, 1000 AS so_truong_hop, 999 AS da_nhap, 0 AS da_phe_duyet",
    "ho_tich.so_dinh_danh": "SELECT '2025-07' AS ky, 9 AS so_khai_sinh, 9 AS co_so, 1 AS chua_co, 2 AS cho_huy, "
    "0 AS sai_cau_truc",
    "ho_tich.lien_thong": "SELECT '2025-07' AS ky, 'khai_sinh' AS nhom, 4 AS so_ho_so, 3 AS xong",
    "ho_tich.trung_lap": "SELECT 'hai_noi' AS loai",
    "doi_soat.so_lieu_bao_cao": "SELECT 'B1' AS ma_bao_cao, ma AS ma_so_lieu, 'Báo cáo tháng 7' AS ten_bao_cao, "
    "'mục II' AS trich_dan, chi_tieu, chi_tieu AS ten_chi_tieu, tu AS tu_ngay, den AS den_ngay, pham_vi, "
    "so AS gia_tri_goc, if(ma = 'R8', '2025-09-30', NULL) AS gia_tri_ngay_goc, "
    "dv AS don_vi_tinh, row_number() OVER () AS dong FROM (VALUES "
    "('R1', 'dossiers_received', DATE '2025-07-01', DATE '2025-07-31', 'Bắc Ninh / toàn tỉnh', '1.200', 'hồ sơ'), "
    "('R2', 'dossiers_resolved_not_late', DATE '2025-07-01', DATE '2025-07-31', 'Bắc Ninh / toàn tỉnh', "
    "'1.002', 'hồ sơ'), "
    "('R3', 'dossiers_not_late_rate', DATE '2025-07-01', DATE '2025-07-31', 'Bắc Ninh / cấp tỉnh / Bộ phận Một cửa', "
    "'100', '%'), "
    "('R4', 'dossiers_received', DATE '2025-07-01', DATE '2025-07-31', 'Bắc Ninh / cấp tỉnh / Sở Y', '7', 'hồ sơ'), "
    "('R5', 'dossiers_received', DATE '2024-07-01', DATE '2024-07-31', 'Bắc Ninh / toàn tỉnh', '7', 'hồ sơ'), "
    "('R6', 'tthc_onestop', NULL, DATE '2025-07-31', 'Bắc Ninh / toàn tỉnh', '1', 'thủ tục'), "
    "('R8', 'la', NULL, DATE '2025-09-30', 'Bắc Ninh / toàn tỉnh', NULL, 'ngày tháng'), "
    "('R7', 'la', NULL, NULL, 'Bắc Ninh / toàn tỉnh', '=1+1', '<b>')) v(ma, chi_tieu, tu, den, pham_vi, so, dv) "
    "UNION ALL SELECT 'B2', 'X1', 'Báo cáo tỉnh khác', 'I', 'dossiers_received', 'x', DATE '2025-07-01', "
    "DATE '2025-07-31', 'Tỉnh Z / toàn tỉnh', '5', NULL, 'hồ sơ', 99",
    "doi_soat.bao_cao": "SELECT 'B1' AS ma_bao_cao, q AS ma_quan_he, ma AS ma_so_lieu, mo_ta, 1002.0 AS gia_tri_in, "
    "1003.5 AS gia_tri_tinh, -1.5 AS chenh_lech, 'lech' AS ket_luan, 10 AS mau_so_tu, 12 AS mau_so_den FROM (VALUES "
    "('R2/cap', 'R2', 'Tổng ba cấp {{ x }}'), ('R2/kho', 'R2', 'So với kho'), ('suy_ra:x/cap', 'suy_ra:x', "
    "'Suy ra')) v(q, ma, mo_ta)",
    "chat_luong.loi": "SELECT * FROM (VALUES ('moi', 'Q1', DATE '2025-07-03'), ('da_sua', 'Q1', DATE '2025-06-03'), "
    "('con', 'Q9', DATE '2025-07-31')) v(trang_thai, ma_quy_tac, phat_hien)",
    "chat_luong.quy_tac": "SELECT 'Q1' AS ma_quy_tac, 'Đúng <b>' AS chieu_ten",
    "tthc.cong_bo": "SELECT * FROM (VALUES ('7/QĐ', DATE '2025-07-31', true), ('7/QĐ', DATE '2024-07-31', true), "
    "('8/QĐ', DATE '2024-01-01', true), ('9/QĐ', DATE '2025-07-01', false)) v(so_van_ban, ngay, trung_so), "
    "(SELECT 'UBND tỉnh' AS co_quan)",
    "tthc.do_phu": "SELECT * FROM (VALUES ('2025-06', 'Cư trú', 'HT-1', 40), ('2025-07', 'Cư trú', 'HT-1', 30), "
    "('2025-07', '{{ x }}', 'HT-2', 5)) v(ky, linh_vuc, ma_he_thong, ngoai_cong)",
    "chat_luong.diem_nguon": "SELECT 'dvc/ho_so' AS nguon_du_lieu, 99.5 AS dung, 100.0 AS du, NULL::DOUBLE AS "
    "sach, 33.333 AS song",
}
