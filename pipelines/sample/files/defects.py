"""Ways to spoil single rows of a printed frame, each leaving a record for the answer key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.sample.answer_key import FINDING, QUARANTINE, RESTORED
from pipelines.sample.files.export import Planted, Sheet

MISSING_KEY, MISSING, UNREADABLE, OUTSIDE, DESTROYED = (
    "thieu_khoa", "thieu_bat_buoc", "khong_doc_duoc", "ngoai_danh_muc", "so_bi_hong",
)  # fmt: skip


@dataclass(frozen=True)
class Junk:
    """A row to add: a copy of row ``base`` with ``changes``, faulty in ``column``."""

    kind: str
    base: int
    changes: Mapping[str, str | None]
    column: str
    reason: str


def add_junk(sheet: Sheet, rows: Sequence[Junk], key: str) -> None:
    """Insert faulty copies after their base rows; all are expected in quarantine. ``key`` names the key column."""
    frame = sheet.frame
    parts = [frame.with_columns(pl.int_range(pl.len()).cast(pl.Float64).alias("_thu_tu"))]
    for number, item in enumerate(rows):
        spoilt = frame.slice(item.base, 1).with_columns(
            [pl.lit(value, frame.schema[name]).alias(name) for name, value in item.changes.items()]
        )
        place = item.base + 0.1 + number / 1000
        parts.append(spoilt.with_columns(pl.lit(place).alias("_thu_tu")))
    merged = pl.concat(parts).sort("_thu_tu")
    order = merged["_thu_tu"].to_numpy()
    moved = {old: int(np.searchsorted(order, float(old))) for old in range(frame.height)}
    sheet.planted = [
        Planted(p.kind, None if p.row is None else moved[p.row], p.column, p.treatment, p.reason, p.key)
        for p in sheet.planted
    ]
    for number, item in enumerate(rows):
        at = int(np.searchsorted(order, item.base + 0.1 + number / 1000))
        shown = merged[key][at]
        sheet.planted.append(
            Planted(item.kind, at, item.column, QUARANTINE, item.reason, "" if shown is None else str(shown))
        )
    sheet.frame = merged.drop("_thu_tu")


def set_cell(sheet: Sheet, row: int, column: str, value: str | None) -> None:
    """Replace one cell."""
    frame = sheet.frame
    changed = frame[column].to_list()
    changed[row] = value
    sheet.frame = frame.with_columns(pl.Series(column, changed, dtype=frame.schema[column]))


@dataclass(frozen=True)
class Fault:
    """A cell that loads with a finding: what it becomes, its class, the intake's reason (blank: a rule's)."""

    kind: str
    column: str
    value: str
    reason: str = ""


def spoil(sheet: Sheet, row: int, fault: Fault, key: str) -> None:
    """Replace a cell by a faulty one and record it (``key`` names the key column)."""
    set_cell(sheet, row, fault.column, fault.value)
    sheet.planted.append(Planted(fault.kind, row, fault.column, FINDING, fault.reason, str(sheet.frame[key][row])))


def _shortened(number: str, form: str) -> str | None:
    digits = number.lstrip("0")
    if len(number) != 12 or len(digits) not in (10, 11):
        return None
    if form == "mat_so_0":
        return digits
    if digits.endswith("0"):
        return None
    return f"{digits[0]}.{digits[1:]}E+{len(digits) - 1}"


def eat_zeros(sheet: Sheet, column: str, key: str, *, every: int, start: int = 0) -> int:
    """Every ``every``-th identity number loses its leading zeros or turns into a full exponent form.

    Returns how many; all are expected restored.
    """
    values = sheet.frame[column].to_list()
    keys = sheet.frame[key].to_list()
    count = 0
    for row in range(start, len(values), every):
        form = "so_mu" if count % 3 == 2 else "mat_so_0"
        number = values[row]
        eaten = None if number is None else _shortened(number, form)
        if eaten is None:
            continue
        values[row] = eaten
        sheet.planted.append(Planted(f"dinh_danh_{form}", row, column, RESTORED, "da_khoi_phuc", str(keys[row])))
        count += 1
    sheet.frame = sheet.frame.with_columns(pl.Series(column, values, dtype=pl.String))
    return count


def repeat_rows(sheet: Sheet, count: int) -> None:
    """The first ``count`` rows come again at the end of the sheet (exact repeats, never loaded twice)."""
    sheet.frame = pl.concat([sheet.frame, sheet.frame.head(count)])
