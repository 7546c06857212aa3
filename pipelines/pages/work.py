"""``kho work``: what each agency has to do today, from ``dieu_hanh.canh_bao``; no personal data is in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from pipelines.warehouse.agencies import agency_names, known_agency, taken_over, told_apart
from pipelines.warehouse.alerts import Mark, is_marked
from pipelines.warehouse.database import records
from pipelines.warehouse.decisions import PUBLICATION


class WorkError(Exception):
    """There is no list; Vietnamese text."""


@dataclass(frozen=True)
class Work:
    """Open alerts in words, the worst first; ``counts``: (agency, kind, number, most days, change).

    ``agency``: whose they are, as its code is written; ``of``: its code and those it took over. None: of all.
    """

    as_of: date
    agency: str | None
    rows: list[Mapping[str, Any]]
    counts: list[tuple[str, str, int, int | None, int | None]]
    of: frozenset[str] | None = None


def work_of(connection: duckdb.DuckDBPyConnection, agency: str | None, marks: Collection[Mark] = ()) -> Work:
    """The open work of one agency and of those it took over, or of all with what is the province's own.

    ``marks``: what has been seen since the publication was made. Raises ``WorkError``, ``UnknownAgencyError``.
    """
    try:
        days = connection.execute(
            "SELECT coalesce((SELECT max(ngay_so_lieu) FROM dieu_hanh.canh_bao), "
            f"(SELECT ngay_so_lieu FROM ({PUBLICATION})))"
        ).fetchall()
        rows = records(
            connection, "SELECT * FROM dieu_hanh.canh_bao ORDER BY ma_don_vi, muc_do, loai, so_ngay DESC, doi_tuong"
        )
        counts = records(connection, "SELECT * FROM dieu_hanh.viec_don_vi ORDER BY ma_don_vi, loai")
    except duckdb.CatalogException:
        raise WorkError(
            "chưa có danh sách việc: bảng dieu_hanh.canh_bao chưa được công bố; xem `kho status`."
        ) from None
    names = agency_names(connection)
    if agency is not None:
        agency = known_agency(agency, names, {row["ma_don_vi"] for row in rows} - {None})
    of = None if agency is None else taken_over(connection, agency)
    seen = _seen(connection, marks)
    named = told_apart(names)
    return Work(
        days[0][0],
        agency,
        [_in_words(row, named, seen) for row in rows if of is None or row["ma_don_vi"] in of],
        [
            (
                named.get(row["ma_don_vi"], row["ma_don_vi"]),
                row["loai_ten"],
                row["so_luong"],
                row["lau_nhat_ngay"],
                row["thay_doi_so_voi_hom_truoc"],
            )
            for row in counts
            if row["so_luong"] and (of is None or row["ma_don_vi"] in of)
        ],
        of,
    )


def _seen(connection: duckdb.DuckDBPyConnection, marks: Collection[Mark]) -> set[str]:
    """Alerts that somebody has seen at their level."""
    try:
        rows = connection.execute(
            "SELECT ma_canh_bao, mo_lan, muc_do, trang_thai = 'da_xem' FROM van_hanh.vong_doi_canh_bao "
            "WHERE het_ngay IS NULL"
        ).fetchall()
    except duckdb.CatalogException:
        return set()
    return {code for code, run, level, seen in rows if seen or is_marked((code, run, level), marks)}


def _in_words(row: Mapping[str, Any], names: Mapping[str, str], seen: Collection[str]) -> Mapping[str, Any]:
    return {
        **row,
        "trang_thai": "Đã xem" if row["ma_canh_bao"] in seen else "Đang mở",
        "ten_don_vi": "Việc chung của tỉnh"
        if row["ma_don_vi"] is None
        else names.get(row["ma_don_vi"], row["ma_don_vi"]),
        "loai": row["loai_ten"],
        "muc_do": row["muc_do_ten"],
    }
