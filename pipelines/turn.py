"""Whose turn it is: the lock of the data folder and the journal of the run that holds it, begun and ended together.

A run lives in one process. What begins it, the command line or a step of Dagster's, calls ``begin``; later calls in
the same process find it begun. A process that dies lets go of the lock, and the journal then tells it as dead.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines import stopping
from pipelines.config.disk import why
from pipelines.config.paths import DataPaths
from pipelines.config.space import told
from pipelines.warehouse import lock
from pipelines.warehouse.journal import Journal, RunState
from pipelines.warehouse.runs import now_in_vietnam

STEPS = {
    "nap": "nạp tệp",
    "lien_ket": "liên kết bản ghi hộ tịch",
    "dung": "dựng bảng",
    "kiem_tra": "kiểm tra chất lượng",
    "xuat_ban": "công bố",
}
"""Phases of a night, as the journal names them, in words."""

_running: dict[Path, Journal] = {}
_foreground: set[Path] = set()


class TurnError(Exception):
    """Somebody else holds the data folder, or it cannot be written; a Vietnamese sentence says who, or what to do."""


def begin(paths: DataPaths, as_of: date | None, what: str, *, wait: float = 0.0, foreground: bool = False) -> None:
    """Take the data folder and enter the run, before anything else is done; nothing where this process has begun one.

    ``wait``: seconds to wait for another run to end, which the journal tells meanwhile. ``foreground``: who begins it
    ends it, not the last step. Raises ``TurnError``.
    """
    if paths.root in _running:
        return
    if foreground:
        _foreground.add(paths.root)
    started = now_in_vietnam()

    def waiting(_: lock.Holder | None) -> None:
        _running[paths.root] = Journal(paths, started, as_of, RunState.WAITING)

    try:
        _take(paths, what, started, wait=wait, waiting=waiting)
        if paths.root in _running:
            _running[paths.root].note(RunState.RUNNING)
        else:
            _running[paths.root] = Journal(paths, started, as_of)
    except OSError as error:
        with contextlib.suppress(OSError):  # the journal lies on the same disk
            end(paths, RunState.FAILED, reason=None)
        raise TurnError(
            told(paths, error)
            or f"Không ghi được vào thư mục dữ liệu {paths.root} ({why(error)}); kiểm tra quyền ghi và dung lượng đĩa."
        ) from None
    except TurnError as error:
        end(paths, RunState.FAILED, reason=str(error))
        raise


def note(paths: DataPaths, **facts: Any) -> None:
    """Add facts to the journal of the run of this process: ``buoc``, ``so_lan``, ``phien_ban``.

    Raises ``KeyboardInterrupt`` where a phase (``buoc``) would begin after this process was asked to stop.
    """
    if "buoc" in facts:
        stopping.raise_if_asked()
    if paths.root in _running:
        _running[paths.root].note(**facts)


def remark(paths: DataPaths, text: str) -> None:
    """Add a sentence that the summary and ``kho status`` show: something was mended on the way."""
    note(paths, luu_y=text)


def end(paths: DataPaths, state: RunState, *, reason: str | None = None) -> None:
    """Enter how the run of this process ended and let others take the folder; nothing where none was begun."""
    journal = _running.pop(paths.root, None)
    _foreground.discard(paths.root)
    try:
        if journal is not None:
            journal.note(state, ly_do=reason, ket_thuc=now_in_vietnam().isoformat())
    finally:
        lock.let_go(paths)


def stopped(paths: DataPaths) -> None:
    """Enter that the run of this process was stopped on request.

    The folder stays taken until the process ends: threads of dbt may still write.
    """
    journal = _running.pop(paths.root, None)
    if journal is not None:
        journal.note(RunState.STOPPED, ket_thuc=now_in_vietnam().isoformat())


def is_foreground(paths: DataPaths) -> bool:
    """Whether somebody in this process waits for the run and will end it himself."""
    return paths.root in _foreground


@contextmanager
def exclusive(paths: DataPaths, what: str) -> Iterator[None]:
    """Hold the folder without a run: a reload, a rebuild of linkage, an upkeep. Raises ``TurnError``."""
    already = lock.is_mine(paths)
    if not already:
        _take(paths, what, now_in_vietnam())
    try:
        yield
    finally:
        if not already:
            lock.let_go(paths)


def _take(paths: DataPaths, what: str, started: datetime, **options: Any) -> None:
    try:
        lock.take(paths, what, started.isoformat(), **options)
    except lock.BusyError as busy:
        raise TurnError(_busy(busy.holder)) from None


def _busy(holder: lock.Holder | None) -> str:
    who = "Một lần chạy khác"
    if holder is not None:
        since = datetime.fromisoformat(holder.since)
        who += f" ({holder.what}, từ {since:%H:%M %d/%m/%Y}, tiến trình {holder.pid})"
    return f"{who} đang dùng thư mục dữ liệu này; đợi nó xong rồi chạy lại (xem `kho status`)."
