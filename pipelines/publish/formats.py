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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from pipelines.config.disk import whole_file

if TYPE_CHECKING:
    import polars as pl

Rows = Iterable[Sequence[Any]]
"""Gone through once: an answer may be larger than memory."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*\s?%?")
_ROWS_MEASURED = 10_000


@dataclass(frozen=True)
class Sources:
    """What the second sheet tells: ``facts`` (label, text), and the meaning of each column (name, meaning)."""

    facts: Sequence[tuple[str, str]] = ()
    columns: Sequence[tuple[str, str]] = ()


class FormatError(Exception):
    """The form cannot hold the answer; Vietnamese text."""


def write(
    columns: Sequence[str],
    rows: Rows,
    form: str,
    out: Path | None,
    *,
    frames: Iterable[pl.DataFrame] | None = None,
    sources: Sources | None = None,
    excel: bool = False,
) -> None:
    """Write to ``out`` or, except xlsx, to standard output; ``out`` is whole or untouched.

    ``frames``: the rows again in batches of columns, which a workbook is written from where they are given;
    ``sources``: what its second sheet tells. ``excel``: CSV as Excel of a Vietnamese office opens it by a double click
    (byte-order mark, semicolons, decimal commas). Raises ``FormatError`` and ``OSError``.
    """
    csv = partial(_write_csv, form=_EXCEL if excel else _Csv())
    writers: dict[str, Callable[[Sequence[str], Rows, TextIO], None]]
    writers = {"table": write_table, "csv": csv, "json": _write_json}
    if form != "xlsx" and form not in writers:
        raise FormatError("chỉ có các dạng table, csv, json, xlsx.")
    if out is None:
        if form == "xlsx":
            raise FormatError("dạng xlsx cần tệp đích: thêm --out TỆP.xlsx.")
        writers[form](columns, rows, sys.stdout)
        sys.stdout.flush()
        return
    with whole_file(out) as place:
        if form == "xlsx":
            _write_workbook(columns, rows, frames, place, sources or Sources())
        else:
            with place.open("w", encoding="utf-8", newline="") as stream:
                writers[form](columns, rows, stream)


def plain(value: Any) -> str:
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
def write_table(columns: Sequence[str], rows: Rows, stream: TextIO) -> None:
    """A text table, line by line as the rows come; days as officials write them where a person looks at it."""
    stream.writelines(table_lines(columns, rows, looked_at=stream.isatty()))


def table_lines(columns: Sequence[str], rows: Rows, *, looked_at: bool = False) -> Iterator[str]:
    """Lines of a text table; widths and sides are those of the first rows, the others come as they come.

    ``looked_at``: on a terminal, days and moments are dd/mm/yyyy; in a pipe or file they stay ISO, for programs.
    """
    shown_as = _one_line_for_people if looked_at else _one_line
    coming = iter(rows)
    first = list(islice(coming, _ROWS_MEASURED))
    right = [any(_is_number(row[i]) for row in first) for i in range(len(columns))]
    shown = [shown_as(row) for row in first]
    widths = [max([len(name), *(len(row[i]) for row in shown)]) for i, name in enumerate(columns)]
    yield "  ".join(name.ljust(w) for name, w in zip(columns, widths, strict=True)).rstrip() + "\n"
    yield "  ".join("-" * width for width in widths) + "\n"
    count = 0
    for row in chain(shown, map(shown_as, coming)):
        count += 1
        parts = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
        yield "  ".join(parts).rstrip() + "\n"
    yield f"({count} dòng)\n"


def _one_line(row: Sequence[Any]) -> list[str]:
    """Cells as a terminal may show them: on one line, without control characters that it would obey."""
    return [_shown(value) for value in row]


def _one_line_for_people(row: Sequence[Any]) -> list[str]:
    return [_moment(value) if isinstance(value, date) else _shown(value) for value in row]


def _moment(value: date) -> str:
    """dd/mm/yyyy, with the time where there is one; of a moment in a zone also which."""
    day = f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return f"{day} {value.time().isoformat()}{value.strftime('%z')}" if isinstance(value, datetime) else day


def _shown(value: Any) -> str:
    """One line of what a terminal can show: a text from outside may hold characters that command it."""
    return "".join(ch if ch.isprintable() else "\ufffd" for ch in " ".join(plain(value).split()))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


# ---------------------------------------------------------------- csv
@dataclass(frozen=True)
class _Csv:
    """How cells, rows and decimals are set apart."""

    separator: str = ","
    end: str = "\n"
    decimal: str = "."
    start: str = ""


_EXCEL = _Csv(separator=";", end="\r\n", decimal=",", start="\ufeff")
_OPEN = _Csv(end="\r\n", start="\ufeff")


def csv_bytes(columns: Sequence[str], rows: Rows) -> bytes:
    """CSV of open data: RFC 4180, UTF-8 with a byte-order mark, decimal points."""
    place = StringIO()
    _write_csv(columns, rows, place, _OPEN)
    return place.getvalue().encode()


def _write_csv(columns: Sequence[str], rows: Rows, stream: TextIO, form: _Csv = _Csv()) -> None:
    stream.write(form.start + form.separator.join(_cell(name, form) for name in columns) + form.end)
    for row in rows:
        stream.write(form.separator.join(_cell(value, form) for value in row) + form.end)


def _cell(value: Any, form: _Csv) -> str:
    text = _harmless(value) if isinstance(value, str) else plain(value)
    if isinstance(value, float | Decimal):
        text = text.replace(".", form.decimal)
    return _quoted(text, form.separator)


def _quoted(text: str, separator: str) -> str:
    """RFC 4180; the standard writer leaves a lone carriage return bare, which readers take for a new row."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in f'{separator}"\r\n') else text


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
            return json.dumps(plain(value), ensure_ascii=False)


# ---------------------------------------------------------------- xlsx
def _write_workbook(
    columns: Sequence[str], rows: Rows, frames: Iterable[pl.DataFrame] | None, place: Path, sources: Sources
) -> None:
    from pipelines.publish.xlsx import SheetError, frames_of, write_xlsx

    try:
        write_xlsx(columns, frames if frames is not None else frames_of(columns, rows), place, sources)
    except SheetError as error:
        raise FormatError(str(error)) from None
