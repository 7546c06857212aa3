"""Deciding looks at the candidates and never at all pairs of a register, however small DuckDB takes it to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.config.paths import DataPaths
from pipelines.linkage.births import BIRTHS
from pipelines.linkage.compare import PAIRS
from pipelines.linkage.decide import decide
from pipelines.linkage.link import workbench
from pipelines.linkage.model import load_limits, load_model
from pipelines.linkage.records import TABLE, keep_records
from tests.integration.linkage.test_link import fill

RECORDS, CANDIDATES = 2_000, 60_000


class _Explaining:
    """A connection that keeps the plan of the statement that weighs pairs."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.operators: list[str] = []

    def execute(self, sql: str, parameters: Any = None) -> Any:
        if sql.lstrip().startswith("create or replace table cap"):
            self.operators = _names(
                json.loads(
                    self._connection.execute("explain (format json) " + sql.lstrip(), parameters).fetchall()[0][1]
                )
            )
        return self._connection.execute(sql, parameters)


def _names(plan: Any) -> list[str]:
    nodes = plan if isinstance(plan, list) else [plan]
    return [name for node in nodes for name in [str(node["name"]).strip(), *_names(node.get("children", []))]]


@pytest.mark.parametrize("kept", [True, False], ids=["in the warehouse", "in memory"])
def test_no_join_of_the_register_with_itself(tmp_path: Path, *, kept: bool) -> None:
    paths = DataPaths(tmp_path)
    fill(paths, {}, RECORDS)
    with workbench(paths, threads=1, memory=None) as connection:
        keep_records(connection, "kho_lam_viec", BIRTHS)
        if not kept:
            connection.execute(f"create table ban_rieng as from {TABLE}")
            connection.execute(f"create or replace temp view {TABLE} as from ban_rieng")
        connection.execute(
            f"create table {PAIRS} as select a.ma_ban_ghi as ma_ban_ghi_1, b.ma_ban_ghi as ma_ban_ghi_2, "
            f"9.0 as chung_cu from {TABLE} a join {TABLE} b on a.ma_ban_ghi < b.ma_ban_ghi "
            f"order by md5(a.ma_ban_ghi || b.ma_ban_ghi) limit {CANDIDATES}"
        )
        explaining: Any = _Explaining(connection)
        decide(explaining, BIRTHS, load_model(BIRTHS.default_file, BIRTHS), load_limits(BIRTHS))
    assert "HASH_JOIN" in explaining.operators
    assert not {"NESTED_LOOP_JOIN", "CROSS_PRODUCT", "BLOCKWISE_NL_JOIN"} & set(explaining.operators)
