"""``kho bundle DIR``: what a machine without a network needs to install this version."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click

from pipelines.cli.terminal.console import count, error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.upkeep.bundle import BundleError, bundle


@click.command("bundle", cls=VietnameseCommand)
@click.argument("target", metavar="THƯ_MỤC", type=click.Path(file_okay=False, path_type=Path))
def command(target: Path) -> int:
    """0 written; 3 not."""
    say("Tải các gói theo tệp khóa (vài phút)…")
    try:
        files = bundle(target, version("kho06"))
    except BundleError as mistake:
        error(str(mistake))
        return 3
    say(f"Đã ghi {count(files)} tệp vào {target}. Trên máy không có mạng: ./install.sh THƯ_MỤC_CÀI")
    return 0
