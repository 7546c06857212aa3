"""Agencies set against the frozen reference of administrative units (R6)."""

from __future__ import annotations

from datetime import date

import pytest
from province import Warehouse


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("24", date(2025, 6, 30), "Tỉnh Bắc Giang"),
        ("24", date(2025, 7, 1), "Tỉnh Bắc Ninh"),
        ("27", date(2025, 6, 30), "Tỉnh Bắc Ninh"),
        ("27", date(2025, 7, 1), None),
        ("213", date(2025, 6, 30), "Thành phố Bắc Giang"),
        ("213", date(2025, 7, 1), None),
        ("07210", date(2025, 6, 30), "Phường Hoàng Văn Thụ"),
        ("07210", date(2025, 7, 1), "Phường Bắc Giang"),
    ],
)
def test_a_code_is_looked_up_at_a_date(warehouse: Warehouse, code: str, day: date, name: str | None) -> None:
    found = warehouse.connection.execute(
        "SELECT ten FROM tthc.dvhc WHERE ma = $1 AND coalesce(hieu_luc_tu <= $2, true) "
        "AND coalesce(hieu_luc_den >= $2, true)",
        [code, day],
    ).fetchall()
    assert found == ([(name,)] if name else [])


def test_the_published_reference_is_whole(warehouse: Warehouse) -> None:
    counts = "SELECT (SELECT count(*) FROM tthc.dvhc), (SELECT count(*) FROM tthc.dvhc_ke_thua)"
    assert warehouse.connection.execute(counts).fetchall() == [(63 + 696 + 10_035 + 34 + 3_321, 10_633)]


def test_every_agency_version_and_unknown_code_is_listed_with_its_dossiers(warehouse: Warehouse) -> None:
    rows = warehouse.connection.execute(
        "SELECT ma_don_vi, sum(so_ho_so)::INT, list(DISTINCT doi_chieu) FROM tthc.don_vi GROUP BY ALL"
    ).fetchall()
    assert {unit: count for unit, count, _ in rows if count} == {
        unit: sum(1 for d in warehouse.dossiers if d.unit == unit) for unit in {d.unit for d in warehouse.dossiers}
    }
    verdicts = {unit: set(found) for unit, _, found in rows}
    assert verdicts["Z"] == {"chua_biet"}
    assert verdicts["D"] == verdicts["G"] == verdicts["K"] == {"thieu_ke_thua"}
    assert verdicts["A"] == verdicts["B"] == {"chua_ghi_ma_dvhc"}
