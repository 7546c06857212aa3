"""Writes one workbook: a sheet of counts, one of defects and one of quarantined rows (more where one
is full). Owner-only (0600)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.config.disk import whole_file
from pipelines.config.figures import grouped
from pipelines.config.paths import OWNER_FILE
from pipelines.defects.listing import Agency, Defect, RuleCount
from pipelines.defects.quarantined import SetApart
from pipelines.quality.model import Rule

SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
SEVERITY = {"chan": "Chặn công bố", "canh_bao": "Cảnh báo", "theo_doi": "Theo dõi"}
STATE = {"moi": "Mới", "con": "Còn", "tai_xuat": "Tái xuất"}
# Cells are texts as they came: a leading "=" must stay a text, a web address must not become a link.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_COUNTS = (
    ("Mã quy tắc", 22),
    ("Quy tắc", 60),
    ("Mức độ", 14),
    ("Số lỗi", 10),
    ("Mới", 8),
    ("Tái xuất", 10),
    ("Quá hạn sửa", 12),
    ("Nơi sửa được", 40),
    ("Cách sửa", 60),
)
_LINES = (
    ("STT", 6),
    ("Mã quy tắc", 18),
    ("Quy tắc", 48),
    ("Mã hồ sơ, bản ghi", 30),
    ("Trường", 28),
    ("Điều chưa đúng", 28),
    ("Giá trị hiện có", 48),
    ("Tệp", 36),
    ("Trang tính", 14),
    ("Dòng", 8),
    ("Cách sửa", 48),
    ("Hạn sửa", 12),
    ("Ngày phát hiện", 14),
    ("Trạng thái", 10),
)
_SET_APART = (
    ("STT", 6),
    ("Điều chưa đúng", 36),
    ("Mã hồ sơ, bản ghi", 36),
    ("Trường", 28),
    ("Giá trị hiện có", 36),
    ("Tệp", 36),
    ("Trang tính", 14),
    ("Dòng", 8),
    ("Cách sửa", 60),
    ("Hạn sửa", 12),
    ("Ngày phát hiện", 14),
)


@dataclass(frozen=True)
class Content:
    """What goes into one workbook."""

    agency: Agency
    counts: Sequence[RuleCount]
    defects: Iterable[Defect]
    set_apart: Iterable[SetApart]
    rules: Mapping[str, Rule]
    as_of: date


def write_workbook(file: Path, content: Content) -> None:
    """Write ``file`` whole or not at all; raises ``OSError``."""
    try:
        # The parts that the writer keeps on disk go beside the file, not to /tmp.
        with (
            whole_file(file, OWNER_FILE) as part,
            xlsxwriter.Workbook(str(part), {**_OPTIONS, "tmpdir": str(file.parent)}) as book,
        ):
            book.set_properties({"title": "Sổ lỗi dữ liệu", "author": "Kho 06"})
            styles = _styles(book)
            _write_counts(book, styles, content)
            _write_lines(book, styles, content.defects, content.rules)
            _write_set_apart(book, styles, content.set_apart)
    except xlsxwriter.exceptions.XlsxFileError as failure:
        raise OSError(f"{type(failure).__name__}: {file.name}") from None


def _styles(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "number": book.add_format({"valign": "top", "num_format": "#,##0"}),
        "day": book.add_format({"valign": "top", "num_format": "dd/mm/yyyy"}),
    }


def _write_counts(book: Any, styles: Mapping[str, Any], content: Content) -> None:
    agency, as_of = content.agency, content.as_of
    sheet = book.add_worksheet("Tổng hợp")
    put = _writer(sheet, styles)
    sheet.write_string(0, 0, "SỔ LỖI DỮ LIỆU", styles["title"])
    who = f"{agency.name} ({agency.code})" if agency.code else "Chủ quản dữ liệu (lỗi chưa rõ đơn vị)"
    lines = (
        f"Đơn vị: {who}",
        f"Số liệu đến hết ngày {as_of:%d/%m/%Y}: {grouped(agency.defects)} lỗi đang mở; "
        f"{grouped(agency.set_apart)} lỗi ở dòng bị cách ly (chưa được nạp).",
        "Sửa trên hệ thống nguồn rồi kết xuất lại; lần nạp sau lỗi tự đóng. Không sửa trong sổ này.",
        "Sổ có dữ liệu cá nhân: chỉ gửi cho đơn vị nêu trên, xóa khi sửa xong.",
    )
    for row, text in enumerate(lines, start=1):
        sheet.write_string(row, 0, text)
    start = len(lines) + 2
    _head(sheet, styles, _COUNTS, start)
    for row, item in enumerate(content.counts, start=start + 1):
        rule = content.rules[item.rule]
        severity = SEVERITY[rule.severity_on(as_of).value]
        put(row, [item.rule, rule.description, severity, item.defects, item.new, item.again, item.late])
        put(row, [rule.mended_by, rule.mending], first=7)
    sheet.freeze_panes(start + 1, 0)


def _write_lines(book: Any, styles: Mapping[str, Any], defects: Iterable[Defect], rules: Mapping[str, Rule]) -> None:
    pages = _Pages(book, styles, "Danh sách lỗi", _LINES)
    for number, item in enumerate(defects, start=1):
        rule = rules[item.rule]
        values: list[object] = [number, item.rule, rule.description, item.record, item.fields, item.fault, item.value]
        values += [item.file, item.sheet, item.row, rule.mending, item.due, item.found, STATE[item.state]]
        pages.put(values)


def _write_set_apart(book: Any, styles: Mapping[str, Any], rows: Iterable[SetApart]) -> None:
    pages = _Pages(book, styles, "Dòng cách ly", _SET_APART)
    for number, item in enumerate(rows, start=1):
        values: list[object] = [number, item.reason, item.record, item.field, item.value, item.file, item.sheet]
        pages.put([*values, item.row, item.mending, item.due, item.found])


class _Pages:
    """Lines on one sheet, and on further ones where a sheet is full; no sheet without a line."""

    def __init__(self, book: Any, styles: Mapping[str, Any], title: str, columns: Sequence[tuple[str, int]]) -> None:
        self._book, self._styles, self._title, self._columns = book, styles, title, columns
        self._sheets, self._row = 0, SHEET_ROWS
        self._put: Callable[..., None] | None = None

    def put(self, values: Sequence[object]) -> None:
        """Write the next line."""
        if self._put is None or self._row >= SHEET_ROWS:
            self._sheets += 1
            sheet = self._book.add_worksheet(self._title if self._sheets == 1 else f"{self._title} {self._sheets}")
            _head(sheet, self._styles, self._columns, 0)
            sheet.freeze_panes(1, 0)
            self._put, self._row = _writer(sheet, self._styles), 1
        self._put(self._row, values)
        self._row += 1


def _head(sheet: Any, styles: Mapping[str, Any], columns: Sequence[tuple[str, int]], row: int) -> None:
    for position, (name, width) in enumerate(columns):
        sheet.set_column(position, position, width)
        sheet.write_string(row, position, name, styles["head"])


def _writer(sheet: Any, styles: Mapping[str, Any]) -> Callable[..., None]:
    def put(row: int, values: Sequence[object], first: int = 0) -> None:
        for column, value in enumerate(values, start=first):
            match value:
                case None:
                    continue
                case int():
                    sheet.write_number(row, column, value, styles["number"])
                case date():
                    sheet.write_datetime(row, column, datetime.combine(value, time()), styles["day"])
                case _:
                    sheet.write_string(row, column, _fitting(str(value)), styles["text"])

    return put


def _fitting(text: str) -> str:
    """A cell holds so many characters; Excel calls a workbook with a longer text damaged."""
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
