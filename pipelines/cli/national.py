"""``kho national``: provinces side by side, from their published open data."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.opendata.national import FILE, Province, ProvinceError, write


@click.command("national", cls=VietnameseCommand, help=COMMANDS["national"])
@click.argument("provinces", metavar="MÃ_TỈNH=THƯ_MỤC …", nargs=-1, required=True)
@click.option(
    "--out",
    metavar="THƯ_MỤC",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Ghi ca_nuoc.duckdb và các tệp Parquet vào đây; thư mục mới, trống, hoặc của lần trước.",
)
def command(provinces: tuple[str, ...], out: Path) -> int:
    """Set them side by side; 1 some left out (the others are written), 2 wrong words, 3 none or not writable."""
    given = [re.fullmatch(r"([0-9]{2})=(.+)", province) for province in provinces]
    if not all(given):
        raise click.UsageError("mỗi tỉnh ghi là MÃ=THƯ_MỤC, mã hai chữ số, ví dụ 24=/du_lieu/bac_ninh/marts/mo")
    try:
        refused = write([Province(found[1], Path(found[2])) for found in given if found], out)
    except ProvinceError as mistake:
        error(str(mistake))
        return 3
    for sentence in refused:
        error(sentence)
    say(f"Đã đặt {len(provinces) - len(refused)} tỉnh cạnh nhau (quoc_gia.so_sanh, quoc_gia.ca_nuoc): {out / FILE}")
    return int(bool(refused))
