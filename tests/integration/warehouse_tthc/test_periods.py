"""Reporting periods of both calendars (R14) and the mark of a due date that rests on a provisional year (R2)."""

from __future__ import annotations

from datetime import date

import pytest
from province import Warehouse


@pytest.mark.parametrize(
    ("calendar", "period", "first", "last"),
    [
        ("kstthc", "2024-H1", date(2023, 12, 15), date(2024, 6, 14)),
        ("kstthc", "2024-H2", date(2024, 6, 15), date(2024, 12, 14)),
        ("kstthc", "2024", date(2023, 12, 15), date(2024, 12, 14)),
        ("kstthc", "2024-Q1", date(2023, 12, 15), date(2024, 3, 14)),
        ("kstthc", "2024-01", date(2023, 12, 15), date(2024, 1, 14)),
        ("kstthc", "2024-03", date(2024, 2, 15), date(2024, 3, 14)),
        ("766", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("766", "2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("766", "2030", date(2030, 1, 1), date(2030, 12, 31)),
    ],
)
def test_a_period_has_its_two_days(warehouse: Warehouse, calendar: str, period: str, first: date, last: date) -> None:
    found = warehouse.connection.execute(
        "SELECT tu_ngay, den_ngay FROM tthc.ky_bao_cao WHERE loai_lich = ? AND ky = ?", [calendar, period]
    ).fetchall()
    assert found == [(first, last)]


def test_periods_of_a_kind_follow_one_another_without_gap(warehouse: Warehouse) -> None:
    found = warehouse.connection.execute(
        "SELECT loai_lich, loai_ky, count(*), count(*) FILTER (WHERE tu_ngay = truoc + 1 OR truoc IS NULL) FROM ("
        "  SELECT *, lag(den_ngay) OVER (PARTITION BY loai_lich, loai_ky ORDER BY tu_ngay) AS truoc"
        "  FROM tthc.ky_bao_cao"
        ") GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    years = 16
    counts = {"thang": 12 * years, "quy": 4 * years, "nua_nam": 2 * years, "nam": years}
    assert {(calendar, kind): n for calendar, kind, n, _ in found} == {
        (calendar, kind): n
        for calendar in ("766", "kstthc")
        for kind, n in counts.items()
        if (calendar, kind) != ("766", "nua_nam")
    }
    assert all(n == joined for _, _, n, joined in found)


def test_a_due_date_in_an_announced_year_is_not_provisional(warehouse: Warehouse) -> None:
    found = warehouse.connection.execute(
        "SELECT han_tinh_lai IS NULL, lich_du_kien, count(*) FROM tthc.ho_so GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert [(missing, mark) for missing, mark, _ in found] == [(False, False), (True, None)]
