"""Columns in which a spreadsheet of another country has turned day and month round.

Day comes first, or the year and then the month (docs/mess.md). A column whose dates in numbers can only
have the two the other way is not read at all: half of them would be unreadable and the other half another day.
Where real dates and printed ones stand in one column, the printed ones all beyond the twelfth and the real ones all
up to it, a spreadsheet has turned the days it took for months: the column is a finding.

One program wrote all of a file: what one column proves holds for those that are spelt alike and prove nothing, their
days being all up to the twelfth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from pipelines.contracts.model import DAYS, Contract
from pipelines.intake.laid_out.layout import Table
from pipelines.intake.values.text import clean
from pipelines.intake.values.timestamps import DAY_FIRST, YEAR_FIRST

MONTH_FIRST = "thang_truoc_ngay"
TURNED = "ngay_bi_dao"

_SAMPLE = 2_000
_LEAST = 2
_SHARE = 0.2
_MONTHS = 12
_PARTS = r"(?<a>[0-9]{1,4}) ?(?<mark>[/.\-]) ?(?<b>[0-9]{1,2}) ?[/.\-] ?(?<c>[0-9]{1,4})"
_Verdict = tuple[str, str | None]
_Style = tuple[frozenset[str], bool, bool]


def with_date_orders(tables: Sequence[Table], contract: Contract) -> list[Table]:
    """``tables`` of one file with ``month_first`` columns, and a doubt for each column in which the order is lost."""
    columns = [
        {n: table.cells.to_series(c) for n, c in table.columns.fields.items() if contract.by_name[n].kind in DAYS}
        for table in tables
    ]
    verdicts = [{name: _verdict(column) for name, column in dates.items()} for dates in columns]
    proofs = [
        (verdict, _style(dates[name], verdict[1] or YEAR_FIRST))
        for dates, found in zip(columns, verdicts, strict=True)
        for name, verdict in found.items()
        if verdict
    ]
    if not proofs:
        return list(tables)
    return [
        _told(table, {name: found[name] or _as_elsewhere(column, proofs) for name, column in dates.items()})
        for table, dates, found in zip(tables, columns, verdicts, strict=True)
    ]


def _told(table: Table, verdicts: dict[str, _Verdict | None]) -> Table:
    doubts = [(name, verdict[0]) for name, verdict in verdicts.items() if verdict]
    spellings = {table.columns.fields[name]: verdict[1] for name, verdict in verdicts.items() if verdict}
    month_first = {position: spelling for position, spelling in spellings.items() if spelling is not None}
    return replace(table, month_first=month_first, doubts=(*table.doubts, *doubts))


def _as_elsewhere(column: pl.Series, proofs: Sequence[tuple[_Verdict, _Style]]) -> _Verdict | None:
    """The verdict on another column of the file that must hold for this one: its days and months prove nothing.

    Where a spreadsheet has turned texts into days, its days are in doubt and stay.
    """
    cleaned = clean(column.drop_nulls())
    for (reason, spelling), style in proofs:
        dates = _numbers(cleaned, spelling or YEAR_FIRST)
        if not dates.height or _beyond_twelve(dates, "d") or _beyond_twelve(dates, "m"):
            continue
        if spelling is None and _numbers(cleaned, DAY_FIRST).height:
            continue
        if _alike(style, _style(cleaned, spelling or YEAR_FIRST)):
            return reason, spelling
    return None


def _style(texts: pl.Series, spelling: str) -> _Style:
    """(marks between the numbers, whether some begin with 0, whether some are one digit) of dates in ``spelling``."""
    dates = clean(texts).filter(clean(texts).str.contains(spelling).fill_null(value=False))
    parts = dates.str.extract_groups(_PARTS).struct.unnest()
    numbers = pl.concat([parts["a"], parts["b"], parts["c"]])
    marks = frozenset(parts["mark"].drop_nulls().unique().to_list())
    return marks, bool(numbers.str.contains("^0[1-9]$").any()), bool(numbers.str.contains("^[1-9]$").any())


def _alike(one: _Style, other: _Style) -> bool:
    """Whether two columns may come from one program: it fills up with zeros or it does not."""
    return bool(one[0] & other[0]) and not (one[1] and other[2]) and not (one[2] and other[1])


def is_spelt(text: pl.Series, spelling: str) -> pl.Series:
    """Cells that hold a date in the ``spelling`` that is not read in their column (``Table.month_first``)."""
    return clean(text).str.contains(spelling).fill_null(value=False)


def _verdict(column: pl.Series) -> _Verdict | None:
    """(reason, spelling that is not to be read) of a column in which the order is lost."""
    filled = column.drop_nulls()
    sample = filled.gather_every(max(1, len(filled) // _SAMPLE))
    return _judge(filled) if _judge(sample) is not None else None


def _judge(texts: pl.Series) -> _Verdict | None:
    printed, real = _counts(texts)
    for dates, spelling, reason in ((printed, DAY_FIRST, MONTH_FIRST), (real, YEAR_FIRST, TURNED)):
        if dates.months and dates.months >= _SHARE * dates.all and not dates.days:
            return reason, spelling
    if printed.days == printed.all >= _LEAST and real.all >= _LEAST and not real.days:
        return TURNED, None
    return None


class _Counts(NamedTuple):
    """Dates in one spelling, those whose day is beyond twelve, and those whose month would be."""

    all: int
    days: int
    months: int


def _counts(texts: pl.Series) -> tuple[_Counts, _Counts]:
    """Of the dates with the day first, and with the year first; few steps, for it is asked of every column of days."""
    spellings = {"printed": DAY_FIRST, "real": YEAR_FIRST}
    frame = clean(texts).to_frame("t")
    parts = frame.select(pl.col("t").str.extract_groups(spelling).alias(s) for s, spelling in spellings.items())
    counts = []
    for name in spellings:
        day, month = (pl.col(name).struct.field(part).cast(pl.Int8) for part in ("d", "m"))
        both = day.is_not_null() & month.is_not_null()
        found = {"all": both, "days": both & (day > _MONTHS), "months": both & (month > _MONTHS)}
        counts.append(pl.struct(count.sum().alias(part) for part, count in found.items()).alias(name))
    printed, real = parts.select(counts).row(0)
    return _Counts(**printed), _Counts(**real)


def _numbers(texts: pl.Series, spelling: str) -> pl.DataFrame:
    """``d`` and ``m`` of the dates in that spelling."""
    parts = texts.to_frame("t").select(pl.col("t").str.extract_groups(spelling)).unnest("t")
    return parts.select(pl.col("d", "m").cast(pl.Int8)).drop_nulls()


def _beyond_twelve(dates: pl.DataFrame, part: str) -> int:
    return int((dates[part] > _MONTHS).sum())
