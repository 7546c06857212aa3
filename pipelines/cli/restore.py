"""``kho restore DIR``: a backup becomes the data folder again, proved before it shows."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.terminal.console import count, error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.paths import data_paths
from pipelines.upkeep.backup import BackupError
from pipelines.upkeep.restore import restore


@click.command("restore", cls=VietnameseCommand)
@click.argument("source", metavar="THƯ_MỤC", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(source: Path) -> int:
    """0 restored and proved; 3 not, and the data folder is as it was."""
    paths = data_paths()
    try:
        report = restore(paths, source)
    except BackupError as mistake:
        error(str(mistake))
        return 3
    say(
        f"Đã khôi phục vào {paths.root} và đối chiếu đúng bản kê: {count(report.files)} tệp (SHA-256), "
        f"{count(len(report.tables))} bảng, {count(sum(report.tables.values()))} dòng."
    )
    for remark in report.remarks:
        say(f"  • {remark}")
    return 0
