"""One writer at a time, and a journal that tells of every run, also of one that died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines import stopping, turn
from pipelines.config.paths import DataPaths
from pipelines.warehouse import journal, lock
from pipelines.warehouse.journal import Journal, RunState

NOW = datetime(2025, 9, 30, 1, 0)
HOLD = """
import sys, time
from pipelines.config.paths import DataPaths
from pathlib import Path
from pipelines.warehouse import lock
from pipelines.warehouse.journal import Journal
from datetime import datetime
paths = DataPaths(Path(sys.argv[1]))
lock.take(paths, "đêm", "2025-09-30T01:00:00")
Journal(paths, datetime(2025, 9, 30, 1, 0), None).note(buoc="dung", so_lan=7)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    return DataPaths(tmp_path / "data")


@pytest.fixture
def other(paths: DataPaths):  # type: ignore[no-untyped-def]
    """Another process that holds the folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(paths.root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_the_second_is_told_who_holds_the_folder(paths: DataPaths, other: subprocess.Popen[str]) -> None:
    with pytest.raises(lock.BusyError) as caught:
        lock.take(paths, "tay", NOW.isoformat())
    assert caught.value.holder == lock.Holder(other.pid, "đêm", "2025-09-30T01:00:00")
    assert not lock.is_free(paths)


def test_a_killed_holder_lets_go_and_one_that_waits_takes_over(paths: DataPaths, other: subprocess.Popen[str]) -> None:
    told: list[lock.Holder | None] = []

    def waiting(holder: lock.Holder | None) -> None:
        told.append(holder)
        other.send_signal(signal.SIGKILL)

    lock.take(paths, "tay", NOW.isoformat(), wait=30, waiting=waiting)
    assert [holder.pid for holder in told if holder] == [other.pid]
    lock.let_go(paths)
    assert lock.is_free(paths)


def test_a_block_within_a_block_lets_go_at_the_outer_end(paths: DataPaths) -> None:
    with turn.exclusive(paths, "a"):
        with turn.exclusive(paths, "b"):
            pass
        assert not lock.is_free(paths)
    assert lock.is_free(paths)


def test_a_run_is_entered_before_anything_is_done_and_told_when_it_ends(paths: DataPaths) -> None:
    turn.begin(paths, date(2025, 9, 29), "đêm")
    turn.begin(paths, None, "bước sau của cùng một lần chạy")
    turn.note(paths, buoc="dung", so_lan=3)
    with turn.exclusive(paths, "bên trong"):
        pass
    going = journal.last_entry(paths)
    assert going is not None
    assert (going.state, going.phase, going.as_of) == (RunState.RUNNING, "dung", date(2025, 9, 29))
    turn.end(paths, RunState.FAILED, reason="Đĩa đầy.")
    assert lock.is_free(paths)
    ended = journal.last_entry(paths)
    assert ended is not None
    assert (ended.state, ended.reason, ended.number) == (RunState.FAILED, "Đĩa đầy.", 3)


def test_a_refused_turn_enters_no_run(paths: DataPaths, other: subprocess.Popen[str]) -> None:
    with pytest.raises(turn.TurnError, match=f"đêm.*{other.pid}"):
        turn.begin(paths, None, "tay")
    assert len(journal.entries(paths)) == 1


def test_a_run_that_waits_is_entered_as_waiting(paths: DataPaths, other: subprocess.Popen[str]) -> None:
    with pytest.raises(turn.TurnError):
        turn.begin(paths, None, "đêm kế", wait=2)
    states = [entry.state for entry in journal.entries(paths)]
    assert states == [RunState.RUNNING, RunState.FAILED]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(turn.TurnError, match="quyền ghi"):
        turn.begin(DataPaths(tmp_path / "data"), None, "tay")


def test_to_ask_creates_nothing(paths: DataPaths) -> None:
    assert lock.is_free(paths)
    assert lock.holder(paths) is None
    assert journal.last_entry(paths) is None
    assert not paths.root.exists()


def test_the_journal_tells_the_phase_of_a_run_that_goes_on_and_then_that_it_died(
    paths: DataPaths, other: subprocess.Popen[str]
) -> None:
    going = journal.last_entry(paths)
    assert going is not None
    assert (going.state, going.phase, going.number, going.started) == (RunState.RUNNING, "dung", 7, NOW)
    other.kill()
    other.wait()
    dead = journal.last_entry(paths)
    assert dead is not None
    assert dead.state is RunState.DEAD


def test_the_end_of_a_run_is_kept_and_half_a_line_is_passed_over(paths: DataPaths) -> None:
    first = Journal(paths, NOW, date(2025, 9, 29))
    first.note(RunState.FAILED, ly_do="Đĩa đầy.", ket_thuc=NOW.isoformat())
    file = paths.operations / journal.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    with file.open("a", encoding="utf-8") as handle:
        handle.write('{"ma": "x", "bat_dau": "2025-')
    found = journal.last_entry(paths)
    assert found is not None
    assert (found.state, found.reason, found.as_of) == (RunState.FAILED, "Đĩa đầy.", date(2025, 9, 29))


def test_a_long_journal_loses_its_older_half(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_KEPT_LINES", 10)
    for _ in range(30):
        Journal(paths, NOW, None).note(RunState.DONE)
    assert 5 <= len((paths.operations / journal.FILE).read_text(encoding="utf-8").splitlines()) <= 12
    assert journal.entries(paths)[-1].state is RunState.DONE


def test_a_process_that_waits_and_dies_is_dead(paths: DataPaths) -> None:
    Journal(paths, NOW, None, RunState.WAITING)
    waiting = journal.last_entry(paths)
    assert waiting is not None
    assert (waiting.state, waiting.pid) == (RunState.WAITING, os.getpid())
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    text = (paths.operations / journal.FILE).read_text(encoding="utf-8")
    time.sleep(0.01)
    (paths.operations / journal.FILE).write_text(
        text.replace(f'"pid": {os.getpid()}', f'"pid": {int(gone.stdout)}'), encoding="utf-8"
    )
    dead = journal.last_entry(paths)
    assert dead is not None
    assert dead.state is RunState.DEAD


def test_no_phase_begins_after_somebody_asked_to_stop(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever took the interrupt for a fault of its own, the night goes no further."""
    turn.begin(paths, None, "kho run", foreground=True)
    try:
        turn.note(paths, buoc="nap")
        monkeypatch.setattr(stopping, "_received", [signal.SIGTERM])
        with pytest.raises(KeyboardInterrupt):
            turn.note(paths, buoc="dung")
        turn.note(paths, luu_y="còn ghi được")
    finally:
        turn.end(paths, RunState.STOPPED)
    last = journal.last_entry(paths)
    assert last is not None
    assert (last.state, last.phase) == (RunState.STOPPED, "nap")


def test_a_stop_carries_no_failure_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a failure says may quote data, and Dagster keeps an exception with those it was raised in."""
    monkeypatch.setattr(stopping, "_received", [signal.SIGTERM])
    with pytest.raises(KeyboardInterrupt) as stop:
        try:
            int("Nguyễn Văn A")
        except ValueError:
            stopping.raise_if_asked()
    assert stop.value.__suppress_context__
