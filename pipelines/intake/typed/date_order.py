"""Columns in which a spreadsheet of another country has turned day and month round.

Day comes first (spec ``feeds``, row dates). A column whose printed dates can only be month-first is not read at all:
half of them would be unreadable and the other half another day. Where real dates and printed ones stand in one column,
the printed ones all beyond the twelfth and the real ones all up to it, a spreadsheet has turned the days it took for
months: the column is a finding.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipelines.contracts.model import Contract, Kind
from pipelines.intake.laid_out.layout import Table

MONTH_FIRST = "thang_truoc_ngay"
TURNED = "ngay_bi_dao"

_KINDS = (Kind.DATE, Kind.TIMESTAMP, Kind.PARTIAL_DATE)
_SAMPLE = 2_000
_LEAST = 2
_SHARE = 0.2
_PRINTED = r"^\s*([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-][0-9]{4}(?:[ T].*)?$"
_ISO = r"^\s*[0-9]{4}-[0-9]{2}-([0-9]{2})(?:[ T].*)?$"


def with_date_order(table: Table, contract: Contract) -> Table:
    """``table`` with ``month_first`` columns, and a doubt for each column of dates in which the order is lost."""
    month_first: list[int] = []
    doubts: list[tuple[str, str]] = []
    for name, position in table.columns.fields.items():
        if contract.by_name[name].kind not in _KINDS:
            continue
        verdict = _verdict(table.cells.to_series(position))
        if verdict is None:
            continue
        doubts.append((name, verdict))
        if verdict == MONTH_FIRST:
            month_first.append(position)
    if not doubts:
        return table
    return replace(table, month_first=tuple(month_first), doubts=(*table.doubts, *doubts))


def is_printed_date(text: pl.Series) -> pl.Series:
    """Cells that hold a date as numbers with the year last."""
    return text.str.contains(_PRINTED).fill_null(value=False)


def _verdict(column: pl.Series) -> str | None:
    filled = column.drop_nulls()
    sample = filled.gather_every(max(1, len(filled) // _SAMPLE))
    return _judge(filled) if _judge(sample) is not None else None


def _judge(texts: pl.Series) -> str | None:
    parts = texts.str.extract_groups(_PRINTED).struct.unnest().drop_nulls().cast(pl.Int8)
    first, second = (parts.to_series(i) for i in range(2)) if parts.width else (pl.Series(), pl.Series())
    if not len(first):
        return None
    days, months = int((first > 12).sum()), int((second > 12).sum())
    if not days and months >= max(_LEAST, _SHARE * len(first)):
        return MONTH_FIRST
    if days == len(first) and days >= _LEAST:
        real = texts.str.extract(_ISO).drop_nulls().cast(pl.Int8)
        if len(real) >= _LEAST and int((real > 12).sum()) == 0:
            return TURNED
    return None
