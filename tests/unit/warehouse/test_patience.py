"""A file that another process reads: one who writes waits for it, and no longer than told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse.database import connect

READS = "import duckdb,sys,time; c = duckdb.connect(sys.argv[1], read_only=True); print(1, flush=True); time.sleep({})"


@contextmanager
def read_for(file: Path, seconds: float) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", READS.format(seconds), str(file)], stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "1\n"
        yield
        reader.kill()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with connect(tmp_path / "kho.duckdb") as connection:
        connection.execute("create table t as select 1 as i")
    return tmp_path / "kho.duckdb"


def test_one_who_reads_is_waited_for(file: Path) -> None:
    with read_for(file, 1), connect(file, patience=30) as connection:
        connection.execute("insert into t values (2)")


def test_nobody_is_waited_for_longer_than_told(file: Path) -> None:
    with read_for(file, 60), pytest.raises(duckdb.IOException), connect(file, patience=0.3):
        raise AssertionError


def test_another_fault_is_no_reason_to_wait(tmp_path: Path) -> None:
    with pytest.raises(duckdb.IOException), connect(tmp_path / "khong_co" / "kho.duckdb", patience=60):
        raise AssertionError
