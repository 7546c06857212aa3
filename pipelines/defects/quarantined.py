"""Rows that intake set apart and nothing has mended: a line each for the workbook of the agency that they name.

A line shows the record's code, the field at fault and that one cell; the rest of the row stays in the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.contracts.model import Contract, Sensitivity
from pipelines.contracts.normal_form import header_forms
from pipelines.defects.wording import quoted
from pipelines.quality.model import MEND_DAYS, Severity

BATCH = 5_000
# What to do, by the reason that intake gives; the reason in words comes with the row.
MENDING = {
    "thieu_khoa": "Nhập đủ các phần của khóa trên hệ thống nguồn rồi kết xuất lại.",
    "thieu_bat_buoc": "Nhập giá trị còn thiếu trên hệ thống nguồn rồi kết xuất lại.",
    "khong_doc_duoc": "Sửa giá trị về dạng đọc được (ngày dd/mm/yyyy, số không kèm chữ) rồi kết xuất lại.",
    "ngoai_danh_muc": "Chọn lại giá trị theo danh mục; giá trị mới thì báo nhóm vận hành bổ sung danh mục.",
    "so_bi_hong": "Kết xuất lại với cột mã, cột số giấy tờ định dạng văn bản; bảng tính đã làm mất chữ số.",
    "thua_o": "Kết xuất lại tệp csv với giá trị có dấu phân cách đặt trong nháy kép, hoặc gửi dạng xlsx.",
    "thieu_o": "Kết xuất lại tệp; dòng bị ngắt giữa chừng hoặc thiếu ô.",
    "dong_bi_cat": "Chờ tệp chép xong rồi gửi lại, hoặc kết xuất lại; dòng cuối bị cắt.",
}
_AGENCY = ("ma_don_vi", "noi_dang_ky")


@dataclass(frozen=True)
class SetApart:
    """One fault of one row; ``record`` and ``value`` may hold personal data. ``due``: last day for mending."""

    reason: str
    mending: str
    record: str
    field: str
    value: str
    file: str
    sheet: str
    row: int
    found: date
    due: date


class Quarantine:
    """Open faults in the temporary table ``cach_ly_xuat`` of ``connection``; raises ``duckdb.Error``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]) -> None:
        self._connection = connection
        connection.execute(
            "create or replace temp table cach_ly_xuat (don_vi varchar, ma_ly_do varchar, ly_do varchar, "
            "ban_ghi varchar, truong varchar, gia_tri varchar, tep varchar, trang_tinh varchar, dong bigint, "
            "phat_hien date)"
        )
        for feed, contract in sorted(contracts.items()):
            headers = self._headers(feed, contract)
            if headers is not None:
                connection.execute(_insert(contract, headers), [feed])

    def agencies(self) -> dict[str | None, int]:
        """Faults by the agency that answers for them today; null: the data owner."""
        rows = self._connection.execute("select don_vi, count(*) from cach_ly_xuat group by don_vi").fetchall()
        return {code: int(number) for code, number in rows}

    def rows(self, agency: str | None) -> Iterator[SetApart]:
        """The lines of one workbook, by file, sheet and row."""
        found = self._connection.execute(
            "select ly_do, ma_ly_do, ban_ghi, truong, gia_tri, tep, trang_tinh, dong, phat_hien, "
            f"cast(phat_hien + {MEND_DAYS[Severity.WARN]} as date) from cach_ly_xuat "
            "where don_vi is not distinct from ? "
            "order by tep, trang_tinh, dong, truong, ma_ly_do",
            [agency],
        )
        while rows := found.fetchmany(BATCH):
            for reason, code, *rest in rows:
                yield SetApart(reason, MENDING.get(code, "Sửa trên hệ thống nguồn rồi kết xuất lại."), *rest)

    def _headers(self, feed: str, contract: Contract) -> dict[str, list[str]] | None:
        """Field → headers under which its cells stand in the rows set apart; null where the feed has none."""
        rows = self._connection.execute(
            "select distinct unnest(json_keys(d.noi_dung)) from so_cai.dong_cach_ly d "
            "inner join so_cai.tep f on f.ma_tep = d.ma_tep where f.nguon_du_lieu = ?",
            [feed],
        ).fetchall()
        if not rows:
            return None
        known = {form: f.name for f in contract.fields for h in f.all_headers for form in header_forms(h)}
        headers: dict[str, list[str]] = {}
        for (header,) in sorted(rows):
            field = next((known[form] for form in header_forms(str(header)) if form in known), None)
            if field is not None:
                headers.setdefault(field, []).append(str(header))
        return headers


def _insert(contract: Contract, headers: Mapping[str, list[str]]) -> str:
    """One statement for the rows of a feed (its name is the only parameter)."""
    agency = next((name for name in _AGENCY if name in contract.by_name), None)
    stated = _cell(headers.get(agency, [])) if agency is not None else "null"
    shown = [part.field for part in contract.key if contract.by_name[part.field].sensitivity in _PUBLIC]
    parts = [
        f"'{quoted(contract.by_name[name].label)}: ' || {_cell(headers.get(name, []))}"
        for name in shown
        if headers.get(name)
    ]
    labels = " ".join(f"when '{f.name}' then '{quoted(f.label)}'" for f in contract.fields)
    values = " ".join(f"when '{f.name}' then {_cell(headers[f.name])}" for f in contract.fields if f.name in headers)
    # An agency spelt otherwise than in the list is not guessed at: its row goes to the data owner.
    return (
        "insert into cach_ly_xuat select case when u.ma_don_vi is not null "
        "then coalesce(u.ma_don_vi_hien_nay, u.ma_don_vi) end, c.ma_ly_do, c.ly_do, "
        f"concat_ws('; ', {', '.join(parts) or 'null'}), case c.cot {labels} else c.cot end, "
        f"coalesce({f'case c.cot {values} end' if values else 'null'}, '(trống)'), f.ten_tep, c.trang_tinh, c.dong, "
        "r.ngay_so_lieu from chat_luong.cach_ly c "
        "inner join so_cai.tep f on f.ma_tep = c.ma_tep and f.nguon_du_lieu = ? "
        "inner join so_cai.dong_cach_ly d on d.ma_tep = c.ma_tep and d.trang_tinh = c.trang_tinh and d.dong = c.dong "
        "inner join so_cai.lan_chay r on r.so_lan = f.so_lan "
        f"left join trung_gian.int_tthc__don_vi_hien_nay u on u.ma_don_vi = trim({stated}) where c.trang_thai = 'con'"
    )


_PUBLIC = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)


def _cell(headers: list[str]) -> str:
    """The first cell that is not empty under these headers of the row ``d``."""
    found = [f"nullif(json_extract_string(d.noi_dung, '{quoted(_pointer(h))}'), '')" for h in headers]
    return f"coalesce({', '.join(found)})" if len(found) > 1 else (found[0] if found else "null")


def _pointer(header: str) -> str:
    """JSON pointer of a key that may hold anything."""
    return "/" + header.replace("~", "~0").replace("/", "~1")
