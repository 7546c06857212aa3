"""A night whose disk is full at each stage, is read-only, or whose memory limit is reached; done to the real program.

`python -m tests.endurance.full_disk` (as root: it mounts a small tmpfs; without that right it says so and ends with
77). The data folder lies on the tmpfs. When the night has come to the stage, one file takes all that is free. Then: the
night's sentence names the folder and how much is missing, what is published is whole and as before, and after the file
is gone the next night ends as one that was never disturbed. A line a stage; exit code 1 where one of these is not so.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipelines.config.orchestration import orchestration_file
from pipelines.config.paths import DataPaths
from pipelines.publish.swap import usable_database
from pipelines.warehouse import journal
from tests.endurance.kills import BEFORE, NIGHT, dossiers
from tests.endurance.program import ENDED, differing, run, start

ROOM = 400_000_000
_FULL = re.compile(
    r"Đĩa của thư mục (\S+) (?:báo lỗi đọc ghi: đầy trong lúc chạy|đã đầy trong lúc chạy, nay còn trống \S+ MB"
    r"|đã đầy: còn trống \S+ MB, một đêm cần khoảng \S+ MB: thiếu khoảng \S+ MB)"
)
_CLOSED = re.compile(r"Thư mục (\S+) chỉ đọc được")
_MEMORY = re.compile(r"Hết bộ nhớ.*gioi_han\.bo_nho")


@dataclass(frozen=True)
class Stage:
    """Where the disk is filled: once ``reached`` says so; None before the night begins."""

    name: str
    reached: Callable[[DataPaths, set[str]], bool] | None


def _in_phase(name: str) -> Callable[[DataPaths, set[str]], bool]:
    def reached(paths: DataPaths, before: set[str]) -> bool:
        known = journal.entries(paths)
        return bool(known) and known[-1].key not in before and known[-1].phase == name

    return reached


def _has(*names: str) -> Callable[[DataPaths, set[str]], bool]:
    return lambda paths, _: any((paths.marts / name).exists() for name in names)


STAGES = (
    Stage("before the night begins", None),
    Stage("intake", _in_phase("nap")),
    Stage("linkage", _in_phase("lien_ket")),
    Stage("dbt build", _in_phase("dung")),
    Stage("gate", _in_phase("kiem_tra")),
    Stage("tables after the gate", _in_phase("xuat_ban")),
    Stage("publication: kho.duckdb", _has(".dang_ghi/kho.duckdb")),
    Stage("publication: Parquet", _has(".dang_ghi/tthc")),
    Stage("publication: pages and dictionary", _has(".dang_ghi/tai_lieu", ".dang_ghi/trang")),
    Stage("publication: kept version", _has(".dang_ghi/phien_ban")),
    Stage("publication: decided, being swapped in", _has(".cho_thay")),
)


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A tmpfs of ``ROOM`` at ``place``. Raises ``PermissionError`` where it may not be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(place)], check=False)
    if done.returncode:
        raise PermissionError(str(place))
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> Path:
    """Take all that is free below ``place``, while others write there too; the file that does."""
    filler = place / "day"
    with filler.open("wb") as handle:
        taken, step = 0, ROOM
        while step >= 4096:
            try:
                os.posix_fallocate(handle.fileno(), taken, step)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                step //= 2
            else:
                taken += step
    return filler


def disturbed(paths: DataPaths, stage: Stage) -> tuple[int, str, Path | None]:
    """A night with the disk filled at ``stage``: exit code, output, the file that fills it (None: never came there)."""
    before = {entry.key for entry in journal.entries(paths)}
    place = paths.root.parent
    filler = fill(place) if stage.reached is None else None
    process = start(paths, "run", *NIGHT)
    while filler is None and process.poll() is None:
        if stage.reached is not None and stage.reached(paths, before):
            filler = fill(place)
        time.sleep(0.002)
    out = process.communicate()[0]
    return process.returncode, out, filler


def trial(base: DataPaths, right: DataPaths, place: Path, stage: Stage) -> list[str]:
    """What was wrong at ``stage``."""
    with small_disk(place):
        paths = DataPaths(place / "nha" / "data")
        shutil.copytree(base.root.parent, paths.root.parent)
        code, out, filler = disturbed(paths, stage)
        if filler is None:
            return [f"the night never came there (exit {code})"]
        wrong = []
        said = _FULL.search(out)
        if code in ENDED:
            said = None  # it had all it needed
        elif said is None or not said.group(1).startswith(str(place)):
            wrong.append(f"exit {code} without the sentence: {out[-600:]}")
        whole = usable_database(paths.marts)
        if whole is None or (differing(whole, base.marts_file) and differing(whole, right.marts_file)):
            wrong.append("what is published is not whole")
        asked = run(paths, "sql", "SELECT count(*) FROM tthc.ho_so")
        if asked.code:
            wrong.append(f"readers get nothing meanwhile: {asked.out[-300:]}")
        filler.unlink()
        after = run(paths, "run", *NIGHT)
        unequal = [f"exit {after.code}"] if after.code not in ENDED else differing(paths.marts_file, right.marts_file)
        wrong += [f"next night: {item}" for item in unequal]
        if (paths.working / "hong").exists() or list(paths.operations.glob("dagster.hong_*")):
            wrong.append("something sound was set aside as broken")
        told = said.group(0) if said else "it had all it needed" if code in ENDED else "NONE"
        print(f"| {stage.name} | {code} | {told} | {wrong or 'healed'} |", flush=True)
        return wrong


def read_only(base: DataPaths, right: DataPaths, place: Path) -> list[str]:
    """The whole file system is closed for writing before the night."""
    wrong = []
    with small_disk(place):
        paths = DataPaths(place / "nha" / "data")
        shutil.copytree(base.root.parent, paths.root.parent)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        done = run(paths, "run", *NIGHT)
        said = _CLOSED.search(done.out)
        if done.code in ENDED or said is None:
            wrong.append(f"exit {done.code} without the sentence: {done.out[-600:]}")
        for command in (("sql", "SELECT count(*) FROM tthc.ho_so"), ("status",), ("watch",), ("versions",)):
            asked = run(paths, *command)
            if "ngoài dự kiến" in asked.out or (command[0] in {"sql", "versions"} and asked.code):
                wrong.append(f"kho {command[0]}: exit {asked.code} {asked.out[-300:]}")
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
        after = run(paths, "run", *NIGHT)
        unequal = [f"exit {after.code}"] if after.code not in ENDED else differing(paths.marts_file, right.marts_file)
        wrong += [f"next night: {item}" for item in unequal]
        print(f"| read-only file system | {done.code} | {said and said.group(0)} | {wrong or 'healed'} |", flush=True)
    return wrong


def no_memory(base: DataPaths, right: DataPaths, place: Path, limit: str) -> list[str]:
    """DuckDB may use ``limit`` and no more."""
    paths = DataPaths(place / "nha" / "data")
    shutil.copytree(base.root.parent, paths.root.parent)
    settings = yaml.safe_load(orchestration_file().read_text(encoding="utf-8"))
    settings["gioi_han"]["bo_nho"] = limit
    tight = place / "orchestration.yaml"
    tight.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    wrong = []
    os.environ["KHO_ORCHESTRATION"] = str(tight)
    try:
        done = run(paths, "run", *NIGHT)
    finally:
        del os.environ["KHO_ORCHESTRATION"]
    said = _MEMORY.search(done.out)
    whole = usable_database(paths.marts)
    if whole is None:
        wrong.append("what is published is not whole")
    elif said is None:  # then it had all it needed, and its figures are right
        wrong += differing(whole, right.marts_file) if done.code in ENDED else [f"exit {done.code}: {done.out[-600:]}"]
    after = run(paths, "run", *NIGHT)
    unequal = [f"exit {after.code}"] if after.code not in ENDED else differing(paths.marts_file, right.marts_file)
    wrong += [f"next night: {item}" for item in unequal]
    told = said.group(0) if said else "it had all it needed"
    print(f"| bo_nho: {limit} | {done.code} | {told} | {wrong or 'healed'} |", flush=True)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", action="append", help="stages whose name holds this text")
    options = parser.parse_args()
    if os.geteuid():
        print("no right to mount a tmpfs: run as root")
        return 77
    home = options.folder or Path(tempfile.mkdtemp(prefix="kho_day_"))
    base, right = DataPaths(home / "goc" / "data"), DataPaths(home / "dung" / "data")
    if not right.root.exists():
        dossiers(base.raw / "dvc" / "ho_so" / "a.csv", 5, "Đang xử lý")
        assert run(base, "run", *BEFORE).code in ENDED
        dossiers(base.raw / "dvc" / "ho_so" / "b.csv", 6, "Đã trả kết quả")
        shutil.copytree(base.root.parent, right.root.parent)
        assert run(right, "run", *NIGHT).code in ENDED

    def asked(name: str) -> bool:
        return not options.only or any(text in name for text in options.only)

    print("| stage | exit | sentence | afterwards |", flush=True)
    wrong = []
    for stage in filter(lambda stage: asked(stage.name), STAGES):
        wrong += [(stage.name, item) for item in trial(base, right, home / "dia", stage)]
    if asked("read-only"):
        wrong += [("read-only", item) for item in read_only(base, right, home / "dia")]
    if asked("memory"):
        for number, limit in enumerate(("40MB", "80MB", "160MB")):
            wrong += [(limit, item) for item in no_memory(base, right, home / f"nho_{number}", limit)]
    for name, item in wrong:
        print(f"WRONG {name}: {item}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
