"""Scheduled runs try again what can pass, and only that; ``kho run`` never waits by itself."""

from __future__ import annotations

import errno
from datetime import date

import duckdb
import pytest
from dagster import Failure, RetryRequested

from pipelines import turn
from pipelines.config.paths import DataPaths
from pipelines.orchestrate import retries
from pipelines.orchestrate.failures import told_safely
from pipelines.publish.publish import PublishError
from pipelines.warehouse.journal import RunState, last_entry

FULL = OSError(errno.ENOSPC, "No space left on device")
LOCKED = duckdb.IOException("IO Error: Could not set lock on file")


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (FULL, True),
        (LOCKED, True),
        (duckdb.IOException("Could not write file: No space left on device"), True),
        (PermissionError(errno.EACCES, "x"), False),
        (duckdb.IOException("Corrupt database file: could not set lock"), False),
        (ValueError("no space left"), False),
    ],
)
def test_what_can_pass(error: Exception, passes: bool) -> None:
    assert retries.may_pass(error) is passes


def test_a_sentence_made_of_a_full_disk_still_is_one() -> None:
    with pytest.raises(PublishError) as caught:
        try:
            raise FULL
        except OSError:
            raise PublishError("không ghi được") from None
    assert retries.may_pass(caught.value)


def test_a_publication_that_failed_says_why_itself(data: DataPaths) -> None:
    turn.begin(data, date(2025, 6, 30), "lịch")
    said = "không ghi được vào marts; bản đang công bố giữ nguyên."
    with pytest.raises(Failure) as caught, told_safely(data, "công bố"):
        raise PublishError(said)
    assert caught.value.description == f"Bước “công bố” dừng: {said}"


def test_a_scheduled_run_waits_longer_each_time_and_then_fails(data: DataPaths) -> None:
    turn.begin(data, date(2025, 6, 30), "lịch")
    waits = []
    for _ in range(3):
        with pytest.raises(RetryRequested) as caught, told_safely(data, "dựng bảng"):
            raise LOCKED
        waits.append(caught.value.seconds_to_wait)
    assert waits == [60, 120, 240]
    assert turn.lock.is_mine(data)
    with pytest.raises(Failure), told_safely(data, "dựng bảng"):
        raise LOCKED
    entry = last_entry(data)
    assert entry is not None
    assert entry.state is RunState.FAILED
    assert len([text for text in entry.remarks if "thử lại" in text]) == 3


@pytest.mark.parametrize("error", [ValueError("x"), PermissionError(errno.EACCES, "x")])
def test_what_cannot_pass_fails_at_once(data: DataPaths, error: Exception) -> None:
    turn.begin(data, None, "lịch")
    with pytest.raises(Failure), told_safely(data, "nạp"):
        raise error


def test_kho_run_is_told_at_once(data: DataPaths) -> None:
    turn.begin(data, None, "kho run", foreground=True)
    try:
        with pytest.raises(Failure), told_safely(data, "nạp"):
            raise FULL
    finally:
        turn.end(data, RunState.FAILED)
