"""``kho link --review``: for whom, as the other commands take an agency; a mistyped one is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import duckdb
import pytest

from pipelines.cli.link import _known_unit


@pytest.fixture
def job(tmp_path: Path) -> Any:
    file = tmp_path / "kho.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute("CREATE SCHEMA tthc; CREATE SCHEMA trung_gian")
        db.execute(
            "CREATE TABLE tthc.don_vi AS SELECT 'H44.20.09' AS ma_don_vi, 'UBND xã An Bình Lạc' AS ten_don_vi, "
            "DATE '2024-03-01' AS hieu_luc_tu"
        )
        db.execute("CREATE TABLE trung_gian.int_ho_tich__ban_ghi AS SELECT 'H44.77' AS ma_don_vi")

    @contextmanager
    def warehouse(*, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(str(file), read_only=read_only) as connection:
            yield connection

    return SimpleNamespace(paths=SimpleNamespace(warehouse_file=file), warehouse=warehouse)


@pytest.mark.parametrize(
    ("asked", "code"),
    [("h44.20.09", "H44.20.09"), ("ubnd xa an binh lac", "H44.20.09"), ("H44.77", "H44.77")],
)
def test_a_unit_is_known_by_code_or_name_or_from_the_registers(job: Any, asked: str, code: str) -> None:
    assert _known_unit(job, asked) == code


def test_a_unit_nobody_knows_is_a_mistake_that_names_the_nearest(job: Any) -> None:
    with pytest.raises(click.UsageError, match=r"H44\.20\.9.*Gần nhất: H44\.20\.09"):
        _known_unit(job, "H44.20.9")
