"""The leaders' page of a publication against its budget: seconds of processor, megabytes, the front page, the flush.

    KHO_DATA=… python benchmarks/pages.py

Reads ``marts/kho.duckdb`` of the data folder and writes nothing there: the site is laid out and flushed in a temporary
folder beside the system's others. Ends with 1 where the site costs more than 60 s of processor or 60 MB, or the front
page more than 600 kB; without a publication it says so and ends with 0.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.pages.site import FOLDER, site_of
from pipelines.publish.files import sync_all

MOST_SECONDS, MOST_MB, MOST_FRONT_KB = 60.0, 60.0, 600.0


def processor() -> float:
    """Seconds of processor of this process, its threads included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the figures, and whether they are within the budget."""
    file = data_paths().marts_file
    if not file.is_file():
        sys.stdout.write(f"Bỏ qua: chưa có {file}.\n")
        return
    limits = load_orchestration(feeds=None).gioi_han
    begun, clock = processor(), time.monotonic()
    pages = site_of(file, threads=limits.luong, memory=limits.bo_nho)
    seconds, wall = processor() - begun, time.monotonic() - clock
    sizes = {name: len(text if isinstance(text, bytes) else text.encode()) for name, text in pages.items()}
    with tempfile.TemporaryDirectory(prefix="kho_trang_") as scratch:
        clock = time.monotonic()
        for name, text in pages.items():
            place = Path(scratch) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode())
        written, clock = time.monotonic() - clock, time.monotonic()
        sync_all(Path(scratch) / name for name in pages)
        flushed = time.monotonic() - clock
    largest = max(sizes, key=lambda name: sizes[name])
    front, total = sizes[f"{FOLDER}/index.html"] / 1000, sum(sizes.values()) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    sys.stdout.write(
        f"{len(pages)} trang, {total:.1f} MB (hạn {MOST_MB:.0f}); trang đầu {front:.0f} kB (hạn {MOST_FRONT_KB:.0f}); "
        f"lớn nhất {largest.removeprefix(FOLDER)} {sizes[largest] / 1000:.0f} kB\n"
        f"làm: {seconds:.1f} s xử lý (hạn {MOST_SECONDS:.0f}), {wall:.1f} s; ghi {written:.2f} s, đẩy xuống đĩa "
        f"{flushed:.2f} s; bộ nhớ cao nhất {peak:.0f} MB\n"
    )
    sys.exit(1 if seconds > MOST_SECONDS or total > MOST_MB or front > MOST_FRONT_KB else 0)


if __name__ == "__main__":
    main()
