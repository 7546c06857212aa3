"""Lives of alerts in the ledger: open, seen, gone.

``dieu_hanh.canh_bao`` follows from the data alone; that an alert was told, or seen by somebody, does not. So each life
of an alert, from the night that first publishes it to the first night without it, is a row of
``so_cai.vong_doi_canh_bao``: an alert that comes back begins another life. Marks (``so_cai.da_xem``) are of one life
and of the level it had reached.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.warehouse import lock
from pipelines.warehouse.database import connect, transaction

OPEN = """
    SELECT v.ma_canh_bao, v.mo_lan, v.loai, v.ma_don_vi, CASE WHEN v.do_lan IS NULL THEN 'vang' ELSE 'do' END AS muc_do,
        EXISTS (
            SELECT 1 FROM so_cai.da_xem x WHERE x.ma_canh_bao = v.ma_canh_bao AND x.mo_lan = v.mo_lan
                AND (x.muc_do = 'do' OR v.do_lan IS NULL)
        ) AS da_xem
    FROM so_cai.vong_doi_canh_bao v WHERE v.het_lan IS NULL
"""
"""Open lives: the highest level each has reached, and whether somebody has seen it at that level."""


Mark = tuple[str, int, str]
"""Alert, life (the run that opened it) and the level at which it was seen."""


def is_marked(alert: Mark, marks: Collection[Mark]) -> bool:
    """Whether a mark is of this alert, this life, and its level or a worse one."""
    code, life, _ = alert
    return alert in marks or (code, life, "do") in marks


class UnknownAlertError(Exception):
    """No open alert (of that agency) has one of these codes; nothing is marked. Vietnamese text."""


def enter(connection: duckdb.DuckDBPyConnection, run: int, as_of: date, keep_days: int) -> None:
    """Bring the lives up to date with ``dieu_hanh.canh_bao`` as it is about to be published; again is harmless.

    ``keep_days``: lives that ended earlier than so many days before ``as_of`` are forgotten, with their marks. Raises
    ``duckdb.Error``.
    """
    with transaction(connection):
        connection.execute(
            "UPDATE so_cai.vong_doi_canh_bao AS v SET het_lan = ?, het_ngay = ? WHERE het_lan IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM dieu_hanh.canh_bao c WHERE c.ma_canh_bao = v.ma_canh_bao)",
            [run, as_of],
        )
        connection.execute(
            "UPDATE so_cai.vong_doi_canh_bao AS v SET do_lan = ? FROM dieu_hanh.canh_bao c "
            "WHERE v.het_lan IS NULL AND v.do_lan IS NULL AND c.ma_canh_bao = v.ma_canh_bao AND c.muc_do = 'do'",
            [run],
        )
        connection.execute(
            "INSERT INTO so_cai.vong_doi_canh_bao BY NAME SELECT c.ma_canh_bao, c.loai, c.ma_don_vi, ? AS mo_lan, "
            "? AS mo_ngay, CASE WHEN c.muc_do = 'do' THEN ? END AS do_lan FROM dieu_hanh.canh_bao c WHERE NOT EXISTS ("
            "SELECT 1 FROM so_cai.vong_doi_canh_bao v WHERE v.ma_canh_bao = c.ma_canh_bao AND v.het_lan IS NULL)",
            [run, as_of, run],
        )
        connection.execute(
            "DELETE FROM so_cai.vong_doi_canh_bao WHERE het_ngay < CAST(? AS DATE) - CAST(? AS INTEGER)",
            [as_of, keep_days],
        )
        connection.execute(
            "DELETE FROM so_cai.da_xem AS x WHERE NOT EXISTS (SELECT 1 FROM so_cai.vong_doi_canh_bao v "
            "WHERE v.ma_canh_bao = x.ma_canh_bao AND v.mo_lan = x.mo_lan)"
        )


def mark_seen(
    connection: duckdb.DuckDBPyConnection,
    codes: Collection[str],
    *,
    agencies: Collection[str] | None,
    role: str,
    now: datetime,
) -> tuple[int, int]:
    """Enter that ``role`` has seen the open alerts ``codes``, or all of ``agencies`` where none is named.

    Returns how many it marked, and how many had been marked. With ``agencies``, an alert of another one is unknown.
    Raises ``UnknownAlertError`` and ``duckdb.Error``.
    """
    with transaction(connection):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE can_xem AS "
            f"SELECT * FROM ({OPEN}) WHERE (? OR list_contains(?, ma_don_vi)) AND (? OR list_contains(?, ma_canh_bao))",
            [agencies is None, list(agencies or ()), not codes, list(codes)],
        )
        rows = connection.execute("SELECT ma_canh_bao, da_xem FROM can_xem").fetchall()
        unknown = sorted(set(codes) - {str(code) for code, _ in rows})
        if unknown:
            raise UnknownAlertError(
                f"không có cảnh báo đang mở mang mã {', '.join(unknown[:5])}"
                f"{f' và {len(unknown) - 5} mã khác' if len(unknown) > 5 else ''}; mã ghi ở cột Mã cảnh báo của "
                "`kho work --don-vi MÃ`."
            )
        connection.execute(
            "INSERT INTO so_cai.da_xem BY NAME SELECT ma_canh_bao, mo_lan, muc_do, ? AS vai, ? AS luc, "
            "(SELECT max(so_lan) FROM so_cai.lan_chay) AS so_lan FROM can_xem WHERE NOT da_xem",
            [role, now],
        )
        connection.execute("DROP TABLE can_xem")
    seen = sum(1 for _, already in rows if already)
    return len(rows) - seen, seen


def marks(paths: DataPaths) -> set[Mark]:
    """Marks as they are now; none where a run holds the warehouse or it cannot be read: those published count then."""
    if not paths.warehouse_file.exists() or not lock.is_free(paths):
        return set()
    try:
        with connect(paths.warehouse_file, read_only=True) as connection:
            rows = connection.execute("SELECT ma_canh_bao, mo_lan, muc_do FROM so_cai.da_xem").fetchall()
    except (duckdb.Error, OSError):
        return set()
    return {(str(code), int(run), str(level)) for code, run, level in rows}
