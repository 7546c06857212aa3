"""What the scorecard counts: each row once a dimension, whatever the number of its rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

import duckdb
import pytest

from pipelines.quality.model import Dimension, Locator, RowCheck, Rule, Severity, UniqueCheck
from pipelines.quality.rules import load_rules
from pipelines.quality.score import enter_scores

AS_OF = date(2025, 9, 30)
BASE = Rule(
    code="A_1",
    dimension=Dimension.CORRECT,
    table="stg.stg_dvc__ho_so",
    columns=("phi_le_phi",),
    description="Phí.",
    severity=Severity.WARN,
    threshold=0.0,
    mended_by="Đơn vị",
    basis="Luật",
    check=RowCheck("t.phi_le_phi >= 0"),
    relation="stg.stg_dvc__ho_so",
    locator=Locator(key="t.ma_ho_so", agency="t.ma_don_vi", month="t.ngay_tiep_nhan", feed="dvc/ho_so"),
)


@pytest.fixture
def connection(empty_warehouse: duckdb.DuckDBPyConnection) -> Any:
    empty_warehouse.begin()
    rows = [
        ("a", "X", "2025-03-03", -1, None),
        ("b", "X", "2025-03-31 23:00", 5, "T"),
        ("c", "X", "2025-04-01", None, "T"),
        ("d", None, None, 5, "U"),
    ]
    for row in rows:
        empty_warehouse.execute(
            "insert into stg.stg_dvc__ho_so (ma_ho_so, ma_don_vi, ngay_tiep_nhan, phi_le_phi, ten_tthc) "
            "values (?, ?, ?, ?, ?)",
            list(row),
        )
    yield empty_warehouse
    empty_warehouse.rollback()


def scores(connection: duckdb.DuckDBPyConnection, rules: list[Rule]) -> list[tuple[Any, ...]]:
    enter_scores(connection, rules, 3, AS_OF)
    return connection.execute(
        "select ky, ma_don_vi, chieu, so_ap_dung, so_dong, so_loi from so_cai.diem_do order by all"
    ).fetchall()


def test_rows_are_counted_by_month_and_agency_and_unjudged_rows_only_as_applicable(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert scores(connection, [BASE]) == [
        ("2025-03", "X", "dung", 2, 2, 1),
        ("2025-04", "X", "dung", 1, 0, 0),
        ("khong_ro", None, "dung", 1, 1, 0),
    ]


def test_a_row_that_fails_two_rules_of_a_dimension_counts_once(connection: duckdb.DuckDBPyConnection) -> None:
    other = replace(BASE, code="A_2", check=RowCheck("t.ten_tthc is not null"))
    assert scores(connection, [BASE, other]) == [
        ("2025-03", "X", "dung", 2, 2, 1),
        ("2025-04", "X", "dung", 1, 1, 0),
        ("khong_ro", None, "dung", 1, 1, 0),
    ]


def test_uniqueness_is_part_of_the_score(connection: duckdb.DuckDBPyConnection) -> None:
    unique = replace(BASE, code="A_3", dimension=Dimension.CLEAN, check=UniqueCheck(("ten_tthc",)))
    assert scores(connection, [unique]) == [
        ("2025-03", "X", "sach", 2, 1, 1),
        ("2025-04", "X", "sach", 1, 1, 1),
        ("khong_ro", None, "sach", 1, 1, 0),
    ]


def test_rules_on_computed_tables_score_no_feed(connection: duckdb.DuckDBPyConnection) -> None:
    assert scores(connection, [replace(BASE, locator=replace(BASE.locator, feed=None))]) == []


def test_rules_about_files_count_files_once_and_not_the_rows_in_them(connection: duckdb.DuckDBPyConnection) -> None:
    files = [("t1", 100, 60, 40, 0), ("t2", 1000, 0, 1000, 0), ("t3", 10, 4, 0, 6)]
    for file, read, loaded, repeated, quarantined in files:
        connection.execute(
            "insert into so_cai.tep (ma_tep, nguon_du_lieu, trang_thai, so_dong_doc, so_dong_nap, so_dong_lap, "
            "so_dong_cach_ly) values (?, 'dvc/ho_so', 'da_nap', ?, ?, ?, ?)",
            [file, read, loaded, repeated, quarantined],
        )
    connection.execute("insert into so_cai.trang_tinh values ('t1', 'A', 1, 60, 60), ('t1', 'B', 1, 40, 39)")
    chosen = [r for r in load_rules() if r.code.startswith("NGUON_") and r.locator.feed == "dvc/ho_so"]
    found = {row[2]: row[3:] for row in scores(connection, [r for r in chosen if r.dimension is not Dimension.LIVE])}
    # Complete: one of three files has a sheet that states another total. Clean: one is above the tolerated share.
    assert found["du"] == (3, 3, 1)
    assert found["sach"] == (3, 3, 1)
    assert found["dung"] == (3, 3, 0)


def test_rules_of_one_feed_and_dimension_read_one_relation_so_that_no_row_counts_twice() -> None:
    def cell(rule: Rule) -> tuple[str, str]:
        return rule.locator.feed or "", rule.dimension.value

    in_rows = [r for r in load_rules() if r.locator.feed is not None and not r.code.startswith("NGUON_")]
    for key, group in groupby(sorted(in_rows, key=cell), key=cell):
        places = {(r.relation, r.locator.agency, r.locator.month) for r in group}
        assert len(places) == 1, key
