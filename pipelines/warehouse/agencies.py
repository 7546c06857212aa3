"""Agencies by the name they bear now, out of a publication."""

from __future__ import annotations

import duckdb

AGENCY_NAMES = (
    "(SELECT ma_don_vi, coalesce(arg_max(ten_don_vi, coalesce(hieu_luc_tu, DATE '1900-01-01')), ma_don_vi) "
    "AS ten_don_vi FROM tthc.don_vi GROUP BY ma_don_vi)"
)
"""SQL of one row an agency: ``ma_don_vi``, ``ten_don_vi`` (the newest of its names; the code where it has none)."""


def agency_names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Code → name of every agency; empty where their list is not published."""
    try:
        return dict(connection.execute(f"SELECT ma_don_vi, ten_don_vi FROM {AGENCY_NAMES}").fetchall())
    except duckdb.CatalogException:
        return {}
