"""JSON in which a record is a list, not an object: rows below a row of names, or names beside rows.

So answer report servers and databases (``{"columns": […], "rows": [[…], …]}``); others number their records
(``{"0": {…}, "1": {…}}``), give each column as a list (``{"ma_ho_so": […], …}``) or as numbered values, or send the
text of a JSON as a string (``{"d": "[…]"}``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.contracts.normal_form import normal_form
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.blank import clean_text
from pipelines.intake.sheet import Mark, RawSheet, column_names

CountKeys = Callable[[Sequence[str]], int]

_MOST_BYTES = 16_000_000
_HEAD = 4_000
_LISTS = re.compile(rb"\[\s*\[")
_COLUMNS = re.compile(rb'^\s*\{\s*"([^"\\]{1,60})"\s*:\s*\[')
_NUMBERED = re.compile(rb'^\s*\{\s*"[^"\\]{1,40}"\s*:\s*\{')
_AS_STRING = re.compile(rb'^\s*\{\s*"[A-Za-z]{1,20}"\s*:\s*"\s*(?:\[|\{\s*\\")')
_NAMES = frozenset({"columns", "cols", "headers", "header", "fields", "colnames", "columnnames", "tieude", "cot"})
_ROWS = frozenset({"rows", "data", "records", "values", "items", "datarows", "dong", "dulieu"})
_NAME_OF_COLUMN = ("name", "displayname", "title", "label", "header", "field", "ten", "tieude")
_LEAST_FIELDS = 2
_DEEPEST = 3


class _Number(str):
    """A number with a point, as printed: its point parts no thousands."""

    __slots__ = ()


def of_string(data: bytes) -> bytes:
    """The JSON text that ``data``, an object with nothing but it, holds; else ``data``."""
    if len(data) > _MOST_BYTES or not _AS_STRING.match(data[:_HEAD]):
        return data
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return data
    text = next(iter(document.values())) if len(document) == 1 else None
    return text.encode("utf-8", "replace") if isinstance(text, str) else data


def read_json_table(data: bytes, limits: Limits, count_keys: CountKeys) -> RawSheet | None:
    """The table of ``data`` (UTF-8, NFC), None where its records are objects in a list, or it is no JSON."""
    head = data[:_HEAD]
    by_column = _COLUMNS.match(head)
    lists = _LISTS.search(head) or (by_column and count_keys([by_column[1].decode("utf-8", "ignore")]))
    if len(data) > _MOST_BYTES or not (lists or _NUMBERED.match(head)):
        return None
    try:
        document = json.loads(data, parse_float=_Number, parse_int=str)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, list):
        return _sheet(document, None, limits) if _are_lists(document) else None
    return _named(document, limits, count_keys, 0)


def _named(document: Any, limits: Limits, count_keys: CountKeys, depth: int) -> RawSheet | None:
    """The table of an object: names beside rows, or records under names of their own, in an envelope or in none."""
    if not isinstance(document, dict) or depth > _DEEPEST:
        return None
    forms = {normal_form(key): value for key, value in document.items()}
    names = next((_names(value) for form, value in forms.items() if form in _NAMES and isinstance(value, list)), None)
    rows = next((value for form, value in forms.items() if form in _ROWS and _are_lists(value)), None)
    if names and rows and count_keys(names) >= _LEAST_FIELDS:
        return _sheet(rows, names, limits)
    values = list(document.values())
    if len(values) > 1 and all(isinstance(v, dict) and count_keys(list(v)) >= _LEAST_FIELDS for v in values):
        keys = list(dict.fromkeys(key for value in values for key in value))
        return _sheet([[value.get(key) for key in keys] for value in values], keys, limits)
    if count_keys(list(document)) >= _LEAST_FIELDS and (columns := _columns(values)):
        return _sheet([list(row) for row in zip(*columns, strict=True)], list(document), limits)
    return next((found for value in values if (found := _named(value, limits, count_keys, depth + 1))), None)


def _columns(values: list[Any]) -> list[list[Any]]:
    """Columns of one length, each a list of plain values or an object with the same keys; empty where they are none."""
    if all(isinstance(value, dict) for value in values) and len({tuple(value) for value in values}) == 1:
        values = [list(value.values()) for value in values]
    plain = all(isinstance(v, list) and not any(isinstance(x, list | dict) for x in v) for v in values)
    return values if plain and len({len(value) for value in values}) == 1 and values[0] else []


def _are_lists(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, list) for row in value)


def _names(columns: list[Any]) -> list[str]:
    """Names of columns, given as texts or as objects with a name among other things; empty where one has none."""
    names = []
    for column in columns:
        if isinstance(column, dict):
            forms = {normal_form(key): value for key, value in column.items()}
            name = next((forms[key] for key in _NAME_OF_COLUMN if isinstance(forms.get(key), str)), None)
        else:
            name = column
        if not isinstance(name, str):
            return []
        names.append(name)
    return names


def _sheet(records: list[list[Any]], names: list[str] | None, limits: Limits) -> RawSheet | None:
    """Rows of ``records`` as elements counted from 1; one wider than ``names`` keeps what has no name."""
    width = max(len(names or ()), *(len(row) for row in records))
    if width == 0 or width > limits.columns:
        return None
    padded = [[_text(cell) for cell in row] + [None] * (width - len(row)) for row in records]
    frame = pl.DataFrame(padded, schema=dict.fromkeys(column_names(width), pl.String), orient="row")
    fractions: dict[int, set[int]] = {}
    for number, record in enumerate(records, start=1):
        for column, cell in enumerate(record):
            if isinstance(cell, _Number):
                fractions.setdefault(column, set()).add(number)
    marks = {Mark.FRACTION: {column: frozenset(rows) for column, rows in fractions.items()}}
    numbers = pl.Series("dong", range(1, len(records) + 1), dtype=pl.Int64)
    sheet = RawSheet("", clean_text(frame, normalise=True), numbers, marks=marks)
    return sheet if names is None else replace(sheet, header=(*names, *[""] * (width - len(names))))


def _text(value: Any) -> str | None:
    """A value as the reader of objects gives it."""
    if value is None or isinstance(value, str):
        return str(value) if value is not None else None
    return json.dumps(value, ensure_ascii=False)
