"""The dictionary as a workbook: one sheet for tables, columns, metrics, definitions and table macros, filtered."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.config.figures import day
from pipelines.config.official_rules import in_words
from pipelines.dictionary.facts import Book, Entry
from pipelines.sheets import OPTIONS, fitting, height, print_setup

_MADE = datetime(2025, 1, 1)
"""Date of making of every workbook: equal contents give an equal file."""
_TABLES = {"Bảng": 34, "Nghĩa": 80, "Đơn vị": 18, "Khóa": 30, "Nguồn": 34, "Quy tắc": 12, "Đêm qua": 18}
_COLUMNS = {"Bảng": 34, "Cột": 28, "Kiểu": 14, "Nghĩa": 70, "Đơn vị": 16, "Quy tắc": 12, "Truy vết": 60}
_METRICS = {
    "Bảng": 30, "Chỉ tiêu": 28, "Tên": 50, "Công thức": 50, "Cơ sở": 40, "Đơn vị": 14, "Từ": 12, "Đến": 12
}  # fmt: skip
_DEFINITIONS = {
    "Chỉ số": 10, "Tên": 50, "Điểm": 8, "Tử số": 50, "Mẫu số": 50, "Chấm": 50, "Từ": 12, "Đến": 12, "Căn cứ": 40
}  # fmt: skip
_MACROS = {"Hàm": 40, "Tham số": 40, "Ví dụ": 90}


def workbook(book: Book) -> bytes:
    """The workbook as the bytes of an xlsx file; every cell is text, never a formula."""
    place = io.BytesIO()
    with xlsxwriter.Workbook(place, {**OPTIONS, "in_memory": True}) as file:
        file.set_properties({"title": "Từ điển dữ liệu", "created": _MADE})
        head = file.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "valign": "top", "text_wrap": True})
        body = file.add_format({"valign": "top", "text_wrap": True})
        for name, widths, rows in _sheets(book.entries):
            _fill(file.add_worksheet(name), widths, rows, head, body)
    return place.getvalue()


def _fill(sheet: Worksheet, widths: dict[str, int], rows: list[list[str]], head: Format, body: Format) -> None:
    print_setup(sheet, "Từ điển dữ liệu", 0)
    sheet.freeze_panes(1, 1)
    for place, (title, width) in enumerate(widths.items()):
        sheet.set_column(place, place, width, body)
        sheet.write_string(0, place, title, head)
    for number, row in enumerate(rows, 1):
        sheet.set_row(number, height(row, list(widths.values())))
        for place, value in enumerate(row):
            sheet.write_string(number, place, fitting(value), body)
    sheet.autofilter(0, 0, max(len(rows), 1), len(widths) - 1)


def _sheets(entries: Sequence[Entry]) -> Iterator[tuple[str, dict[str, int], list[list[str]]]]:
    yield "Bảng", _TABLES, [_table(e) for e in entries]
    yield (
        "Cột",
        _COLUMNS,
        [
            [e.table, c.name, c.type, in_words(c.meaning), c.unit, in_words(", ".join(c.rules)), c.way]
            for e in entries
            for c in e.columns
        ],
    )
    yield (
        "Chỉ tiêu",
        _METRICS,
        [
            [e.table, m.code, m.name, m.formula, m.base, m.unit, day(m.since), day(m.until)]
            for e in entries
            for m in e.metrics
        ],
    )
    yield (
        "Định nghĩa 766",
        _DEFINITIONS,
        [
            [
                d.code,
                d.name,
                d.points,
                d.numerator,
                d.denominator,
                d.scoring,
                day(d.since),
                day(d.until),
                in_words(d.basis),
            ]
            for e in entries
            for d in e.definitions
        ],
    )
    yield "Hàm biểu", _MACROS, [[e.table, ", ".join(e.parameters), e.example] for e in entries if e.is_macro]


def _rules(codes: Sequence[str]) -> str:
    """Rules that a text names, by their titles."""
    return in_words(", ".join(codes))


def _table(e: Entry) -> list[str]:
    feeds = ", ".join(feed for feed, _ in e.feeds)
    return [e.table, in_words(e.meaning), e.unit, ", ".join(e.key), feeds, _rules(e.rules), e.state]
