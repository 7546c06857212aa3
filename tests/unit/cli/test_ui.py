"""``kho ui`` ends what it started."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.cli import ui

STUBBORN = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _signal_as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_those_that_do_not_end_by_themselves_are_killed_and_none_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ui, "_STOP_SECONDS", 0.5)
    marks = [tmp_path / "a", tmp_path / "b"]

    def interrupted() -> None:
        if all(mark.is_file() and mark.read_text() for mark in marks):
            raise KeyboardInterrupt

    began = time.monotonic()
    commands = [[sys.executable, "-c", STUBBORN, str(mark)] for mark in marks]
    assert ui._serve(commands, os.environ, [interrupted]) == 0
    assert time.monotonic() - began < 30
    for mark in marks:
        with pytest.raises(ProcessLookupError):
            os.kill(int(mark.read_text()), 0)
