"""What a person sees on the terminal: messages, tables, progress bars. Colour and bars only on a terminal.

The one door to the terminal: names of files, sheets and agencies come from outside, so everything is printed as plain
text, never as markup, and no control character gets through.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pipelines import progress
from pipelines.config.figures import grouped


class _Console(Console):
    """A console whose reader may leave (``kho status | head``): that is no failure."""

    def on_broken_pipe(self) -> None:
        """Nothing more is written, and the exit code is that of success."""
        let_reader_go()
        raise SystemExit(0)


def let_reader_go() -> None:
    """The reader of standard output has left: what Python still holds for it must not fail at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_out = _Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
_err = _Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Characters that command a terminal, turn text round or cannot be printed."""

_NAME = re.compile(r"[^:;“”]{1,250}\.[A-Za-z0-9]{2,8}|\S*/\S*")
"""A cell that is the name of a file, or a path."""

STAGES = {
    "mau": "Sinh dữ liệu mẫu",
    "nap": "Nạp tệp",
    "lien_ket": "Liên kết bản ghi",
    "dung": "Dựng bảng",
    "kiem_tra": "Kiểm tra chất lượng",
    "xuat_ban": "Công bố",
}


def plain(value: object) -> str:
    """``value`` as text that only shows: line breaks stay, what would command the terminal becomes ``�``."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join("\ufffd" if ch != "\n" and unicodedata.category(ch) in _UNSEEN else ch for ch in text)


def say(text: object) -> None:
    """Print a message on standard output."""
    _out.print(Text(plain(text)))


def error(text: object) -> None:
    """Print a message for the person at the terminal on standard error."""
    _err.print(Text(plain(text)), style="bold red" if sys.stderr.isatty() else None)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()) -> None:
    """Print ``rows`` under ``columns``; the columns at the positions in ``numbers`` are right-aligned.

    On a terminal a framed table, whose names of files and paths stay whole; in a pipe, or where they would not fit, a
    line a row with tabs between the cells, so that ``grep`` and ``cut`` find what they look for.
    """
    shown = [[_cell(value) for value in row] for row in rows]
    whole = [position for position in range(len(columns)) if any(_NAME.fullmatch(row[position]) for row in shown)]
    if not _out.is_terminal or _least(columns, shown, whole) > _out.width:
        say(title)
        for row in (columns, *shown):
            # Not through rich, which would make spaces of the tabs.
            _out.file.write("\t".join(plain(" ".join(cell.split())) for cell in row) + "\n")
        return
    view = Table(title=Text(plain(title)), title_justify="left", title_style="bold", header_style="bold")
    for position, name in enumerate(columns):
        view.add_column(
            Text(plain(name)),
            justify="right" if position in numbers else "left",
            overflow="fold",
            no_wrap=position in whole,
        )
    for row in shown:
        view.add_row(*[Text(plain(value)) for value in row])
    _out.print(view)


def _cell(value: object) -> str:
    """A cell as text: days as Vietnamese readers expect them."""
    if isinstance(value, datetime):
        return f"{value:%H:%M %d/%m/%Y}"
    return "" if value is None else f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _least(columns: Sequence[str], rows: Sequence[Sequence[str]], whole: Sequence[int]) -> int:
    """Characters that a framed table needs so that no name and no word is broken."""
    least = 1
    for position, name in enumerate(columns):
        cells = [name, *(row[position] for row in rows)]
        parts = cells if position in whole else [word for cell in cells for word in cell.split()]
        least += 3 + max((len(part) for part in parts), default=0)
    return least


def count(value: int | None) -> str:
    """A whole number as Vietnamese readers expect: 184.513."""
    return "" if value is None else grouped(value)


@contextmanager
def progress_bars() -> Iterator[None]:
    """One bar a stage with count and time left while the block runs; in a log file or a pipe, one line a stage.

    They are drawn on a duplicate of standard error: Dagster takes the descriptor itself to keep what a step prints.
    """
    with _own_stream() as stream:
        screen = _Console(file=stream, highlight=False, soft_wrap=True, markup=False, emoji=False)
        showing = _bars(screen) if screen.is_terminal else _lines(screen)
        with showing as show, progress.listening(show):
            yield


@contextmanager
def _own_stream() -> Iterator[TextIO]:
    try:
        descriptor = os.dup(sys.stderr.fileno())
    except (OSError, ValueError):  # no file behind it: nobody can take it away either
        yield sys.stderr
        return
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as stream:
        yield stream


@contextmanager
def _bars(screen: Console) -> Iterator[progress.Listener]:
    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[item]}", style="dim", markup=False),
    )
    with Progress(*columns, console=screen) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, item: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, plain(stage)), item="", total=total or None)
            finished = bool(total) and done >= total
            bars.update(tasks[stage], completed=done, total=total or None, item="" if finished else plain(item)[:60])

        yield show
        for task in bars.tasks:  # a stage that never knew its end has come to it
            bars.update(task.id, total=task.completed, item="")


@contextmanager
def _lines(screen: Console) -> Iterator[progress.Listener]:
    from pipelines.warehouse.runs import now_in_vietnam

    seen: set[str] = set()

    def show(stage: str, _item: str, _done: int, total: int) -> None:
        if stage not in seen:
            seen.add(stage)
            amount = f" ({grouped(total)})" if total > 1 else ""
            screen.print(Text(f"{now_in_vietnam():%H:%M:%S} {STAGES.get(stage, plain(stage))}{amount}…"))

    yield show
