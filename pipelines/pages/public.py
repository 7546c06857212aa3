"""The page for the web: the figures of the open data and no others, so that it tells nothing that they hide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pipelines.config import figures
from pipelines.opendata.tables import NUMBER, WHOLE, Column, OpenTable
from pipelines.pages import words
from pipelines.pages.site import templates

HIDDEN = "…"
"""A count that the open data hide: it is small, or would tell one that is."""
_LEVELS = {"tinh": "Cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã", "khong_ro": "Không rõ"}
_UNSAID = {"ky", "lan_chot", "ngay_chot"}
_NAMED = {"ma_don_vi": "ten_don_vi", "ma_tthc": "ten_tthc", "nhom": "ten_nhom", "ma_chi_so": "ten"}
"""Codes that a row names in another column: the code is not shown beside it."""
_SUBJECT = {"ma_don_vi": "don_vi", "ma_tthc": "tthc"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """A table of the page: title, what it counts, heads (the flag: figures, to the right), rows of (text, link)."""

    title: str
    about: str
    heads: list[tuple[str, bool]]
    rows: list[list[tuple[str, str]]]


@dataclass(frozen=True)
class Frame:
    """What the frame of every page says of the whole: the newest day on which a month was opened."""

    as_of: date | None
    version: str = ""


def public_site(tables: Sequence[OpenTable]) -> dict[str, str]:
    """Every page by its path below the site's folder: a month, an agency, a procedure, and a search.

    Each value is a cell of an open table as it stands there; nothing is added up.
    """
    monthly = {table.described.name: table for table in tables if "ky" in table.described.key}
    rows = {name: table.rows.to_pylist() for name, table in monthly.items()}
    months = sorted({row["ky"] for found in rows.values() for row in found})
    opened = [row["ngay_chot"] for found in rows.values() for row in found if row.get("ngay_chot")]
    frame = {"f": Frame(max(opened, default=None)), "public": True, "beside": False, "opened": False}
    shared: dict[str, Any] = {**frame, "months": months}
    site = templates()
    front, one = site.get_template("mo_thang.html.j2"), site.get_template("mo_muc.html.j2")
    pages: dict[str, str] = {}
    for ky in months or [None]:
        shown = [
            _shown(table, [row for row in rows[name] if row["ky"] == ky], "../")
            for name, table in monthly.items()
            if "ma_tthc" not in table.described.key
        ]
        pages[f"thang/{ky}.html"] = front.render(shared, ky=ky, tables=_filled(shown), goc="../")
        if ky == (months or [None])[-1]:
            shown = [_at_front(table) for table in shown]
            pages["index.html"] = front.render(shared, ky=ky, tables=_filled(shown), goc="")
    found = {subject: _subjects(code, monthly, rows) for code, subject in _SUBJECT.items()}
    for code, subject in _SUBJECT.items():
        of = {name: table for name, table in monthly.items() if code in table.described.key}
        for key, name in found[subject].items():
            shown = [_shown(table, _newest_first(rows[n], code, key), "../", about=code) for n, table in of.items()]
            pages[f"{subject}/{words.file_name(key)}"] = one.render(
                shared, name=name, code=key, tables=_filled(shown), goc="../"
            )
    pages["tra_cuu.html"] = site.get_template("tra_cuu.html.j2").render(
        shared, agencies=_sorted(found["don_vi"]), procedures=_sorted(found["tthc"]), goc=""
    )
    return pages


def _filled(tables: Sequence[Shown]) -> list[Shown]:
    return [table for table in tables if table.rows]


def _newest_first(rows: Sequence[Row], code: str, key: str) -> list[Row]:
    return sorted((row for row in rows if row[code] == key), key=lambda row: str(row["ky"]), reverse=True)


def _sorted(named: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(named.items(), key=lambda item: words.order(item[1]))


def _subjects(code: str, tables: Mapping[str, OpenTable], rows: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """Code → newest name of the agencies, or procedures, that an open table has rows of."""
    found: dict[str, str] = {}
    for name, table in tables.items():
        if code in table.described.key:
            for row in sorted(rows[name], key=lambda row: str(row["ky"])):
                found[row[code]] = row[_NAMED[code]] or row[code]
    found.pop("khong_ro", None)
    return found


def _shown(table: OpenTable, rows: Sequence[Row], up: str, *, about: str | None = None) -> Shown:
    """``about``: the code whose page it is, which its rows need not name; there each row is a month."""
    known = {column.name for column in table.described.columns}
    unsaid = _UNSAID | {code for code, name in _NAMED.items() if name in known}
    if about is not None:
        unsaid = (unsaid - {"ky"}) | {about, _NAMED[about], "cap", "linh_vuc"}
    columns = [column for column in table.described.columns if column.name not in unsaid]
    heads = [(_head(column), column.kind in {WHOLE, NUMBER}) for column in columns]
    cells = [[(_cell(column, row), _link(column, row, up)) for column in columns] for row in rows]
    return Shown(table.described.title, table.described.about, heads, cells)


def _at_front(table: Shown) -> Shown:
    """The same for the front page, which lies one folder higher."""
    return replace(table, rows=[[(text, link.removeprefix("../")) for text, link in row] for row in table.rows])


def _head(column: Column) -> str:
    return "Tháng" if column.name == "ky" else column.title.split(";")[0].split(" (")[0].split(":")[0]


def _cell(column: Column, row: Row) -> str:
    value = row[column.name]
    show: dict[str, Callable[[Any], str]] = {"ky": words.month, "cap": lambda code: _LEVELS.get(code, code)}
    if column.name in show:
        return show[column.name](value)
    if column.kind == WHOLE:
        return HIDDEN if value is None else words.number(value)
    if column.kind == NUMBER:
        return words.share(value) if column.name.startswith("ty_le") else figures.points(value)
    return str(value or _named_by_code(column, row))


def _named_by_code(column: Column, row: Row) -> str:
    code = next((code for code, name in _NAMED.items() if name == column.name), column.name)
    return "Không rõ" if row.get(code) == "khong_ro" else str(row.get(code) or "")


def _link(column: Column, row: Row, up: str) -> str:
    code = next((code for code in _SUBJECT if _NAMED[code] == column.name), None)
    if code is None or row[code] == "khong_ro":
        return ""
    return f"{up}{_SUBJECT[code]}/{words.file_name(row[code])}"
