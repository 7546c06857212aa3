"""``kho doctor`` tells of waivers in time: one that has run out is a fault, one that ends within 30 days is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipelines.cli.doctor import looking as doctor
from pipelines.quality.model import Loosening, Rule
from pipelines.quality.rules import load_rules
from pipelines.warehouse.runs import now_in_vietnam

PLAIN = load_rules()[0]


def rules(*ends: int) -> list[Rule]:
    today: date = now_in_vietnam().date()
    loosened = [Loosening("Chờ", today - timedelta(days=90), today + timedelta(days=end), 0.2) for end in ends]
    return [PLAIN, *(replace(PLAIN, code=f"Q_{n}", loosening=loose) for n, loose in enumerate(loosened))]


def test_no_waiver_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "load_rules", rules)
    assert doctor._waivers() == "không có"


def test_a_waiver_that_ends_within_thirty_days_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "load_rules", lambda: rules(30, 31))
    told = doctor._waivers()
    assert "SẮP HẾT HẠN" in told
    assert "Q_0" in told
    assert "Q_1" not in told


def test_a_waiver_that_has_run_out_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "load_rules", lambda: rules(-1, 10))
    with pytest.raises(Exception, match="đã hết hạn") as found:
        doctor._waivers()
    assert "Q_0" in str(found.value)
    assert "Q_1" not in str(found.value)


def test_the_last_day_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "load_rules", lambda: rules(0))
    assert "SẮP HẾT HẠN" in doctor._waivers()
