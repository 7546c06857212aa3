"""Nights that are disturbed: another run, a stop, a kill, damaged files; done to the real program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRunStatus

from pipelines.warehouse import journal
from pipelines.warehouse.journal import RunState
from tests.e2e.conftest import KHO, Kho

pytestmark = pytest.mark.cham

DOSSIERS = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n" + "".join(
    f"H02.16-2506{day:02d}-000{n},H02.16,{day:02d}/06/2025,Đang xử lý\n" for day in range(2, 30) for n in range(3)
)
ROWS = 84
AS_OF = ("--as-of", "2025-06-30")


@pytest.fixture(scope="module")
def night(kho: Kho) -> Kho:
    """A data folder with one published night, of a user who takes nothing away from what others may read."""
    (kho.paths.raw / "dvc" / "ho_so").mkdir(parents=True)
    (kho.paths.raw / "dvc" / "ho_so" / "a.csv").write_text(DOSSIERS, encoding="utf-8")
    before = os.umask(0)
    try:
        done = kho("run", *AS_OF)
    finally:
        os.umask(before)
    assert done.returncode in {0, 1}, done.stderr
    return kho


@pytest.fixture
def going(night: Kho) -> Iterator[subprocess.Popen[str]]:
    """A second night that has come to building tables."""
    environment = os.environ | {"KHO_DATA": str(night.paths.root), "NO_COLOR": "1", "PYTHONUTF8": "1"}
    environment.pop("DAGSTER_HOME", None)
    process = subprocess.Popen(
        [str(KHO), "run", *AS_OF, "--dung-lai"],  # a night of nothing new builds nothing
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for_phase(night, process, "dung")
    yield process
    process.kill()
    process.communicate()


def wait_for_phase(night: Kho, process: subprocess.Popen[str], phase: str) -> None:
    for _ in range(1200):
        entry = journal.entries(night.paths)[-1] if journal.entries(night.paths) else None
        if entry is not None and entry.pid == process.pid and entry.phase == phase:
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    raise AssertionError(phase)


def rows(night: Kho) -> int:
    return int(night.sql("SELECT count(*) AS n FROM tthc.ho_so")[0]["n"])


def open_to_others(folder: Path) -> list[Path]:
    return [p for p in (folder, *folder.rglob("*")) if not p.is_symlink() and stat.S_IMODE(p.stat().st_mode) & 0o077]


def test_what_a_run_writes_is_its_owners_whatever_the_umask(night: Kho) -> None:
    for folder in (night.paths.raw, night.paths.working, night.paths.operations):
        assert open_to_others(folder) == []
    for path in (night.paths.marts, *night.paths.marts.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o750 if path.is_dir() else 0o640), path


def test_a_second_run_is_told_who_is_at_work_and_status_says_where_it_is(
    night: Kho, going: subprocess.Popen[str]
) -> None:
    second = night("run")
    assert second.returncode == 3
    assert f"tiến trình {going.pid}" in second.stderr
    status = night("status")
    assert status.returncode == 0
    assert "đang dựng bảng" in status.stdout
    assert rows(night) == ROWS  # what is published can be asked meanwhile
    going.send_signal(signal.SIGTERM)
    out, err = going.communicate(timeout=120)
    assert going.returncode == 143, err
    assert "Đã dừng theo yêu cầu" in err
    assert "Lỗi ngoài dự kiến" not in out + err
    status = night("status")
    assert status.returncode == 3
    assert "bị dừng theo yêu cầu, khi đang dựng bảng" in status.stderr


def test_a_killed_run_is_told_and_closed_by_the_next(night: Kho, going: subprocess.Popen[str]) -> None:
    going.send_signal(signal.SIGKILL)
    going.communicate()
    status = night("status")
    assert status.returncode == 3
    assert "bị tắt ngang, khi đang dựng bảng" in status.stderr
    done = night("run", *AS_OF)
    assert done.returncode in {0, 1}, done.stderr
    assert night("status").returncode == done.returncode
    assert rows(night) == ROWS
    last = journal.last_entry(night.paths)
    assert last is not None
    assert last.state is RunState.DONE
    with DagsterInstance.from_config(str(night.paths.dagster_home)) as instance:
        states = [run.status for run in instance.get_runs()]
    assert DagsterRunStatus.STARTED not in states
    assert states.count(DagsterRunStatus.SUCCESS) == 2


def test_a_night_mends_what_was_damaged_beside_the_data(night: Kho) -> None:
    """Dagster's storage, dbt's manifest and cache, the published file and its listing, all at once."""
    for file in [*night.paths.dagster_home.rglob("*.db"), *night.paths.dbt_target.glob("*.msgpack")]:
        cut(file)
    cut(night.paths.dbt_target / "manifest.json")
    cut(night.paths.marts_file)
    (night.paths.marts / "ban_ke.json").write_text('{"tep"', encoding="utf-8")
    looked = night("status")
    assert looked.returncode == 3
    assert "`kho run` sẽ công bố lại" in looked.stderr
    done = night("run", *AS_OF)
    assert done.returncode in {0, 1}, done.stderr
    assert "Kho lưu của Dagster hỏng" in done.stdout
    assert rows(night) == ROWS
    assert json.loads((night.paths.marts / "ban_ke.json").read_text(encoding="utf-8"))["tep"]


def test_an_empty_raw_folder_and_a_lost_disk_do_not_replace_good_marts(night: Kho) -> None:
    shutil.rmtree(night.paths.raw / "dvc")
    looked = night("status")
    assert looked.returncode == 1
    assert "raw/ không còn tệp nào trong" in looked.stdout
    shutil.rmtree(night.paths.working)
    done = night("run", *AS_OF)
    assert done.returncode == 1, done.stderr
    assert "--chap-nhan-giam" in done.stdout
    assert rows(night) == ROWS


@pytest.mark.dai
def test_where_it_is_accepted_they_do(night: Kho) -> None:
    shutil.rmtree(night.paths.raw / "dvc", ignore_errors=True)
    shutil.rmtree(night.paths.working)
    done = night("run", "--chap-nhan-giam", *AS_OF)
    assert done.returncode in {0, 1}, done.stderr
    assert rows(night) == 0


def cut(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] + b"\xff" * 4096)
