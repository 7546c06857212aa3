"""Agencies by the name they bear now, out of a publication."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Mapping

import duckdb

from pipelines.contracts.normal_form import plain


class UnknownAgencyError(Exception):
    """No agency has this code; Vietnamese text that names the nearest."""


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


def taken_over(connection: duckdb.DuckDBPyConnection, agency: str) -> frozenset[str]:
    """``agency`` and those that ended and have become it: their open work is its own now."""
    try:
        rows = connection.execute("SELECT ma_don_vi FROM tthc.don_vi WHERE ma_don_vi_hien_nay = ?", [agency]).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):  # not published, or before it said so
        rows = []
    return frozenset({agency, *(str(code) for (code,) in rows)})


def known_agency(asked: str, names: Mapping[str, str], more: Collection[str] = ()) -> str:
    """The code as it is written in the list of agencies (code → name) or among ``more`` codes; asked by code or name.

    Raises ``UnknownAgencyError`` with the nearest code or name, or the codes of all that bear the name asked for.
    """
    by_form = {code.lower(): code for code in {*names, *more}}
    if asked.lower() in by_form:
        return by_form[asked.lower()]
    so_named = sorted(code for code, name in names.items() if plain(name) == plain(asked))
    if len(so_named) == 1:
        return so_named[0]
    if so_named:
        raise UnknownAgencyError(f"có {len(so_named)} đơn vị tên “{asked}”: {', '.join(so_named)}; hãy ghi mã.")
    by_name = {plain(name): code for code, name in names.items()}
    forms = {**by_name, **by_form}
    near = difflib.get_close_matches(asked.lower(), list(by_form), n=1, cutoff=0.6) or difflib.get_close_matches(
        plain(asked), list(by_name), n=1, cutoff=0.6
    )
    hint = f" Gần nhất: {forms[near[0]]} ({names.get(forms[near[0]], forms[near[0]])})." if near else ""
    raise UnknownAgencyError(f"không có đơn vị “{asked}” trong danh sách cơ quan.{hint}")


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Code → name, with the code where another one bears the name too: an agency before and after a merger does."""
    often = Counter(names.values())
    return {code: f"{name} ({code})" if often[name] > 1 and name != code else name for code, name in names.items()}
