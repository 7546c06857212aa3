"""What every part of the generator needs: the world, the months, the writer, and named random streams."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from pipelines.sample.files.export import Export, Layout, Sheet
from pipelines.sample.files.text_mess import Spelling, Vocabulary, headers, spell
from pipelines.sample.files.writer import RawWriter, stable_number
from pipelines.sample.procedures.dossiers import DAY, World
from pipelines.sample.world import working_days as wd

OFFICE = ("ỦY BAN NHÂN DÂN TỈNH", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG (dữ liệu tổng hợp)")
CLOSING_MINUTE = 23 * 60


@dataclass(frozen=True)
class Month:
    """One calendar month."""

    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def name(self) -> str:
        """``2025-03``."""
        return f"{self.first:%Y-%m}"

    @property
    def closing(self) -> int:
        """Minute of the month's own export: its last day at 23:00."""
        return wd.day(self.last) * DAY + CLOSING_MINUTE


def months_up_to(last: date, count: int) -> list[Month]:
    """The ``count`` calendar months that end with the month of ``last``."""
    result = [Month(last.replace(day=1))]
    while len(result) < count:
        before = result[-1].first - timedelta(days=1)
        result.append(Month(before.replace(day=1)))
    return result[::-1]


def as_datetime(minute: int) -> datetime:
    """Minutes since 1970 → timestamp."""
    return datetime(1970, 1, 1) + timedelta(minutes=minute)


@dataclass
class Context:
    """Shared state of one ``generate`` call."""

    seed: int
    world: World
    words: Vocabulary
    writer: RawWriter
    months: list[Month]

    @property
    def closing(self) -> int:
        """Minute of the last export: the as-of moment of the sample."""
        return self.months[-1].closing

    @property
    def as_of(self) -> date:
        """The sample's as-of date."""
        return self.months[-1].last

    def stream(self, *name: object) -> np.random.Generator:
        """A random stream that depends on the seed and its name only."""
        return np.random.default_rng([self.seed, stable_number(*name)])

    def sheet(
        self, feed: str, frame: pl.DataFrame, spelling: Spelling, layout: Layout | None = None, name: str = ""
    ) -> Sheet:
        """``frame`` printed in ``spelling``, with headers from the feed's contract."""
        contract = self.words.contracts[feed]
        printed = spell(frame, contract, spelling, self.words.code_lists)
        shown = headers(contract, printed.columns, spelling.headers)
        return Sheet(printed, shown, name=name, layout=layout or Layout())

    def write(self, export: Export) -> None:
        """Write one export."""
        self.writer.write(export)


def title(what: str, first: date | None = None, last: date | None = None, minute: int | None = None) -> tuple[str, ...]:
    """Title block: office, what it is, window, time of export."""
    lines = [*OFFICE, what]
    if first and last:
        lines.append(f"(Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y})")
    if minute is not None:
        lines.append(f"Thời điểm kết xuất: {as_datetime(minute):%d/%m/%Y %H:%M}")
    return tuple(lines)


def footer(total: int, unit: str) -> tuple[str, ...]:
    """Stated total and signature."""
    return (f"Tổng số: {total:,} {unit}".replace(",", "."), "NGƯỜI LẬP BIỂU")
