"""Nights in a row with random faults, late, re-sent and half-copied files, against one clean load of the same files.

`python -m tests.endurance.nights --nights 50 --seed 1`: prints a line a night (fault, exit code, CPU seconds, megabytes
by folder) and at the end whether what is published equals the clean load, row for row. Exit code 1 where it does not,
or where any night left no whole publication behind. `--minutes M`: no new night begins after that. With `--folder` the
trial can be taken up again where it was left: the same command goes on with the next night. `--finish`: what has not
come by then comes on one last night, so that there is something to compare.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pipelines.config.paths import DataPaths
from pipelines.publish.swap import usable_database
from tests.endurance.faults import FAULTS
from tests.endurance.program import ENDED, differing, run, sizes, stop_after

LAST = date(2025, 12, 31)
STOPS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
DAMAGE, STOP, HALF, RESEND, BACK = 0.3, 0.25, 0.15, 0.2, 0.1
"""How often a night is preceded by damage, is stopped, sees a half-copied file, a file again, an older as-of day."""


def arrive(file: Path, pool: Path, raw: Path) -> Path:
    """Copy a file of ``pool`` to its place below ``raw``; returns the copy."""
    target = raw / file.relative_to(pool)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    return target


@dataclass
class Trial:
    """One province through its nights; ``troubles``: what must not have been."""

    paths: DataPaths
    pool: Path
    chance: random.Random
    longest: float
    seen_whole: bool = False
    troubles: list[str] = field(default_factory=list)

    def arrive(self, file: Path) -> None:
        arrive(file, self.pool, self.paths.raw)

    def again(self, file: Path) -> None:
        """The same bytes under another name, as people send files again."""
        target = self.paths.raw / file.relative_to(self.pool).with_name(f"{file.stem} (gửi lại){file.suffix}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)

    def half(self, file: Path) -> None:
        target = self.paths.raw / file.relative_to(self.pool)
        target.parent.mkdir(parents=True, exist_ok=True)
        data = file.read_bytes()
        target.write_bytes(data[: int(len(data) * self.chance.uniform(0.2, 0.95))])

    def look(self, what: str) -> None:
        """A publication that was whole once is whole ever after."""
        whole = usable_database(self.paths.marts) is not None
        if self.seen_whole and not whole:
            self.troubles.append(f"{what}: no whole publication")
        self.seen_whole |= whole


def batches(files: list[Path], nights: int, chance: random.Random) -> Iterator[list[Path]]:
    """Files spread over the nights; the first night gets a fifth, so that there is something to publish."""
    files = files[:]
    chance.shuffle(files)
    first = max(1, len(files) // 5)
    yield files[:first]
    rest = [[] for _ in range(max(1, nights - 1))]  # type: list[list[Path]]
    for file in files[first:]:
        chance.choice(rest).append(file)
    yield from rest


def night(trial: Trial, number: int, as_of: date, new: list[Path], known: list[Path]) -> str:
    """One night and what disturbed it; returns the words of its line."""
    chance, words = trial.chance, []
    if number > 1 and chance.random() < DAMAGE:
        fault = chance.choice(FAULTS)
        fault(trial.paths, chance)
        words.append(fault.__name__)
    else:
        trial.look(f"night {number}, before")
    halves = [file for file in new if file.suffix in {".csv", ".xlsx", ".json"} and chance.random() < HALF]
    for file in new:
        if file not in halves:
            trial.arrive(file)
    if known and chance.random() < RESEND:
        trial.again(chance.choice(known))
        words.append("re-sent file")
    if halves:
        for file in halves:
            trial.half(file)
        words.append(f"{len(halves)} half-copied")
        run(trial.paths, "run", "--as-of", as_of.isoformat())
        for file in halves:
            trial.arrive(file)
    if number > 2 and chance.random() < BACK:
        run(trial.paths, "run", "--as-of", (as_of - timedelta(days=20)).isoformat())
        words.append("an older as-of day between")
        trial.look(f"night {number}, older as-of")
    if number > 1 and chance.random() < STOP:
        which = chance.choice(STOPS)
        code = stop_after(trial.paths, chance.uniform(0.5, trial.longest), which, "run", "--as-of", as_of.isoformat())
        words.append(f"{which.name} ({code})")
        if not words[0].endswith("_published"):
            trial.look(f"night {number}, after {which.name}")
    done = run(trial.paths, "run", "--as-of", as_of.isoformat())
    trial.look(f"night {number}, end")
    if done.code not in ENDED:
        trial.troubles.append(f"night {number}: exit code {done.code}\n{done.out[-1500:]}")
    folders = " ".join(f"{name} {size:g}" for name, size in sizes(trial.paths).items())
    return f"{number:3d} | {as_of} | {len(new)} | {', '.join(words) or '–'} | {done.code} | {done.cpu:.0f} | {folders}"


def leave(trial: Trial, file: Path, number: int) -> None:
    """Note where the trial stands after night ``number``."""
    state = {"night": number, "chance": trial.chance.getstate(), "whole": trial.seen_whole, "bad": trial.troubles}
    file.write_text(json.dumps(state), encoding="utf-8")


def take_up(trial: Trial, file: Path) -> int:
    """The number of the last night that was done, 0 before the first; chance and troubles are as they were then."""
    if not file.exists():
        return 0
    state = json.loads(file.read_text(encoding="utf-8"))
    version, numbers, gauss = state["chance"]
    trial.chance.setstate((version, tuple(numbers), gauss))
    trial.seen_whole, trial.troubles = state["whole"], state["bad"]
    return int(state["night"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--minutes", type=float, default=10_000.0)
    parser.add_argument("--finish", action="store_true", help="out of time: all the rest at once, and compare")
    parser.add_argument("--longest", type=float, default=40.0, help="seconds of a night in which a stop may fall")
    options = parser.parse_args()
    home = options.folder or Path(tempfile.mkdtemp(prefix="kho_dem_"))
    chance = random.Random(options.seed)  # noqa: S311
    sample = DataPaths(home / "mau" / "data")
    if not sample.raw.exists():
        run(sample, "sample", "--size", "small")
    files = sorted(path for path in sample.raw.rglob("*") if path.is_file())
    trial = Trial(DataPaths(home / "dem" / "data"), sample.raw, chance, options.longest)
    trial.paths.raw.mkdir(parents=True, exist_ok=True)
    first_day, known = LAST - timedelta(days=options.nights - 1), list[Path]()
    print(
        f"| night | as of | new files | disturbed by | exit | CPU s | MB by folder |  seed {options.seed}", flush=True
    )
    end, coming = time.monotonic() + options.minutes * 60, list(batches(files, options.nights, chance))
    kept = home / "dem.json"
    done = take_up(trial, kept)
    for number, new in enumerate(coming, start=1):
        if number > done and time.monotonic() > end:
            if not options.finish:
                print(f"out of time after {number - 1} nights; with --folder {home} the next goes on", flush=True)
                return 0
            late = [file for batch in coming[number - 1 :] for file in batch]
            print("|", night(trial, number, LAST, late, known), "| out of time: all the rest at once", flush=True)
            break
        if number > done:
            print("|", night(trial, number, first_day + timedelta(days=number - 1), new, known), "|", flush=True)
            leave(trial, kept, number)
        known += new
    print("purge:", run(trial.paths, "purge").code, sizes(trial.paths), flush=True)
    clean = DataPaths(home / "sach" / "data")
    shutil.copytree(trial.paths.raw, clean.raw)
    shutil.copytree(home / "dem" / "home", home / "sach" / "home")
    first = run(clean, "run", "--as-of", LAST.isoformat())
    print(f"clean load: exit {first.code}, CPU {first.cpu:.0f} s", flush=True)
    found = differing(trial.paths.marts_file, clean.marts_file)
    print("differing tables:", found or "none", flush=True)
    print("troubles:", trial.troubles or "none", flush=True)
    return 1 if found or trial.troubles else 0


if __name__ == "__main__":
    raise SystemExit(main())
