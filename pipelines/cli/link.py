"""``kho link``: probable duplicates of births and deaths, brought up to date, rebuilt, or listed for review."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from pipelines.cli.terminal.console import count, error, progress_bars, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.job import Job, load_job
from pipelines.linkage.model import LinkageError
from pipelines.nightly import RunError, link
from pipelines.turn import TurnError, exclusive
from pipelines.warehouse.agencies import UnknownAgencyError, agency_names, known_agency

_REGISTERS = {"khai_sinh": "Khai sinh", "khai_tu": "Khai tử"}


@click.command("link", cls=VietnameseCommand, help="Tìm khai sinh, khai tử có thể trùng; lập danh sách rà soát.")
@click.option("--full", is_flag=True, help="So lại toàn bộ sổ; sổ đủ lớn thì huấn luyện lại mô hình.")
@click.option("--review", is_flag=True, help="Chỉ lập danh sách rà soát của một đơn vị (có dữ liệu cá nhân).")
@click.option("--don-vi", "unit", metavar="MÃ", help="Mã đơn vị đăng ký, dùng với --review.")
@click.option(
    "--out",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TỆP.xlsx",
    help="Tệp đích của danh sách rà soát; chỉ chủ tệp đọc được.",
)
def command(full: bool, review: bool, unit: str | None, target: Path | None) -> int:
    """0 done; 2 wrong usage; 3 failed."""
    if review and (full or not unit or target is None):
        raise click.UsageError("--review cần --don-vi và --out, không đi cùng --full.")
    if not review and (unit or target):
        raise click.UsageError("--don-vi và --out chỉ dùng với --review.")
    job = load_job()
    try:
        with exclusive(job.paths, "kho link"):
            if review and unit and target:
                return _review(job, unit, target)
            return _link(job, full=full)
    except (RunError, TurnError, LinkageError) as mistake:
        error(str(mistake))
        return 3


def _review(job: Job, unit: str, target: Path) -> int:
    from pipelines.linkage.review import write_review

    unit = _known_unit(job, unit)
    pairs = write_review(job.paths, unit, target, memory=job.settings.gioi_han.bo_nho)
    say(f"{count(pairs)} cặp cần rà soát của đơn vị {unit}: {target}")
    say("Tệp có dữ liệu cá nhân: chỉ chuyển cho người rà soát của đơn vị, xóa khi xong.")
    return 0


def _known_unit(job: Job, unit: str) -> str:
    """The code as the warehouse writes it; one that no list and no register knows is a mistake, not an empty list."""
    if not job.paths.warehouse_file.exists():
        return unit
    with job.warehouse(read_only=True) as connection:
        names = agency_names(connection)
        try:
            rows = connection.execute("SELECT DISTINCT ma_don_vi FROM trung_gian.int_ho_tich__ban_ghi").fetchall()
        except duckdb.CatalogException:
            return unit
    try:
        return known_agency(unit, names, {str(code) for (code,) in rows if code is not None})
    except UnknownAgencyError as unknown:
        raise click.UsageError(str(unknown)) from None


def _link(job: Job, *, full: bool) -> int:
    if not job.paths.warehouse_file.exists():
        raise RunError("Chưa có kho làm việc; chạy `kho run` trước.")
    with progress_bars():
        reports = link(job, full=full)
    if reports is None:
        say("Sổ khai sinh và sổ khai tử chưa có bản ghi nào.")
        return 0
    for register, report in reports.items():
        say(
            f"{_REGISTERS[register]}: {count(report.records)} bản ghi; so mới: {count(report.compared)};"
            f" cặp có thể trùng: {count(report.pairs)}" + ("; đã huấn luyện lại mô hình" if report.trained else "")
        )
    say("Kết quả vào ho_tich.trung_lap ở lần `kho run` kế tiếp.")
    return 0
