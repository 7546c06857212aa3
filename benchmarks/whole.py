"""``kho run`` as a whole: first load of the small sample, and the same day again, by one interpreter beside others.

    python -m benchmarks.whole                                       # this environment, twice
    python -m benchmarks.whole --python .venv/bin/python --python /tmp/other/bin/python --times 3

``--python``: environments to compare, for example one with another DuckDB; each run is a process of its own and the
environments take turns. Start of the program and Dagster are in the figures: CPU seconds of the process tree and the
largest memory of its largest process. Rows are invented.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

AS_OF = "2025-12-31"
NIGHTS = ("lần nạp đầu", "chạy lại cùng ngày")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", help="an interpreter with the libraries of this project")
    parser.add_argument("--times", type=int, default=2)
    options = parser.parse_args()
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "mau"
        kho(sys.executable, sample, "sample", "--size", "small")
        for _ in range(options.times):
            for python in options.python or [sys.executable]:
                data = Path(folder) / "kho"
                shutil.copytree(sample, data)
                for night in NIGHTS:
                    found.setdefault((python, night), []).append(kho(python, data, "run", "--as-of", AS_OF))
                shutil.rmtree(data)
    sys.stdout.write("| chương trình | đêm | giây CPU, trung vị | từng lần | MB |\n|---|---|---|---|---|\n")
    for (python, night), costs in found.items():
        seconds = [cost[0] for cost in costs]
        each = ", ".join(f"{value:.1f}" for value in seconds)
        most = max(cost[1] for cost in costs)
        sys.stdout.write(f"| {python} | {night} | {statistics.median(seconds):.1f} | {each} | {most} |\n")


def kho(python: str, data: Path, *words: str) -> tuple[float, int]:
    """CPU seconds and peak memory (MB) of one call of ``kho`` over the folder ``data``."""
    settings = {**os.environ, "KHO_DATA": str(data), "KHO_KHOA_BI_MAT": "b" * 64}
    called = subprocess.Popen([python, "-m", "pipelines.cli", *words], env=settings, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(called.pid, 0)
    if status:
        sys.exit(f"kho {words[0]}: {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


if __name__ == "__main__":
    main()
