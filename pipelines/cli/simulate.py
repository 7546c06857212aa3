"""``kho simulate``: a draft of indicator definitions against the one in force, for all agencies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from pipelines import stopping
from pipelines.cli.terminal.console import error, say, table
from pipelines.cli.terminal.vietnamese import VietnameseCommand, month
from pipelines.config import figures
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.index766.draft import DraftError
from pipelines.index766.simulate import Change, simulate
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits


@click.command("simulate", cls=VietnameseCommand)
@click.option(
    "--definitions",
    "file",
    required=True,
    metavar="TỆP.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Dự thảo: các cột của dinh_nghia_chi_so.csv, ít nhất ma_chi_so, diem_toi_da, quy_tac. Có chỉ số kho chưa đếm "
    "nên không chấm được: mã thoát 1.",
)
@click.option("--ky", required=True, callback=month, metavar="YYYY-MM", help="Tháng đem chấm thử.")
def command(file: Path, ky: str) -> int:
    """Print both points side by side; nothing published changes.

    1: components of the draft that could not be scored, 2: the draft or the month is wrong, 3: not readable.
    """
    paths = data_paths()
    finish_swap(paths)
    limits = QueryLimits.of(load_orchestration(feeds=None).gioi_han)
    try:
        found = simulate(paths, file, ky, limits, stopping.asked)
    except DraftError as mistake:
        error(str(mistake))
        return 2
    except QueryError as mistake:
        error(str(mistake))
        return 3
    if found.unknown:
        error(
            f"Không chấm thử được {', '.join(found.unknown)}: kho chưa đếm chỉ số này. "
            "Ghi ở cột cach_dem mã của chỉ số có cùng tử số và mẫu số."
        )
    names = ["Mã", "Đơn vị", "Điểm hiện hành", "Điểm dự thảo", "Chênh lệch"]
    table(f"Kỳ {ky}: dự thảo so với định nghĩa đang dùng", names, [_row(c) for c in found.agencies], range(2, 5))
    if found.components:
        names = ["Chỉ số", "Mã tỉnh", "Điểm hiện hành", "Điểm dự thảo", "Chênh lệch"]
        table("Chỉ số thành phần của toàn tỉnh có thay đổi", names, [_row(c) for c in found.components], range(2, 5))
    else:
        say("Không chỉ số nào của toàn tỉnh thay đổi.")
    return 1 if found.unknown else 0


def _row(change: Change) -> list[str]:
    return [
        change.code,
        change.name,
        _points(change.points, change.maximum),
        _points(change.draft_points, change.draft_maximum),
        _signed(change.difference),
    ]


def _points(points: Decimal | None, maximum: Decimal | None) -> str:
    if points is None or maximum is None:
        return "không áp dụng"
    return f"{figures.points(points)} / {figures.points(maximum)}"


def _signed(difference: Decimal | None) -> str:
    if difference is None:
        return ""
    if difference == 0:
        return "0,00"
    return ("+" if difference > 0 else "−") + figures.points(abs(difference))
