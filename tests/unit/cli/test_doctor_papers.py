"""``kho doctor`` on the calendar and on what is published against its list; it creates nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import pytest

from pipelines.cli.doctor import looking as doctor
from pipelines.config.paths import DataPaths


@pytest.mark.parametrize(("now", "year"), [("2026-11-30", None), ("2026-12-01", "2027"), ("2027-01-01", "2027")])
def test_the_calendar_of_the_next_year_is_missed_from_december(
    monkeypatch: pytest.MonkeyPatch, now: str, year: str | None
) -> None:
    monkeypatch.setattr(doctor, "now_in_vietnam", lambda: datetime.fromisoformat(now))
    monkeypatch.setattr(doctor, "read_announced_years", lambda _: frozenset({2025, 2026}))
    if year is None:
        assert doctor._calendar() == "đã nạp đến năm 2026"
    else:
        with pytest.raises(doctor._Remark, match=year):
            doctor._calendar()


def publish(data: DataPaths) -> None:
    data.marts.mkdir(parents=True)
    data.marts_file.write_bytes(b"kho")
    facts = {"sha256": hashlib.sha256(b"kho").hexdigest(), "kich_thuoc": 3}
    (data.marts / "ban_ke.json").write_text(json.dumps({"tep": {"kho.duckdb": facts}}))


def test_what_is_published_is_what_is_listed(data: DataPaths) -> None:
    assert doctor._listing(data) == "chưa công bố lần nào"
    assert not data.root.exists()
    publish(data)
    assert doctor._listing(data) == "1 tệp đúng SHA-256"
    data.marts_file.write_bytes(b"khA")
    with pytest.raises(doctor._FoundError, match=r"kho\.duckdb"):
        doctor._listing(data)
    (data.marts / "ban_ke.json").write_text("{")
    with pytest.raises(doctor._FoundError, match=r"ban_ke\.json"):
        doctor._listing(data)
