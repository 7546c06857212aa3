"""``kho quality``: where the quality pages are, or the pages written anew."""

from __future__ import annotations

import os
from pathlib import Path

import click
import duckdb

from pipelines.cli.console import error, say
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.config.paths import INTERNAL_FILE
from pipelines.job import Job, load_job
from pipelines.nightly import QUALITY_PAGE
from pipelines.quality.docs_page import quality_page
from pipelines.warehouse import dbt


class _Group(VietnameseCommand, click.Group):
    """A command with commands of its own."""


@click.group("quality", cls=_Group, invoke_without_command=False)
def command() -> None:
    """Trang tài liệu chất lượng của lần chạy cuối."""


@command.command(
    "docs",
    cls=VietnameseCommand,
    help="Ghi trang tài liệu chất lượng (một tệp HTML tự chứa): mỗi quy tắc nói gì, đêm nay ra sao, nhóm nào bị giữ.",
)
@click.option(
    "--out",
    "target",
    metavar="TỆP.html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp nhận trang (mặc định: in nơi đã công bố trong marts/).",
)
def docs(target: Path | None) -> int:
    """Write the page of the last run; 0 done, 3 there is no run, it is going on, or the file cannot be written."""
    job = load_job()
    if target is None:
        return _tell_published(job)
    if not job.paths.warehouse_file.exists():
        error(f"Chưa có lần chạy nào trong {job.paths.root}. Chép tệp vào raw/ rồi chạy `kho run`.")
        return 3
    try:
        with job.warehouse(read_only=True) as connection:
            page = quality_page(connection, job.rules, dbt.read_manifest(job.paths), job.paths.working)
    except duckdb.IOException:
        error("Một lần chạy đang diễn ra; đợi nó xong rồi chạy lại.")
        return 3
    except (duckdb.CatalogException, dbt.DbtError):
        page = None
    if page is None:
        error("Chưa có lần chạy nào đã kiểm tra chất lượng; chạy `kho run`.")
        return 3
    try:
        _write(target, page)
    except OSError as failure:
        error(f"Không ghi được {target} ({failure.strerror or type(failure).__name__}).")
        return 3
    say(f"Đã ghi {target}. Trang không có dữ liệu cá nhân.")
    return 0


def _tell_published(job: Job) -> int:
    page = job.paths.marts / QUALITY_PAGE
    if not page.exists():
        error("Chưa công bố trang nào; chạy `kho run`, hoặc ghi trang bằng `kho quality docs --out TỆP.html`.")
        return 3
    say(str(page))
    return 0


def _write(target: Path, page: str) -> None:
    """Whole or not at all."""
    part = target.with_name(f".{target.name}.dang_ghi")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, INTERNAL_FILE), "w", encoding="utf-8") as f:
            f.write(page)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
