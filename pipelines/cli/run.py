"""``kho run``: the nightly job, once, now; ends with a summary table and the exit code."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import click

from pipelines.cli.terminal import summary
from pipelines.cli.terminal.console import error, progress_bars, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.job import Job, load_job
from pipelines.nightly import RunError, refuse_to_come
from pipelines.outcome import read_outcome
from pipelines.publish.publish import PublishError
from pipelines.publish.version_store import VersionError
from pipelines.turn import TurnError, exclusive
from pipelines.warehouse.dbt import DbtError
from pipelines.warehouse.journal import last_entry


def _as_of(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    if value is None:
        return None
    try:
        refuse_to_come(value.date())
    except RunError as mistake:
        raise click.BadParameter(str(mistake), ctx, param) from None
    return value.date()


class _Moment(click.DateTime):
    """A moment; a day without a time is its last second, midnight that was typed is midnight."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """As click does, by the form that was typed."""
        moment: datetime = super().convert(value, param, ctx)
        bare = isinstance(value, str) and ":" not in value
        return datetime.combine(moment, time(23, 59, 59)) if bare else moment


@click.command(
    "run", cls=VietnameseCommand, help="Chạy công việc hằng đêm ngay bây giờ: quét, nạp, dựng, kiểm tra, công bố."
)
@click.option(
    "--as-of",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    callback=_as_of,
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
@click.option(
    "--thay-ban-dang-dung",
    "replace",
    is_flag=True,
    help="Với --as-of cũ hơn bản đang công bố: thay luôn bản đang công bố (mặc định: giữ thành phiên bản riêng).",
)
@click.option(
    "--dung-lai",
    "rebuild",
    is_flag=True,
    help="Dựng lại toàn bộ các bảng từ lớp thô, không chỉ phần thay đổi từ lần trước (kết quả phải như nhau).",
)
@click.option(
    "--nhu-luc",
    "by",
    type=_Moment(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]),
    metavar="YYYY-MM-DD[ HH:MM:SS]",
    help="Cùng --as-of: chỉ tính các tệp đã nhận đến lúc này (chỉ có ngày: đến hết ngày); kết quả là phiên bản riêng.",
)
def command(  # noqa: PLR0917 - one parameter an option
    as_of: date | None, sample_if_empty: bool, accept_fall: bool, replace: bool, rebuild: bool, by: datetime | None
) -> int:
    """Run all steps; 0 done, 1 something held back or refused, 3 failed."""
    if by is not None and (as_of is None or replace or accept_fall or rebuild or sample_if_empty):
        raise click.UsageError("--nhu-luc đi cùng --as-of YYYY-MM-DD, và không đi cùng tùy chọn nào khác.")
    job = load_job()
    if sample_if_empty:
        as_of = _sample_if_empty(job, as_of)
    if not job.paths.raw.is_dir():
        error(
            f"Không có thư mục {job.paths.raw}.\nTạo thư mục này và chép tệp xuất vào "
            "raw/<hệ thống>/<nguồn>/, hoặc chạy `kho sample --size small`."
        )
        return 2
    try:
        if by is not None and as_of is not None:
            return _by_files_of(job, as_of, by)
        return _run(job, as_of, accept_fall=accept_fall, replace=replace, rebuild=rebuild)
    except TurnError as mistake:
        error(str(mistake))
        return 3


def _run(job: Job, as_of: date | None, *, accept_fall: bool, replace: bool, rebuild: bool) -> int:
    from pipelines.orchestrate.execute import run_nightly

    with progress_bars():
        failures = run_nightly(job, as_of, accept_fall=accept_fall, replace=replace, rebuild=rebuild)
    entry, outcome = last_entry(job.paths), read_outcome(job.paths)
    if outcome is not None and (entry is None or entry.number != outcome.run.number):
        outcome = None  # this run ended before it was entered: the ledger tells of the one before
    if outcome is not None:
        summary.show_outcome(outcome)
    summary.show_remarks(entry)
    if outcome is None or outcome.published is None:
        error("Lần chạy hỏng giữa chừng; bản đang công bố giữ nguyên. Xem thêm trên giao diện Dagster (`kho ui`).")
        for line in failures:
            error(f"  • {line}")
        return 3
    if failures:
        error("Đã công bố, nhưng có bước hỏng; lần chạy này không được coi là xong:")
        for line in failures:
            error(f"  • {line}")
        return 3
    return 1 if outcome.wants_a_look else 0


def _by_files_of(job: Job, as_of: date, by: datetime) -> int:
    """The marts of a past day by the files that had arrived by ``by``, kept as a publication of its own."""
    from pipelines.past import by_files_of

    if not job.paths.warehouse_file.exists():
        error("Kho chưa nhận tệp nào; chạy `kho run` trước.")
        return 3
    try:
        with exclusive(job.paths, "kho run --nhu-luc"), progress_bars():
            kept, held = by_files_of(job, as_of, by)
    except (RunError, VersionError, PublishError, DbtError) as mistake:
        error(str(mistake))
        return 3
    say(
        f"Đã giữ phiên bản {kept.name}: số liệu đến hết {as_of:%d/%m/%Y} theo các tệp nhận đến {by:%H:%M %d/%m/%Y}. "
        "Bản đang công bố giữ nguyên."
    )
    say(f'Hỏi: kho sql --phien-ban {kept.name} "SELECT …"')
    if held:
        say(f"Nhóm không qua cổng chất lượng: {', '.join(held)}.")
    return 1 if held else 0


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
