"""A small data folder of its own for every test: put exports in, run the intake, ask the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config.paths import DataPaths
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import CodeList, Contract
from pipelines.intake.limits import Limits
from pipelines.intake.loaded.report import FileReport, IntakeReport
from pipelines.intake.run import ingest
from pipelines.intake.worker.process import ReaderProcess
from pipelines.warehouse import order
from pipelines.warehouse.schema import create_tables

CODE_LISTS = load_code_lists()
CONTRACTS = load_contracts(code_lists=CODE_LISTS)


@dataclass
class Warehouse:
    """``raw/`` and the working warehouse of one test; runs are numbered from 1, a day apart."""

    paths: DataPaths
    connection: duckdb.DuckDBPyConnection
    limits: Limits = field(default_factory=Limits)
    contracts: dict[str, Contract] = field(default_factory=lambda: dict(CONTRACTS))
    code_lists: dict[str, CodeList] = field(default_factory=lambda: dict(CODE_LISTS))
    runs: int = 0
    as_of: date = date(2025, 9, 30)
    clock: datetime = datetime(2025, 10, 1, 6)
    shared: ReaderProcess | None = None
    """The reader of the test session, which knows the contracts as they stand."""

    @property
    def reader(self) -> ReaderProcess | None:
        plain = (self.contracts, self.code_lists, self.limits) == (CONTRACTS, CODE_LISTS, Limits())
        return self.shared if plain else None

    def put(self, feed: str, name: str, content: bytes | str) -> Path:
        path = self.paths.raw / feed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def run(self) -> IntakeReport:
        self.runs += 1
        self.connection.execute(
            "INSERT INTO so_cai.lan_chay (so_lan, bat_dau, ngay_so_lieu) VALUES (?, ?, ?)",
            [self.runs, self.clock + timedelta(days=self.runs), self.as_of],
        )
        report = ingest(
            self.paths,
            self.connection,
            self.contracts,
            self.code_lists,
            now=self.clock + timedelta(days=self.runs),
            run_number=self.runs,
            limits=self.limits,
            reader=self.reader,
        )
        order.settle(self.connection, self.contracts.values(), self.as_of)
        return report

    def run_one(self, feed: str, name: str, content: bytes | str) -> FileReport:
        self.put(feed, name, content)
        return next(item for item in self.run().files if item.path == f"{feed}/{name}")

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderProcess]:
    reader = ReaderProcess(CONTRACTS, CODE_LISTS, Limits(), tmp_path_factory.mktemp("doc"))
    yield reader
    reader.close()


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: ReaderProcess) -> Iterator[Warehouse]:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "khóa thử dài hơn ba mươi hai byte")
    paths = DataPaths(tmp_path / "data")
    paths.prepare()
    connection = duckdb.connect(str(paths.warehouse_file))
    create_tables(connection, CONTRACTS.values())
    yield Warehouse(paths, connection, shared=reader)
    connection.close()
