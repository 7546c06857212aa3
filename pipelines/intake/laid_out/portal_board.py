"""Boards and saved trees of Bộ chỉ số 766 (tables) into the long form of ``bo_chi_so_766/diem``.

A board has one row an agency and one column an indicator group (also the board before 2026: CKMB, TDGQ, …); a
saved tree has one row an agency and the score of a single group. Period and time of fetching come from columns,
else from the title block.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import polars as pl

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import CodeList, Contract, Field, Kind, Sensitivity
from pipelines.contracts.normal_form import normal_form
from pipelines.intake.errors import FileRefusedError, printable
from pipelines.intake.headers.columns import HeaderIndex
from pipelines.intake.laid_out.layout import Cover, Table, lay_out
from pipelines.intake.laid_out.portal_period import Period, period_of
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.percent import as_shown
from pipelines.intake.sheet import Mark, RawSheet, column_names

HEADER = (
    "ky",
    "ma_don_vi",
    "ten_don_vi",
    "ma_chi_so",
    "tu_so",
    "mau_so",
    "ty_le",
    "diem",
    "diem_toi_da",
    "binh_quan_ca_nuoc",
    "xep_hang",
    "so_don_vi_xep_hang",
    "thoi_diem_lay",
)
_FEED = "bo_chi_so_766/diem"
_CODE_LIST = "chi_so_766"
_GROUP_CODES = ("cong_khai", "2.1", "truc_tuyen", "thanh_toan", "so_hoa", "hai_long", "tong")
_PROGRESS = "2.1"
_GROUP_OF_MAXIMUM = {"20": _PROGRESS, "12": "truc_tuyen", "10": "thanh_toan", "22": "so_hoa"}
_MORE_HEADERS = {
    "ky": ("period", "timeValue"),
    "tu_so": ("totalOnTime",),
    "mau_so": ("totalReceived",),
    "ma_don_vi": ("department_code",),
    "thoi_diem_lay": ("fetchedAt", "crawledAt"),
}
_OF_GROUP = {"nhom": "diem", "ty_le_nhom": "ty_le", "toi_da_nhom": "diem_toi_da"}
_WORDS_OF_GROUP = {"nhom": ("", "điểm", "điểm số"), "ty_le_nhom": ("tỷ lệ", "tỉ lệ"), "toi_da_nhom": ("điểm tối đa",)}
_RANKED = frozenset({"xep_hang", "so_don_vi_xep_hang", "binh_quan_ca_nuoc"})
"""On a board the rank and the average are those of the total."""

_OF_AGENCY = frozenset({"ma_don_vi", "ten_don_vi"})
_SHARED = frozenset({"ky", "thoi_diem_lay", "ma_chi_so", *_OF_AGENCY})
_LEAST_GROUPS = 2


@dataclass(frozen=True)
class Groups:
    """Names under which indicators and indicator groups are known: normal form → code (list ``chi_so_766``)."""

    forms: Mapping[str, str]

    @property
    def progress(self) -> str:
        """The group of on-time handling: its one component stands for it."""
        return _PROGRESS

    def code(self, name: str) -> str | None:
        """The canonical code of a component or group, or None."""
        return self.forms.get(normal_form(name))

    def find(self, name: str) -> str | None:
        """The group that ``name`` (code, endpoint, old column, Vietnamese name) means, or None."""
        code = self.code(name)
        return code if code in _GROUP_CODES else None

    def by_maximum(self, maximum: str | None) -> str | None:
        """The group with this maximum, where only one has it."""
        whole = (maximum or "").strip().rstrip("0").rstrip(".") if "." in (maximum or "") else (maximum or "").strip()
        return _GROUP_OF_MAXIMUM.get(whole)


@cache
def _code_list() -> CodeList:
    return load_code_lists()[_CODE_LIST]


@cache
def groups() -> Groups:
    """The groups of the code list that lies in the project."""
    spellings = _code_list().spellings(_FEED)
    return Groups({normal_form(spelling): code for spelling, code in spellings.items()})


def as_number(text: str | None) -> str | None:
    """A JSON number for the ordinary parser: three decimals get a fourth, else ``7.958`` reads as 7958."""
    if text is None:
        return None
    whole, point, decimals = text.partition(".")
    return f"{whole}.{decimals}0" if point and len(decimals) == 3 else text


def as_percent(text: str | None) -> str | None:
    """The portal's ratios are percentages, ``0.5`` too: the sign says so."""
    number = as_number(text)
    return None if number is None else f"{number}%"


def records_sheet(records: Sequence[Any]) -> RawSheet:
    """A json array of objects as a sheet; what is no object is a row of nulls."""
    keys = list(dict.fromkeys(key for record in records if isinstance(record, dict) for key in record))
    rows = [[_cell(record.get(key)) if isinstance(record, dict) else None for key in keys] for record in records]
    return RawSheet.of_records(keys, rows)


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def long_form(sheet: RawSheet) -> RawSheet | None:
    """``sheet`` in the long form; None where it is no board and no saved tree (the ordinary path takes it).

    Raises ``FileRefusedError`` where a board names no period, or no column of agency codes.
    """
    contract, index = _board()
    table = lay_out(sheet, contract, index, Limits())
    if isinstance(table, Cover) or "ma_chi_so" in table.columns.fields:
        return None
    blocks = _blocks(table)
    scored = {code for block in blocks for code in block.columns if code != "tong"}
    if "ma_don_vi" not in table.columns.fields:
        if len(scored) < _LEAST_GROUPS:
            return None
        raise FileRefusedError(
            f"{_where(sheet)} điểm thiếu cột “Mã đơn vị”. Hãy thêm cột mã định danh của từng đơn vị (ví dụ H02.28) "
            "rồi gửi lại; tên đơn vị không thay được mã."
        )
    if not scored:
        group = _group_of_tree(table)
        if group is None:
            return None
        fields = table.columns.fields
        blocks = [_Block(None, {group: {n: fields[n] for n in HEADER if n in fields and n not in _SHARED}})]
    return _unpivot(_as_shown(table), blocks)


@dataclass(frozen=True)
class _Block:
    """Columns of one period: group → field → column; ``period`` null where the header names none."""

    period: Period | None
    columns: dict[str, dict[str, int]]


def _blocks(table: Table) -> list[_Block]:
    """The scores of a board by the period that stands in their headers: several months may stand side by side."""
    found: dict[str | None, _Block] = {}
    chosen = set(table.columns.fields.values())
    for place, cell in enumerate(table.headers):
        if cell.match is None:
            continue
        period = period_of(cell.text)
        if period is None and place not in chosen:
            continue
        kind, _, code = cell.match.field.partition(" ")
        name = _OF_GROUP.get(kind) if code else kind
        if name is None or (not code and name not in _RANKED):
            continue
        block = found.setdefault(period.text if period else None, _Block(period, {}))
        block.columns.setdefault(code or "tong", {}).setdefault(name, place)
    return [
        _Block(block.period, {code: places for code, places in block.columns.items() if "diem" in places})
        for block in found.values()
    ]


def _as_shown(table: Table) -> Table:
    """``table`` with the number cells that a workbook shows as per cent as they are shown."""
    cells = table.cells
    for place, rows in table.sheet.marks.get(Mark.PERCENT, {}).items():
        if 0 <= place < cells.width:
            cells = cells.with_columns(as_shown(cells.to_series(place), table.rows, rows))
    return replace(table, cells=cells)


def _where(sheet: RawSheet) -> str:
    return f"Trang tính “{printable(sheet.name)}”: bảng" if sheet.name else "Bảng"


@cache
def _board() -> tuple[Contract, HeaderIndex]:
    """The feed's contract with the headers of trees and one more field for each indicator group."""
    contract = load_contracts()[_FEED]
    fields = [
        replace(
            field,
            headers=(*field.headers, *_MORE_HEADERS.get(field.name, ())),
            required=field.name == "ma_don_vi",
        )
        for field in contract.fields
    ]
    for code in _code_list().codes:
        if code.code in _GROUP_CODES:
            for kind, words in _WORDS_OF_GROUP.items():
                spellings = [text for name in (code.label, *code.aliases) for w in words for text in _around(name, w)]
                field = f"{kind} {code.code}"
                fields.append(Field(field, field, Kind.DECIMAL, Sensitivity.PUBLIC, headers=tuple(spellings)))
    board = replace(contract, fields=tuple(fields), key=tuple(k for k in contract.key if k.field == "ma_don_vi"))
    return board, HeaderIndex(board)


def _around(name: str, word: str) -> tuple[str, ...]:
    return (f"{name} {word}", f"{word} {name}") if word else (name,)


def _group_of_tree(table: Table) -> str | None:
    """The group of a saved tree: on-time counts beside the score, else a maximum that only one group has."""
    fields = table.columns.fields
    if "diem" not in fields:
        return None
    if {"tu_so", "mau_so"} <= fields.keys() and _is_progress(table):
        return _PROGRESS
    if "diem_toi_da" in fields:
        maxima = table.cells.to_series(fields["diem_toi_da"]).drop_nulls().unique().to_list()
        if len(maxima) == 1:
            return groups().by_maximum(str(maxima[0]))
    return None


def _is_progress(table: Table) -> bool:
    return normal_form(table.headers[table.columns.fields["tu_so"]].text) == normal_form("totalOnTime")


def _unpivot(table: Table, blocks: Sequence[_Block]) -> RawSheet:
    """One row an agency, period and group with a score; unknown columns go along, each row with its own."""
    names = table.cells.columns
    used = {place for block in blocks for places in block.columns.values() for place in places.values()}
    unknown = [(place, text) for place, text in table.columns.unknown if place not in used]
    parts: list[pl.DataFrame] = []
    for block in blocks:
        common = _with_period(table, block.period) if block.columns else None
        for code in sorted(block.columns, key=_GROUP_CODES.index):
            places = {**block.columns[code], **{n: p for n, p in table.columns.fields.items() if n in _OF_AGENCY}}
            columns = [_value(name, code, places, names).alias(f"_{name}") for name in HEADER]
            columns += [pl.col(names[place]).alias(f"_la{place}") for place, _ in unknown]
            columns += [pl.col("_dong"), pl.lit(len(parts)).alias("_nhom")]
            if common is not None:
                parts.append(common.filter(pl.col(names[places["diem"]]).is_not_null()).select(columns))
    stacked = pl.concat(parts).sort("_dong", "_nhom", maintain_order=True)
    header = (*HEADER, *(text for _, text in unknown))
    cells = stacked.drop("_dong", "_nhom")
    cells.columns = column_names(len(header))
    return RawSheet(name=table.sheet.name, cells=cells, rows=stacked["_dong"].rename("dong"), header=header)


def _value(name: str, code: str, places: Mapping[str, int], names: Sequence[str]) -> pl.Expr:
    if name == "ma_chi_so":
        return pl.lit(code)
    if name in {"ky", "thoi_diem_lay"}:
        return pl.col(name)
    if name not in places:
        return pl.lit(None, dtype=pl.String)
    return _as_text(pl.col(names[places[name]]), name)


def _as_text(cell: pl.Expr, name: str) -> pl.Expr:
    """A ratio without a sign is the portal's percentage."""
    if name != "ty_le":
        return cell
    text = cell.str.strip_chars()
    return pl.when(text.str.contains("%", literal=True)).then(text).otherwise(text + "%")


def _with_period(table: Table, own: Period | None) -> pl.DataFrame:
    """Cells with ``ky``, ``thoi_diem_lay`` and ``_dong``: the ``own`` period, else from columns, else from titles."""
    fields = table.columns.fields
    names = table.cells.columns
    title = own or _title_period(table)
    frame = table.cells.with_columns(_dong=table.rows)
    stated = own is None and "ky" in fields
    printed = frame[names[fields["ky"]]] if stated else pl.Series([None] * frame.height, dtype=pl.String)
    if title is None and printed.null_count() == len(printed):
        raise FileRefusedError(
            f"{_where(table.sheet)} điểm không ghi kỳ. Hãy thêm cột “Kỳ” (ví dụ 2026-08), hoặc ghi “Tháng 8/2026” "
            "trên tiêu đề."
        )
    periods = {text: period_of(text) for text in printed.drop_nulls().unique().to_list()}
    fetched = frame[names[fields["thoi_diem_lay"]]] if "thoi_diem_lay" in fields else None
    exported = table.exported.isoformat(sep=" ", timespec="seconds") if table.exported else None
    texts: list[str | None] = []
    moments: list[str | None] = []
    for place, text in enumerate(printed.to_list()):
        period = periods.get(text) if text else title
        texts.append(period.text if period else text)
        moment = fetched[place] if fetched is not None else None
        moments.append(moment or exported or (period.end.isoformat() if period else None))
    return frame.with_columns(
        pl.Series("ky", texts, dtype=pl.String), pl.Series("thoi_diem_lay", moments, dtype=pl.String)
    )


def _title_period(table: Table) -> Period | None:
    """The first period that a line above the header names."""
    if table.header_row is None:
        return None
    above = table.sheet.cells.filter(table.sheet.rows < table.header_row)
    for row in above.iter_rows():
        period = period_of(" ".join(cell for cell in row if cell))
        if period is not None:
            return period
    return None
