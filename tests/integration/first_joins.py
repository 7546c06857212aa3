"""The joins people write first on what is published: each with the total it must keep."""

from __future__ import annotations

from pipelines.config.paths import DataPaths
from pipelines.publish.query import open_published

WINDOW = "'2025-03-01', '2025-11-30'"
MONTHS = "ky BETWEEN '2025-03' AND '2025-11'"
BY_MONTH = f"(SELECT sum({{}}) FROM tthc.giai_quyet_thang WHERE {MONTHS})"
WHOLE = f"(SELECT {{}} FROM tthc.bieu_giai_quyet({WINDOW}) WHERE pham_vi = 'toan_tinh')"

SAME: dict[str, tuple[str, str]] = {
    "names of procedures from the current catalogue": (
        "SELECT sum(g.tiep_nhan) FROM tthc.giai_quyet_thang AS g "
        "LEFT JOIN tthc.danh_muc AS d ON g.ma_tthc = d.ma_tthc AND d.moi_nhat",
        "SELECT sum(tiep_nhan) FROM tthc.giai_quyet_thang",
    ),
    "names of agencies by code": (
        "SELECT sum(g.tiep_nhan) FROM tthc.giai_quyet_thang AS g JOIN tthc.don_vi AS d ON g.ma_don_vi = d.ma_don_vi "
        "AND d.moi_nhat",
        "SELECT sum(tiep_nhan) FROM tthc.giai_quyet_thang",
    ),
    "registrations with names of agencies": (
        "SELECT sum(g.so_luong) FROM ho_tich.dang_ky_thang AS g LEFT JOIN ho_tich.don_vi AS d "
        "ON g.ma_don_vi = d.ma_don_vi AND d.moi_nhat",
        "SELECT sum(so_luong) FROM ho_tich.dang_ky_thang",
    ),
    "an agency found by a name without marks": (
        f"SELECT sum(g.tiep_nhan) FROM tthc.bieu_giai_quyet_don_vi({WINDOW}) AS g JOIN tthc.don_vi AS d "
        "ON g.ma_don_vi = d.ma_don_vi AND d.moi_nhat WHERE d.ten_khong_dau LIKE '%so y te%'",
        f"SELECT sum(tiep_nhan) FROM tthc.bieu_giai_quyet_don_vi({WINDOW}) WHERE ten_don_vi LIKE '%Sở Y tế%'",
    ),
    "a procedure found by a name without marks": (
        "SELECT count(*) FROM tthc.danh_muc WHERE ten_khong_dau LIKE '%' || tthc.khong_dau('ĐĂNG KÝ') || '%'",
        "SELECT count(*) FROM tthc.danh_muc WHERE lower(ten_tthc) LIKE '%đăng ký%'",
    ),
    "agencies of a window against the whole": (
        f"SELECT sum(tiep_nhan) FROM tthc.bieu_giai_quyet_don_vi({WINDOW})", f"SELECT {WHOLE.format('tiep_nhan')}",
    ),
    "procedures of a window against the whole": (
        f"SELECT sum(tiep_nhan) FROM tthc.bieu_giai_quyet_tthc({WINDOW})", f"SELECT {WHOLE.format('tiep_nhan')}",
    ),
    "finished dossiers of months against their window": (
        f"SELECT {BY_MONTH.format('da_giai_quyet')}", f"SELECT {WHOLE.format('da_giai_quyet')}",
    ),
    "new dossiers of months against their window": (
        f"SELECT {BY_MONTH.format('tiep_nhan - ky_truoc')}", f"SELECT {WHOLE.format('tiep_nhan - ky_truoc')}",
    ),
    "dossiers one by one against the months": (
        "SELECT count(*) FROM tthc.ho_so WHERE duoc_tiep_nhan AND CAST(ngay_tiep_nhan AS DATE) "
        "BETWEEN DATE '2025-03-01' AND DATE '2025-11-30'", f"SELECT {BY_MONTH.format('tiep_nhan - ky_truoc')}",
    ),
    "a period of the calendar as the argument of a macro": (
        "SELECT b.tiep_nhan FROM tthc.ky_bao_cao AS k, tthc.bieu_giai_quyet(k.tu_ngay, k.den_ngay) AS b "
        "WHERE k.loai_lich = 'kstthc' AND k.ky = '2025-H1' AND b.pham_vi = 'toan_tinh'",
        "SELECT tiep_nhan FROM tthc.bieu_giai_quyet('2024-12-15', '2025-06-14') WHERE pham_vi = 'toan_tinh'",
    ),
    "only whole months": (
        "SELECT count(DISTINCT ky) FROM tthc.giai_quyet_thang WHERE tron_ky",
        "SELECT count(DISTINCT ky) FROM tthc.giai_quyet_thang WHERE last_day(strptime(ky, '%Y-%m')) <= ngay_so_lieu",
    ),
    "a code and its name tell the same dossiers apart": (
        "SELECT count(*) FROM (SELECT DISTINCT trang_thai, kenh, ket_qua_han FROM tthc.ho_so)",
        "SELECT count(*) FROM (SELECT DISTINCT trang_thai_ten, kenh_ten, ket_qua_han_ten FROM tthc.ho_so)",
    ),
    "feeds that have come": (
        "SELECT count(*) FROM van_hanh.nguon WHERE van_hanh.da_co(nguon_du_lieu)",
        "SELECT count(DISTINCT nguon_du_lieu) FROM van_hanh.tep WHERE trang_thai = 'da_nap'",
    ),
}  # fmt: skip
"""What people ask → the question with a join, and the one whose total it must give."""


def differing(paths: DataPaths) -> dict[str, tuple[object, object]]:
    """The two totals of every join that does not keep its total, or that finds nothing at all."""
    found = {}
    with open_published(paths) as connection:
        for name, questions in SAME.items():
            joined, plain = (connection.execute(question).fetchall()[0][0] for question in questions)
            if joined != plain or not joined:
                found[name] = (joined, plain)
    return found


def unnamed(paths: DataPaths) -> dict[str, list[object]]:
    """Codes by ``schema.table.column`` that the name beside them leaves empty: their list lacks them, or is another."""
    found = {}
    with open_published(paths) as connection:
        pairs = connection.execute(
            "SELECT a.schema_name, a.table_name, a.column_name FROM duckdb_columns() AS a JOIN duckdb_columns() AS b "
            "ON b.schema_name = a.schema_name AND b.table_name = a.table_name "
            "AND b.column_name = a.column_name || '_ten' "
            "WHERE NOT a.internal ORDER BY ALL"
        ).fetchall()
        for schema, table, column in pairs:
            codes = connection.execute(
                f"SELECT DISTINCT {column} FROM {schema}.{table} WHERE {column} IS NOT NULL AND {column}_ten IS NULL"
            ).fetchall()
            if codes:
                found[f"{schema}.{table}.{column}"] = [code for (code,) in codes]
    return found
