"""Merged cells among the records: what the first cell of a range says holds for every row of it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipelines.intake.sheet import RawSheet


def hold_for_their_range(sheet: RawSheet, first: int) -> RawSheet:
    """``sheet`` with the value of each range from row ``first`` (0-based) down in every record of the range.

    Only the first column of a range is filled, as what reaches over several columns is a heading; and only rows that
    hold something of their own, so that no record is made of a merged cell alone.
    """
    ranges = [m for m in sheet.merged if first <= m[0] < m[2] and 0 <= m[1] < sheet.cells.width]
    if not ranges:
        return sheet
    cells = sheet.cells
    marks = {mark: dict(marked) for mark, marked in sheet.marks.items()}
    filled = cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    for column in {m[1] for m in ranges}:
        values = cells.to_series(column)
        places: list[int] = []
        texts: list[str] = []
        for top, _, bottom, _ in (m for m in ranges if m[1] == column):
            text = values[top] if top < len(values) else None
            if text is None:
                continue
            rows = [row for row in range(top + 1, min(bottom + 1, len(values))) if filled[row] and values[row] is None]
            places += rows
            texts += [text] * len(rows)
            for marked in marks.values():
                if int(sheet.rows[top]) in marked.get(column, ()):
                    marked[column] |= {int(sheet.rows[row]) for row in rows}
        if places:
            cells = cells.with_columns(values.scatter(places, texts).alias(cells.columns[column]))
    return replace(sheet, cells=cells, marks=marks)
