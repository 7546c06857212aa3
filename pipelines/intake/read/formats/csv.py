"""Delimited text: character set and delimiter told from the content, record numbers as physical lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

import numpy as np
import polars as pl

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.headers.columns import HeaderIndex
from pipelines.intake.headers.header import find_header
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.blank import clean_text
from pipelines.intake.read.formats.cut import count_byte, whole
from pipelines.intake.sheet import RawSheet, column_names

DELIMITERS = (",", ";", "\t", "|")
_HEAD_CHARS = 400_000
_HEAD_RECORDS = 400
_SPARE_COLUMNS = 4
_SLOW_BATCH = 50_000
_LINE_END = 10
_LEAST_CELLS = 3
_MARKS = b"\xef\xbb\xbf \t"
_WRAPPED = re.compile(r'^"((?:[^"]|"")*)"$')
_APOSTROPHES = re.compile(r"^'(?:[^']|'')*'(?:[ ]*[,;\t|][ ]*'(?:[^']|'')*')+$")
_LINES_IN_APOSTROPHES = 2
_SWAPPED = bytes.maketrans(b"'\"", b"\"'")
_END = "\x04end of file\x04"
_NAMES_OF_DELIMITERS = {",": "dấu phẩy", ";": "dấu chấm phẩy", "\t": "tab", "|": "dấu gạch đứng"}
_TWO_DELIMITERS = (
    "Dòng tiêu đề phân cách bằng {header}, các dòng dưới (từ dòng {row}) bằng {rows}: không chia được cột. Hãy xuất "
    "lại tệp csv với một dấu phân cách cho mọi dòng."
)
_OPEN_QUOTE = (
    "Dấu nháy kép trong tệp không đóng, không chia được dòng. Hãy xuất lại tệp csv (ô có dấu nháy phải được nhân đôi "
    "dấu nháy) hoặc gửi dạng .xlsx."
)


def count_headers(text: str, index: HeaderIndex, limits: Limits) -> int:
    """Most known fields that one header row at the beginning of ``text`` names, over all delimiters."""
    return max(_best_header(text, delimiter, index, limits)[0] for delimiter in DELIMITERS)


def read_csv(data: bytes, index: HeaderIndex, limits: Limits) -> RawSheet:
    """The records of ``data`` (UTF-8, NFC) in positional columns; raises ``FileRefusedError``.

    The delimiter is the one under which the header names most known fields. ``rows`` is the first physical
    line of each record, quoted line breaks counted; blank lines are kept as blank records. ``widths`` is the number
    of cells of each record as it stands in the file. Cells that stand in apostrophes (``'a','b'``) are read as those in
    quotes are.
    """
    data = _one_line_end(data)
    if _in_apostrophes(data):
        sheet = _read(data.translate(_SWAPPED), index, limits)
        return replace(sheet, cells=sheet.cells.with_columns(pl.all().str.replace_many(["'", '"'], ['"', "'"])))
    return _read(data, index, limits)


def _in_apostrophes(data: bytes) -> bool:
    """Whether the first lines hold nothing but cells in apostrophes, two at least."""
    head = data[:_HEAD_CHARS].lstrip(_MARKS).decode("utf-8", "ignore").split("\n")[:_LINES_IN_APOSTROPHES]
    lines = [line.rstrip("\r") for line in head if line.strip()]
    return bool(lines) and all(_APOSTROPHES.match(line) for line in lines)


def _read(data: bytes, index: HeaderIndex, limits: Limits) -> RawSheet:
    if data.lstrip(_MARKS)[:1] == b'"':
        data = _unwrapped(data, index, limits)
    head = data[: 4 * _HEAD_CHARS].decode("utf-8", "ignore")
    scores = {delimiter: _best_header(head, delimiter, index, limits) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda item: scores[item])
    own_width = _width(head, delimiter)
    width = own_width + _SPARE_COLUMNS
    if width > limits.columns:
        raise FileRefusedError(f"Tệp có quá nhiều cột ({width} > {limits.columns}). Hãy kiểm tra dấu phân cách.")
    unfinished = not data.endswith((b"\n", b"\r"))
    cells = None if _has_stray_quotes(data, delimiter) else _fast(data, delimiter, width)
    lines = _lines(data)
    if cells is None or (lines != cells.height and _swallows_rows(cells, delimiter, own_width)):
        return replace(_slow(data.decode("utf-8"), delimiter, own_width, limits), unfinished=unfinished)
    rows = _physical_rows(lines, cells)
    _refuse_two_delimiters(cells, rows, delimiter, own_width)
    widths = record_widths(data, delimiter, cells, rows)
    cells = clean_text(_without_spares(cells), normalise=False)
    return RawSheet(name="", cells=cells, rows=rows, widths=widths, unfinished=unfinished)


def _refuse_two_delimiters(cells: pl.DataFrame, rows: pl.Series, delimiter: str, width: int) -> None:
    """Raise ``FileRefusedError`` where most lines below the first one of several cells hold another delimiter only."""
    filled = cells.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    several = filled > 1
    first = several.arg_max()
    if width < _LEAST_CELLS or not several.any() or first is None:
        return
    lone = filled[first + 1 :] == 1
    text = cells.to_series(0)[first + 1 :]
    for other in DELIMITERS:
        if other == delimiter:
            continue
        found = lone & (text.str.count_matches(other, literal=True) >= (width - 1) / 2).fill_null(value=False)
        if found.any() and int(found.sum()) >= int(several[first + 1 :].sum()):
            names = {"header": _NAMES_OF_DELIMITERS[delimiter], "rows": _NAMES_OF_DELIMITERS[other]}
            raise FileRefusedError(_TWO_DELIMITERS.format(row=int(rows[first + 1 + (found.arg_max() or 0)]), **names))


def _one_line_end(data: bytes) -> bytes:
    if b"\n" not in data and b"\r" in data:
        return data.replace(b"\r", b"\n")
    return data


def _unwrapped(data: bytes, index: HeaderIndex, limits: Limits) -> bytes:
    """Lines that each stand in quotes as one cell (``"a,b"``), as copying between spreadsheets leaves them, without."""
    lines = data.lstrip(_MARKS).decode("utf-8").split("\n")
    head = [line.rstrip("\r") for line in lines[: limits.header_search_rows] if line.strip()]
    if not all(_WRAPPED.match(line) for line in head) or count_headers("\n".join(head), index, limits):
        return data
    bare = "\n".join(_WRAPPED.sub(lambda found: found[1].replace('""', '"'), line.rstrip("\r")) for line in lines)
    return bare.encode("utf-8") if count_headers(bare[:_HEAD_CHARS], index, limits) else data


def record_widths(data: bytes, delimiter: str, cells: pl.DataFrame, rows: pl.Series) -> pl.Series:
    """Cells of each record, blank ones too: delimiters of its lines that stand in no cell, and one."""
    codes = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(codes == _LINE_END)
    firsts = rows.to_numpy()
    starts = np.concatenate([[0], ends + 1])[firsts - 1]
    found = np.flatnonzero(codes == ord(delimiter))
    counted = np.diff(np.append(np.searchsorted(found, starts), len(found)))
    inside = np.zeros(cells.height, dtype=np.int64)
    if count_byte(data, b'"'):
        held = pl.sum_horizontal(pl.all().str.count_matches(delimiter, literal=True).fill_null(0))
        inside = cells.select(held.cast(pl.Int64)).to_series().to_numpy()
    return pl.Series("rong", counted - inside + 1, dtype=pl.Int64)


def _best_header(text: str, delimiter: str, index: HeaderIndex, limits: Limits) -> tuple[int, int]:
    """(known fields of the best header row, widest of the first records) at the beginning of ``text``.

    Where none stands among the first rows (long prefaces), it is looked for further down.
    """
    widest = 0
    for most in (limits.header_search_rows, _HEAD_RECORDS):
        records = _head(text, delimiter, most)
        widest = max((len(record) for record in records), default=0)
        header = find_header([[cell or None for cell in record] for record in records], index) if widest > 1 else None
        if header is not None:
            return header.matched, widest
    return 0, widest


def _width(text: str, delimiter: str) -> int:
    return max((len(record) for record in _head(text, delimiter, _HEAD_RECORDS)), default=1)


def _head(text: str, delimiter: str, most: int) -> list[list[str]]:
    try:
        lines = io.StringIO(text[:_HEAD_CHARS], newline="")
        return list(islice(csv.reader(lines, delimiter=delimiter, skipinitialspace=True), most))
    except csv.Error:
        return []


def _has_stray_quotes(data: bytes, delimiter: str) -> bool:
    """Whether a quote stands where the rules of csv put none: such files are read record by record."""
    quotes = count_byte(data, b'"')
    if quotes == 0:
        return False
    if quotes % 2:
        return True
    mark = {"\t": r"\t", "|": r"\|"}.get(delimiter, delimiter)
    lone = rf'[^"{mark}\r\n]"[^"{mark}\r\n]'
    return bool(whole(data).str.contains(lone).any())


def _fast(data: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    """All records by the vectorised reader; None where a record is wider than any seen at the beginning."""
    schema = dict.fromkeys(column_names(width), pl.String)
    try:
        return pl.read_csv(
            data,
            has_header=False,
            schema=schema,
            separator=delimiter,
            quote_char='"',
            infer_schema=False,
            null_values=[""],
            missing_columns="insert",
            encoding="utf8",
        )
    except pl.exceptions.PolarsError:
        return None


def _without_spares(cells: pl.DataFrame) -> pl.DataFrame:
    last = cells.width
    while last > 1 and cells.to_series(last - 1).null_count() == cells.height:
        last -= 1
    return cells.select(cells.columns[:last])


def _physical_rows(lines: int, cells: pl.DataFrame) -> pl.Series:
    if lines == cells.height:
        return pl.Series("dong", range(1, lines + 1), dtype=pl.Int64)
    breaks = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0)).cast(pl.Int64)
    return cells.select((breaks + 1).cum_sum().shift(1, fill_value=0).add(1).alias("dong")).to_series()


def _lines(data: bytes) -> int:
    return count_byte(data, b"\n") + (0 if data.endswith(b"\n") or not data else 1)


def _swallows_rows(cells: pl.DataFrame, delimiter: str, width: int) -> bool:
    """Whether a cell holds line breaks and as many delimiters as a record: two stray quotes that met."""
    if width < 3:
        return False
    found = cells.select(
        pl.any_horizontal(
            (
                pl.all().str.contains("\n", literal=True)
                & (pl.all().str.count_matches(delimiter, literal=True) >= width - 1)
            ).any()
        )
    )
    return bool(found.item())


def _slow(text: str, delimiter: str, width: int, limits: Limits) -> RawSheet:
    """Record by record, for files with stray quotes or records wider than the header.

    Quotes may be escaped by a backslash; that reading holds where it gives more records of one width.
    An opening quote that never closes would swallow what follows it: such a file is read without quoting if
    that gives records of the header's width, else refused.
    """
    records = _records(text, delimiter, csv.QUOTE_MINIMAL, limits)
    if '\\"' in text:
        escaped = _records(text, delimiter, csv.QUOTE_MINIMAL, limits, escape="\\")
        if escaped is not None and _alike(escaped) > _alike(records or []):
            return _sheet_of(escaped, limits)
    if records is None or any("\n" in c and c.count(delimiter) >= width - 1 for _, r in records for c in r):
        records = _records(text, delimiter, csv.QUOTE_NONE, limits)
        widths = [len(cells) for _, cells in records or [] if len(cells) > width // 2]
        if records is None or any(found != width for found in widths):
            raise FileRefusedError(_OPEN_QUOTE)
    return _sheet_of(records, limits)


def _alike(records: list[tuple[int, list[str]]]) -> int:
    """How many records have the number of cells that most have."""
    return max(Counter(len(cells) for _, cells in records).values(), default=0)


def _sheet_of(records: list[tuple[int, list[str]]], limits: Limits) -> RawSheet:
    width = max((len(cells) for _, cells in records), default=1)
    if width > limits.columns:
        raise FileRefusedError(f"Tệp có quá nhiều cột ({width} > {limits.columns}). Hãy kiểm tra dấu phân cách.")
    schema = dict.fromkeys(column_names(width), pl.String)
    frames = [pl.DataFrame(schema=schema)]
    for start in range(0, len(records), _SLOW_BATCH):
        batch = [_padded(cells, width) for _, cells in records[start : start + _SLOW_BATCH]]
        frames.append(pl.DataFrame(batch, schema=schema, orient="row"))
    rows = pl.Series("dong", [line for line, _ in records], dtype=pl.Int64)
    widths = pl.Series("rong", [len(cells) for _, cells in records], dtype=pl.Int64)
    return RawSheet(name="", cells=clean_text(pl.concat(frames), normalise=False), rows=rows, widths=widths)


def _padded(cells: Sequence[str], width: int) -> list[str | None]:
    return [cell or None for cell in cells] + [None] * (width - len(cells))


def _records(
    text: str, delimiter: str, quoting: Literal[0, 3], limits: Limits, escape: str | None = None
) -> list[tuple[int, list[str]]] | None:
    """(first line, cells) of every record; None where the last quote does not close or a cell is too long."""
    reader = csv.reader(
        _lines_and_end(text), delimiter=delimiter, quoting=quoting, escapechar=escape, skipinitialspace=quoting == 0
    )
    previous = csv.field_size_limit(limits.cell_characters)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            records.append((line, record))
            line = reader.line_num + 1
    except csv.Error:
        return None
    finally:
        csv.field_size_limit(previous)
    return records[:-1] if records and records[-1][1] == [_END] else None


def _lines_and_end(text: str) -> Iterator[str]:
    """The lines, each closed, and a last one of its own: it comes out whole only if no quote is open."""
    for line in io.StringIO(text, newline=""):
        yield line if line.endswith(("\n", "\r")) else line + "\n"
    yield _END + "\n"
