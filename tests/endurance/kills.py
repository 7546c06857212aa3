"""One night killed at random moments, each time from the same start: every reader finds one whole publication, the next
night gives what an undisturbed one gives.

`python -m tests.endurance.kills --kills 40 --seed 1`: a line a kill (second, phase of the journal, what was published,
equal or not). Exit code 1 where a kill left no whole publication or the next night differs.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path

from pipelines.config.paths import DataPaths
from pipelines.publish.swap import usable_database
from pipelines.warehouse import journal
from tests.endurance.program import ENDED, differing, run, stop_after

HEAD = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n"
BEFORE, NIGHT = ("--as-of", "2025-06-29"), ("--as-of", "2025-06-30")


def dossiers(path: Path, month: int, state: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"H02.16-25{month:02d}{day:02d}-000{n},H02.16,{day:02d}/{month:02d}/2025,{state}\n"
        for day in range(2, 28)
        for n in range(3)
    ]
    path.write_text(HEAD + "".join(lines), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--first", type=int, default=0, help="go on from this one, of the same seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    home = options.folder or Path(tempfile.mkdtemp(prefix="kho_giet_"))
    chance = random.Random(options.seed)  # noqa: S311
    base = DataPaths(home / "goc" / "data")
    dossiers(base.raw / "dvc" / "ho_so" / "a.csv", 5, "Đang xử lý")
    assert run(base, "run", *BEFORE).code in ENDED
    dossiers(base.raw / "dvc" / "ho_so" / "b.csv", 6, "Đã trả kết quả")
    right = DataPaths(home / "dung" / "data")
    shutil.copytree(base.root.parent, right.root.parent)
    begun = time.monotonic()
    assert run(right, "run", *NIGHT).code in ENDED
    length, bad = time.monotonic() - begun, 0
    known = {entry.key for entry in journal.entries(base)}
    print(
        f"a night: {length:.0f} s; seed {options.seed}\n| kill at s | phase | published after | next night |",
        flush=True,
    )
    moments = [length * (number + chance.random()) / options.kills for number in range(options.kills)]
    for number, moment in list(enumerate(moments))[options.first :]:
        paths = DataPaths(home / f"lan_{number}" / "data")
        shutil.copytree(base.root.parent, paths.root.parent)
        code = stop_after(paths, moment, signal.SIGKILL, "run", *NIGHT)
        last = journal.entries(paths)[-1] if journal.entries(paths) else None
        whole = usable_database(paths.marts)
        state = "none" if whole is None else "new" if not differing(whole, right.marts_file) else "before"
        if state != "new" and whole is not None and differing(whole, base.marts_file):
            state = "neither"
        after = run(paths, "run", *NIGHT)
        unequal = [f"exit {after.code}"] if after.code not in ENDED else differing(paths.marts_file, right.marts_file)
        bad += state in {"none", "neither"} or bool(unequal)
        entered = last is not None and last.key not in known
        phase = "ended" if code is None else (last.phase or "prepare") if last and entered else "start"
        print(f"| {moment:.1f} | {phase} | {state} | {unequal or 'equal'} |", flush=True)
        shutil.rmtree(paths.root.parent)
    print(f"kills {options.kills - options.first}, wrong {bad}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
