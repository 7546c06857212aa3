"""Columns in which a spreadsheet of another country has turned day and month round.

Day comes first, or the year and then the month (docs/mess.md). A column whose dates in numbers can only
have the two the other way is not read at all: half of them would be unreadable and the other half another day.
Where real dates and printed ones stand in one column, the printed ones all beyond the twelfth and the real ones all
up to it, a spreadsheet has turned the days it took for months: the column is a finding.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipelines.contracts.model import Contract, Kind
from pipelines.intake.laid_out.layout import Table
from pipelines.intake.values.text import clean
from pipelines.intake.values.timestamps import DAY_FIRST, YEAR_FIRST

MONTH_FIRST = "thang_truoc_ngay"
TURNED = "ngay_bi_dao"

_KINDS = (Kind.DATE, Kind.TIMESTAMP, Kind.PARTIAL_DATE)
_SAMPLE = 2_000
_LEAST = 2
_SHARE = 0.2


def with_date_order(table: Table, contract: Contract) -> Table:
    """``table`` with ``month_first`` columns, and a doubt for each column of dates in which the order is lost."""
    month_first: dict[int, str] = {}
    doubts: list[tuple[str, str]] = []
    for name, position in table.columns.fields.items():
        if contract.by_name[name].kind not in _KINDS:
            continue
        verdict = _verdict(table.cells.to_series(position))
        if verdict is None:
            continue
        reason, spelling = verdict
        doubts.append((name, reason))
        if spelling is not None:
            month_first[position] = spelling
    if not doubts:
        return table
    return replace(table, month_first=month_first, doubts=(*table.doubts, *doubts))


def is_spelt(text: pl.Series, spelling: str) -> pl.Series:
    """Cells that hold a date in the ``spelling`` that is not read in their column (``Table.month_first``)."""
    return clean(text).str.contains(spelling).fill_null(value=False)


def _verdict(column: pl.Series) -> tuple[str, str | None] | None:
    """(reason, spelling that is not to be read) of a column in which the order is lost."""
    filled = column.drop_nulls()
    sample = filled.gather_every(max(1, len(filled) // _SAMPLE))
    return _judge(filled) if _judge(sample) is not None else None


def _judge(texts: pl.Series) -> tuple[str, str | None] | None:
    cleaned = clean(texts)
    printed, real = _numbers(cleaned, DAY_FIRST), _numbers(cleaned, YEAR_FIRST)
    for dates, spelling, reason in ((printed, DAY_FIRST, MONTH_FIRST), (real, YEAR_FIRST, TURNED)):
        months = _beyond_twelve(dates, "m")
        if months >= max(_LEAST, _SHARE * dates.height) and not _beyond_twelve(dates, "d"):
            return reason, spelling
    all_beyond = _beyond_twelve(printed, "d") == printed.height >= _LEAST
    if all_beyond and real.height >= _LEAST and not _beyond_twelve(real, "d"):
        return TURNED, None
    return None


def _numbers(texts: pl.Series, spelling: str) -> pl.DataFrame:
    """``d`` and ``m`` of the dates in that spelling."""
    parts = texts.to_frame("t").select(pl.col("t").str.extract_groups(spelling)).unnest("t")
    return parts.select(pl.col("d", "m").cast(pl.Int8)).drop_nulls()


def _beyond_twelve(dates: pl.DataFrame, part: str) -> int:
    return int((dates[part] > 12).sum())
