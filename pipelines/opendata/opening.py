"""All files of ``data/marts/mo/`` of a publication: made of its ``kho.duckdb`` and of what was open before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.config.open_data import OpenData
from pipelines.opendata.block_tables import CHANGES, earlier_of, months_of, rows_of, superseded, tables_of
from pipelines.opendata.cells import TOP
from pipelines.opendata.declared import Block, Catalogue, OpenTables, open_tables
from pipelines.opendata.figures import OpenDataError, figures, texts
from pipelines.opendata.months import Month, open_months
from pipelines.opendata.package import described
from pipelines.opendata.plain import (
    Totals,
    catalogue_as_it_was,
    catalogue_rows,
    described_catalogue,
    described_points,
    points_rows,
    standing,
)
from pipelines.opendata.protect import ProtectionError
from pipelines.opendata.tables import FOLDER, Described, OpenTable, arrow, finished, read_back
from pipelines.warehouse.database import connect, described_tables


@dataclass(frozen=True)
class Opened:
    """Open tables in the order of the list; ``remarks``: Vietnamese sentences about those that stayed as they were."""

    tables: tuple[OpenTable, ...]
    remarks: tuple[str, ...]

    def files(self, settings: OpenData) -> dict[str, bytes]:
        """Every file by path below ``data/marts/``."""
        found: dict[str, bytes] = {}
        for table in self.tables:
            found[f"{FOLDER}/{table.described.name}.csv"] = table.csv
            found[f"{FOLDER}/{table.described.name}.parquet"] = table.parquet
        return found | described(self.tables, settings)


def open_data(
    database: Path,
    before: Mapping[str, bytes],
    *,
    settings: OpenData,
    as_of: date,
    held: Set[str],
    threads: int,
    memory: str,
    listed: OpenTables | None = None,
) -> Opened:
    """The open tables of the publication ``database``. ``before``: Parquet file of each open table, by table.

    ``held``: marts of groups that a gate holds back; their tables stay as they are. Raises ``duckdb.Error``,
    ``pa.ArrowException``.
    """
    listed = listed or open_tables()
    old = {name: read_back(content) for name, content in before.items()}
    with connect(database, read_only=True, threads=threads, memory_limit=memory) as connection:
        work = _Opening(connection, listed, old, _window(settings, as_of), as_of, held)
        work.blocks()
        work.points()
        work.catalogues()
    return Opened(tuple(work.tables), tuple(work.remarks))


def _window(settings: OpenData, as_of: date) -> tuple[str, str]:
    """First and last month that may be opened: over for ``cho_ngay`` days, over in the last ``so_thang`` months."""
    after = as_of - timedelta(days=settings.cho_ngay - 1)  # the first day of a month that is not over for so long
    last = after.year * 12 + after.month - 2
    first = as_of.year * 12 + as_of.month - 1 - settings.so_thang
    return _ky(first), _ky(last)


def _ky(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


@dataclass
class _Opening:
    connection: duckdb.DuckDBPyConnection
    listed: OpenTables
    old: Mapping[str, pa.Table]
    window: tuple[str, str]
    as_of: date
    held: Set[str]
    tables: list[OpenTable] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    totals: dict[str, Totals] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts = texts(self.connection)
        self.marts = {f"{schema}.{name}" for schema, name, _ in described_tables(self.connection)}

    def blocks(self) -> None:
        """Tables of counts, and what was shown before of months shown anew."""
        changes = self.old[CHANGES.name].to_pylist() if CHANGES.name in self.old else []
        for block in self.listed.khoi:
            tables = tables_of(block, self.listed.cay, self.texts)
            made = False
            if self._may_change((block.nguon, *(self.listed.cay[name].tu for name in block.cay))):
                with self._or_as_it_was(block.ten):
                    changes += self._block(block, tables)
                    made = True
            if not made:
                self._as_they_were(tables.values())
                self._note_total(block, months_of(block, self.listed.cay, self.old), made=False)
        self._add(CHANGES, arrow(CHANGES.columns, changes))

    def _block(self, block: Block, tables: Mapping[str, Described]) -> list[dict[str, object]]:
        trees = self.listed.cay
        counted = figures(self.connection, block, trees, self.window)
        before = months_of(block, trees, self.old)
        earlier = earlier_of(block, trees, self.old.get(CHANGES.name))
        now = open_months(block, counted, before, earlier, limit=self.listed.nguong, as_of=self.as_of)
        made = [(what, arrow(what.columns, rows_of(column, block, trees, now))) for column, what in tables.items()]
        for what, rows in made:
            self._add(what, rows)
        self._note_total(block, now, made=True)
        return [*superseded(block, trees, before, now)]

    def _note_total(self, block: Block, months: Mapping[str, Month], *, made: bool) -> None:
        if block.total is not None:
            shown = {ky: month.shown[TOP, block.total] for ky, month in months.items()}
            self.totals[block.ma] = Totals(shown, made)

    def points(self) -> None:
        """Points of Bộ chỉ số 766."""
        points = self.listed.diem
        tables = described_points(points)
        made = False
        if self._may_change((*points.thanh_phan, points.nhom, points.dinh_nghia)):
            with self._or_as_it_was("Điểm 766"):
                limit = self.listed.nguong
                fresh = points_rows(self.connection, points, self.window, self.totals, limit=limit, as_of=self.as_of)
                for what, rows in zip(tables, fresh, strict=True):
                    self._add(what, arrow(what.columns, standing(self.old.get(what.name), rows, what.key)))
                made = True
        if not made:
            self._as_they_were(tables)

    def catalogues(self) -> None:
        """Tables that are open as they are."""
        for catalogue in self.listed.danh_muc:
            if catalogue.nguon not in self.marts:
                if catalogue.ma in self.old:
                    self._as_they_were([catalogue_as_it_was(catalogue, self.old[catalogue.ma])])
                continue
            what = described_catalogue(self.connection, catalogue, self.texts)
            made = False
            if self._may_change((catalogue.nguon,)):
                with self._or_as_it_was(catalogue.ten):
                    self._catalogue(catalogue, what)
                    made = True
            if not made:
                self._as_they_were([what])

    def _catalogue(self, catalogue: Catalogue, what: Described) -> None:
        self._add(what, arrow(what.columns, catalogue_rows(self.connection, catalogue)))

    def _may_change(self, sources: tuple[str, ...]) -> bool:
        return set(sources) <= self.marts and not self.held & set(sources)

    @contextmanager
    def _or_as_it_was(self, title: str) -> Iterator[None]:
        """Leave the tables of the block as they were where it fails."""
        try:
            yield
        except OpenDataError as fault:
            self.remarks.append(f"Dữ liệu mở: {fault} Bảng giữ như lần công bố trước.")
        except ProtectionError:
            self.remarks.append(f"Dữ liệu mở: {title}: không che được ô nhỏ; bảng giữ như lần công bố trước.")

    def _as_they_were(self, tables: Iterable[Described]) -> None:
        for what in tables:
            if what.name in self.old:
                held = bool(self.held & set(what.sources)) or not set(what.sources) <= self.marts
                self._add(what, self.old[what.name], held=held)

    def _add(self, what: Described, rows: pa.Table, *, held: bool = False) -> None:
        self.tables.append(finished(what, rows, self.old.get(what.name), as_of=self.as_of, held=held))
