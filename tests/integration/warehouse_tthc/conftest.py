"""One warehouse of random dossiers, built by dbt once for all tests of this folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import province
from edge_cases import CASES

from pipelines.warehouse import dbt


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[province.Warehouse]:
    """2,000 random dossiers and those computed by hand through the whole of subject area ``tthc``."""
    paths = province.data_folder(tmp_path_factory.mktemp("tthc") / "data")
    dossiers = province.random_dossiers(2000, seed=20250930) + [dossier for dossier, _ in CASES]
    province.write(paths, dossiers)
    nodes = dbt.build(paths, select=["+path:models/marts/tthc", "giai_quyet_thang_can_doi"], exclude=[])
    assert [n.unique_id for n in nodes if not n.ok] == []
    with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
        yield province.Warehouse(paths, connection, dossiers, province.rules())
