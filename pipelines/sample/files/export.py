"""A file to be written: its sheets, layout, and the defects planted in it; and where each row ended up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt
import polars as pl

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """What surrounds the data: ``title`` lines (then a blank line), header over two rows, a numbering row
    ``(1) (2) …``, an ``STT`` column, ``footer`` lines (after a blank line)."""

    title: tuple[str, ...] = ()
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    numbering: bool = False
    running_number: bool = False
    footer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planted:
    """One defect in a sheet: ``row`` is the 0-based data row (None = the whole file or sheet)."""

    kind: str
    row: int | None
    column: str
    treatment: str
    reason: str = ""
    key: str = ""


@dataclass
class Sheet:
    """One sheet (formats without sheets have exactly one): field columns, their headers, the printed cells.

    ``numbers``: columns whose text is written as number cells in xlsx; ``formulas``: as formulas.
    """

    frame: pl.DataFrame
    headers: list[str]
    name: str = ""
    layout: Layout = field(default_factory=Layout)
    planted: list[Planted] = field(default_factory=list)
    numbers: frozenset[str] = frozenset()
    formulas: frozenset[str] = frozenset()


@dataclass
class Export:
    """One file below ``raw/<feed>/``. ``charset``, ``delimiter`` for csv; ``wrapped``: JSON under ``data``;
    ``cut``: keep only this share of the bytes (a truncated transfer); ``state``: da_nap, tu_choi, trung;
    ``payload``: a free JSON document instead of the rows; ``reshaped``: readers turn its rows into others."""

    feed: str
    path: str
    sheets: list[Sheet]
    charset: str = "utf-8"
    delimiter: str = ","
    cover: tuple[str, ...] = ()
    wrapped: bool = False
    cut: float = 1.0
    state: str = "da_nap"
    note: str = ""
    payload: object = None
    reshaped: bool = False
    repeats: int = 0
    stated_total: int | None = None

    @property
    def format(self) -> str:
        """File format, by the name's ending."""
        return PurePosixPath(self.path).suffix.lstrip(".").lower()


@dataclass(frozen=True)
class Written:
    """What a writer made: 1-based physical rows of each sheet's data rows, and how the sheet is called."""

    rows: list[Rows]
    sheet_names: list[str]
