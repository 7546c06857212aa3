"""What a corrected calendar changed: which years, and how many dossiers' recomputed due dates (rules R2, R3).

The nightly build calls ``before_build`` and ``after_build`` around dbt. On a night whose calendar is the one the
last build used, both cost one comparison of some six thousand days. Otherwise the days that changed and the due dates
as they were are kept until a build of ``tthc.ho_so`` has gone through; then ``so_cai.thay_doi_lich`` gets one row a
year, once: history, so that a repeated run publishes the same (rule R1).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.warehouse.calendar import SEEDS
from pipelines.warehouse.database import table_exists, transaction

# Days that are worked in one calendar and not in the other; days new to the calendar change nothing.
_CHANGED = """
INSERT INTO so_cai.lich_doi
SELECT cu.ngay
FROM tham_chieu.lich AS cu
INNER JOIN read_csv(?, header = true, columns = {
    'ngay': 'DATE', 'la_ngay_lam_viec': 'BOOLEAN', 'ten_ngay_nghi': 'VARCHAR', 'so_thu_tu_lam_viec': 'INTEGER',
    'tam_tinh': 'BOOLEAN'
}) AS moi ON cu.ngay = moi.ngay
WHERE cu.la_ngay_lam_viec <> moi.la_ngay_lam_viec AND cu.ngay NOT IN (SELECT ngay FROM so_cai.lich_doi)
"""

# A due date that moved for another reason (another receipt, procedure or state; an open wait on a later day) is none
# of the calendar's doing; one that did move by it has a changed day between receipt and the later of the two dates.
_NOTED = """
INSERT INTO so_cai.thay_doi_lich
WITH doi AS (
    SELECT t.ma_ho_so, t.ngay_tiep_nhan::DATE AS tu, greatest(t.han_tinh_lai, h.han_tinh_lai) AS den
    FROM so_cai.han_truoc AS t
    INNER JOIN tthc.ho_so AS h ON t.ma_ho_so = h.ma_ho_so
    WHERE t.han_tinh_lai <> h.han_tinh_lai
        AND t.ngay_tiep_nhan = h.ngay_tiep_nhan
        AND t.ma_tthc IS NOT DISTINCT FROM h.ma_tthc
        AND t.trang_thai = h.trang_thai
        AND (t.ngay_so_lieu = h.ngay_so_lieu OR h.trang_thai <> 'yeu_cau_bo_sung')
)
SELECT ? AS so_lan, l.nam, l.so_ngay, count(DISTINCT d.ma_ho_so)
FROM (SELECT year(ngay) AS nam, count(*) AS so_ngay, list(ngay) AS ngay FROM so_cai.lich_doi GROUP BY year(ngay)) AS l
LEFT JOIN doi AS d ON list_bool_or(list_transform(l.ngay, lambda x: x BETWEEN d.tu AND d.den))
GROUP BY l.nam, l.so_ngay
"""


def before_build(connection: duckdb.DuckDBPyConnection, seeds: Path = SEEDS) -> None:
    """Compare ``seeds/lich.csv`` with the calendar of the last build; keep what a change is to be measured against."""
    if not table_exists(connection, "tham_chieu", "lich"):
        return
    connection.execute(_CHANGED, [str(seeds / "lich.csv")])
    kept = connection.execute("SELECT count(*) FROM so_cai.han_truoc").fetchall()[0][0]
    changed = connection.execute("SELECT count(*) FROM so_cai.lich_doi").fetchall()[0][0]
    if changed and not kept and _has_dossiers(connection):
        connection.execute(
            "INSERT INTO so_cai.han_truoc SELECT ma_ho_so, ngay_tiep_nhan, ma_tthc, trang_thai, han_tinh_lai, "
            "ngay_so_lieu FROM tthc.ho_so WHERE han_tinh_lai IS NOT NULL"
        )


def after_build(connection: duckdb.DuckDBPyConnection, run_number: int, *, built: bool) -> None:
    """Enter the years that changed, with their dossiers, once ``tthc.ho_so`` stands on the new calendar.

    ``built``: the build of its rows has gone through in this run.
    """
    pending = connection.execute("SELECT count(*) FROM so_cai.lich_doi").fetchall()[0][0]
    if not pending or not built:
        return
    with transaction(connection):
        connection.execute(_NOTED, [run_number])
        connection.execute("DELETE FROM so_cai.lich_doi")
        connection.execute("DELETE FROM so_cai.han_truoc")


def _has_dossiers(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether ``tthc.ho_so`` is there: a table or a view."""
    rows = connection.execute(
        "SELECT 1 FROM duckdb_columns() WHERE schema_name = 'tthc' AND table_name = 'ho_so' LIMIT 1"
    ).fetchall()
    return bool(rows)
