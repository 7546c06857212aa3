"""The program as the operator runs it, measured; and two publications compared table by table."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.publish.keeping import HISTORIES
from pipelines.warehouse.database import identifier, literal

KHO = Path(sys.executable).parent / "kho"
ENDED = {0, 1}
"""Exit codes of a night that came to its end: all well, or something to look at."""
HISTORY = {tuple(name.split(".", 1)) for name in HISTORIES}
"""Tables that count runs, as all of ``van_hanh`` does: two ways to one state have two histories."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, what it printed, CPU seconds of its process tree."""

    code: int
    out: str
    cpu: float


def environment(paths: DataPaths) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if k not in {"DAGSTER_HOME", "KHO_KHOA_BI_MAT"}}
    home = paths.root.parent / "home"
    home.mkdir(parents=True, exist_ok=True)
    return env | {"KHO_DATA": str(paths.root), "HOME": str(home), "NO_COLOR": "1", "PYTHONUTF8": "1"}


def start(paths: DataPaths, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """``kho`` over ``paths`` in a session of its own, so that a signal reaches all of it."""
    return subprocess.Popen(
        [*prefix, str(KHO), *arguments],
        env=environment(paths),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(paths: DataPaths, *arguments: str, prefix: tuple[str, ...] = ()) -> Ended:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = start(paths, *arguments, prefix=prefix)
    out = process.communicate()[0]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ended(process.returncode, out, cpu)


def stop_after(paths: DataPaths, seconds: float, signal_number: int, *arguments: str) -> int | None:
    """Start ``kho``, signal its whole session after ``seconds``; its exit code, None where it had ended before."""
    process = start(paths, *arguments)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            process.communicate()
            return None
        time.sleep(0.02)
    os.killpg(process.pid, signal_number)
    process.communicate()
    return process.returncode


def tables(path: Path) -> list[tuple[str, str]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
    return [(str(s), str(t)) for s, t in rows if s != "van_hanh" and (str(s), str(t)) not in HISTORY]


def differing(one: Path, other: Path) -> list[str]:
    """Tables of two published files that are not equal row for row, with the number of rows that differ."""
    if tables(one) != tables(other):
        return [f"tables: {sorted(set(tables(one)) ^ set(tables(other)))}"]
    found = []
    with duckdb.connect() as connection:
        for name, path in (("mot", one), ("hai", other)):
            connection.execute(f"ATTACH {literal(str(path))} AS {name} (READ_ONLY)")
        for schema, table in tables(one):
            place = f"{identifier(schema)}.{identifier(table)}"
            rows = connection.execute(
                f"SELECT count(*) FROM ((FROM mot.{place} EXCEPT ALL FROM hai.{place}) "
                f"UNION ALL (FROM hai.{place} EXCEPT ALL FROM mot.{place}))"
            ).fetchall()[0][0]
            if rows:
                found.append(f"{schema}.{table}: {rows}")
    return found


def sizes(paths: DataPaths) -> dict[str, float]:
    """``megabytes`` below each folder of the data folder."""
    return {folder.name: megabytes(folder) for folder in (paths.raw, paths.working, paths.operations, paths.marts)}


def megabytes(folder: Path) -> float:
    """What the files below ``folder`` take on disk, in 10^6 bytes; a hard link counts once."""
    files = (path.stat() for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return round(sum({stat.st_ino: stat.st_blocks * 512 for stat in files}.values()) / 1e6, 1)
