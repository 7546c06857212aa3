"""A rule that looks into the ledger is counted again where that table has changed since, and only there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from pipelines.quality.changed import read_changes
from pipelines.quality.evaluate import RuleResult
from pipelines.quality.model import Dimension, RowCheck, Rule, Severity
from pipelines.quality.store import store_results
from tests.integration.quality.conftest import create_warehouse

AS_OF = date(2025, 9, 30)
NODE = "model.kho06.stg_dvc__ho_so"
MANIFEST: dict[str, Any] = {
    "nodes": {
        NODE: {
            "unique_id": NODE,
            "resource_type": "model",
            "schema": "stg",
            "alias": "stg_dvc__ho_so",
            "name": "stg_dvc__ho_so",
            "config": {"materialized": "theo_khoa"},
        }
    },
    "sources": {},
}
RULE = Rule(
    code="HS_SACH_99",
    dimension=Dimension.CLEAN,
    table="stg.stg_dvc__ho_so",
    columns=("ma_ho_so",),
    description="Mã đọc được theo một cách.",
    severity=Severity.WARN,
    threshold=0.0,
    mended_by="Đơn vị",
    basis="Luật",
    check=RowCheck("not exists (select 1 from so_cai.loi_gia_tri f where f.ma_tep = t._ma_tep and f.dong = t._dong)"),
    relation="stg.stg_dvc__ho_so",
)


@pytest.fixture
def counted() -> duckdb.DuckDBPyConnection:
    """A warehouse whose rules were counted in run 1; run 2 has built, and changed nothing."""
    connection = duckdb.connect(":memory:")
    create_warehouse(connection)
    connection.execute("insert into so_cai.loi_gia_tri (ma_tep, dong) values ('a', 3)")
    result = RuleResult(
        rule=RULE.code, severity=RULE.severity, threshold=0.0, run_number=1, version="v", as_of=AS_OF, applicable=9,
        rows=9, failures=0, share=0.0, passed=True, started=datetime(2025, 10, 1), milliseconds=1,
    )  # fmt: skip
    store_results(connection, [RULE], [result], run_number=1, version="v")
    connection.execute(
        "insert into so_cai.dung (lan, ngay, lan_nen, ngay_nen, dang_dung, toan_bo) "
        "values (2, $1, 1, $1, false, false)",
        [AS_OF],
    )
    connection.execute("insert into so_cai.nut_dung (nut, lan, doi_lan, toan_lan) values (?, 2, 1, 1)", [NODE])
    return connection


def is_counted_again(connection: duckdb.DuckDBPyConnection) -> bool:
    changes = read_changes(connection, MANIFEST, [RULE], 2, AS_OF)
    return not (changes.is_same(RULE) or changes.is_local(RULE))


def test_a_ledger_table_that_stands_still_asks_for_nothing(counted: duckdb.DuckDBPyConnection) -> None:
    assert not is_counted_again(counted)


@pytest.mark.parametrize(
    "change",
    [
        "insert into so_cai.loi_gia_tri (ma_tep, dong) values ('a', 4)",
        "delete from so_cai.loi_gia_tri",
        "update so_cai.loi_gia_tri set dong = 4",
        "delete from so_cai.bang_dem",
        "update so_cai.bang_dem set lan = 0",
    ],
)
def test_one_that_changed_or_of_which_nothing_is_known_is_counted_over_anew(
    counted: duckdb.DuckDBPyConnection, change: str
) -> None:
    counted.execute(change)
    assert is_counted_again(counted)
