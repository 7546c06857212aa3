"""Answers as text table, CSV, JSON and xlsx.

Dates are ISO, numbers are numbers. JSON is the form for machines: every value as it is. CSV and xlsx are opened in
spreadsheet programs, and published texts come from outside: in xlsx every text is a text cell, never a formula; in
CSV a text that a spreadsheet would take for a formula (it starts with = + - @, a tab or a line break, and is not
a plain number) gets an apostrophe before it.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

Rows = Iterable[Sequence[Any]]
"""Gone through once: an answer may be larger than memory."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*\s?%?")
_SHEET_ROWS = 1_048_576
_SHEET_COLUMNS = 16_384
_CELL_CHARACTERS = 32_767
_EXACT_IN_A_CELL = 10**15
_ROWS_MEASURED = 10_000


class FormatError(Exception):
    """The form cannot hold the answer; Vietnamese text."""


def write(columns: Sequence[str], rows: Rows, form: str, out: Path | None) -> None:
    """Write to ``out`` or, except xlsx, to standard output; ``out`` is whole or untouched.

    Raises ``FormatError`` and ``OSError``.
    """
    writers = {"table": _write_table, "csv": _write_csv, "json": _write_json}
    if form != "xlsx" and form not in writers:
        raise FormatError("chỉ có các dạng table, csv, json, xlsx.")
    if out is None:
        if form == "xlsx":
            raise FormatError("dạng xlsx cần tệp đích: thêm --out TỆP.xlsx.")
        writers[form](columns, rows, sys.stdout)
        sys.stdout.flush()
        return
    with _whole(out) as place:
        if form == "xlsx":
            _write_xlsx(columns, rows, place)
        else:
            with place.open("w", encoding="utf-8", newline="") as stream:
                writers[form](columns, rows, stream)


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A file beside ``out`` that takes its place at the end; a device or a pipe is written itself."""
    if out.exists() and not out.is_file():
        yield out
        return
    place = out.with_name(f".{out.name}.dang_ghi")
    try:
        yield place
        place.replace(out)
    finally:
        place.unlink(missing_ok=True)


def _plain(value: Any) -> str:
    """A value as text: dates ISO, decimals in full, booleans true/false."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime() | date() | time():
            return value.isoformat()
        case bytes() | bytearray():
            return bytes(value).hex()
        case list() | tuple() | dict():
            return _json(value)
        case _:
            return str(value)


# ---------------------------------------------------------------- table
def _write_table(columns: Sequence[str], rows: Rows, stream: TextIO) -> None:
    """Widths and sides are those of the first rows: an answer of any length is printed as it comes."""
    coming = iter(rows)
    first = list(islice(coming, _ROWS_MEASURED))
    right = [any(_is_number(row[i]) for row in first) for i in range(len(columns))]
    shown = [_one_line(row) for row in first]
    widths = [max([len(name), *(len(row[i]) for row in shown)]) for i, name in enumerate(columns)]
    stream.write("  ".join(name.ljust(w) for name, w in zip(columns, widths, strict=True)).rstrip() + "\n")
    stream.write("  ".join("-" * width for width in widths) + "\n")
    count = 0
    for row in chain(shown, map(_one_line, coming)):
        count += 1
        parts = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
        stream.write("  ".join(parts).rstrip() + "\n")
    stream.write(f"({count} dòng)\n")


def _one_line(row: Sequence[Any]) -> list[str]:
    """Cells as a terminal may show them: on one line, without control characters that it would obey."""
    return [_shown(value) for value in row]


def _shown(value: Any) -> str:
    """One line of what a terminal can show: a text from outside may hold characters that command it."""
    return "".join(ch if ch.isprintable() else "\ufffd" for ch in " ".join(_plain(value).split()))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


# ---------------------------------------------------------------- csv
def _write_csv(columns: Sequence[str], rows: Rows, stream: TextIO) -> None:
    stream.write(",".join(_quoted(_harmless(name)) for name in columns) + "\n")
    for row in rows:
        cells = (_quoted(_harmless(v) if isinstance(v, str) else _plain(v)) for v in row)
        stream.write(",".join(cells) + "\n")


def _quoted(text: str) -> str:
    """RFC 4180; the standard writer leaves a lone carriage return bare, which readers take for a new row."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def _harmless(text: str) -> str:
    if text.startswith(_RISKY) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


# ---------------------------------------------------------------- json
def _write_json(columns: Sequence[str], rows: Rows, stream: TextIO) -> None:
    names = [json.dumps(name, ensure_ascii=False) for name in _distinct(columns)]
    stream.write("[")
    before = ""
    for row in rows:
        body = ", ".join(f"{name}: {_json(value)}" for name, value in zip(names, row, strict=True))
        stream.write(f"{before}\n{{{body}}}")
        before = ","
    stream.write("\n]\n" if before else "]\n")


def _distinct(columns: Iterable[str]) -> list[str]:
    """An object cannot hold one name twice: the second ``a`` becomes ``a_2``."""
    names: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def _json(value: Any) -> str:
    match value:
        case None | bool() | int():
            return json.dumps(value)
        case float():
            return json.dumps(value) if math.isfinite(value) else "null"
        case Decimal():
            return f"{value:f}" if value.is_finite() else "null"
        case list() | tuple():
            return "[" + ", ".join(_json(item) for item in value) + "]"
        case dict():
            parts = (f"{json.dumps(str(k), ensure_ascii=False)}: {_json(v)}" for k, v in value.items())
            return "{" + ", ".join(parts) + "}"
        case _:
            return json.dumps(_plain(value), ensure_ascii=False)


# ---------------------------------------------------------------- xlsx
def _write_xlsx(columns: Sequence[str], rows: Rows, out: Path) -> None:
    import xlsxwriter

    if len(columns) > _SHEET_COLUMNS:
        raise FormatError(f"kết quả có {len(columns)} cột, quá sức một trang tính; dùng --format csv.")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        with xlsxwriter.Workbook(str(out), options) as book:
            _fill_sheet(book, columns, rows)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise FormatError(
            f"không ghi được {out} ({type(error.args[0]).__name__ if error.args else 'lỗi tệp'})."
        ) from None


def _fill_sheet(book: Any, columns: Sequence[str], rows: Rows) -> None:
    sheet = book.add_worksheet("Kết quả")
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    for i, name in enumerate(columns):
        sheet.write_string(0, i, name, bold)
    for r, row in enumerate(rows, start=1):
        if r >= _SHEET_ROWS:
            raise FormatError(f"kết quả quá sức một trang tính ({_SHEET_ROWS - 1} dòng); dùng --format csv.")
        for c, value in enumerate(row):
            _write_cell(sheet, (r, c), value, day, moment)


def _write_cell(sheet: Any, place: tuple[int, int], value: Any, day: Any, moment: Any) -> None:
    r, c = place
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(r, c, value)
        case int() | float() | Decimal() if math.isfinite(value) and abs(float(value)) < _EXACT_IN_A_CELL:
            sheet.write_number(r, c, float(value))
        case datetime() if value.tzinfo is None and value.year >= 1900:
            sheet.write_datetime(r, c, value, moment)
        case date() if not isinstance(value, datetime) and value.year >= 1900:
            sheet.write_datetime(r, c, value, day)
        case _:
            text = _plain(value)
            if len(text) > _CELL_CHARACTERS:
                raise FormatError(f"ô dài quá {_CELL_CHARACTERS} ký tự, trang tính không chứa được; dùng --format csv.")
            sheet.write_string(r, c, text)
