"""Lines of progress say Vietnam's time, as everything else that is told does, whatever zone the server is in."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from pipelines import progress
from pipelines.cli.terminal.console import progress_bars
from pipelines.warehouse.runs import now_in_vietnam


def test_a_server_in_another_zone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        before = now_in_vietnam()
        with progress_bars():
            progress.report("nap", "a", 0, 2)
        said = "".join(capsys.readouterr())
        moments = {f"{before + timedelta(seconds=late):%H:%M:%S}" for late in range(30)}
        assert said[:8] in moments, said
    finally:
        monkeypatch.undo()
        time.tzset()
