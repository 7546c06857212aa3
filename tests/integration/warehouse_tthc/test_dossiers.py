"""Every dossier of the built warehouse against the reference rules."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from typing import Any

import pytest
from edge_cases import CASES, Expected
from province import AS_OF, Warehouse
from reference_rules import Dossier


def _stored(warehouse: Warehouse, columns: str) -> dict[str, tuple[Any, ...]]:
    rows = warehouse.connection.execute(f"SELECT ma_ho_so, {columns} FROM tthc.ho_so").fetchall()
    assert len(rows) == len(warehouse.dossiers)
    return {row[0]: row[1:] for row in rows}


def test_due_dates_and_pause_days_are_those_of_the_rules(warehouse: Warehouse) -> None:
    stored = _stored(warehouse, "han_tinh_lai, so_ngay_tam_dung, han_phap_luat")
    rules = warehouse.rules
    want = {d.code: (*rules.due_again(d), rules.due_by_law(d)) for d in warehouse.dossiers}
    assert {k: (v, want[k]) for k, v in stored.items() if v != want[k]} == {}
    assert sum(1 for v in want.values() if v[1]) > 100


def test_outcomes_and_open_states_are_those_of_the_rules(warehouse: Warehouse) -> None:
    stored = _stored(warehouse, "ket_qua_han, ket_qua_han_tinh_lai, dang_xu_ly, tra_lai, duoc_tiep_nhan, ngay_ra")
    rules = warehouse.rules
    want: dict[str, tuple[Any, ...]] = {}
    for d in warehouse.dossiers:
        again = rules.due_again(d)[0]
        kind = rules.kind(d)
        want[d.code] = (
            rules.outcome(d, d.due),
            rules.outcome(d, datetime.combine(again, time()) if again else None),
            rules.open_state(d, AS_OF) if kind == "dang_xu_ly" else None,
            kind in ("tra_lai", "khong_duoc_tiep_nhan"),
            kind not in ("moi_dang_ky", "khong_duoc_tiep_nhan"),
            rules.leaves(d),
        )
    assert {k: (v, want[k]) for k, v in stored.items() if v != want[k]} == {}


def test_verdict_of_the_national_portal_is_that_of_the_rule_for_the_as_of_month(warehouse: Warehouse) -> None:
    stored = _stored(warehouse, "dung_han_766")
    first, last = date(2025, 9, 1), date(2025, 9, 30)
    want = {d.code: (warehouse.rules.on_time_766(d, first, last),) for d in warehouse.dossiers}
    assert {k: (v, want[k]) for k, v in stored.items() if v != want[k]} == {}
    assert {True, False, None} == {v[0] for v in want.values()}


def test_levels_and_todays_units_follow_the_agencies(warehouse: Warehouse) -> None:
    """Gaps between versions, chains, circles and a last day of validity that is the as-of day included."""
    stored = _stored(warehouse, "cap, ma_don_vi, ma_don_vi_hien_nay")
    want = {d.code: (d.level, d.unit, d.today) for d in warehouse.dossiers}
    assert {k: (v, want[k]) for k, v in stored.items() if v != want[k]} == {}


def test_codes_lead_to_the_one_procedure_in_force_or_stay_as_exported(warehouse: Warehouse) -> None:
    stored = _stored(warehouse, "ma_tthc, co_anh_xa")
    want = {d.code: (d.procedure or d.exported, d.procedure is not None) for d in warehouse.dossiers}
    assert {k: (v, want[k]) for k, v in stored.items() if v != want[k]} == {}
    found: dict[str, set[str | None]] = {d.exported: set() for d in warehouse.dossiers}
    for d in warehouse.dossiers:
        found[d.exported].add(d.procedure)
    assert found["1.00119"] == {"P.Q1", "P.Q2", None}
    assert found["2.000022"] == {None, "P.M1"}


def test_unresolved_procedures_keep_their_code_and_are_listed_once(warehouse: Warehouse) -> None:
    unknown = Counter(d.exported for d in warehouse.dossiers if d.procedure is None)
    found = warehouse.connection.execute(
        "SELECT ma_tthc, so_ho_so FROM tthc.chua_anh_xa WHERE goi_y_1 IS NOT NULL"
    ).fetchall()
    assert dict(found) == dict(unknown)
    assert {"LA.001", "2.000022"} <= set(unknown)


def test_reasons_of_returns_add_up_to_the_returned_dossiers(warehouse: Warehouse) -> None:
    total = warehouse.connection.execute("SELECT sum(so_ho_so) FROM tthc.tra_lai").fetchone()
    assert total == (
        sum(1 for d in warehouse.dossiers if warehouse.rules.kind(d) in ("tra_lai", "khong_duoc_tiep_nhan")),
    )


@pytest.mark.parametrize(("dossier", "expected"), CASES, ids=[dossier.code.split("-")[-1] for dossier, _ in CASES])
def test_dossiers_computed_by_hand(warehouse: Warehouse, dossier: Dossier, expected: Expected) -> None:
    found = warehouse.connection.execute(
        "SELECT han_tinh_lai, so_ngay_tam_dung, han_phap_luat, ket_qua_han, ket_qua_han_tinh_lai, dang_xu_ly, ngay_ra, "
        "so_lan_bo_sung FROM tthc.ho_so WHERE ma_ho_so = ?",
        [dossier.code],
    ).fetchall()
    assert found == [expected.row()]
