"""What is still set apart: quarantined rows and refused files that nothing has mended yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from pipelines.contracts.model import Contract

REASONS: Mapping[str, str] = {
    "thieu_khoa": "Thiếu một phần của khóa",
    "thieu_bat_buoc": "Thiếu giá trị bắt buộc",
    "khong_doc_duoc": "Không đọc được giá trị bắt buộc",
    "ngoai_danh_muc": "Giá trị bắt buộc không có trong danh mục",
    "so_bi_hong": "Số định danh bị phần mềm bảng tính làm mất chữ số",
}
"""Reasons of ``so_cai.cach_ly`` in words."""

_OPEN = """
    d.ma_tep = t.ma_tep AND t.nguon_du_lieu = ? AND NOT EXISTS (
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
        "SELECT r.ten_tep, r.ly_do FROM so_cai.tep r WHERE r.trang_thai = 'tu_choi' AND NOT EXISTS ("
        "SELECT 1 FROM so_cai.tep n WHERE n.trang_thai = 'da_nap' AND n.nguon_du_lieu = r.nguon_du_lieu "
        "AND n.goc_ten = r.goc_ten AND n.goc_ten <> '' AND n.so_lan >= r.so_lan) ORDER BY 1"
    ).fetchall()
    return [(str(name), str(reason or "")) for name, reason in rows]


def files_to_retry(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Paths below ``raw/`` of files refused, or loaded with quarantined rows."""
    rows = connection.execute(
        "SELECT ten_tep FROM so_cai.tep WHERE trang_thai = 'tu_choi' OR (trang_thai = 'da_nap' AND so_dong_cach_ly > 0)"
    ).fetchall()
    return {str(row[0]) for row in rows}
