"""Answers as workbooks, written in a stream: cells are made column by column, so that large answers stay cheap.

xlsxwriter makes the workbook (styles, header, filter, widths, the sheet of sources); the rows of the answer are put
between its header and its end, because a call for each cell would cost several times what the query does. Every text
is a text cell, never a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from pipelines.publish.formats import Sources, plain
from pipelines.sheets import CELL_CHARACTERS, OPTIONS, SHEET_ROWS, print_setup

SHEET = "Kết quả"
SOURCES = "Nguồn"
_PAGE_CHARACTERS = 260
"""Width of columns that can still be read when shrunk to one page; wider answers print over several."""
MAX_COLUMNS = 16_384
_EXACT = 10**15
_WIDTHS = (8, 60)
_ROWS_MEASURED = 1_000
_EPOCH = 25_569
_DAY_US = 86_400_000_000
_PART = "xl/worksheets/sheet1.xml"
_NO_THOUSANDS = re.compile(r"^(nam|ma|so_thu_tu|stt|thu_tu)(_|$)|_nam$")
_FORBIDDEN = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]"
_STYLES = {
    "so": "#,##0",
    "ma": "0",
    **{f"so_{scale}": f"#,##0.{'0' * scale}" for scale in range(1, 7)},
    "thuc": "#,##0.######",
    "ngay": "dd/mm/yyyy",
    "luc": "dd/mm/yyyy hh:mm:ss",
}


class SheetError(Exception):
    """A worksheet cannot hold the answer; Vietnamese text."""


def write_xlsx(columns: Sequence[str], batches: Iterable[pl.DataFrame], out: Path, sources: Sources) -> None:
    """Write batches of an answer (columns by place) under ``columns``. Raises ``SheetError``, ``OSError``."""
    if len(columns) > MAX_COLUMNS:
        raise SheetError(f"kết quả có {len(columns)} cột, quá sức một trang tính; dùng --format csv.")
    coming = iter(batches)
    first = next(coming, None)
    book = _book(columns, first, sources)
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as target:
        before, styles, after = _cut(source.read(_PART).decode())
        rows = 1
        with target.open(_PART, "w", force_zip64=True) as sheet:
            sheet.write(before.encode())
            for batch in chain([] if first is None else [first], coming):
                if rows + batch.height > SHEET_ROWS:
                    raise SheetError(f"kết quả quá sức một trang tính ({SHEET_ROWS - 1} dòng); dùng --format csv.")
                for piece in _pieces(batch, columns, styles, rows):
                    sheet.write(piece)
                rows += batch.height
            sheet.write(_filtered(after, rows).encode())
        for item in source.infolist():
            if item.filename != _PART:
                target.writestr(item.filename, _named(item.filename, source.read(item), rows))


def _book(columns: Sequence[str], first: pl.DataFrame | None, sources: Sources) -> io.BytesIO:
    """The workbook with its header, and in its second row one cell of each style, which the answer takes over."""
    place = io.BytesIO()
    with xlsxwriter.Workbook(place, {**OPTIONS, "in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "valign": "top"})
        sheet = book.add_worksheet(SHEET)
        widths = [_width(name, first, place_of) for place_of, name in enumerate(columns)]
        print_setup(sheet, head_row=0, one_wide=sum(widths) <= _PAGE_CHARACTERS)
        for place_of, name in enumerate(columns):
            sheet.write_string(0, place_of, name, head)
            sheet.set_column(place_of, place_of, widths[place_of])
        for place_of, pattern in enumerate(_STYLES.values()):
            sheet.write_number(1, place_of, 0, book.add_format({"num_format": pattern}))
        if columns:
            sheet.autofilter(0, 0, 1, len(columns) - 1)
        _write_sources(book, sources, head)
    place.seek(0)
    return place


def _width(name: str, first: pl.DataFrame | None, place: int) -> int:
    longest = 0
    if first is not None and first.height and first.dtypes[place] != pl.Object:
        texts = _as_text(first.get_columns()[place].head(_ROWS_MEASURED))
        longest = max((length or 0 for length in texts.str.len_chars().to_list()), default=0)
    return max(_WIDTHS[0], min(_WIDTHS[1], max(len(name) + 3, longest + 2)))


def _write_sources(book: Any, sources: Sources, head: Any) -> None:
    sheet = book.add_worksheet(SOURCES)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    row = 0
    for label, text in sources.facts:
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, text[:CELL_CHARACTERS], wrap)
        row += 1
    if sources.columns:
        row += 1
        sheet.write_string(row, 0, "Cột", head)
        sheet.write_string(row, 1, "Ý nghĩa", head)
        for name, meaning in sources.columns:
            row += 1
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, meaning[:CELL_CHARACTERS], wrap)


def _cut(xml: str) -> tuple[str, dict[str, str], str]:
    """What stands before and after the second row, and the number of each style in it."""
    row = re.search(r'<row r="2"[^>]*>(.*?)</row>', xml, re.DOTALL)
    if row is None:  # pragma: no cover - the row has just been written
        raise SheetError("không dựng được trang tính.")
    numbers = re.findall(r'<c r="[A-Z]+2" s="(\d+)"', row.group(1))
    before = re.sub(r"<dimension [^>]*/>", "", xml[: row.start()])
    return before, dict(zip(_STYLES, numbers, strict=True)), xml[row.end() :]


def _filtered(after: str, rows: int) -> str:
    return re.sub(r'(<autoFilter ref="A1:[A-Z]+)2"', rf'\g<1>{max(rows, 2)}"', after)


def _named(name: str, content: bytes, rows: int) -> bytes:
    if name != "xl/workbook.xml":
        return content
    pattern = rb"(_xlnm\._FilterDatabase[^<]*<?[^<]*\$[A-Z]+\$)2(</definedName>)"
    return re.sub(pattern, rb"\g<1>" + str(max(rows, 2)).encode() + rb"\g<2>", content)


def _pieces(batch: pl.DataFrame, columns: Sequence[str], styles: dict[str, str], above: int) -> Iterator[bytes]:
    """The rows of a batch as XML; ``above``: rows that stand above it."""
    size = 5_000
    for start in range(0, batch.height, size):
        part = batch.slice(start, size)
        number = pl.int_range(above + start + 1, above + start + 1 + part.height, eager=True).cast(pl.String)
        cells = [
            _cells(series, xl_col_to_name(place), name, styles, number)
            for place, (series, name) in enumerate(zip(part.get_columns(), columns, strict=True))
        ]
        frame = pl.DataFrame([cell.alias(f"c{place}") for place, cell in enumerate(cells)] + [number.alias("r")])
        names = [f"c{place}" for place in range(len(cells))]
        row = pl.concat_str(pl.lit('<row r="'), "r", pl.lit('">'), *names, pl.lit("</row>"))
        yield str(frame.select(row.str.join("")).item()).encode()


def _cells(series: pl.Series, letter: str, name: str, styles: dict[str, str], number: pl.Series) -> pl.Series:
    """One column as cells; a null is no cell."""
    frame = pl.DataFrame({"v": series, "r": number})
    value = pl.col("v")
    text = _text_cell(letter, value.cast(pl.String))
    kind = series.dtype
    if kind == pl.Boolean:
        made = _number_cell(letter, value.cast(pl.Int8).cast(pl.String), None, "b")
    elif kind.is_integer() or kind == pl.Decimal:
        made = _number_cell(letter, value.cast(pl.String), styles[_style(name, kind)])
        made = pl.when(value.cast(pl.Float64).abs() < _EXACT).then(made).otherwise(text)
    elif kind.is_float():
        made = _number_cell(letter, value.cast(pl.Float64).cast(pl.String), styles["thuc"])
        fits = value.is_finite() & (value.abs() < _EXACT)
        made = pl.when(fits).then(made).otherwise(text)
    elif kind == pl.Date or (kind == pl.Datetime and kind.time_zone is None):  # type: ignore[attr-defined]
        days = value.cast(pl.Datetime("us")).dt.timestamp("us") / _DAY_US + _EPOCH
        shown = days.cast(pl.Int64) if kind == pl.Date else days
        made = _number_cell(letter, shown.cast(pl.String), styles["ngay" if kind == pl.Date else "luc"])
        made = pl.when(days >= 61).then(made).otherwise(_text_cell(letter, _iso(value, kind)))
    else:
        frame = pl.DataFrame({"v": _as_text(series), "r": number})
        made = text
        if (frame["v"].str.len_chars().max() or 0) > CELL_CHARACTERS:  # type: ignore[operator]
            raise SheetError(f"ô dài quá {CELL_CHARACTERS} ký tự, trang tính không chứa được; dùng --format csv.")
    return frame.select(made.fill_null("")).to_series()


def _style(name: str, kind: pl.DataType | type[pl.DataType]) -> str:
    scale = getattr(kind, "scale", 0) or 0
    if scale:
        return f"so_{min(scale, 6)}"
    return "ma" if _NO_THOUSANDS.search(name.lower()) else "so"


def _number_cell(letter: str, text: pl.Expr, style: str | None, kind: str | None = None) -> pl.Expr:
    marks = "".join(f' {mark}="{value}"' for mark, value in (("s", style), ("t", kind)) if value)
    return pl.concat_str(pl.lit(f'<c r="{letter}'), "r", pl.lit(f'"{marks}><v>'), text, pl.lit("</v></c>"))


def _text_cell(letter: str, text: pl.Expr) -> pl.Expr:
    escaped = text.str.replace_all(r"_x([0-9A-Fa-f]{4})_", "_x005F_x${1}_")
    escaped = escaped.str.replace_many(["&", "<", ">", "\r"], ["&amp;", "&lt;", "&gt;", "_x000D_"])
    escaped = escaped.str.replace_all(_FORBIDDEN, "\ufffd")
    middle = '" t="inlineStr"><is><t xml:space="preserve">'
    return pl.concat_str(pl.lit(f'<c r="{letter}'), "r", pl.lit(middle), escaped, pl.lit("</t></is></c>"))


def _iso(value: pl.Expr, kind: pl.DataType | type[pl.DataType]) -> pl.Expr:
    return value.dt.to_string("iso:strict") if kind == pl.Datetime else value.dt.to_string("%Y-%m-%d")


def _as_text(series: pl.Series) -> pl.Series:
    """Any column as text, as the other forms print it."""
    if series.dtype in (pl.String, pl.Categorical) or series.dtype == pl.Enum:
        return series.cast(pl.String)
    values = [None if value is None else plain(value) for value in series.to_list()]
    return pl.Series(values, dtype=pl.String)


def frames_of(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[pl.DataFrame]:
    """Rows of Python values as one batch; a column of several types becomes text."""
    taken = [list(row) for row in rows]
    series = []
    for place in range(len(columns)):
        values = [row[place] for row in taken]
        try:
            made = pl.Series(f"c{place}", values, strict=True)
        except (TypeError, pl.exceptions.PolarsError, OverflowError):
            texts = [None if value is None else plain(value) for value in values]
            made = pl.Series(f"c{place}", texts, dtype=pl.String)
        series.append(made)
    yield pl.DataFrame(series)
