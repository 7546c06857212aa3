"""``kho answers``: the questions officials ask, answered for a window in one workbook."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.cli.terminal.window import check_order, window_options
from pipelines.config.figures import day as shown
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits, open_published
from pipelines.publish.reopening import reopened
from pipelines.publish.version_store import UnknownVersionError, VersionError
from pipelines.questions.answers import State
from pipelines.questions.sheet import SheetError, asked, publication, write_sheet
from pipelines.questions.statements import Statement, load


@click.command("answers", cls=VietnameseCommand)
@click.argument("codes", metavar="[MÃ_CÂU_HỎI]…", nargs=-1)
@window_options
@click.option(
    "--out", required=True, metavar="TỆP.xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Tệp ghi ra."
)
def command(codes: tuple[str, ...], first: date, last: date, version: str | None, out: Path) -> int:
    """Write the sheet; 2 where the question is wrong, 3 where it cannot be done."""
    check_order(first, last)
    if out.suffix.lower() != ".xlsx":
        raise click.UsageError("--out phải là tệp .xlsx.")
    statements = _chosen(codes)
    paths, limits = data_paths(), QueryLimits.of(load_orchestration(feeds=None).gioi_han)
    finish_swap(paths)
    window = (first.isoformat(), last.isoformat())
    try:
        with (
            nullcontext() if version is None else reopened(paths, version) as file,
            open_published(paths, limits, file) as connection,
        ):
            told, version = list(asked(connection, statements, window)), publication(connection)
        write_sheet(told, f"Phiếu trả lời, kỳ {shown(first)}–{shown(last)}, bản công bố {version}", out)
    except UnknownVersionError as mistake:
        error(str(mistake))
        return 2
    except (QueryError, VersionError, SheetError) as mistake:
        error(str(mistake))
        return 3
    counted = Counter(one.answer.state for one in told)
    say(
        f"Đã ghi {out}: {len(told)} câu hỏi, " + ", ".join(f"{counted[s]} {s.value}" for s in State if counted[s]) + "."
    )
    return 0


def _chosen(codes: tuple[str, ...]) -> list[Statement]:
    statements = load()
    wanted = {code.upper() for code in codes}
    unknown = sorted(wanted - {one.code for one in statements})
    if unknown:
        raise click.UsageError(f"không có câu hỏi {', '.join(unknown)}; xem docs/cau_hoi/README.md.")
    return [one for one in statements if not wanted or one.code in wanted]
