"""``kho watch`` on data folders in every state: each finding is made to happen, and nothing else is told."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.cli.main import run
from pipelines.config.orchestration import Orchestration, load_orchestration
from pipelines.config.paths import DataPaths
from pipelines.config.watching import Watching
from pipelines.upkeep.finding import Finding, Level
from pipelines.upkeep.watch import Look, last_due, watch
from pipelines.warehouse import damage, lock
from pipelines.warehouse.journal import Journal, RunState

NOW = datetime(2026, 3, 10, 9, 0)
QUIET = Watching(khoa_sao_luu=date(2026, 1, 1), dia_trong_gb=0)


@pytest.fixture
def settings() -> Orchestration:
    return load_orchestration(feeds=None).model_copy(update={"giam_sat": QUIET})


def night(data: DataPaths, started: datetime, state: RunState = RunState.DONE, reason: str | None = None) -> None:
    Journal(data, started, started.date()).note(state, ly_do=reason, ket_thuc=started.isoformat(), buoc="dung")


def published(data: DataPaths, at: datetime, groups: dict[str, str] | None = None) -> None:
    data.marts.mkdir(parents=True, exist_ok=True)
    data.marts_file.unlink(missing_ok=True)
    with duckdb.connect(str(data.marts_file)) as connection:
        connection.execute("CREATE SCHEMA van_hanh")
        connection.execute(
            "CREATE TABLE van_hanh.nguon AS SELECT 'dvc/ho_so' AS nguon_du_lieu, DATE '2026-03-09' AS ngay_du_lieu_cuoi"
        )
    listing = {"phien_ban": "v", "tep": {}, "nhom_mart": groups or {"tthc": "moi"}}
    (data.marts / "ban_ke.json").write_text(json.dumps(listing), encoding="utf-8")
    touch(data.marts_file, at)


def touch(file: Path, at: datetime) -> None:
    import os

    seconds = (at - datetime(1970, 1, 1)).total_seconds() - 7 * 3600
    os.utime(file, (seconds, seconds))


@pytest.fixture
def sound(data: DataPaths) -> DataPaths:
    """A folder whose last night ended well and was published on time."""
    night(data, datetime(2026, 3, 10, 1, 0))
    published(data, datetime(2026, 3, 10, 1, 5))
    return data


def look(data: DataPaths, settings: Orchestration, now: datetime = NOW, **before: int) -> dict[str, Finding]:
    return {finding.code: finding for finding in watch(Look(data, settings, now, before))}


def test_a_sound_folder_is_quiet(sound: DataPaths, settings: Orchestration) -> None:
    assert look(sound, settings) == {}


def test_nothing_at_all_is_a_night_that_did_not_happen(data: DataPaths, settings: Orchestration) -> None:
    found = look(data, settings)
    assert {"dem_vang", "chua_cong_bo"} <= set(found)
    assert found["dem_vang"].level is Level.FAILED
    assert not data.root.exists()


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.STOPPED])
def test_a_night_that_ended_ill_is_told_with_its_reason_and_since_when(
    sound: DataPaths, settings: Orchestration, state: RunState
) -> None:
    night(sound, datetime(2026, 3, 10, 2, 0), state)
    night(sound, datetime(2026, 3, 10, 3, 0), state, "Hết đĩa.")
    finding = look(sound, settings)["lan_chay_hong"]
    assert finding.level is Level.FAILED
    assert finding.since == datetime(2026, 3, 10, 2, 0)
    assert "2 lần liền" in finding.what
    assert "Hết đĩa." in finding.what


def test_a_run_that_died_is_told(sound: DataPaths, settings: Orchestration) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    (sound.operations / "so_chay.jsonl").open("a").write(
        json.dumps({"ma": "x", "bat_dau": "2026-03-10T04:00:00", "pid": gone.pid, "trang_thai": "dang_chay"}) + "\n"
    )
    assert "bị tắt ngang" in look(sound, settings)["lan_chay_hong"].what


def test_a_run_that_is_going_on_hides_neither_itself_nor_the_one_before(
    sound: DataPaths, settings: Orchestration
) -> None:
    lock.take(sound, "kho run", NOW.isoformat())
    try:
        Journal(sound, NOW - timedelta(minutes=5), None)
        assert look(sound, settings) == {}
        assert "chay_lau" in look(sound, settings, NOW + timedelta(hours=13))
    finally:
        lock.let_go(sound)


def test_an_expected_night_that_did_not_happen(sound: DataPaths, settings: Orchestration) -> None:
    found = look(sound, settings, NOW + timedelta(days=1))
    assert found["dem_vang"].level is Level.FAILED
    assert "11/03/2026" in found["dem_vang"].what
    assert "cong_bo_tre" in found
    off = settings.model_copy(update={"lich_chay": settings.lich_chay.model_copy(update={"bat": False})})
    assert look(sound, off, NOW + timedelta(days=1)) == {}


def test_a_missed_night_is_not_forgotten_while_the_next_one_begins(sound: DataPaths, settings: Orchestration) -> None:
    found = look(sound, settings, datetime(2026, 3, 12, 1, 10))
    assert "11/03/2026" in found["dem_vang"].what
    assert "dem_vang" not in look(sound, settings, datetime(2026, 3, 11, 1, 10))


def test_the_moment_due_is_the_newest_past_one(settings: Orchestration) -> None:
    assert last_due(settings, datetime(2026, 3, 10, 0, 59)) == datetime(2026, 3, 9, 1, 0)
    assert last_due(settings, datetime(2026, 3, 10, 1, 0)) == datetime(2026, 3, 10, 1, 0)


def test_rhythm_of_a_feed(sound: DataPaths, settings: Orchestration) -> None:
    night(sound, datetime(2026, 3, 12, 1, 0))
    published(sound, datetime(2026, 3, 12, 1, 5))
    finding = look(sound, settings, NOW + timedelta(days=2))["nhip:dvc/ho_so"]
    assert "đã 1 ngày làm việc" in finding.what
    assert finding.since == datetime(2026, 3, 9)


def test_promised_feeds_that_never_came_are_told_together_and_are_no_fault(
    sound: DataPaths, settings: Orchestration, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(sound.marts_file)) as db:
        db.execute(
            "INSERT INTO van_hanh.nguon VALUES ('dvc/phi', NULL), ('dvc/buu_gui', NULL), ('cu/khong_nhip', NULL)"
        )
    touch(sound.marts_file, datetime(2026, 3, 10, 1, 5))
    found = look(sound, settings)
    assert list(found) == ["chua_tung_den"]
    finding = found["chua_tung_den"]
    assert finding.what == "2 nguồn đã cam kết nhịp gửi mà chưa từng có dữ liệu: dvc/buu_gui, dvc/phi."
    assert finding.level is Level.WORK
    assert finding.parts == {"nguon:dvc/buu_gui", "nguon:dvc/phi"}
    monkeypatch.setattr("pipelines.cli.watch.watch", lambda _look: [finding])
    assert [run(["watch"]), run(["watch", "--gui"])] == [0, 0]


@pytest.mark.parametrize(("morning", "told"), [(16, False), (17, True)])
def test_a_week_end_is_no_delay_of_a_feed(sound: DataPaths, settings: Orchestration, morning: int, told: bool) -> None:
    """Data of Friday 13/3, a rhythm of one day: on Monday morning nothing is owed yet, on Tuesday it is."""
    night(sound, datetime(2026, 3, morning, 1, 0))
    published(sound, datetime(2026, 3, morning, 1, 5))
    with duckdb.connect(str(sound.marts_file)) as db:
        db.execute("UPDATE van_hanh.nguon SET ngay_du_lieu_cuoi = DATE '2026-03-13'")
    touch(sound.marts_file, datetime(2026, 3, morning, 1, 5))
    assert ("nhip:dvc/ho_so" in look(sound, settings, datetime(2026, 3, morning, 9))) is told


def test_a_holiday_of_the_published_calendar_is_no_delay(sound: DataPaths, settings: Orchestration) -> None:
    night(sound, datetime(2026, 3, 12, 1, 0))
    published(sound, datetime(2026, 3, 12, 1, 5))
    with duckdb.connect(str(sound.marts_file)) as db:
        db.execute("CREATE SCHEMA tthc")
        db.execute("CREATE TABLE tthc.lich AS SELECT DATE '2026-03-01' + i::INTEGER AS ngay, "
                   "i <> 10 AS la_ngay_lam_viec FROM range(31) t(i)")  # fmt: skip
    touch(sound.marts_file, datetime(2026, 3, 12, 1, 5))
    assert "nhip:dvc/ho_so" not in look(sound, settings, NOW + timedelta(days=2))


def test_held_groups_growth_and_files_not_taken(sound: DataPaths, settings: Orchestration) -> None:
    published(sound, datetime(2026, 3, 10, 1, 5), {"tthc": "giu_ban_cu", "ho_tich": "moi"})
    sound.working.mkdir(parents=True)
    with duckdb.connect(str(sound.warehouse_file)) as connection:
        connection.execute("CREATE SCHEMA so_cai")
        connection.execute(
            "CREATE TABLE so_cai.lan_chay AS SELECT 1 AS so_lan, TIMESTAMP '2026-02-01 01:00' AS bat_dau"
        )
        connection.execute(
            "CREATE TABLE so_cai.quyet_dinh AS SELECT 1 AS so_lan, 'tthc' AS nhom_mart, 'giu_ban_cu' AS trang_thai"
        )
        connection.execute("CREATE TABLE so_cai.dong_cach_ly AS SELECT NULL::BIGINT AS sua_lan FROM range(150)")
        connection.execute("CREATE TABLE so_cai.loi AS SELECT NULL::BIGINT AS dong_lan FROM range(10)")
        connection.execute(
            "CREATE TABLE so_cai.tep_cho AS SELECT 1 AS so_lan, 'dvc/ho_so/Nguyễn Văn Ẩn.csv' AS ten_tep, "
            "'tệp còn đang được ghi' AS ly_do"
        )
        connection.execute(
            "CREATE TABLE so_cai.tep AS SELECT *, 'dvc/ho_so' AS nguon_du_lieu, TIMESTAMP '2026-03-01' AS nhan_luc, "
            "1 AS so_lan, 'x' AS ly_do, row_number() OVER () AS ma_tep FROM (VALUES ('tu_choi', 'a.csv', 'a'), "
            "('tu_choi', 'b.csv', 'b'), ('da_nap', 'b (1).csv', 'b')) t (trang_thai, ten_tep, goc_ten)"
        )
        connection.execute("CREATE TABLE so_cai.tep_xoa (ma_tep BIGINT)")
    (sound.raw / "b (1).csv").parent.mkdir(parents=True)
    (sound.raw / "b (1).csv").touch()
    found = look(sound, settings, cach_ly=100, loi=9)
    assert set(found) == {"giu_lai:tthc", "tang:cach_ly:150", "tep_cho:tệp còn đang được ghi", "tu_choi:1"}
    assert found["giu_lai:tthc"].since == datetime(2026, 2, 1, 1, 0)
    assert found["tu_choi:1"].since == datetime(2026, 3, 1)
    assert not any("Ẩn" in finding.what + finding.remedy for finding in found.values())


def test_a_raw_folder_that_has_lost_what_was_loaded_is_told(sound: DataPaths, settings: Orchestration) -> None:
    sound.working.mkdir(parents=True)
    with duckdb.connect(str(sound.warehouse_file)) as connection:
        connection.execute("CREATE SCHEMA so_cai")
        connection.execute(
            "CREATE TABLE so_cai.tep AS SELECT CASE ma_tep WHEN 5 THEN 'trung' ELSE 'da_nap' END AS trang_thai, * FROM "
            "(VALUES (1, 'dvc/ho_so', 'dvc/ho_so/a.csv'), (2, 'dvc/ho_so', 'dvc/ho_so/b.csv'), "
            "(3, 'dvc/phi', 'dvc/phi/c.zip/d.csv'), (4, 'dvc/pakn', 'dvc/pakn/e.csv'), "
            "(5, 'dvcqg/ho_so', 'dvcqg/ho_so/a.csv')) t (ma_tep, nguon_du_lieu, ten_tep)"  # 5: moved to dvc/ho_so
        )
        connection.execute("CREATE TABLE so_cai.tep_xoa AS SELECT 4 AS ma_tep")  # e.csv: retention's doing
    assert "3 tệp đã nạp của 2 nguồn (dvc/ho_so, dvc/phi)" in look(sound, settings)["raw_mat"].what
    for name in ("dvc/ho_so/b.csv", "dvc/phi/c.zip"):
        (sound.raw / name).parent.mkdir(parents=True)
        (sound.raw / name).touch()
    assert "raw_mat" not in look(sound, settings)


def test_answers_whose_time_ends_are_told_and_are_no_fault_of_the_warehouse(
    sound: DataPaths, settings: Orchestration
) -> None:
    with duckdb.connect(str(sound.marts_file)) as connection:
        connection.execute("CREATE SCHEMA chat_luong")
        connection.execute(
            "CREATE TABLE chat_luong.loi AS SELECT * FROM (VALUES "
            "('a', 'dang_mien', DATE '2026-06-01'), ('b', 'dang_mien', DATE '2026-03-20'), "
            "('c', 'dang_mien', DATE '2026-03-09'), ('d', 'het_mien', DATE '2026-02-01'), ('e', 'bao_da_sua', NULL)"
            ") v (ma_loi, tra_loi, mien_den)"
        )
    touch(sound.marts_file, datetime(2026, 3, 10, 1, 5))
    soon, over = sorted(
        (f for f in watch(Look(sound, settings, NOW, {})) if f.code.startswith("mien_loi")), key=lambda f: f.code
    )[::-1]
    assert (soon.code, soon.level, soon.parts) == ("mien_loi:sap_het", Level.WORK, {"b@2026-03-20"})
    assert soon.what.startswith("1 lỗi") and "20/03/2026" in soon.what
    assert (over.code, over.level, over.parts) == ("mien_loi:het", Level.WORK, {"c@2026-03-09", "d@2026-02-01"})
    assert over.what.startswith("2 lỗi") and "01/02/2026" in over.what


def test_damage_never_silences_the_watch(sound: DataPaths, settings: Orchestration) -> None:
    sound.marts_file.write_bytes(b"\xa5" * 4096)
    touch(sound.marts_file, datetime(2026, 3, 10, 1, 5))
    sound.working.mkdir(parents=True)
    sound.warehouse_file.write_bytes(b"\xa5" * 4096)
    damage.flag_damage(sound)
    (sound.marts / "ban_ke.json").write_text("{", encoding="utf-8")
    history = sound.dagster_home / "history"
    history.mkdir(parents=True)
    (history / "runs.db").write_bytes(b"x" * 5000)
    found = look(sound, settings)
    assert {"kho_cong_bo", "kho_lam_viec", "kho_dagster"} <= set(found)


@pytest.mark.parametrize(("beat", "told"), [("2026-03-10 01:59:00.000", False), ("2026-03-10 01:00:00.000", True)])
def test_heartbeat_of_the_daemon(sound: DataPaths, settings: Orchestration, beat: str, told: bool) -> None:
    history = sound.dagster_home / "history"
    history.mkdir(parents=True)
    with sqlite3.connect(history / "runs.db") as connection:
        connection.execute("CREATE TABLE daemon_heartbeats (daemon_type TEXT, timestamp TEXT)")
        connection.execute("INSERT INTO daemon_heartbeats VALUES ('SCHEDULER', ?)", [beat])
    assert ("bo_lap_lich" in look(sound, settings)) is told


@pytest.mark.parametrize(
    ("noted", "told"),
    [("2026-03-10T08:59", False), ("2026-03-10T08:00", True), (None, True), ("x", True)],
)
def test_heartbeat_of_a_daemon_whose_storage_is_elsewhere(
    sound: DataPaths, settings: Orchestration, noted: str | None, told: bool
) -> None:
    sound.own_dagster_file.parent.mkdir(parents=True)
    sound.own_dagster_file.write_text("storage: {postgres: {}}")
    if noted is not None:
        moment = noted if noted == "x" else str(datetime.fromisoformat(f"{noted}+07:00").timestamp())
        sound.heartbeat_file.write_text(moment)
    assert ("bo_lap_lich" in look(sound, settings)) is told


def test_machine_and_papers(
    sound: DataPaths, settings: Orchestration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = settings.model_copy(update={"giam_sat": Watching(dia_trong_gb=1e9)})
    assert {"dia_day", "khoa_chua_sao_luu"} <= set(look(sound, strict))
    old = settings.model_copy(update={"giam_sat": Watching(khoa_sao_luu=date(2020, 1, 1), dia_trong_gb=0)})
    assert set(look(sound, old)) == {"khoa_sao_luu_cu"}
    monkeypatch.delenv("KHO_KHOA_BI_MAT")
    monkeypatch.setenv("KHO_TEP_KHOA", str(tmp_path / "khoa"))
    assert look(sound, settings)["khoa"].level is Level.FAILED
    (tmp_path / "khoa").write_text("k" * 64)
    (tmp_path / "khoa").chmod(0o644)
    assert "chmod 600" in look(sound, settings)["khoa"].what


def test_the_calendar_of_the_next_year_is_due_on_1_december(sound: DataPaths, settings: Orchestration) -> None:
    assert "lich:2027" not in look(sound, settings, datetime(2026, 11, 30, 9, 0))
    assert "lich:2027" in look(sound, settings, datetime(2026, 12, 1, 9, 0))


def test_the_command_needs_no_dagster_and_creates_nothing(data: DataPaths, capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import sys; from pipelines.cli.main import run; c = run(['watch', '--format', 'json']); "
        "assert not any(m.split('.')[0] in ('dagster', 'dbt', 'great_expectations') for m in sys.modules); sys.exit(c)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert {"ma", "muc", "noi_dung", "tu_luc", "can_lam"} == set(json.loads(done.stdout)[0])
    assert not data.root.exists()
    assert run(["watch"]) == 3
    assert "Việc cần chú ý" in capsys.readouterr().out
