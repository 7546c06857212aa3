"""A working warehouse with hand-made rows, built by dbt once for all tests of this folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config.paths import DataPaths
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.intake.limits import Limits
from pipelines.intake.run import ingest
from pipelines.warehouse.dbt import DBT_PROJECT, WAREHOUSE_VARIABLE
from pipelines.warehouse.schema import create_tables

Rows = Sequence[Mapping[str, Any]]
DBT = str(Path(sys.executable).with_name("dbt"))
MARTS = ("ho_tich", "chi_so_766", "van_hanh", "chat_luong")


class Warehouse:
    """Its file, and what a test does with it: insert rows, build, ask."""

    def __init__(self, folder: Path, workshop: Path) -> None:
        self.file = folder / "kho_rieng.duckdb"
        self._workshop = workshop
        with duckdb.connect(str(self.file)) as connection:
            create_tables(connection, load_contracts().values())
        self.insert("so_cai.tham_so", [{"ngay_so_lieu": "2025-09-30", "phien_ban": "2025-09-30.thu"}])

    def insert(self, table: str, rows: Rows) -> None:
        with duckdb.connect(str(self.file)) as connection:
            for row in rows:
                marks = ", ".join("?" for _ in row)
                connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))

    def dbt(self, *arguments: str) -> None:
        """Run dbt on this warehouse; fails the test with dbt's output where a node fails.

        Every warehouse of the session is built at one place, so that dbt parses the project once.
        """
        built = self._workshop / "kho.duckdb"
        self.file.replace(built)
        places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
        places += ["--target-path", str(self._workshop / "target"), "--log-path", str(self._workshop / "logs")]
        done = subprocess.run(
            [DBT, "--quiet", "--no-version-check", *arguments, *places],
            env={WAREHOUSE_VARIABLE: str(built), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        built.replace(self.file)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]

    def build(self, *selection: str) -> None:
        """Seeds and models only."""
        self.dbt(
            "build",
            "--indirect-selection",
            "cautious",
            "--resource-type",
            "seed",
            "--resource-type",
            "model",
            "--select",
            *selection,
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def ingest(self, data: DataPaths, run_number: int = 1) -> None:
        """Take in everything that lies in ``data.raw``."""
        with duckdb.connect(str(self.file)) as connection:
            now = datetime(2025, 9, 30, 1)
            ingest(
                data, connection, load_contracts(), load_code_lists(), now=now, run_number=run_number, limits=Limits()
            )


def upstream(*folders: str) -> list[str]:
    """Selection of the marts in ``folders`` with all that they are built from."""
    return [f"+path:models/marts/{folder}" for folder in folders]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt works in this session."""
    return tmp_path_factory.mktemp("xuong")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Iterator[Warehouse]:
    """Every raw and ledger table empty, seeds loaded, the marts of this border built, dbt's tests run."""
    warehouse = Warehouse(tmp_path_factory.mktemp("kho_rong"), workshop)
    warehouse.dbt("build", "--indirect-selection", "cautious", "--select", *upstream(*MARTS))
    yield warehouse
