"""What people read with, while nights publish over and over: each look finds one whole publication.

`python -m tests.endurance.readers --nights 3`: every night publishes a month of dossiers more, while each reader looks
again and again. A line a reader with its looks, the counts it saw and its failures; exit code 1 where one failed or saw
a number that was never published.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from pipelines.config.paths import DataPaths
from tests.endurance.kills import NIGHT, dossiers
from tests.endurance.program import ENDED, KHO, environment, run

Look = Callable[[DataPaths, Path], int]
"""Number of dossiers that a reader sees; the folder is its own."""
A_MONTH = 78
"""Dossiers of one export of ``kills.dossiers``."""
QUERY = "SELECT count(*) AS so FROM tthc.ho_so"
_CODE = "import sys, duckdb; print(duckdb.connect(sys.argv[1], read_only=True).execute(sys.argv[2]).fetchone()[0])"


def python_client(paths: DataPaths, _folder: Path) -> int:
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        return int(connection.execute(QUERY).fetchall()[0][0])


def another_process(paths: DataPaths, _folder: Path) -> int:
    """The client in a process of its own, as an analyst's notebook has it."""
    return int(_out([sys.executable, "-c", _CODE, str(paths.marts_file), QUERY], paths))


def command_line(paths: DataPaths, _folder: Path) -> int:
    return int(_out([str(_duckdb()), "-readonly", "-csv", str(paths.marts_file), QUERY], paths).split()[-1])


def polars(paths: DataPaths, _folder: Path) -> int:
    return int(pl.read_parquet(paths.marts / "tthc" / "ho_so.parquet", columns=["ma_ho_so"]).height)


def excel_csv(paths: DataPaths, folder: Path) -> int:
    """The file that Excel opens: written by ``kho sql``, read with its separator and byte-order mark."""
    file = folder / "ho_so.csv"
    _out([str(KHO), "sql", "SELECT ma_ho_so FROM tthc.ho_so", "--format", "csv", "--excel", "--out", str(file)], paths)
    with file.open(encoding="utf-8-sig", newline="") as text:
        return sum(1 for _ in csv.reader(text, delimiter=";")) - 1


def libreoffice(paths: DataPaths, folder: Path) -> int:
    """The workbook of ``kho sql`` turned into CSV by LibreOffice, which must be able to open it."""
    book = folder / "ho_so.xlsx"
    _out([str(KHO), "sql", QUERY, "--format", "xlsx", "--out", str(book)], paths)
    profile = f"-env:UserInstallation=file://{folder}/ho_so_office"
    command = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", str(folder), str(book)]
    _out(command, paths)
    return int(book.with_suffix(".csv").read_text(encoding="utf-8").splitlines()[1])


def _duckdb() -> Path | None:
    found = shutil.which("duckdb")
    return Path(found) if found else None


def _out(command: list[str], paths: DataPaths) -> str:
    done = subprocess.run(
        command, env=environment(paths), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise OSError(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()[-200:]}")
    return done.stdout


READERS: dict[str, Look] = {
    "duckdb in Python": python_client,
    "duckdb in another process": another_process,
    "duckdb client": command_line,
    "Polars on Parquet": polars,
    "CSV for Excel": excel_csv,
    "LibreOffice": libreoffice,
}
ABSENT: dict[str, Callable[[], bool]] = {
    "duckdb client": lambda: _duckdb() is None,
    "LibreOffice": lambda: shutil.which("soffice") is None,
}


@dataclass
class Seen:
    """What one reader saw."""

    counts: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def look_until(ended: threading.Event, look: Look, paths: DataPaths, folder: Path, seen: Seen) -> None:
    """Look again and again; whatever goes wrong is a failure of the reader's."""
    while not ended.is_set():
        try:
            seen.counts[look(paths, folder)] += 1
        except Exception as error:  # noqa: BLE001 - each reader's library has errors of its own; all are reported
            seen.failures.append(f"{type(error).__name__}: {str(error)[:150]}")
        ended.wait(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=3, choices=range(1, 6))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    home = options.folder or Path(tempfile.mkdtemp(prefix="kho_nguoi_doc_"))
    paths = DataPaths(home / "data")
    export, published = paths.raw / "dvc" / "ho_so", {A_MONTH * (night + 1) for night in range(options.nights + 1)}
    dossiers(export / "dem_0.csv", 6, "Đang xử lý")
    if run(paths, "run", *NIGHT).code not in ENDED:
        return 1
    names = [name for name in READERS if not ABSENT.get(name, lambda: False)()]
    seen = {name: Seen() for name in names}
    ended, threads = threading.Event(), []
    for number, name in enumerate(names):
        folder = home / f"doc_{number}"
        folder.mkdir(parents=True, exist_ok=True)
        threads.append(threading.Thread(target=look_until, args=(ended, READERS[name], paths, folder, seen[name])))
        threads[-1].start()
    codes = []
    for night in range(1, options.nights + 1):
        dossiers(export / f"dem_{night}.csv", 6 - night, "Đang xử lý")
        codes.append(run(paths, "run", *NIGHT).code)
    ended.set()
    for thread in threads:
        thread.join()
    return _tell(seen, published, codes)


def _tell(seen: dict[str, Seen], published: set[int], codes: list[int]) -> int:
    print("| reader | looks | dossiers seen | failures |\n|---|---|---|---|", flush=True)
    wrong = sum(code not in ENDED for code in codes)
    for name, of in seen.items():
        wrong += len(of.failures) + sum(n for count, n in of.counts.items() if count not in published)
        counts = ", ".join(f"{count} ({n} times)" for count, n in sorted(of.counts.items()))
        print(f"| {name} | {of.counts.total()} | {counts} | {'; '.join(of.failures[:2]) or 0} |", flush=True)
    for name in sorted(READERS.keys() - seen.keys()):
        print(f"| {name} | not installed here | | |", flush=True)
    print(f"nights ended with {codes}; wrong: {wrong}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
