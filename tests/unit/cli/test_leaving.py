"""A command that has done its work ends with its code, whatever native threads do while Python is taken down."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BUSY = """
import atexit, os, sys, tempfile, threading, time
import duckdb
from pipelines.cli import main

def busy():
    connection = duckdb.connect()
    while True:
        connection.execute("SELECT 1").fetchall()

def work(arguments):
    folder = tempfile.TemporaryDirectory(dir=arguments[0])
    atexit.register(lambda: print("tới cuối", flush=False))
    for _ in range(4):
        threading.Thread(target=busy, daemon=True).start()
    time.sleep(0.2)
    later = threading.Thread(target=lambda: (time.sleep(0.2), print("luồng xong", flush=False)))
    later.start()
    work.kept = folder
    return int(arguments[1])

main.run = work
main.main()
"""


@pytest.mark.parametrize("code", [0, 1])
def test_threads_that_let_go_of_python_late_do_not_change_the_code(tmp_path: Path, code: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", BUSY, str(tmp_path), str(code)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (code, "")
    assert ended.stdout.split("\n")[:2] == ["luồng xong", "tới cuối"], "threads of ours, then handlers at exit, flushed"
    assert not list(tmp_path.iterdir()), "temporary folders are gone"


def test_a_reader_that_left_before_the_last_line_changes_nothing(tmp_path: Path) -> None:
    late = BUSY.replace("return int(arguments[1])", "print('x'); return 0")
    process = subprocess.Popen(
        [sys.executable, "-c", late, str(tmp_path), "0"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
