"""``kho status``: the last run, freshness of each feed, what is held back and why, disk."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from pipelines.cli.console import count, error, say, table
from pipelines.cli.summary import show_awaited, show_groups, show_unresolved
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.config.paths import DataPaths, data_paths
from pipelines.outcome import Outcome, read_outcome
from pipelines.publish.query import QueryError, run_query


@click.command(
    "status",
    cls=VietnameseCommand,
    help="Lần chạy cuối, độ mới của từng nguồn, cổng chất lượng, phần bị giữ lại, dung lượng.",
)
def command() -> int:
    """Print the state; 0 all well, 1 something held back or refused, 3 the last run failed or none was made."""
    paths = data_paths()
    try:
        outcome = read_outcome(paths)
    except duckdb.IOException:
        error("Một lần chạy đang diễn ra; đợi nó xong rồi xem lại (phần đã công bố vẫn hỏi được bằng `kho sql`).")
        return 3
    if outcome is None:
        error(f"Chưa có lần chạy nào trong {paths.root}. Chép tệp vào raw/ rồi chạy `kho run`.")
        return 3
    _last_run(outcome)
    _feeds(paths)
    show_groups(outcome)
    _disk(paths)
    if outcome.published is None:
        return 3
    return 1 if outcome.held or outcome.unresolved else 0


def _last_run(outcome: Outcome) -> None:
    ended = f"công bố lúc {outcome.published:%H:%M %d/%m/%Y}" if outcome.published else "KHÔNG công bố được"
    say(
        f"Lần chạy {outcome.run.number}, bắt đầu {outcome.run.started:%H:%M %d/%m/%Y}, "
        f"số liệu đến hết {outcome.run.as_of:%d/%m/%Y}: {ended}."
    )
    show_unresolved(outcome)
    show_awaited(outcome)


def _feeds(paths: DataPaths) -> None:
    query = (
        "SELECT nguon_du_lieu, regexp_replace(tep_cuoi, '^.*/', ''), ngay_du_lieu_cuoi, so_ngay_tre, "
        "CASE WHEN trong_han IS NULL THEN 'chưa có dữ liệu' WHEN trong_han THEN 'đúng nhịp' ELSE 'QUÁ NHỊP' END "
        "FROM van_hanh.nguon ORDER BY 1"
    )
    try:
        rows = run_query(paths, query).rows
    except QueryError as mistake:
        error(str(mistake))
        return
    table("Nguồn dữ liệu", ["Nguồn", "Tệp cuối", "Dữ liệu đến ngày", "Số ngày trễ", "Nhịp"], rows, numbers=[3])


def _disk(paths: DataPaths) -> None:
    rows = [
        [str(folder.relative_to(paths.root)), count(_megabytes(folder))]
        for folder in (paths.raw, paths.working, paths.marts, paths.operations)
        if folder.exists()
    ]
    table("Dung lượng", ["Thư mục", "MB"], rows, numbers=[1])


def _megabytes(folder: Path) -> int:
    return round(sum(p.lstat().st_size for p in folder.rglob("*") if p.is_file()) / 1_000_000)
