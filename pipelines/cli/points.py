"""``kho points``: what to mend first to win points of Bộ chỉ số 766."""

from __future__ import annotations

import click

from pipelines import stopping
from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand, month
from pipelines.config.figures import points
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.index766.lost_points import lost_points
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits


@click.command("points", cls=VietnameseCommand)
@click.option("--top", metavar="SỐ", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Số dòng.")
@click.option("--ky", callback=month, metavar="YYYY-MM", help="Tháng; không ghi là tháng mới nhất.")
def command(top: int, ky: str | None) -> int:
    """Print the largest losses, one sentence a line; 2 wrong usage, 3 no points of that month or not readable."""
    paths = data_paths()
    finish_swap(paths)
    limits = QueryLimits.of(load_orchestration(feeds=None).gioi_han)
    try:
        losses = lost_points(paths, top, ky, limits, stopping.asked)
    except QueryError as mistake:
        error(str(mistake))
        return 3
    say(f"Kỳ {losses.ky}: tỉnh mất {points(losses.total)} điểm ở các chỉ số đang áp dụng. Sửa trước:")
    for place, loss in enumerate(losses.rows, 1):
        say(f"{place:>3}. {loss.words}")
    return 0
