"""``kho quality``: where the quality pages are, the pages written anew, the night's measure against native suites."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
import duckdb

from pipelines.cli.terminal.console import error, say, table
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.disk import whole_file, why
from pipelines.config.paths import INTERNAL_FILE
from pipelines.job import Job, load_job
from pipelines.publishing import QUALITY_PAGE
from pipelines.quality.docs_page import quality_page
from pipelines.quality.native.compare import Compared, compare
from pipelines.quality.verdict import QualityError
from pipelines.warehouse import dbt


class _Group(VietnameseCommand, click.Group):
    """A command with commands of its own."""


@click.group("quality", cls=_Group, invoke_without_command=False)
def command() -> None:
    """Trang tài liệu chất lượng của lần chạy cuối; so hai cách kiểm quy tắc."""


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
    if _never_ran(job):
        return 3
    try:
        with job.warehouse(read_only=True) as connection:
            page = quality_page(connection, job.rules, dbt.read_manifest(job.paths), job.paths.working)
    except (duckdb.CatalogException, dbt.DbtError):
        page = None
    if page is None:
        error("Chưa có lần chạy nào đã kiểm tra chất lượng; chạy `kho run`.")
        return 3
    try:
        with whole_file(target, INTERNAL_FILE) as part:
            part.write_text(page, encoding="utf-8")
    except OSError as failure:
        error(f"Không ghi được {target} ({why(failure)}).")
        return 3
    say(f"Đã ghi {target}. Trang không có dữ liệu cá nhân.")
    return 0


@command.command(
    "compare",
    cls=VietnameseCommand,
    help="So phép đo một lượt của đêm chạy với Great Expectations tự chạy bộ kỳ vọng của từng bảng trên kho làm việc: "
    "số dòng xét, số dòng lỗi, kết luận của mọi quy tắc. Chỉ đọc.",
)
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", help="Cách in.")
@click.option(
    "--tai-lieu",
    "folder",
    metavar="THƯ MỤC",
    type=click.Path(file_okay=False, path_type=Path),
    help="Ghi Data Docs của các bộ kỳ vọng vào thư mục mới hoặc trống này; xem được khi không có mạng.",
)
def compare_ways(style: str, folder: Path | None) -> int:
    """Compare both ways; 0 all equal, 1 some rule differs, 2 the folder is not empty, 3 it could not be done."""
    job = load_job()
    if folder is not None and folder.exists() and any(folder.iterdir()):
        error(f"Thư mục {folder} đã có tệp; chọn thư mục mới hoặc trống.")
        return 2
    if _never_ran(job):
        return 3
    try:
        as_of = _as_of(job)
        found = compare(job.paths.warehouse_file, job.rules, as_of, job.settings.gioi_han, folder)
    except duckdb.CatalogException:
        error("Chưa có lần chạy nào dựng xong kho làm việc; chạy `kho run`.")
        return 3
    except QualityError as failure:
        error(f"Không so được: {failure}")
        return 3
    differing = [item for item in found if not item.equal]
    if style == "json":
        say(json.dumps([asdict(item) | {"equal": item.equal} for item in found], ensure_ascii=False))
    else:
        _show(found, differing, as_of, folder)
    return 1 if differing else 0


def _never_ran(job: Job) -> bool:
    """Whether there is no working warehouse, and say so."""
    never = not job.paths.warehouse_file.exists()
    if never:
        error(f"Chưa có lần chạy nào trong {job.paths.root}. Chép tệp vào raw/ rồi chạy `kho run`.")
    return never


def _as_of(job: Job) -> date:
    with job.warehouse(read_only=True) as connection:
        as_of: date = connection.execute("select ngay_so_lieu from so_cai.tham_so").fetchall()[0][0]
        return as_of


_VERDICT = {True: "đạt", False: "không đạt", None: "chưa đánh giá được"}


def _show(found: list[Compared], differing: list[Compared], as_of: date, folder: Path | None) -> None:
    if differing:
        rows = [
            [
                item.code,
                item.kind,
                f"{item.judged} / {item.judged_natively}",
                f"{item.failed} / {item.failed_natively}",
                f"{_VERDICT[item.passed]} / {_VERDICT[item.passed_natively]}",
                item.error or "",
            ]
            for item in differing
        ]
        heads = ["Quy tắc", "Kỳ vọng", "Dòng xét (đo / GX)", "Dòng lỗi", "Kết luận", "Lỗi chạy"]
        table(f"Quy tắc lệch, số liệu đến {as_of:%d/%m/%Y}", heads, rows)
    tables = len({item.table for item in found})
    say(f"{len(found) - len(differing)}/{len(found)} quy tắc của {tables} bảng cho cùng kết quả theo hai cách kiểm.")
    if folder is not None and (folder / "index.html").exists():
        say(f"Data Docs: {folder / 'index.html'}. Trang không có giá trị nào của dữ liệu.")
    elif folder is not None:
        say("Không ghi Data Docs vì có quy tắc không chạy được; sửa quy tắc rồi chạy lại.")


def _tell_published(job: Job) -> int:
    page = job.paths.marts / QUALITY_PAGE
    if not page.exists():
        error("Chưa công bố trang nào; chạy `kho run`, hoặc ghi trang bằng `kho quality docs --out TỆP.html`.")
        return 3
    say(str(page))
    return 0
