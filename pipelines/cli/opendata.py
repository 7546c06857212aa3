"""``kho opendata``: the open data of what is published; ``--tinh``: of several provinces, side by side."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.opendata.copying import CopyError, published_tables, write_copy
from pipelines.opendata.memory import LostError
from pipelines.opendata.national import FILE, Province, ProvinceError, write
from pipelines.opendata.tables import FOLDER
from pipelines.pages.words import month
from pipelines.publish.mend import finish_swap


@click.command("opendata", cls=VietnameseCommand, help=COMMANDS["opendata"])
@click.option(
    "--out",
    "folder",
    metavar="THƯ_MỤC",
    type=click.Path(file_okay=False, path_type=Path),
    help="Ghi vào đây đúng các bảng đã công bố, danh mục theo mục du_lieu_mo đang khai.",
)
@click.option(
    "--tinh",
    "provinces",
    metavar="MÃ=THƯ_MỤC",
    multiple=True,
    help="Đặt tỉnh này (mã hai chữ số, thư mục dữ liệu mở của tỉnh) cạnh các --tinh khác, ghi ra --out.",
)
def command(folder: Path | None, provinces: tuple[str, ...]) -> int:
    """Say where the open data stand, or write them elsewhere; 2 configuration or place, 3 none there.

    With provinces: 1 where some were left out and the others are written.
    """
    if provinces:
        return _side_by_side(provinces, folder)
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
    span = f", tháng {month(months[0])} đến {month(months[-1])}" if months else ""
    say(f"Dữ liệu mở: {len(tables)} bảng{span}; {folder or paths.marts / FOLDER}")
    return 0


def _side_by_side(provinces: tuple[str, ...], out: Path | None) -> int:
    given = [re.fullmatch(r"([0-9]{2})=(.+)", province) for province in provinces]
    if not all(given) or out is None:
        raise click.UsageError(
            "mỗi tỉnh ghi là --tinh MÃ=THƯ_MỤC, mã hai chữ số, ví dụ 24=/du_lieu/bac_ninh/mo, và có --out"
        )
    try:
        refused = write([Province(found[1], Path(found[2])) for found in given if found], out)
    except ProvinceError as mistake:
        error(str(mistake))
        return 3
    for sentence in refused:
        error(sentence)
    say(f"Đã đặt {len(provinces) - len(refused)} tỉnh cạnh nhau (quoc_gia.so_sanh, quoc_gia.ca_nuoc): {out / FILE}")
    return int(bool(refused))
