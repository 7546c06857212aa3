"""``kho points``: what to mend first to win points of Bộ chỉ số 766."""

from __future__ import annotations

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand, month
from pipelines.config.figures import points
from pipelines.config.paths import data_paths
from pipelines.index766.lost_points import lost_points
from pipelines.publish.query import QueryError


@click.command("points", cls=VietnameseCommand)
@click.option("--top", metavar="SỐ", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Số dòng.")
@click.option("--ky", callback=month, metavar="YYYY-MM", help="Tháng; không ghi là tháng mới nhất.")
def command(top: int, ky: str | None) -> int:
    """Print the largest losses, one sentence a line."""
    try:
        losses = lost_points(data_paths(), top, ky)
    except QueryError as mistake:
        error(str(mistake))
        return 3
    say(f"Kỳ {losses.ky}: tỉnh mất {points(losses.total)} điểm ở các chỉ số đang áp dụng. Sửa trước:")
    for place, loss in enumerate(losses.rows, 1):
        say(f"{place:>3}. {loss.words}")
    return 0
