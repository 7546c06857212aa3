"""Sheets an office can print, filter and answer on: A4 landscape, one page wide, rows as high as their longest text."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

SHEET_ROWS = 1_048_576
SHEET_COLUMNS = 16_384
CELL_CHARACTERS = 32_767
_LINE = 15.0
_HIGHEST = 409.0
_A4 = 9
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Of every workbook: a text as it came stays a text, with a leading “=” and as a web address too."""
# Letters with signs and capitals are wider than the digit by which Excel counts the width of a column.
_WIDTH_OF_TEXT = 0.93


@dataclass(frozen=True)
class Column:
    """``choices``: what a cell may be, as a drop-down with ``prompt``; ``style`` of its cells, null: by the value."""

    title: str
    width: int
    style: str | None = None
    choices: tuple[str, ...] = ()
    prompt: str = ""


@contextmanager
def private_book(place: Path, **options: Any) -> Iterator[Any]:
    """A workbook of xlsxwriter, written to ``place`` at the end of the block; ``options`` are the writer's.

    What it keeps on disk meanwhile holds what the cells hold: it lies beside the file, not in /tmp, and goes with the
    block however that ends. Raises ``OSError``, ``xlsxwriter.exceptions.XlsxFileError`` where the format takes no more.
    """
    import xlsxwriter

    with tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent) as parts:
        try:
            with xlsxwriter.Workbook(str(place), {**OPTIONS, "tmpdir": parts, **options}) as book:
                yield book
        except xlsxwriter.exceptions.FileCreateError as failure:
            cause = next(iter(failure.args), None)
            raise (cause if isinstance(cause, OSError) else OSError(str(failure))) from None


def styles_of(book: Any) -> dict[str, Any]:
    """The formats of a workbook by name."""
    cell = {"valign": "top", "border": 1, "border_color": "#BFBFBF"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "lead": book.add_format({"text_wrap": True, "valign": "top", "font_size": 12}),
        "heading": book.add_format({"bold": True, "font_size": 12}),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#DDE7F0", "text_wrap": True}),
        "head_answer": book.add_format({**cell, "bold": True, "bg_color": "#FFF2CC", "text_wrap": True}),
        "text": book.add_format({**cell, "text_wrap": True, "num_format": "@"}),
        "answer": book.add_format({**cell, "text_wrap": True, "num_format": "@", "bg_color": "#FFFBEA"}),
        "key": book.add_format({**cell, "num_format": "@", "font_size": 6, "font_color": "#7F7F7F", "align": "fill"}),
        "number": book.add_format({**cell, "num_format": "#,##0", "align": "center"}),
        "row": book.add_format({**cell, "num_format": "0", "align": "center"}),
        "day": book.add_format({**cell, "num_format": "dd/mm/yyyy", "align": "left"}),
    }


def lines_of(text: str, width: int) -> int:
    """Lines that ``text`` takes in a column of ``width`` characters, wrapped at spaces."""
    room = max(1.0, width / _WIDTH_OF_TEXT - 1)
    lines = 0
    for paragraph in text.split("\n"):
        used = 0.0
        lines += 1
        for word in paragraph.split(" "):
            size = float(len(word))
            if used and used + 1 + size > room:
                lines += 1
                used = 0.0
            if size > room:
                lines += math.ceil(size / room) - 1
                size = size % room or room
            used += size + (1 if used else 0)
    return lines


def height(values: Sequence[object], widths: Sequence[int], line: float = _LINE) -> float:
    """Points a row needs to show all of its texts, ``line`` points each line; at most what a row may have.

    Programs other than Excel do not raise a row to its wrapped text by themselves.
    """
    most = max(
        (lines_of(value, width) for value, width in zip(values, widths, strict=True) if isinstance(value, str)),
        default=1,
    )
    return min(_HIGHEST, most * line + 1)


def print_setup(sheet: Any, footer: str = "", head_row: int | None = None, *, one_wide: bool = True) -> None:
    """A4 landscape, narrow margins, page numbers; ``head_row``: frozen, and repeated on every printed page.

    ``one_wide``: shrunk to one page wide; not for what would be too small to read then.
    """
    sheet.set_landscape()
    sheet.set_paper(_A4)
    if one_wide:
        sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    # A space: “&8” and a text that begins with a digit would be another size.
    sheet.set_footer(f"&L&8 {footer.replace('&', '&&')}&R&8 Trang &P/&N")
    if head_row is not None:
        sheet.repeat_rows(head_row)
        sheet.freeze_panes(head_row + 1, 0)


def head(sheet: Any, styles: Mapping[str, Any], columns: Sequence[Column], row: int) -> None:
    """The header row, with widths, as high as its titles; frozen and repeated on every printed page."""
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width)
        sheet.write_string(row, position, column.title, styles["head_answer" if column.style == "answer" else "head"])
    sheet.set_row(row, height([c.title for c in columns], [c.width - 1 for c in columns]))
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 0)


def writer(sheet: Any, styles: Mapping[str, Any], columns: Sequence[Column]) -> Callable[[int, Sequence[object]], None]:
    """Writes a row of values under ``columns``: texts as texts, numbers and days as such, empty cells framed."""
    # A key is not there to be read: it stays within its cell.
    widths = [column.width if column.style != "key" else CELL_CHARACTERS for column in columns]

    def put(row: int, values: Sequence[object]) -> None:
        sheet.set_row(row, height(values, widths))
        for position, (value, column) in enumerate(zip(values, columns, strict=True)):
            match value:
                case None:
                    sheet.write_blank(row, position, None, styles[column.style or "text"])
                case int():
                    sheet.write_number(row, position, value, styles[column.style or "number"])
                case date():
                    moment = datetime.combine(value, time())
                    sheet.write_datetime(row, position, moment, styles[column.style or "day"])
                case _:
                    sheet.write_string(row, position, fitting(str(value)), styles[column.style or "text"])

    return put


class Pages:
    """Lines on one sheet, and on further ones where a sheet is full; no sheet without a line.

    ``one_wide``: as of ``print_setup``.
    """

    def __init__(
        self,
        book: Any,
        styles: Mapping[str, Any],
        title: str,
        columns: Sequence[Column],
        *,
        footer: str,
        one_wide: bool = True,
    ) -> None:
        self._book, self._styles, self._title, self._columns = book, styles, title, columns
        self._footer, self._one_wide = footer, one_wide
        self._sheets, self._row = 0, SHEET_ROWS
        self._sheet: Any = None
        self._put: Callable[[int, Sequence[object]], None] | None = None

    def put(self, values: Sequence[object]) -> None:
        """Write the next line."""
        if self._put is None or self._row >= SHEET_ROWS:
            self.close()
            self._sheets += 1
            name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
            self._sheet = self._book.add_worksheet(name)
            print_setup(self._sheet, self._footer, one_wide=self._one_wide)
            head(self._sheet, self._styles, self._columns, 0)
            self._put, self._row = writer(self._sheet, self._styles, self._columns), 1
        self._put(self._row, values)
        self._row += 1

    def close(self) -> None:
        """Filter and drop-downs over the lines that there are."""
        if self._sheet is None or self._row < 2:
            return
        self._sheet.autofilter(0, 0, self._row - 1, len(self._columns) - 1)
        printed = [position for position, column in enumerate(self._columns) if column.style != "key"]
        self._sheet.print_area(0, 0, self._row - 1, printed[-1])
        for position, column in enumerate(self._columns):
            if column.choices:
                self._sheet.data_validation(
                    1,
                    position,
                    self._row - 1,
                    position,
                    {
                        "validate": "list",
                        "source": list(column.choices),
                        "input_title": column.title,
                        "input_message": column.prompt,
                        "error_title": column.title,
                        "error_message": f"Chọn một trong: {', '.join(column.choices)}.",
                        "error_type": "warning",
                    },
                )


def fitting(text: str) -> str:
    """A cell holds so many characters; Excel calls a workbook with a longer text damaged."""
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
