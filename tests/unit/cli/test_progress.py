"""Progress is seen on a terminal while somebody else holds the descriptor, and told a line a stage in a log."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

CHILD = """
import os
from pipelines import progress
from pipelines.cli.terminal.console import progress_bars
with progress_bars():
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)  # as Dagster does while a step runs
    for done in range(1, 4):
        progress.report("nap", "dvc/ho_so/a.csv", done, 3)
    progress.report("mau", "tỉnh", 5, 0)
    os.dup2(kept, 2)
"""


def test_bars_move_on_a_terminal_whose_descriptor_is_taken() -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen([sys.executable, "-c", CHILD], stderr=theirs, env=environment) as child:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            seen += piece
    assert child.returncode == 0
    text = seen.decode("utf-8")
    assert "Nạp tệp" in text
    assert "3/3" in text
    assert "5/5" in text  # a stage that never knew its total has ended all the same


def test_a_log_gets_one_line_a_stage() -> None:
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["Nạp tệp (3)…", "Sinh dữ liệu mẫu…"]
