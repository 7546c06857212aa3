"""What a person sees on the terminal: messages, tables, progress bars. Colour and bars only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipelines import progress
from pipelines.config.figures import grouped

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

STAGES = {
    "mau": "Sinh dữ liệu mẫu",
    "nap": "Nạp tệp",
    "lien_ket": "Liên kết bản ghi",
    "dung": "Dựng bảng",
    "kiem_tra": "Kiểm tra chất lượng",
    "xuat_ban": "Công bố",
}


def error(text: str) -> None:
    """Print a message for the person at the terminal on standard error."""
    err.print(text, style="bold red" if sys.stderr.isatty() else None, markup=False)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()) -> None:
    """Print ``rows`` under ``columns``; the columns at the positions in ``numbers`` are right-aligned."""
    view = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for position, name in enumerate(columns):
        view.add_column(name, justify="right" if position in numbers else "left", overflow="fold")
    for row in rows:
        view.add_row(*["" if value is None else str(value) for value in row])
    out.print(view)


def count(value: int | None) -> str:
    """A whole number as Vietnamese readers expect: 184.513."""
    return "" if value is None else grouped(value)


@contextmanager
def progress_bars() -> Iterator[None]:
    """Show one bar a stage while the block runs; on a pipe or in a log nothing is drawn."""
    if not err.is_terminal:
        yield
        return
    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[item]}", style="dim"),
    )
    with Progress(*columns, console=err) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, item: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), item="", total=total or None)
            finished = bool(total) and done >= total
            bars.update(tasks[stage], completed=done, total=total or None, item="" if finished else item[:60])

        with progress.listening(show):
            yield
