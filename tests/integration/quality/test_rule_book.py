"""Every rule of the book passes on its good fixture, fails on its bad one, and lists the row at fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.quality.defects import enter_defects
from pipelines.quality.measure import Measure, measure
from pipelines.quality.model import Rule
from pipelines.quality.rules import load_rules

AS_OF = date(2025, 9, 30)
FIXTURES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "rule_fixtures.yaml").read_text(encoding="utf-8"))
RULES = {rule.code: rule for rule in load_rules()}


def _fill(connection: duckdb.DuckDBPyConnection, rule: Rule, fixture: Any) -> None:
    tables = fixture if isinstance(fixture, dict) else {rule.table: fixture}
    for table, rows in tables.items():
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


def _measured(connection: duckdb.DuckDBPyConnection, rule: Rule, fixture: Any) -> tuple[Measure, int]:
    connection.begin()
    try:
        _fill(connection, rule, fixture)
        found = measure(connection, [rule], AS_OF)[0]
        enter_defects(connection, [rule] if found.failed else [], 1, AS_OF)
        listed = connection.execute("select count(*) from so_cai.loi where ma_quy_tac = ?", [rule.code]).fetchall()
        return found, int(listed[0][0])
    finally:
        connection.rollback()


def test_every_rule_has_a_fixture_that_passes_and_one_that_fails() -> None:
    templates = {code.split("__")[0] for code in RULES}
    assert {code.split("__")[0] for code in FIXTURES} == templates
    assert all(set(case) == {"dat", "khong_dat"} for case in FIXTURES.values())


@pytest.mark.parametrize("code", sorted(FIXTURES))
def test_rule_passes_on_good_rows(empty_warehouse: duckdb.DuckDBPyConnection, code: str) -> None:
    found, listed = _measured(empty_warehouse, RULES[code], FIXTURES[code]["dat"])
    assert found.error is None
    assert found.judged > 0
    assert found.failed == 0
    assert listed == 0


@pytest.mark.parametrize("code", sorted(FIXTURES))
def test_rule_fails_on_bad_rows_and_lists_them(empty_warehouse: duckdb.DuckDBPyConnection, code: str) -> None:
    rule = RULES[code]
    found, listed = _measured(empty_warehouse, rule, FIXTURES[code]["khong_dat"])
    assert found.error is None
    assert found.failed > 0
    assert found.failed / found.judged > rule.threshold
    assert listed > 0


@pytest.mark.parametrize("code", sorted(RULES))
def test_rule_runs_on_an_empty_warehouse_and_judges_nothing(
    empty_warehouse: duckdb.DuckDBPyConnection, code: str
) -> None:
    found = measure(empty_warehouse, [RULES[code]], AS_OF)[0]
    assert found.error is None
    assert (found.applicable, found.judged, found.failed) == (0, 0, 0)


def test_partial_dates_that_overlap_cannot_be_judged(empty_warehouse: duckdb.DuckDBPyConnection) -> None:
    row = {
        "nks_ngay_sinh_tu": "2025-01-01",
        "nks_ngay_sinh_den": "2025-12-31",
        "ngay_dang_ky_tu": "2025-05-01",
        "ngay_dang_ky_den": "2025-05-01",
    }
    found, _ = _measured(empty_warehouse, RULES["KS_DUNG_01"], [row])
    assert (found.applicable, found.judged) == (1, 0)


def test_reference_rule_judges_nothing_while_its_look_up_table_is_empty(
    empty_warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found, _ = _measured(empty_warehouse, RULES["QT_SACH_01"], [{"ma_ho_so": "A"}])
    assert (found.applicable, found.judged) == (1, 0)


def test_a_late_dossier_is_no_defect(empty_warehouse: duckdb.DuckDBPyConnection) -> None:
    late = {
        "ma_ho_so": "H02.28-250303-0001",
        "ngay_tiep_nhan": "2025-03-03",
        "ngay_hen_tra": "2025-03-05",
        "ngay_ket_thuc": "2025-06-05",
        "ngay_tra": "2025-06-05",
        "trang_thai": "da_tra_ket_qua",
        "ma_tthc": "1.001193",
        "so_dinh_danh": "024190001234",
        "kenh": "truc_tiep",
    }
    for rule in RULES.values():
        if rule.relation == "stg.stg_dvc__ho_so":
            found, _ = _measured(empty_warehouse, rule, [late])
            assert found.failed == 0, rule.code
