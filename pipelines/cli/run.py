"""``kho run``: the nightly job, once, now; ends with a summary table and the exit code."""

from __future__ import annotations

from datetime import date, datetime

import click

from pipelines.cli import summary
from pipelines.cli.console import error, progress_bars, say
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.nightly import Job, load_job
from pipelines.outcome import read_outcome
from pipelines.turn import TurnError
from pipelines.warehouse.journal import last_entry


@click.command(
    "run", cls=VietnameseCommand, help="Chạy công việc hằng đêm ngay bây giờ: quét, nạp, dựng, kiểm tra, công bố."
)
@click.option(
    "--as-of",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Ngày số liệu (mặc định: ngày gần nhất đã hết theo giờ Việt Nam, tức hôm qua).",
)
@click.option(
    "--mau-neu-trong",
    "sample_if_empty",
    is_flag=True,
    help="Nếu raw/ chưa có tệp nào: sinh một tỉnh tổng hợp cỡ nhỏ rồi chạy trên đó.",
)
@click.option(
    "--chap-nhan-giam",
    "accept_fall",
    is_flag=True,
    help="Công bố cả nguồn hoặc nhóm có số dòng giảm mạnh so với bản đang công bố (chỉ sau khi đã kiểm tra raw/).",
)
def command(as_of: datetime | None, sample_if_empty: bool, accept_fall: bool) -> int:
    """Run all steps; 0 done, 1 something held back or refused, 3 failed."""
    job = load_job()
    day = as_of.date() if as_of else None
    if sample_if_empty:
        day = _sample_if_empty(job, day)
    if not job.paths.raw.is_dir():
        error(
            f"Không có thư mục {job.paths.raw}.\nTạo thư mục này và chép tệp xuất vào "
            "raw/<hệ thống>/<nguồn>/, hoặc chạy `kho sample --size small`."
        )
        return 2
    try:
        return _run(job, day, accept_fall=accept_fall)
    except TurnError as mistake:
        error(str(mistake))
        return 3


def _run(job: Job, as_of: date | None, *, accept_fall: bool) -> int:
    from pipelines.orchestrate.execute import run_nightly

    with progress_bars():
        failures = run_nightly(job, as_of, accept_fall=accept_fall)
    outcome = read_outcome(job.paths)
    if outcome is not None:
        summary.show_outcome(outcome)
    summary.show_remarks(last_entry(job.paths))
    if outcome is None or outcome.published is None:
        error("Lần chạy hỏng giữa chừng; bản đang công bố giữ nguyên. Xem thêm trên giao diện Dagster (`kho ui`).")
        for line in failures:
            error(f"  • {line}")
        return 3
    if failures and not outcome.held:
        error("Đã công bố, nhưng có bước hỏng; lần chạy này không được coi là xong:")
        for line in failures:
            error(f"  • {line}")
        return 3
    return 1 if outcome.held or outcome.unresolved else 0


def _sample_if_empty(job: Job, as_of: date | None) -> date | None:
    """Make the small synthetic province where ``raw/`` holds no file; its last day becomes the as-of day."""
    from pipelines.sample.generate import generate, holds_exports

    if job.paths.raw.is_dir() and holds_exports(job.paths.raw):
        return as_of
    job.paths.prepare()
    say("raw/ chưa có tệp nào: sinh một tỉnh tổng hợp cỡ nhỏ (dữ liệu bịa, không phải số liệu thật).")
    with progress_bars():
        report = generate(job.paths, size="small")
    return as_of or report.as_of
