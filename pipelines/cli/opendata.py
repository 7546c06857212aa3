"""``kho opendata``: the open data of what is published."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.opendata.copying import CopyError, published_tables, write_copy
from pipelines.opendata.memory import LostError
from pipelines.opendata.tables import FOLDER
from pipelines.publish.mend import finish_swap


@click.command("opendata", cls=VietnameseCommand, help=COMMANDS["opendata"])
@click.option(
    "--out",
    "folder",
    metavar="THƯ_MỤC",
    type=click.Path(file_okay=False, path_type=Path),
    help="Ghi vào đây đúng các bảng đã công bố, danh mục theo mục du_lieu_mo đang khai.",
)
def command(folder: Path | None) -> int:
    """Say where the open data stand, or write them elsewhere; 2 configuration, 3 none there or not writable."""
    paths = data_paths()
    finish_swap(paths)
    settings = load_orchestration(feeds=None).du_lieu_mo
    try:
        tables = published_tables(paths.marts)
        if folder is not None:
            write_copy(tables, settings, folder)
    except (CopyError, LostError) as mistake:
        error(str(mistake))
        return 3
    months = sorted(
        {str(ky) for table in tables if "ky" in table.rows.column_names for ky in table.rows["ky"].to_pylist()}
    )
    span = f", tháng {_month(months[0])} đến {_month(months[-1])}" if months else ""
    say(f"Dữ liệu mở: {len(tables)} bảng{span}; {folder or paths.marts / FOLDER}")
    return 0


def _month(ky: str) -> str:
    """``2025-03`` → 03/2025."""
    return f"{ky[5:]}/{ky[:4]}"
