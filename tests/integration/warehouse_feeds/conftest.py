"""A warehouse of one messy file a feed, through intake and dbt, built once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines import nightly
from pipelines.job import load_job
from pipelines.warehouse import dbt
from pipelines.warehouse.runs import set_parameters

from .messy import FILES

AS_OF = date(2025, 9, 30)
Ask = Callable[[str], list[tuple[Any, ...]]]
GROUPS = ("tthc", "he_thong", "dieu_hanh", "ho_tich", "doi_soat")


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Rows of a query on the built warehouse."""
    root = tmp_path_factory.mktemp("nguon_moi") / "data"
    for name, text in FILES.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    job = load_job(root)
    run = nightly.prepare(job, AS_OF)
    nightly.ingest(job, run)
    with job.warehouse() as connection:
        set_parameters(connection, run)
    selected = [f"+path:models/marts/{group}" for group in GROUPS]
    nodes = dbt.build(job.paths, select=selected, exclude=["chi_so_766__diem_mat_cong_dung"])
    assert [node.unique_id for node in nodes if not node.ok] == []
    with duckdb.connect(str(job.paths.warehouse_file), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()
