"""The meter of ``tests/spark/cpu.py`` counts what children and their children use, and nothing of before."""

from __future__ import annotations

import subprocess
import sys

from tests.spark.cpu import Meter

BURN = (
    "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass\n"
    "print(flush=True)\ntime.sleep({})"
)


def test_children_of_children_count_and_what_was_used_before_does_not() -> None:
    early = subprocess.Popen([sys.executable, "-c", BURN.format(60)], stdout=subprocess.PIPE)
    try:
        assert early.stdout is not None
        early.stdout.readline()
        deep = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN.format(1.5)!r}])"
        with Meter() as meter:
            subprocess.run([sys.executable, "-c", deep], check=True, stdout=subprocess.DEVNULL)
        assert 0.9 < meter.cpu_seconds < 1.9
        assert "CPU 1 s" in str(meter) or "CPU 2 s" in str(meter)
    finally:
        early.kill()
        early.communicate()
