"""What is set apart: quarantined rows and refused files nothing has mended yet, and what a re-read mended."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.laid_out.layout import Table
from pipelines.intake.loaded.ledger import COPY, copied_from
from pipelines.warehouse.schema import STILL_REFUSED

REASONS: Mapping[str, str] = {
    "thieu_khoa": "Thiếu một phần của khóa",
    "thieu_bat_buoc": "Thiếu giá trị bắt buộc",
    "khong_doc_duoc": "Không đọc được giá trị bắt buộc",
    "ngoai_danh_muc": "Giá trị bắt buộc không có trong danh mục",
    "so_bi_hong": "Mã hoặc số định danh bị phần mềm bảng tính làm mất chữ số",
    "thua_o": "Dòng có nhiều ô hơn dòng tiêu đề, các giá trị có thể lệch cột",
    "thieu_o": "Dòng có ít ô hơn dòng tiêu đề",
    "dong_bi_cat": "Dòng cuối của tệp bị cắt giữa chừng",
}
"""Reasons of ``so_cai.cach_ly`` in words."""

_OPEN = """
    d.ma_tep = t.ma_tep AND t.nguon_du_lieu = ? AND d.sua_lan IS NULL AND NOT EXISTS (
        SELECT 1 FROM tho.{table} r JOIN so_cai.tep n ON n.ma_tep = r._ma_tep
        WHERE r._khoa = d.khoa AND (
            n.so_lan > t.so_lan
            OR (r._ma_tep = d.ma_tep AND r._trang_tinh = d.trang_tinh AND r._dong > d.dong)
            OR (r._ma_tep <> d.ma_tep AND (coalesce(r._thoi_diem, n.thoi_diem) > t.thoi_diem
                OR (coalesce(r._thoi_diem, n.thoi_diem) = t.thoi_diem AND n.sha256 > t.sha256)))))
"""


@dataclass(frozen=True)
class Group:
    """Open rows of one file that are set apart for one field and reason; no cell of them."""

    feed: str
    file: str
    sheet: str
    field: str
    reason: str
    rows: int
    first_row: int


@dataclass(frozen=True)
class Row:
    """One open row with its original cells by original header (personal data) and its (field, reason) faults."""

    file: str
    sheet: str
    row: int
    cells: dict[str, str]
    faults: tuple[tuple[str, str], ...]


def open_groups(connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]) -> list[Group]:
    """Open rows counted by file, sheet, field and reason; a row counts once for each of its faults."""
    groups: list[Group] = []
    for feed, contract in sorted(contracts.items()):
        rows = connection.execute(
            "SELECT t.ten_tep, d.trang_tinh, c.cot, c.ly_do, count(*), min(d.dong) FROM so_cai.dong_cach_ly d "
            f"JOIN so_cai.tep t ON {_OPEN.format(table=contract.table)} JOIN so_cai.cach_ly c ON c.ma_tep = d.ma_tep "
            "AND c.trang_tinh = d.trang_tinh AND c.dong = d.dong GROUP BY ALL ORDER BY ALL",
            [feed],
        ).fetchall()
        groups += [Group(feed, *row) for row in rows]
    return groups


def open_rows(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[Row]:
    """Open rows of one feed, in order of file, sheet and row."""
    rows = connection.execute(
        "SELECT t.ten_tep, d.trang_tinh, d.dong, any_value(d.noi_dung), list(c.cot ORDER BY c.cot), "
        "list(c.ly_do ORDER BY c.cot) FROM so_cai.dong_cach_ly d "
        f"JOIN so_cai.tep t ON {_OPEN.format(table=contract.table)} JOIN so_cai.cach_ly c ON c.ma_tep = d.ma_tep "
        "AND c.trang_tinh = d.trang_tinh AND c.dong = d.dong GROUP BY ALL ORDER BY ALL",
        [contract.feed],
    ).fetchall()
    return [
        Row(file, sheet, row, json.loads(cells), tuple(zip(fields, reasons, strict=True)))
        for file, sheet, row, cells, fields, reasons in rows
    ]


def open_refusals(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """(file, reason) of refused files; none once a file of the same feed and stem loaded in that run or later."""
    rows = connection.execute(
        f"SELECT r.ten_tep, r.ly_do FROM so_cai.tep r WHERE {STILL_REFUSED} ORDER BY 1"
    ).fetchall()
    return [(str(name), str(reason or "")) for name, reason in rows]


def settle_moved(connection: duckdb.DuckDBPyConnection, present: Collection[str]) -> int:
    """Refused files that were moved to where they belong, and loaded there, are copies of what was loaded.

    ``present``: paths below ``raw/`` that were found, a zip standing for what is in it. A refused file that was only
    taken away stays on record as refused. Returns how many were settled.
    """
    rows = connection.execute(
        "SELECT r.ma_tep, r.ten_tep, min(n.ten_tep) FROM so_cai.tep r JOIN so_cai.tep n ON n.sha256 = r.sha256 "
        "AND n.trang_thai = 'da_nap' WHERE r.trang_thai = 'tu_choi' GROUP BY ALL"
    ).fetchall()
    zips = tuple(f"{name}/" for name in present)
    moved = [row for row in rows if row[1] not in present and not str(row[1]).startswith(zips)]
    for identity, _, loaded in moved:
        connection.execute(
            "UPDATE so_cai.tep SET trang_thai = ?, ly_do = ? WHERE ma_tep = ?", [COPY, copied_from(loaded), identity]
        )
    return len(moved)


def files_to_retry(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Paths below ``raw/`` of files refused, or loaded with quarantined rows."""
    rows = connection.execute(
        "SELECT ten_tep FROM so_cai.tep WHERE trang_thai = 'tu_choi' OR (trang_thai = 'da_nap' AND so_dong_cach_ly > 0)"
    ).fetchall()
    return {str(row[0]) for row in rows}


def known_files(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Paths below ``raw/`` of all files that were ever read."""
    return {str(row[0]) for row in connection.execute("SELECT ten_tep FROM so_cai.tep").fetchall()}


@dataclass(frozen=True)
class Former:
    """Quarantine of a file as an earlier reading left it: ``so_cai.dong_cach_ly`` and ``so_cai.cach_ly``."""

    rows: pl.DataFrame
    faults: pl.DataFrame


def withdraw(connection: duckdb.DuckDBPyConnection, file_id: str) -> Former:
    """Take the quarantine of a file out of the ledger; it is about to be read again."""
    rows = connection.sql("SELECT * FROM so_cai.dong_cach_ly WHERE ma_tep = ?", params=[file_id]).pl()
    faults = connection.sql("SELECT * FROM so_cai.cach_ly WHERE ma_tep = ?", params=[file_id]).pl()
    for table in ("dong_cach_ly", "cach_ly"):
        connection.execute(f"DELETE FROM so_cai.{table} WHERE ma_tep = ?", [file_id])
    return Former(rows, faults)


def keep_mended(
    connection: duckdb.DuckDBPyConnection, file_id: str, former: Former, tables: Iterable[Table], run_number: int
) -> None:
    """Put rows of ``former`` back on record that were read sound this time, as mended by run ``run_number``.

    Mended is a place (sheet, row) that was read as a row of data and is not set apart any more (docs/mess.md,
    *Nothing is lost*: both stay on record as ``da_sua``). Such rows count as loaded or repeated, not as
    quarantined: ``so_dong_cach_ly`` of the file is what its newest reading set apart.
    """
    if former.rows.height == 0:
        return
    place = ["trang_tinh", "dong"]
    read = pl.concat(
        table.rows.alias("dong").to_frame().with_columns(trang_tinh=pl.lit(table.sheet.name)) for table in tables
    )
    still = connection.sql("SELECT trang_tinh, dong FROM so_cai.dong_cach_ly WHERE ma_tep = ?", params=[file_id]).pl()
    mended = former.rows.join(read, on=place, how="semi").join(still, on=place, how="anti")
    mended = mended.with_columns(pl.col("sua_lan").fill_null(run_number))
    faults = former.faults.join(mended, on=place, how="semi")
    for name, rows in (("dong_cach_ly", mended), ("cach_ly", faults)):
        connection.register("da_sua", rows.to_arrow())
        connection.execute(f"INSERT INTO so_cai.{name} BY NAME SELECT * FROM da_sua")
        connection.unregister("da_sua")
