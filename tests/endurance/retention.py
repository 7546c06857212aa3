"""Days in a row by the machine's clock, so that what is kept comes of age: the disk must become flat.

`python -m tests.endurance.retention --nights 70`: each night is `--step` days later (libfaketime, Debian's package;
skipped with a word where it is not there), as the operator's schedule does it: `kho run` without an as-of day, a few
new files every `--every` nights. The terms of `luu_giu` are shortened (months to one, ninety days to twenty),
so that each of them ends within the trial. Prints a line a night and at the end the folders before and after; exit
code 1 where what is kept goes on growing or a night ended otherwise than with 0 or 1.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from tests.endurance.nights import arrive, batches
from tests.endurance.program import ENDED, Ended, megabytes, run, sizes

TERMS = {
    "tep_goc_thang": 1,
    "lich_su_thang": 1,
    "nhat_ky_ngay": 20,
    "nhat_ky_chi_tiet_ngay": 5,
    "ban_dem": 10,
    "ban_cuoi_thang": 1,
    "tep_hong_ngay": 10,
}
OF_AGE = timedelta(days=45)
"""After which every term has ended once: a month, and the nights of its files."""
GROWTH = 1.05
LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def settings(home: Path) -> Path:
    """The product's configuration with the terms of the trial."""
    text = (PROJECT_ROOT / "orchestration.yaml").read_text(encoding="utf-8")
    for name, term in TERMS.items():
        text, found = re.subn(rf"(?m)^(  {name}: )\d+", rf"\g<1>{term}", text)
        if found != 1:
            raise SystemExit(f"orchestration.yaml has no {name}")
    file = home / "orchestration.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def night(paths: DataPaths, days: int) -> Ended:
    """A night ``days`` ahead of the machine's clock (behind it libfaketime's monotonic clock would fail)."""
    return run(paths, "run", prefix=("env", f"LD_PRELOAD={LIBRARY}", f"FAKETIME=+{days}d"))


def folders(paths: DataPaths) -> dict[str, float]:
    """Megabytes by folder; Dagster's storage and the kept versions for themselves."""
    parts = {"dagster": paths.operations / "dagster", "phien_ban": paths.marts / "phien_ban"}
    return sizes(paths) | {name: megabytes(place) for name, place in parts.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=70)
    parser.add_argument("--months", type=int, default=3, help="months of the small sample")
    parser.add_argument("--every", type=int, default=3, help="nights from one delivery of files to the next")
    parser.add_argument("--step", type=int, default=1, help="days from one night to the next")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if not LIBRARY.exists():
        print("skipped: libfaketime is not there (apt-get install libfaketime)")
        return 0
    home = options.folder or Path(tempfile.mkdtemp(prefix="kho_giu_"))
    home.mkdir(parents=True, exist_ok=True)
    os.environ["KHO_ORCHESTRATION"] = str(settings(home))
    sample = DataPaths(home / "mau" / "data")
    run(sample, "sample", "--size", "small", "--months", str(options.months))
    files = sorted(path for path in sample.raw.rglob("*") if path.is_file())
    paths = DataPaths(home / "dem" / "data")
    paths.raw.mkdir(parents=True, exist_ok=True)
    deliveries = list(batches(files, -(-options.nights // options.every), random.Random(6)))  # noqa: S311
    seen, troubles = list[dict[str, float]](), list[str]()
    print("| night | day | new files | exit | CPU s | MB by folder |", flush=True)
    first = date.today()
    for number in range(options.nights):
        days = 1 + number * options.step
        day = first + timedelta(days=days)
        new = deliveries[number // options.every] if number % options.every == 0 else []
        for file in new:
            written = datetime.combine(day - timedelta(days=1), datetime.min.time()).timestamp()
            os.utime(arrive(file, sample.raw, paths.raw), (written, written))
        done = night(paths, days)
        if done.code not in ENDED:
            troubles.append(f"{day}: exit code {done.code}\n{done.out[-1000:]}")
        seen.append(folders(paths))
        said = " ".join(f"{name} {size:g}" for name, size in seen[-1].items())
        print(f"| {number + 1} | {day} | {len(new)} | {done.code} | {done.cpu:.0f} | {said} |", flush=True)
    troubles += growing(seen[OF_AGE // timedelta(days=options.step) :])
    print("troubles:", troubles or "none", flush=True)
    return int(bool(troubles))


def growing(rest: list[dict[str, float]]) -> list[str]:
    """Folders whose median of the last nights is above that of as many nights before, all terms having ended."""
    half = len(rest) // 2
    if half < 5:
        return [f"only {len(rest)} nights after all terms have ended: too few to judge"]
    found = []
    for name in rest[-1]:
        before = statistics.median(night[name] for night in rest[:half])
        after = statistics.median(night[name] for night in rest[half:])
        print(f"{name}: {before:g} MB before, {after:g} after", flush=True)
        if after > before * GROWTH:
            found.append(f"{name} grows: {before:g} MB, then {after:g}")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
