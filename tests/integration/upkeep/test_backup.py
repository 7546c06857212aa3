"""The restore drill: what is backed up comes back row by row, or is refused; readers are not disturbed."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import nightly
from pipelines.cli.main import run
from pipelines.config.paths import DataPaths
from pipelines.job import Job, load_job
from pipelines.orchestrate import alive
from pipelines.warehouse import lock, safekeeping
from pipelines.warehouse.database import HELD
from tests.unit.warehouse.test_patience import read_for

from .conftest import OTHER, PERSON, rows

KEY = "k" * 64


@pytest.fixture
def full(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Published, with Dagster's storage, and the key in a file."""
    key = tmp_path / "khoa_goc"
    key.write_text(KEY)
    key.chmod(0o600)
    monkeypatch.setenv("KHO_TEP_KHOA", str(key))
    with duckdb.connect(str(job.paths.marts_file)) as connection:
        connection.execute("CREATE SCHEMA tthc")
        connection.execute("CREATE TABLE tthc.ho_so AS SELECT i FROM range(7) r(i)")
    version = job.paths.marts / "phien_ban" / "v"
    version.mkdir(parents=True)
    os.link(job.paths.marts_file, version / "kho.duckdb")
    home = job.paths.dagster_home / "history"
    home.mkdir(parents=True)
    with sqlite3.connect(home / "runs.db") as storage:
        storage.execute("CREATE TABLE runs (x)")
        storage.execute("INSERT INTO runs VALUES (1)")
    alive.mark(job.paths, "dang-chay")  # of this machine only: a run goes on while it is copied
    return job


def new_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DataPaths:
    monkeypatch.setenv("KHO_DATA", str(tmp_path / "moi"))
    return DataPaths((tmp_path / "moi").resolve())


def test_the_drill(
    full: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(full.paths.marts_file), read_only=True) as reader:
        assert run(["backup", str(tmp_path / "sao_luu")]) == 0
        assert reader.execute("SELECT count(*) FROM tthc.ho_so").fetchall() == [(7,)]
    copies = list((tmp_path / "sao_luu").rglob("*"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*copies, tmp_path / "sao_luu"])
    assert not (tmp_path / "sao_luu" / "khoa_bi_mat").exists()
    assert "dang-chay" not in {path.name for path in copies}
    states = "SELECT * FROM tho.dvc__ho_so ORDER BY ALL"
    before = rows(full, states)
    moved = new_machine(monkeypatch, tmp_path)
    assert run(["restore", str(tmp_path / "sao_luu")]) == 0
    assert "đối chiếu đúng bản kê" in capsys.readouterr().out
    job = load_job(moved.root)
    assert rows(job, states) == before
    assert sorted(f.name for f in moved.raw.rglob("*.csv")) == ["a.csv", "b.csv", "c.csv"]
    assert moved.marts_file.stat().st_mode & 0o777 == 0o640
    with sqlite3.connect(moved.operations / "dagster/history/runs.db") as storage:
        assert storage.execute("SELECT * FROM runs").fetchall() == [(1,)]
    report = nightly.ingest(job, nightly.prepare(job, date(2025, 7, 2)))
    assert {item.status for item in report.files} == {"da_biet"}
    assert not list(tmp_path.glob(".moi*"))


@pytest.mark.parametrize("known", ["old folder", "later backup", "no ledger", "broken ledger"])
def test_who_was_removed_after_the_backup_is_to_be_removed_again(
    full: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], known: str
) -> None:
    """A removal before the backup needs nothing; the old data folder may lie beside the new one, or be lost."""
    assert run(["purge", "--nguoi", OTHER, "--dong-y"]) == 0
    time.sleep(1.1)  # moments are kept to the second
    assert run(["backup", str(tmp_path / "nha" / "sao_luu")]) == 0
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    if known == "later backup":
        assert run(["backup", str(tmp_path / "nha" / "sao_luu_sau")]) == 0
    if known == "broken ledger":
        os.truncate(safekeeping.kept(full.paths, "go_bo"), 9)
    monkeypatch.setenv(
        "KHO_DATA", str((tmp_path if "folder" in known or "broken" in known else tmp_path / "xa") / "moi")
    )
    capsys.readouterr()
    assert run(["restore", str(tmp_path / "nha" / "sao_luu")]) == 0
    out = capsys.readouterr().out
    made = datetime.fromisoformat(json.loads((tmp_path / "nha" / "sao_luu" / "ban_ke.json").read_text())["luc"])
    assert f"sau {made:%H:%M %d/%m/%Y}, lúc sao lưu, nay lại có trong kho: xóa lại theo hồ sơ các yêu cầu" in out
    assert PERSON not in out
    told = [text for text in out.splitlines() if "lần xóa sau lúc sao lưu" in text]
    ((removed, number),) = rows(full, f"SELECT luc, so_dong FROM so_cai.go_bo WHERE luc >= TIMESTAMP '{made}'")
    where = {"old folder": full.paths.root, "later backup": tmp_path / "nha" / "sao_luu_sau"}.get(known)
    assert told == (
        [f"  • Theo sổ cái trong {where}, đã có 1 lần xóa sau lúc sao lưu: {removed:%H:%M %d/%m/%Y} ({number} dòng)."]
        if where
        else []
    )


def test_the_key_only_on_request_and_only_where_there_is_none(
    full: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KHO_KHOA_BI_MAT")
    assert run(["backup", str(tmp_path / "sao_luu"), "--kem-khoa", "--khong-raw"]) == 0
    assert (tmp_path / "sao_luu" / "khoa_bi_mat").read_text() == KEY
    assert not (tmp_path / "sao_luu" / "raw").exists()
    assert len(json.loads((tmp_path / "sao_luu" / "ban_ke.json").read_text())["raw"]) == 3
    new_machine(monkeypatch, tmp_path)
    other = tmp_path / "cau_hinh" / "khoa"
    monkeypatch.setenv("KHO_TEP_KHOA", str(other))
    assert run(["restore", str(tmp_path / "sao_luu")]) == 0
    assert other.read_text() == KEY
    assert other.stat().st_mode & 0o777 == 0o600
    assert "chép lại 3 tệp gốc" in capsys.readouterr().out


def _cut(backup: Path) -> None:
    file = backup / "lam_viec" / "kho_lam_viec.duckdb"
    os.truncate(file, file.stat().st_size - 10)


def _flip(backup: Path) -> None:
    file = backup / "raw" / "dvc" / "ho_so" / "a.csv"
    file.write_bytes(file.read_bytes().replace(b"1", b"2", 1))


def _lose(backup: Path) -> None:
    (backup / "marts" / "kho.duckdb").unlink()


def _no_listing(backup: Path) -> None:
    (backup / "ban_ke.json").unlink()


def _cut_listing(backup: Path) -> None:
    os.truncate(backup / "ban_ke.json", 100)


def _climb(backup: Path) -> None:
    text = (backup / "ban_ke.json").read_text()
    (backup / "ban_ke.json").write_text(text.replace('"raw/dvc/ho_so/a.csv"', '"raw/../../x"'))


def _other_rows(backup: Path) -> None:
    listing = json.loads((backup / "ban_ke.json").read_text())
    listing["so_dong"]["kho.duckdb:tthc.ho_so"] += 1
    (backup / "ban_ke.json").write_text(json.dumps(listing))


@pytest.mark.parametrize("harm", [_cut, _flip, _lose, _no_listing, _cut_listing, _climb, _other_rows])
def test_a_harmed_backup_is_refused_and_the_folder_stays_empty(
    full: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None]
) -> None:
    assert run(["backup", str(tmp_path / "sao_luu")]) == 0
    harm(tmp_path / "sao_luu")
    moved = new_machine(monkeypatch, tmp_path)
    assert run(["restore", str(tmp_path / "sao_luu")]) == 3
    assert not moved.root.exists() or not any(moved.root.iterdir())
    assert not list(tmp_path.glob(".moi*"))


def test_it_never_writes_over_data(full: Job, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backup", str(tmp_path / "sao_luu")]) == 0
    assert run(["backup", str(tmp_path / "sao_luu")]) == 3
    assert run(["backup", str(full.paths.root / "x")]) == 3
    assert run(["restore", str(tmp_path / "sao_luu")]) == 3
    assert "đã có dữ liệu" in capsys.readouterr().err


def test_empty_folders_are_no_data_and_no_obstacle(
    full: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", str(tmp_path / "sao_luu")]) == 0
    moved = new_machine(monkeypatch, tmp_path)
    for folder in ("raw/dvc/ho_so", "marts/phien_ban", "van_hanh/dagster/history", "khac"):
        (moved.root / folder).mkdir(parents=True)
    (moved.root / "khac" / "x").symlink_to(tmp_path)
    assert run(["restore", str(tmp_path / "sao_luu")]) == 3  # a link is somebody's
    assert "đã có dữ liệu" in capsys.readouterr().err
    (moved.root / "khac" / "x").unlink()
    assert run(["restore", str(tmp_path / "sao_luu")]) == 0
    assert len(list(moved.raw.rglob("*.csv"))) == 3
    assert moved.marts_file.exists()
    assert (moved.root / "khac").is_dir()


def test_a_part_that_cannot_be_moved_leaves_no_part_behind(
    full: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", str(tmp_path / "sao_luu")]) == 0
    moved = new_machine(monkeypatch, tmp_path)
    rename = Path.rename

    def busy(self: Path, target: Path) -> Path:
        if target.name == "marts":
            raise OSError(errno.EBUSY, "busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", busy)
    assert run(["restore", str(tmp_path / "sao_luu")]) == 3
    assert "đang bận" in capsys.readouterr().err
    assert list(moved.root.iterdir()) == []


def test_one_who_reads_is_waited_for_and_told_of(
    full: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with read_for(full.paths.warehouse_file, 1):
        assert run(["backup", str(tmp_path / "mot")]) == 0
    monkeypatch.setattr("pipelines.upkeep.backup.PATIENCE", 0)
    with read_for(full.paths.warehouse_file, 60):
        assert run(["backup", str(tmp_path / "hai")]) == 3
    told = capsys.readouterr().err
    assert HELD in told
    assert "không đọc được" not in told


def test_it_waits_for_no_run_and_says_who_is_at_work(
    full: Job, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess
    import sys

    code = (
        "import sys, time; from pipelines.config.paths import data_paths; from pipelines.warehouse import lock; "
        "lock.take(data_paths(), 'kho run', '2025-07-01T01:00:00'); print('x', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            assert run(["backup", str(tmp_path / "sao_luu")]) == 3
        finally:
            holder.kill()
    assert "đang dùng thư mục dữ liệu" in capsys.readouterr().err
    assert lock.is_free(full.paths)


def test_nothing_to_back_up(data: DataPaths, tmp_path: Path) -> None:
    assert run(["backup", str(tmp_path / "sao_luu")]) == 3
    assert not data.root.exists()
