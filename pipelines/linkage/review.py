"""The clerical review list: what a registrar needs to decide on a pair, as a workbook of one unit.

It holds personal data of the records (names, numbers, dates, parents), so it is made on demand for the unit
concerned, readable by its owner only, and is never a mart (privacy, point 2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.disk import whole_file, why
from pipelines.config.paths import OWNER_FILE, DataPaths
from pipelines.linkage.link import REGISTERS, workbench
from pipelines.linkage.model import LinkageError
from pipelines.linkage.register import Register
from pipelines.sheets import print_setup, private_book

_DAY = """case when r.{0}_tu = r.{0}_den then strftime(r.{0}_tu, '%d/%m/%Y')
    when month(r.{0}_tu) = month(r.{0}_den) and year(r.{0}_tu) = year(r.{0}_den) then strftime(r.{0}_tu, '%m/%Y')
    else strftime(r.{0}_tu, '%Y') end"""
_PAIR = {"Cặp": "so_cap", "Loại": "cap.loai", "Xác suất": "xac_suat"}
_RECORD = {
    "Nơi đăng ký": "noi_dang_ky", "Số": "so", "Quyển": "quyen_so", "Trang": "trang_so",
    "Ngày đăng ký": _DAY.format("ngay_dang_ky"), "Nguồn": "nguon", "Loại đăng ký": "loai_dang_ky",
    "Họ tên": "ho_ten", "Giới tính": "gioi_tinh", "Ngày sinh": _DAY.format("ngay_sinh"),
    "Số định danh": "so_dinh_danh_goc",
}  # fmt: skip
_OWN = {
    "khai_sinh": {
        "Mẹ": f"concat_ws(', ', me_ho_ten, {_DAY.format('me_ngay_sinh')})",
        "Cha": f"concat_ws(', ', cha_ho_ten, {_DAY.format('cha_ngay_sinh')})",
    },
    "khai_tu": {"Ngày chết": _DAY.format("ngay_chet"), "Nơi chết": "noi_chet", "Nguyên nhân": "nguyen_nhan"},
}
_SHEETS = {"khai_sinh": "Khai sinh", "khai_tu": "Khai tử"}
_KINDS = {
    "nhap_lai": "Nhập hai lần", "dang_ky_lai": "Đăng ký lại", "hai_noi": "Đăng ký ở hai nơi",
    "cap_lai_ban_chinh": "Cấp lại bản chính", "giay_va_dien_tu": "Bản giấy và bản điện tử", "nghi_trung": "Nghi trùng",
}  # fmt: skip
_VERDICT = "Kết luận của công chức"
_CHOICES = ["Trùng", "Không trùng", "Chưa rõ"]
_UNITS = "int_tthc__don_vi_hien_nay"

# Pairs under one key are of an exact kind; those of linkage come with a probability, sure or doubtful.
_QUERY = """
with r as (select v.*, {today} as don_vi_nay from kho_lam_viec.trung_gian.{view} v {join}),
moi_cap as (
    select ma_ban_ghi_1, ma_ban_ghi_2, loai, xac_suat from kho_lam_viec.so_cai.cap_trung where loai_so = '{register}'
    union all
    select a.ma_ban_ghi, b.ma_ban_ghi,
        case when a.nguon <> b.nguon then 'giay_va_dien_tu' else 'nhap_lai' end, 1
    from r a join r b on a._khoa = b._khoa and a.ma_ban_ghi < b.ma_ban_ghi
),
cap as (
    select row_number() over (order by c.xac_suat desc, c.ma_ban_ghi_1, c.ma_ban_ghi_2) as so_cap, c.*
    from moi_cap c join r a on c.ma_ban_ghi_1 = a.ma_ban_ghi join r b on c.ma_ban_ghi_2 = b.ma_ban_ghi
    where $don_vi in (a.noi_dang_ky, b.noi_dang_ky, a.don_vi_nay, b.don_vi_nay)
)
select {columns}
from cap join r on r.ma_ban_ghi in (cap.ma_ban_ghi_1, cap.ma_ban_ghi_2)
order by so_cap, ngay_dang_ky_tu, r.ma_ban_ghi
"""


def write_review(paths: DataPaths, unit: str, out: Path, *, memory: str | None = None) -> int:
    """Write the pairs that touch ``unit`` (exact, sure and doubtful) to workbook ``out``; returns their number.

    One sheet a register, two rows a pair, one a record; what differs is marked. A record of a commune that was
    merged belongs to its unit of today. The file is created with mode 0600 and must not exist yet. Raises
    ``LinkageError`` where nothing was linked yet or the file exists or cannot be made.
    """
    if not paths.warehouse_file.exists():
        raise LinkageError("Chưa có kho làm việc; chạy `kho run` trước.")
    with workbench(paths, threads=None, memory=memory) as connection:
        if not all(_known(connection, register.view) for register in REGISTERS):
            raise LinkageError("Chưa liên kết bản ghi lần nào; chạy `kho run` hoặc `kho link` trước.")
        sheets = {register.name: _pairs(connection, register, unit) for register in REGISTERS}
    _write(out, sheets)
    return sum(len(rows) for rows in sheets.values()) // 2


def _known(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = connection.execute(
        "select count(*) from information_schema.tables where table_catalog = 'kho_lam_viec' and table_name = ?",
        [table],
    ).fetchall()
    return bool(found[0][0])


def _columns(register: str) -> dict[str, str]:
    return {**_PAIR, **_RECORD, **_OWN[register]}


def _pairs(connection: duckdb.DuckDBPyConnection, register: Register, unit: str) -> list[tuple[Any, ...]]:
    join = f"left join kho_lam_viec.trung_gian.{_UNITS} d on v.noi_dang_ky = d.ma_don_vi"
    known = _known(connection, _UNITS)
    query = _QUERY.format(
        view=register.view,
        register=register.name,
        today="d.ma_don_vi_hien_nay" if known else "v.noi_dang_ky",
        join=join if known else "",
        columns=", ".join(_columns(register.name).values()),
    )
    return connection.execute(query, {"don_vi": unit}).fetchall()


def _write(out: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write ``out`` whole or not at all, over nothing. Raises ``LinkageError``."""
    if out.is_symlink() or out.exists():
        raise LinkageError(f"Tệp {out} đã có; chọn tên khác.")
    try:
        with whole_file(out, OWNER_FILE) as part, private_book(part) as book:
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            differs = book.add_format({"bg_color": "#FFF2CC"})
            for register, rows in sheets.items():
                titles = [*_columns(register), _VERDICT]
                _write_sheet(book.add_worksheet(_SHEETS[register]), titles, rows, bold, differs)
    except OSError as reason:
        raise LinkageError(f"Không tạo được tệp {out} ({why(reason)}); kiểm tra thư mục và quyền ghi.") from None


def _write_sheet(page: Any, titles: list[str], rows: Sequence[Sequence[Any]], bold: Any, differs: Any) -> None:
    for column, title in enumerate(titles):
        page.write_string(0, column, title, bold)
    for line, row in enumerate(rows):
        other = rows[line ^ 1]
        for column, value in enumerate(row):
            look = differs if value != other[column] else None
            if isinstance(value, int | float):
                page.write_number(line + 1, column, value, look)
            elif value is not None:
                text = _KINDS.get(str(value), str(value)) if titles[column] == "Loại" else str(value)
                page.write_string(line + 1, column, text, look)
            else:
                page.write_blank(line + 1, column, None, look)
    if rows:
        last = len(titles) - 1
        page.data_validation(1, last, len(rows), last, {"validate": "list", "source": _CHOICES})
    print_setup(page, head_row=0)
    page.autofit()
