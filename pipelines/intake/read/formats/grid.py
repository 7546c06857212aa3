"""A sheet put together row by row and within the limits, for formats that are parsed here."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.blank import clean_text
from pipelines.intake.read.formats.extent import check_rectangle
from pipelines.intake.sheet import Mark, Marking, Merge, RawSheet, column_names

_BATCH = 20_000
_MOST_MERGES = 20_000


class Grid:
    """Rows come in order; all places count from 0."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self._limits = limits
        self._rows: list[dict[int, str]] = []
        self._frames: list[pl.DataFrame] = []
        self._height = self._width = self._filled = 0
        self._merged: list[Merge] = []
        self._marks = Marking()

    @property
    def height(self) -> int:
        """Rows so far, blank ones between them included."""
        return self._height

    def add(self, row: int, cells: Mapping[int, str], *, times: int = 1) -> None:
        """``cells`` of ``row``, and of the ``times - 1`` rows that follow; raises ``FileRefusedError``."""
        filled = {column: text for column, text in cells.items() if text}
        if not filled:
            return
        self._width = max(self._width, max(filled) + 1)
        if self._width > self._limits.columns:
            raise FileRefusedError(
                f"Trang tính có quá nhiều cột ({self._width} > {self._limits.columns}). Hãy xóa cột thừa."
            )
        check_rectangle(row + times, self._width, self._limits)
        self._filled += len(filled) * times
        if self._filled > self._limits.sheet_cells:
            raise FileRefusedError(f"Trang tính có quá nhiều ô (hơn {self._limits.sheet_cells}). Hãy chia nhỏ tệp.")
        self._gap(row - self._height)
        for _ in range(times):
            self._rows.append(filled)
            self._height += 1
            if len(self._rows) >= _BATCH:
                self._flush()

    def _gap(self, rows: int) -> None:
        """So many blank rows."""
        if rows > _BATCH:
            self._flush()
            self._frames.append(pl.DataFrame({"c0": pl.repeat(None, rows, dtype=pl.String, eager=True)}))
        else:
            self._rows.extend({} for _ in range(rows))
        self._height += max(rows, 0)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """A merged range, corners included."""
        if len(self._merged) < _MOST_MERGES and (bottom > top or right > left):
            self._merged.append((top, left, bottom, right))

    def mark(self, mark: Mark, row: int, column: int) -> None:
        """The cell there has ``mark``."""
        self._marks.add(mark, column, row + 1)

    def _flush(self) -> None:
        if self._rows:
            width = max((max(row, default=0) for row in self._rows), default=0) + 1
            schema = dict.fromkeys(column_names(width), pl.String)
            records = [[row.get(column) for column in range(width)] for row in self._rows]
            self._frames.append(pl.DataFrame(records, schema=schema, orient="row"))
            self._rows = []

    def sheet(self, *, hidden: bool = False, date_1904: bool = False) -> RawSheet | None:
        """The sheet, its rows numbered from 1; None where nothing is on it."""
        self._flush()
        if not self._frames:
            return None
        cells = pl.concat(self._frames, how="diagonal").select(
            pl.col(name)
            if any(name in frame.columns for frame in self._frames)
            else pl.lit(None, pl.String).alias(name)
            for name in column_names(self._width)
        )
        return RawSheet(
            self.name,
            clean_text(cells, normalise=True),
            pl.Series("dong", range(1, cells.height + 1), dtype=pl.Int64),
            merged=tuple(self._merged),
            date_system_1904=date_1904,
            marks=self._marks.cells(),
            hidden=hidden,
        )
