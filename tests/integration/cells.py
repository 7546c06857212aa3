"""Random cells of every counted column of a built warehouse, traced: as many records as the figure says."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb
import yaml

from pipelines.config.paths import DataPaths
from pipelines.trace.declared import MARTS, published_names, trail_of
from pipelines.trace.tracer import trace

WINDOW = "('2025-03-15', '2025-08-14')"
"""Days that table macros are asked for: no calendar months."""


def copy_as_published(paths: DataPaths, folder: Path) -> DataPaths:
    """The warehouse as working warehouse and as publication of another data folder."""
    copied = DataPaths(folder)
    copied.prepare()
    shutil.copyfile(paths.warehouse_file, copied.warehouse_file)
    shutil.copyfile(paths.warehouse_file, copied.marts_file)
    return copied


def disagreeing(paths: DataPaths, schemas: Iterable[str], *, seed: int, rows: int = 5) -> tuple[list[str], set[str]]:
    """Cells whose records do not give the figure, and the columns (``schema.table.column``) that were tried."""
    chance, wrong, tried = random.Random(seed), [], set()  # noqa: S311 - a repeatable choice, no secret
    for table in published_names():
        trail = trail_of(table)
        if trail is None or not trail.figures or table.split(".")[0] not in schemas:
            continue
        asked = f"{table}{WINDOW}" if trail.parameters else table
        for condition in _rows(paths, asked, trail.grain, chance, rows):
            for figure in trace(paths, asked, condition).figures:
                tried.add(f"{table}.{figure.column}")
                if figure.found is None or not figure.agrees:
                    wrong.append(f"{table} {condition}: {figure}")
    return wrong, tried


def _rows(paths: DataPaths, table: str, grain: tuple[str, ...], chance: random.Random, rows: int) -> list[str]:
    """Conditions that pick single rows by their key."""
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        try:
            keys = connection.execute(f"SELECT {', '.join(grain)} FROM {table} ORDER BY ALL").fetchall()
        except duckdb.CatalogException:
            return []
    return [
        " AND ".join(f"{name} IS NOT DISTINCT FROM {_quoted(value)}" for name, value in zip(grain, key, strict=True))
        for key in chance.sample(keys, min(rows, len(keys)))
    ]


def _quoted(value: object) -> str:
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def failing_examples(paths: DataPaths, schema: str) -> dict[str, str]:
    """Kind of the error by macro of ``schema`` whose example in the dictionary does not run, or is missing."""
    failed = {}
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        for file in sorted((MARTS / schema).glob("*.yml")):
            model = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]
            if not re.search("materialized='(bang_macro|ham)'", file.with_suffix(".sql").read_text(encoding="utf-8")):
                continue
            try:
                connection.execute(model["config"]["meta"]["vi_du"]).fetchall()
            except (KeyError, duckdb.Error) as error:
                failed[model["name"]] = type(error).__name__
    return failed
