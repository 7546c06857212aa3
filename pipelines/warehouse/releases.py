"""The schema of the working warehouse has a number, and what earlier releases wrote is brought up to it.

``so_cai.luoc_do`` holds the number and when the warehouse came to it. A warehouse without that table was written by a
release that kept no number: 0. A warehouse of a higher number than ``CURRENT`` was written by a newer release: this one
refuses it before it changes anything.

Every change of the ledger's tables raises the number and is a ``Migration``; tables that are new need nothing more, for
``create_tables`` makes what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from pipelines.config.release import ReleaseError
from pipelines.contracts.model import Contract, Kind
from pipelines.warehouse.database import TIME_ZONE, literal

TABLE = "luoc_do"
CURRENT = 2
"""Raise it with every change of the ledger's tables; add to ``MIGRATIONS`` what the change asks of older ones."""

_OF_A_NEWER_ENGINE = "we can only read versions"
"""DuckDB's words where the file has a storage format that a later DuckDB brought in."""


@dataclass(frozen=True)
class Migration:
    """What brings a warehouse to schema ``number``.

    ``before`` runs before the tables that are missing are made and returns what runs after it, once they stand.
    """

    number: int
    columns: Mapping[str, tuple[tuple[str, str], ...]]
    before: Callable[[duckdb.DuckDBPyConnection], Callable[[list[Contract]], None]]


def number_of(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The schema's number; 0 for a release that kept none, None where there is no ledger yet."""
    if not columns_of(connection, TABLE):
        ledger = connection.execute(
            "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'so_cai' AND database_name = current_database() LIMIT 1"
        ).fetchall()
        return 0 if ledger else None
    return int(connection.execute(f"SELECT coalesce(max(so), 0) FROM so_cai.{TABLE}").fetchall()[0][0])


def refuse_newer(have: int | None) -> None:
    """Raise ``ReleaseError`` where a newer release of the program has written the warehouse."""
    if have is not None and have > CURRENT:
        raise ReleaseError(_newer(f"lược đồ số {have}, bản đang cài chỉ biết đến số {CURRENT}"))


def refuse_newer_engine(error: duckdb.Error) -> None:
    """Raise ``ReleaseError`` where DuckDB says that a later DuckDB has written the file: it is not damaged."""
    if _OF_A_NEWER_ENGINE in str(error).lower():
        raise ReleaseError(_newer("định dạng tệp của một bản DuckDB mới hơn")) from None


def refuse_other(file: Path, failure: BaseException) -> None:
    """Raise ``ReleaseError`` where ``failure`` came of a warehouse ``file`` of another release; else do nothing.

    For commands that read: they meet warehouses that no run of this release has brought up to date yet.
    """
    if not isinstance(failure, duckdb.Error) or not file.exists():
        return
    refuse_newer_engine(failure)
    if not isinstance(failure, duckdb.BinderException | duckdb.CatalogException):
        return
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            have = number_of(connection)
    except duckdb.Error:
        return
    refuse_newer(have)
    if have is not None and have < CURRENT:
        raise ReleaseError(
            f"Kho làm việc còn ở lược đồ số {have} của bản chương trình trước; chạy `kho run` một lần để nâng lên số "
            f"{CURRENT} rồi chạy lại lệnh này."
        )


def enter(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that the warehouse has come to this release's schema; nothing where it has been noted."""
    if number_of(connection) == CURRENT:
        return
    now = datetime.now(ZoneInfo(TIME_ZONE)).replace(tzinfo=None, microsecond=0)
    connection.execute(f"INSERT INTO so_cai.{TABLE} VALUES (?, ?, ?)", [CURRENT, program(), now])


def program() -> str:
    """The installed release of the program."""
    try:
        return version("kho06")
    except PackageNotFoundError:
        return "không rõ"


def begin(connection: duckdb.DuckDBPyConnection, have: int) -> Callable[[Iterable[Contract]], None]:
    """Begin every migration above ``have``; returns what finishes them once the missing tables are made."""
    due = [migration for migration in MIGRATIONS if migration.number > have]
    rest = [(migration, migration.before(connection)) for migration in due]

    def finish(contracts: Iterable[Contract]) -> None:
        contracts = list(contracts)
        for migration, after in rest:
            for table, columns in migration.columns.items():
                for column, sql_type in columns:
                    connection.execute(f"ALTER TABLE so_cai.{table} ADD COLUMN IF NOT EXISTS {column} {sql_type}")
            after(contracts)

    return finish


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """Columns of a table of the ledger; none where it is not there.

    Every command asks: the name is quoted, since DuckDB imports pandas at the first parameter that is bound.
    """
    rows = connection.execute(
        f"SELECT column_name FROM duckdb_columns() WHERE schema_name = 'so_cai' AND table_name = {literal(table)} "
        "AND database_name = current_database()"
    ).fetchall()
    return {str(row[0]) for row in rows}


def _newer(what: str) -> str:
    return (
        f"Kho làm việc do một bản chương trình mới hơn ghi ({what}): chưa thay đổi gì. Cài lại bản mới hơn đó, hoặc "
        "khôi phục bản sao lưu làm trước khi nâng cấp bằng `kho restore`."
    )


def _to_1(connection: duckdb.DuckDBPyConnection) -> Callable[[list[Contract]], None]:
    """From the releases that kept no number: defects once a run, a rule book without ``cach_sua``, no days of events.

    The old defects are set aside here and moved once the new table stands.
    """
    if "so_lan" in columns_of(connection, "loi"):
        connection.execute("ALTER TABLE so_cai.loi RENAME TO loi_tung_lan")
    rules = columns_of(connection, "quy_tac")
    if rules and "cach_sua" not in rules:
        # Replaced whole by every run.
        connection.execute("DROP TABLE so_cai.quy_tac")
    without_days = bool(columns_of(connection, "tep")) and not columns_of(connection, "ngay_su_kien")

    def after(contracts: list[Contract]) -> None:
        if columns_of(connection, "loi_tung_lan"):
            connection.execute(_DEFECTS_AS_INTERVALS)
            connection.execute("DROP TABLE so_cai.loi_tung_lan")
        for contract in contracts if without_days else ():
            _enter_event_days(connection, contract)

    return after


def _to_2(connection: duckdb.DuckDBPyConnection) -> Callable[[list[Contract]], None]:
    """To the window of a file: only its titles tell it, so files that state a time in them are read again.

    Left as they are, the same files would give other figures here than in a warehouse made anew (R1).
    """

    def after(_: list[Contract]) -> None:
        connection.execute(
            "UPDATE so_cai.tep SET dau_quy_uoc = '' WHERE trang_thai = 'da_nap' AND xuat_luc IS NOT NULL"
        )

    return after


def _enter_event_days(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Days of events of files loaded before the ledger kept them: those of the rows that the raw table shows."""
    partial = {name for name in contract.events if contract.by_name[name].kind is Kind.PARTIAL_DATE}
    parts = [
        f'SELECT _ma_tep, CAST("{name}{"_den" if name in partial else ""}" AS TIMESTAMP) AS luc '
        f"FROM tho.{contract.table}"
        for name in contract.events
    ]
    parts.append(
        "SELECT ma_tep AS _ma_tep, su_kien_cuoi AS luc FROM so_cai.tep "
        f"WHERE trang_thai = 'da_nap' AND nguon_du_lieu = '{contract.feed}'"
    )
    connection.execute(
        "INSERT INTO so_cai.ngay_su_kien SELECT _ma_tep, CAST(luc AS DATE), max(luc) "
        f"FROM ({' UNION ALL '.join(parts)}) WHERE luc IS NOT NULL GROUP BY ALL"
    )


_DEFECTS_AS_INTERVALS = """
    INSERT INTO so_cai.loi
    WITH lan AS (
        SELECT ma_quy_tac, so_lan, row_number() OVER w AS thu_tu, lead(so_lan) OVER w AS lan_sau
        FROM (SELECT DISTINCT ma_quy_tac, so_lan FROM so_cai.ket_qua_kiem_tra
              UNION SELECT ma_quy_tac, so_lan FROM so_cai.loi_tung_lan)
        WINDOW w AS (PARTITION BY ma_quy_tac ORDER BY so_lan)
    ), thay AS (
        SELECT l.*, coalesce(l.khoa, concat(coalesce(l.ma_tep, ''), '/', coalesce(l.trang_tinh, ''), '/',
            coalesce(cast(l.dong AS VARCHAR), ''))) AS khoa_loi
        FROM so_cai.loi_tung_lan l
    ), mot AS (
        SELECT t.*, n.lan_sau, n.thu_tu - row_number() OVER (
            PARTITION BY t.ma_quy_tac, t.khoa_loi ORDER BY t.so_lan) AS dot
        FROM (SELECT * FROM thay QUALIFY row_number() OVER (
            PARTITION BY ma_quy_tac, khoa_loi, so_lan
            ORDER BY ma_tep NULLS LAST, trang_tinh NULLS LAST, dong NULLS LAST) = 1) t
        INNER JOIN lan n ON n.ma_quy_tac = t.ma_quy_tac AND n.so_lan = t.so_lan
    )
    SELECT ma_quy_tac, khoa_loi, arg_max(khoa, so_lan), arg_max(ma_don_vi, so_lan), arg_max(ma_tep, so_lan),
        arg_max(trang_tinh, so_lan), arg_max(dong, so_lan), min(so_lan),
        arg_max(struct_pack(v := lan_sau), so_lan).v
    FROM mot GROUP BY ma_quy_tac, khoa_loi, dot
"""
"""Defects listed once a run become intervals: one opens wherever the run before did not have the defect."""

_ADDED_BY_1 = {
    "lan_chay": (
        ("chap_nhan_giam", "BOOLEAN"),
        ("thay_ban", "BOOLEAN"),
        ("pham_vi", "VARCHAR"),
        ("dung_lai", "BOOLEAN"),
    ),
    "cong_bo": (("cach", "VARCHAR"),),
    "tep": (("dau_quy_uoc", "VARCHAR"), ("so_cot_la", "BIGINT")),
    "dong_cach_ly": (("sua_lan", "BIGINT"),),
}

_ADDED_BY_2 = {"tep": (("tu_ngay", "DATE"), ("den_ngay", "DATE"))}

MIGRATIONS: tuple[Migration, ...] = (Migration(1, _ADDED_BY_1, _to_1), Migration(2, _ADDED_BY_2, _to_2))
"""In order of their numbers; none is ever taken out, for the oldest warehouse goes through all of them."""
