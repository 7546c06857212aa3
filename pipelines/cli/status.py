"""``kho status``: the last run, freshness of each feed, what is held back and why, disk."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from pipelines.cli.terminal.console import count, error, say, table
from pipelines.cli.terminal.summary import (
    show_awaited,
    show_broken_rules,
    show_gone,
    show_groups,
    show_mended,
    show_publication,
    show_remarks,
    show_set_apart,
    show_unresolved,
)
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.paths import DataPaths, data_paths
from pipelines.outcome import Outcome, read_outcome
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, run_query
from pipelines.turn import STEPS
from pipelines.warehouse.decisions import DECISIONS
from pipelines.warehouse.journal import Entry, RunState, last_entry
from pipelines.warehouse.releases import refuse_other


@click.command(
    "status",
    cls=VietnameseCommand,
    help="Lần chạy cuối, độ mới của từng nguồn, cổng chất lượng, phần bị giữ lại, dung lượng.",
)
def command() -> int:
    """Print the state; 0 all well, 1 something held back or refused, 3 no run was made, the last one failed, or what is
    published cannot be read.
    """
    paths = data_paths()
    finish_swap(paths)
    entry = last_entry(paths)
    if entry is not None and entry.state in {RunState.RUNNING, RunState.WAITING}:
        return _going_on(paths, entry)
    try:
        outcome = read_outcome(paths)
    except duckdb.Error as failure:
        refuse_other(paths.warehouse_file, failure)
        error(
            f"Không mở được kho làm việc ({type(failure).__name__}); phần đã công bố vẫn hỏi được bằng `kho sql`. "
            "Lần `kho run` kế tiếp sẽ dời tệp hỏng sang chỗ khác và dựng lại từ raw/."
        )
        return 3
    failed = entry is not None and entry.state is not RunState.DONE and _is_news(entry, outcome)
    if entry is not None and failed:
        _failed_run(entry)
    if outcome is None:
        if not failed:
            error(f"Chưa có lần chạy nào trong {paths.root}. Chép tệp vào raw/ rồi chạy `kho run`.")
        return 3
    _last_run(outcome)
    show_gone(outcome)
    show_remarks(entry)
    readable = _feeds(paths)
    show_groups(outcome)
    show_broken_rules(outcome)
    show_set_apart(outcome)
    _disk(paths)
    if outcome.published is None or failed or not readable:
        return 3
    return 1 if outcome.wants_a_look else 0


def _going_on(paths: DataPaths, entry: Entry) -> int:
    """A run at work is no fault: where it is, and that what is published can be asked meanwhile."""
    if entry.state is RunState.WAITING:
        say(f"Một lần chạy đang đợi đến lượt từ {entry.started:%H:%M %d/%m/%Y} (tiến trình {entry.pid}).")
    else:
        phase = STEPS.get(entry.phase, "chuẩn bị")
        say(f"Một lần chạy đang diễn ra, bắt đầu {entry.started:%H:%M %d/%m/%Y}: đang {phase}.")
    _before(paths)
    say("Phần đã công bố vẫn hỏi được bằng `kho sql`.")
    _feeds(paths)
    _disk(paths)
    return 0


def _before(paths: DataPaths) -> None:
    """The last state, from what is published: the working warehouse is the run's."""
    query = (
        "SELECT max(ngay_so_lieu), max(phien_ban), count(*) FILTER (WHERE trang_thai <> 'moi'), "
        f"string_agg(nhom_mart, ', ' ORDER BY nhom_mart) FILTER (WHERE trang_thai <> 'moi') FROM {DECISIONS}"
    )
    try:
        ((as_of, version, held, names),) = run_query(paths, query).rows
    except QueryError:
        return  # nothing is published yet: _feeds says so
    if as_of is not None:
        state = f"giữ lại {count(int(held))} nhóm: {names}" if held else "không nhóm nào bị giữ lại"
        say(f"Bản đang công bố: số liệu đến hết {as_of:%d/%m/%Y}, phiên bản {version}; {state}.")


def _is_news(entry: Entry, outcome: Outcome | None) -> bool:
    """Whether the run of the journal says more than the ledger: it did not publish, or published with a broken step.

    One that died after its swap is the ledger's to tell.
    """
    if outcome is None or outcome.published is None or entry.number != outcome.run.number:
        return True
    return entry.state is RunState.FAILED


def _failed_run(entry: Entry) -> None:
    how = {RunState.FAILED: "HỎNG", RunState.STOPPED: "bị dừng theo yêu cầu", RunState.DEAD: "bị tắt ngang"}
    where = f", khi đang {STEPS[entry.phase]}" if entry.phase in STEPS else ""
    error(f"Lần chạy bắt đầu {entry.started:%H:%M %d/%m/%Y} {how.get(entry.state, entry.state)}{where}.")
    if entry.reason:
        error(f"  • {entry.reason}")


def _last_run(outcome: Outcome) -> None:
    word = "giữ thành phiên bản riêng" if outcome.how == "giu_rieng" else "công bố"
    ended = f"{word} lúc {outcome.published:%H:%M %d/%m/%Y}" if outcome.published else "KHÔNG công bố được"
    say(
        f"Lần chạy {outcome.run.number}, bắt đầu {outcome.run.started:%H:%M %d/%m/%Y}, "
        f"số liệu đến hết {outcome.run.as_of:%d/%m/%Y}: {ended}."
    )
    if outcome.how in {"giu_rieng", "khong_doi"}:
        show_publication(outcome)
    show_mended(outcome)
    show_unresolved(outcome)
    show_awaited(outcome)


def _feeds(paths: DataPaths) -> bool:
    """Print how fresh each feed is; False where what is published cannot be asked, which is told."""
    query = (
        "SELECT nguon_du_lieu, regexp_replace(tep_cuoi, '^.*/', ''), ngay_du_lieu_cuoi, so_ngay_tre, "
        "CASE WHEN trong_han IS NULL THEN 'chưa có dữ liệu' WHEN trong_han THEN 'đúng nhịp' ELSE 'QUÁ NHỊP' END "
        "FROM van_hanh.nguon ORDER BY 1"
    )
    try:
        rows = run_query(paths, query).rows
    except QueryError as mistake:
        error(str(mistake))
        return False
    table("Nguồn dữ liệu", ["Nguồn", "Tệp cuối", "Dữ liệu đến ngày", "Số ngày trễ", "Nhịp"], rows, numbers=[3])
    return True


def _disk(paths: DataPaths) -> None:
    rows = [
        [str(folder.relative_to(paths.root)), count(_megabytes(folder))]
        for folder in (paths.raw, paths.working, paths.marts, paths.operations)
        if folder.exists()
    ]
    table("Dung lượng", ["Thư mục", "MB"], rows, numbers=[1])


def _megabytes(folder: Path) -> int:
    return round(sum(p.lstat().st_size for p in folder.rglob("*") if p.is_file()) / 1_000_000)
