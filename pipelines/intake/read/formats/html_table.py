"""Tables of a web page, which many systems save under the name of a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.read.encoding import DOUBTFUL_CHARSET, to_utf8
from pipelines.intake.read.formats.grid import Grid
from pipelines.intake.sheet import RawSheet

_NO_TABLE = (
    "Tệp là trang web (HTML) không có bảng dữ liệu, có thể là trang đăng nhập hoặc trang báo lỗi. "
    "Hãy đăng nhập, xuất lại tệp từ hệ thống nguồn rồi gửi lại."
)
_CUT = "Tệp HTML bị cắt giữa chừng (bảng không có chỗ kết thúc). Hãy xuất lại tệp từ hệ thống nguồn rồi gửi lại."
_DEEP = "Tệp HTML có bảng lồng nhau quá sâu; không đọc. Hãy xuất lại tệp dạng .xlsx."
_CELL = re.compile(r"<t[dh]\b[^>]{0,2000}>(.{0,500}?)</t[dh]\s*>", re.I | re.S)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SECTION = re.compile(r"<!\[[^>]{0,200}>")
"""Conditions for Office programs and the like, which the parser of the standard library stumbles over."""
_SILENT = frozenset({"script", "style", "title", "template", "noscript"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr"})
_CELLS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})
_WITHOUT_END = frozenset({"br", "hr", "img", "input", "wbr", "col", "link", "meta", "base", "area", "embed", "source"})
_NOT_SHOWN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_CHOICE = "option"
_DEEPEST = 30
_LONGEST_SPAN = 65_534
_MOST_LINES = 60


def read_html(data: bytes, limits: Limits, count_fields: Callable[[Sequence[str]], int]) -> list[RawSheet]:
    """One sheet a table, in order, after one with the text around them; raises ``FileRefusedError``.

    ``count_fields``: how many known fields some header cells name. ``colspan`` and ``rowspan`` are merged cells.
    Values are the text that the page shows, in fields of forms too: parts of a cell that it hides are none of it.
    Hidden rows and columns are read, as those of a workbook are.
    """
    text, sure = to_utf8(data, lambda head: count_fields(_cells(head)))
    page = _Page(limits)
    page.feed(_SECTION.sub(" ", text.decode("utf-8")))
    page.close()
    if page.open_tables:
        raise FileRefusedError(_CUT)
    if not page.grids:
        raise FileRefusedError(_NO_TABLE)
    around = Grid("", limits)
    for row, line in enumerate(page.lines):
        around.add(row, {0: line})
    several = len(page.grids) > 1
    for number, grid in enumerate(page.grids, start=1):
        grid.name = f"Bảng {number}" if several else ""
    doubts = () if sure else (("", DOUBTFUL_CHARSET),)
    sheets = [grid.sheet() for grid in (around, *page.grids)]
    return [replace(sheet, doubts=doubts) for sheet in sheets if sheet is not None]


def _cells(head: str) -> list[str]:
    return [unescape(_TAG.sub(" ", cell)) for cell in _CELL.findall(head)]


class _Table:
    """One open table: the row and the cell being filled, and the spans that reach down from above."""

    def __init__(self, limits: Limits) -> None:
        self.grid = Grid("", limits)
        self._row = -1
        self._column = 0
        self._cells: dict[int, str] = {}
        self._down: dict[int, int] = {}
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._most = limits.columns

    def open_row(self) -> None:
        self.close_row()
        self._row += 1
        self._column = 0
        self._down = {column: rows - 1 for column, rows in self._down.items() if rows > 1}

    def close_row(self) -> None:
        self.close_cell()
        if self._cells:
            self.grid.add(self._row, self._cells)
            self._cells = {}

    def open_cell(self, columns: int, rows: int) -> None:
        self.close_cell()
        if self._row < 0:
            self.open_row()
        while self._column in self._down:
            self._column += 1
        self._text = []
        self._span = (min(max(columns, 1), self._most), min(max(rows, 1), _LONGEST_SPAN))

    def close_cell(self) -> None:
        if self._text is None:
            return
        columns, rows = self._span
        self._cells[self._column] = " ".join("".join(self._text).split())
        self.grid.merge(self._row, self._column, self._row + rows - 1, self._column + columns - 1)
        if rows > 1:
            # counted down once more as the next row opens
            self._down.update(dict.fromkeys(range(self._column, self._column + columns), rows))
        self._column += columns
        self._text = None
        if self._column > 2 * self._most:
            raise FileRefusedError(f"Bảng trong tệp HTML có quá nhiều cột (hơn {self._most}). Hãy xóa cột thừa.")

    def write(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)


class _Page(HTMLParser):
    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[Grid] = []
        self.lines: list[str] = []
        self.open_tables: list[_Table] = []
        self._limits = limits
        self._silent = 0
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._hide(tag, attributes)
        table = self.open_tables[-1] if self.open_tables else None
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            if len(self.open_tables) >= _DEEPEST:
                raise FileRefusedError(_DEEP)
            self.open_tables.append(_Table(self._limits))
            self.grids.append(self.open_tables[-1].grid)
        elif table is None:
            return
        elif tag == "tr":
            table.open_row()
        elif tag in ("td", "th"):
            named = dict(attributes)
            table.open_cell(_span(named.get("colspan")), _span(named.get("rowspan")))
        elif tag in _BREAKS:
            table.write(" ")
        elif tag == "input":
            table.write(_value_of(dict(attributes)))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT and tag != "table":
            self.handle_starttag(tag, attributes)
            if self._hidden and self._hidden[-1] == tag:
                self._hidden.pop()

    def _hide(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep the open tags from the first hidden one within a cell on; a cell, row or table ends them."""
        if tag == _CHOICE and tag in self._hidden:
            self._hidden.remove(tag)  # a choice ends where the next one begins
        if tag in _CELLS:
            self._hidden.clear()
        elif tag not in _WITHOUT_END and (self._hidden or (self.open_tables and _is_hidden(tag, attributes))):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS:
            self._hidden.clear()
        elif tag in self._hidden:
            del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif not self.open_tables:
            return
        elif tag == "table":
            self.open_tables.pop().close_row()
        elif tag == "tr":
            self.open_tables[-1].close_row()
        elif tag in ("td", "th"):
            self.open_tables[-1].close_cell()
        elif tag in _BREAKS:
            self.open_tables[-1].write(" ")

    def handle_data(self, data: str) -> None:
        if self._silent or self._hidden:
            return
        if self.open_tables:
            self.open_tables[-1].write(data)
        elif len(self.lines) < _MOST_LINES and (line := " ".join(data.split())):
            self.lines.append(line)


def _value_of(field: dict[str, str | None]) -> str:
    """What a field of a form shows: its text, the mark of a box that nobody can tick (one to tick selects the row)."""
    kind = (field.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return ("☑" if "checked" in field else "☐") if "disabled" in field and kind == "checkbox" else ""
    return (field.get("value") or "") if kind in ("text", "date", "number") and "hidden" not in field else ""


def _is_hidden(tag: str, attributes: list[tuple[str, str | None]]) -> bool:
    named = dict(attributes)
    if tag == _CHOICE and "selected" not in named:
        return True
    return "hidden" in named or _NOT_SHOWN.search(named.get("style") or "") is not None


def _span(text: str | None) -> int:
    return int(text) if text and text.strip().isdecimal() and len(text) < 7 else 1
