"""``kho work``: the morning's list of an agency."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.terminal.console import count, error, say, table
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.pages.work import UnknownAgencyError, WorkError, work_of
from pipelines.pages.writing import PageError, write_work
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits, open_published

_ON_SCREEN = 40


@click.command("work", cls=VietnameseCommand, help=COMMANDS["work"])
@click.option("--don-vi", "agency", metavar="MÃ", help="Chỉ việc của đơn vị này.")
@click.option(
    "--out", metavar="TỆP.xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Ghi danh sách ra tệp."
)
def command(agency: str | None, out: Path | None) -> int:
    """Print the counts (an agency: also its list) or write the list; 2 wrong usage, 3 not readable or writable."""
    if out is not None and out.suffix.lower() != ".xlsx":
        raise click.UsageError("--out phải là tệp .xlsx.")
    paths = data_paths()
    finish_swap(paths)
    limits = QueryLimits.of(load_orchestration(feeds=None).gioi_han)
    try:
        with open_published(paths, limits) as connection:
            work = work_of(connection, agency)
        if out is not None:
            write_work(work.rows, f"Việc đang chờ, số liệu đến hết ngày {work.as_of:%d/%m/%Y}", out)
    except UnknownAgencyError as mistake:
        raise click.UsageError(str(mistake)) from None
    except (WorkError, PageError, QueryError) as mistake:
        error(str(mistake))
        return 3
    if out is not None:
        say(f"Đã ghi {out}: {count(len(work.rows))} việc. Không có dữ liệu cá nhân.")
        return 0
    if not work.rows:
        say(f"Không có việc nào đang mở (số liệu đến hết {work.as_of:%d/%m/%Y}).")
        return 0
    table(
        f"Việc đang chờ, số liệu đến hết {work.as_of:%d/%m/%Y}",
        ["Đơn vị", "Loại", "Số việc", "Lâu nhất (ngày)", "So hôm trước"],
        [
            [name, kind, count(n), count(days), "" if moved is None else f"{moved:+d}"]
            for name, kind, n, days, moved in work.counts
        ],
        numbers=[2, 3, 4],
    )
    if agency is not None:
        lines = [[row["muc_do"], row["mo_ta"], f"{row['mo_tu_ngay']:%d/%m/%Y}"] for row in work.rows[:_ON_SCREEN]]
        table("Từng việc", ["Mức", "Việc", "Từ ngày"], lines)
        if len(work.rows) > _ON_SCREEN:
            say(f"Còn {count(len(work.rows) - _ON_SCREEN)} việc nữa; ghi đủ bằng --out.")
    return 0
