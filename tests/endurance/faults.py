"""What goes wrong before a night: each fault takes a data folder and a random source, and says what it did."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from pipelines.config.paths import DataPaths

Fault = Callable[[DataPaths, random.Random], None]


def _cut(path: Path, chance: random.Random) -> None:
    if path.is_file():
        with path.open("r+b") as file:
            file.truncate(int(path.stat().st_size * chance.random()))


def _empty(path: Path) -> None:
    if path.is_file():
        path.write_bytes(b"")


def _flip(path: Path, chance: random.Random) -> None:
    size = path.stat().st_size if path.is_file() else 0
    if size:
        with path.open("r+b") as file:
            file.seek(chance.randrange(size))
            file.write(bytes(chance.randrange(256) for _ in range(64)))


def cut_warehouse(paths: DataPaths, chance: random.Random) -> None:
    _cut(paths.warehouse_file, chance)


def emptied_warehouse(paths: DataPaths, chance: random.Random) -> None:
    _empty(paths.warehouse_file)


def flipped_warehouse(paths: DataPaths, chance: random.Random) -> None:
    _flip(paths.warehouse_file, chance)


def lost_warehouse(paths: DataPaths, chance: random.Random) -> None:
    paths.warehouse_file.unlink(missing_ok=True)


def cut_published(paths: DataPaths, chance: random.Random) -> None:
    _cut(paths.marts_file, chance)


def flipped_published(paths: DataPaths, chance: random.Random) -> None:
    _flip(paths.marts_file, chance)


def cut_listing(paths: DataPaths, chance: random.Random) -> None:
    _cut(paths.marts / "ban_ke.json", chance)


def cut_manifest(paths: DataPaths, chance: random.Random) -> None:
    _cut(paths.dbt_target / "manifest.json", chance)


def cut_parse_cache(paths: DataPaths, chance: random.Random) -> None:
    _cut(paths.dbt_target / "partial_parse.msgpack", chance)


def broken_event_storage(paths: DataPaths, chance: random.Random) -> None:
    for path in paths.dagster_home.rglob("*.db"):
        _flip(path, chance)
        _cut(path, chance)


def lost_dagster_home(paths: DataPaths, chance: random.Random) -> None:
    shutil.rmtree(paths.dagster_home, ignore_errors=True)


def cut_journal(paths: DataPaths, chance: random.Random) -> None:
    _cut(paths.operations / "so_chay.jsonl", chance)


FAULTS: tuple[Fault, ...] = (
    cut_warehouse,
    emptied_warehouse,
    flipped_warehouse,
    lost_warehouse,
    cut_published,
    flipped_published,
    cut_listing,
    cut_manifest,
    cut_parse_cache,
    broken_event_storage,
    lost_dagster_home,
    cut_journal,
)
