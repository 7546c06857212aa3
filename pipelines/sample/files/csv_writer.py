"""CSV files: any charset of ``charsets``, any delimiter, title block, footer, quoted line breaks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from pipelines.sample.files.charsets import encode
from pipelines.sample.files.export import Export, Rows, Sheet, Written

_LINE = "\r\n"


def _quoted(text: str, delimiter: str) -> str:
    if any(mark in text for mark in (delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def _head(sheet: Sheet, delimiter: str) -> list[str]:
    lines = [_quoted(line, delimiter) for line in sheet.layout.title]
    if lines:
        lines.append("")
    names = ["STT", *sheet.headers] if sheet.layout.running_number else sheet.headers
    lines.append(delimiter.join(_quoted(name, delimiter) for name in names))
    if sheet.layout.numbering:
        lines.append(delimiter.join(f"({i})" for i in range(1, len(names) + 1)))
    return lines


def _with_running_number(sheet: Sheet) -> pl.DataFrame:
    if not sheet.layout.running_number:
        return sheet.frame
    return sheet.frame.select(pl.int_range(1, pl.len() + 1).cast(pl.String).alias("STT"), pl.all())


def physical_rows(frame: pl.DataFrame, first: int) -> Rows:
    """1-based line of each record, counting the line breaks inside quoted cells of the records before it."""
    text = [c for c, t in frame.schema.items() if t == pl.String]
    if not text:
        return np.arange(frame.height) + first
    breaks = frame.select(pl.sum_horizontal(pl.col(text).str.count_matches("\n").fill_null(0))).to_series().to_numpy()
    before = np.concatenate([[0], np.cumsum(breaks)[:-1]]) if frame.height else breaks
    return np.asarray(np.arange(frame.height) + before + first, dtype=np.int64)


def write_csv(export: Export, path: Path) -> Written:
    """Write ``export`` (one sheet of text columns) to ``path``."""
    (sheet,) = export.sheets
    head = _head(sheet, export.delimiter)
    frame = _with_running_number(sheet)
    body = frame.write_csv(separator=export.delimiter, include_header=False, line_terminator=_LINE)
    text = _LINE.join(head) + _LINE + body
    if sheet.layout.footer:
        text += _LINE + "".join(_quoted(line, export.delimiter) + _LINE for line in sheet.layout.footer)
    path.write_bytes(encode(text, export.charset))
    start = sum(1 + line.count("\n") for line in head) + 1
    return Written([physical_rows(frame, start)], [""])
