"""``kho doctor`` on the calendar and on what is published against its list; it creates nothing."""

from __future__ import annotations

import errno
import hashlib
import json
from datetime import datetime
from types import SimpleNamespace

import pytest

from pipelines.cli.doctor import looking as doctor
from pipelines.cli.main import run as kho
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


def test_a_check_that_fails_unforeseen_ends_no_other_and_json_is_an_array(
    data: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> str:
        raise RuntimeError("Nguyễn Văn Ẩn 001000000001")

    def closed() -> str:
        raise PermissionError(errno.EACCES, "", "/data/raw/x")

    nothing = SimpleNamespace(models=broken, rules=closed, warehouse=lambda: "trống")
    monkeypatch.setattr(doctor, "DryRun", lambda _: nothing)
    monkeypatch.setattr(doctor, "unit_reference", lambda: "có")
    monkeypatch.setattr(doctor, "stale", list)
    assert kho(["doctor", "--format", "json"]) == 3
    rows = {row["muc"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["Dự án dbt"]["ket_qua"] == rows["Quy tắc trên kho trống"]["ket_qua"] == "sai"
    assert "RuntimeError" in rows["Dự án dbt"]["chi_tiet"]
    assert "Ẩn" not in rows["Dự án dbt"]["chi_tiet"]
    assert "/data/raw/x" in rows["Quy tắc trên kho trống"]["chi_tiet"]
    assert rows["Kho làm việc"] == {"muc": "Kho làm việc", "ket_qua": "dat", "chi_tiet": "trống"}
    assert kho(["doctor", "--nguon", "dvc/ho_so", "--format", "json"]) == 0
    fields = json.loads(capsys.readouterr().out)
    assert [field["bat_buoc"] for field in fields if field["truong"] == "ma_ho_so"] == [True]
    assert not data.root.exists()
