"""What an outsider finds out from the published files of ``data/marts/mo/``."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb

from pipelines.opendata.declared import Block, open_tables
from tests.unit.opendata.attack import intervals, month_of_block


def read_csv(file: Path) -> list[dict[str, Any]]:
    """Rows of an open table, as the duckdb client reads them."""
    with duckdb.connect() as db:
        cursor = db.execute("SELECT * FROM read_csv(?, all_varchar = true, header = true, nullstr = '')", [str(file)])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def known_too_well(folder: Path, *, cells: int) -> tuple[int, list[str]]:
    """How many empty cells were tried (``cells`` a block, of its newest month), and those known closer than the limit."""
    tried, found = 0, []
    for block in open_tables().khoi:
        shown, sums = _newest_month(folder, block)
        empty = [cell for cell, count in shown.items() if count is None]
        wanted = random.Random(block.ma).sample(empty, min(cells, len(empty)))  # noqa: S311 - which cells are tried
        tried += len(wanted)
        found += [
            f"{block.ma}: {cell} trong [{low}, {high}]"
            for cell, (low, high) in intervals(shown, sums, wanted).items()
            if high - low < open_tables().nguong - 1e-6
        ]
        found += [cell for cell, count in shown.items() if count is not None and 0 < count < open_tables().nguong]
    return tried, found


def _newest_month(folder: Path, block: Block) -> tuple[dict[str, int | None], list[Any]]:
    trees = [open_tables().cay[name] for name in block.cay]
    files = {"": "toan_tinh", **{level.cot: level.bang for tree in trees for level in (tree.la, tree.cha)}}
    tables = {column: read_csv(folder / f"{block.ma}_{end}.csv") for column, end in files.items()}
    newest = max(row["ky"] for row in tables[""])
    return month_of_block(
        {column: [row for row in rows if row["ky"] == newest] for column, rows in tables.items()},
        block.parts,
        block.total,
    )
