"""``kho quarantine``: what is set apart and why, handed to its owner as a workbook, read again after a repair."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

import click
import duckdb

from pipelines.cli.terminal.console import count, error, say, table
from pipelines.cli.terminal.usage import suggestion
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.contracts.model import Contract
from pipelines.intake.errors import printable
from pipelines.intake.loaded.quarantine import REASONS, Row, files_to_retry, open_groups, open_refusals, open_rows
from pipelines.intake.loaded.report import FileReport
from pipelines.job import Job, load_job
from pipelines.nightly import RunError
from pipelines.sheets import CELL_CHARACTERS, OPTIONS, print_setup
from pipelines.turn import exclusive

_NO_WAREHOUSE = "Chưa có lần chạy nào, nên chưa có gì bị cách ly. Chép tệp vào raw/ rồi chạy `kho run`."
_BUSY = "Một lần chạy đang diễn ra; đợi nó xong rồi thử lại."
_PERSONAL = (
    "CẢNH BÁO: tệp chứa dữ liệu cá nhân của công dân. Chỉ giao cho người phụ trách nguồn, không gửi qua thư điện tử "
    "hay mạng xã hội, xóa ngay khi sửa xong."
)


class _Group(VietnameseCommand, click.Group):
    """A command with commands of its own."""


@click.group("quarantine", cls=_Group, invoke_without_command=False)
def command() -> None:
    """Xem, xuất và nạp lại các dòng bị cách ly và tệp bị từ chối."""


@command.command("list", cls=VietnameseCommand, help="Dòng bị cách ly theo tệp, trường, lý do; tệp bị từ chối.")
@click.option("--nguon", "feed", metavar="HỆ_THỐNG/NGUỒN", help="Chỉ một nguồn, ví dụ dvc/ho_so.")
def list_command(feed: str | None) -> int:
    """Print what is open, no cell of it; 0 nothing open, 1 something is."""
    job = load_job()
    contracts = _chosen(job, feed)
    if contracts is None or not _has_warehouse(job):
        return 2
    try:
        with job.warehouse(read_only=True) as connection:
            groups = open_groups(connection, contracts)
            refusals = [item for item in open_refusals(connection) if feed is None or item[0].startswith(f"{feed}/")]
    except duckdb.IOException:
        error(_BUSY)
        return 3
    rows = [
        [
            printable(g.file, 200),
            printable(g.sheet),
            contracts[g.feed].by_name[g.field].label if g.field in contracts[g.feed].by_name else g.field,
            REASONS.get(g.reason, g.reason),
            count(g.rows),
            count(g.first_row),
        ]
        for g in groups
    ]
    if rows:
        names = ["Tệp", "Trang tính", "Trường", "Lý do", "Số dòng", "Dòng đầu"]
        table("Dòng bị cách ly, chưa có dòng thay thế", names, rows, numbers=[4, 5])
    if refusals:
        refused = [[printable(name, 200), printable(reason, 1_000)] for name, reason in refusals]
        table("Tệp bị từ chối, chưa có tệp thay thế", ["Tệp", "Lý do và cách xử lý"], refused)
    if not rows and not refusals:
        say("Không có dòng nào bị cách ly, không có tệp nào bị từ chối.")
        return 0
    say("Xuất cho người phụ trách: `kho quarantine export TỆP.xlsx`. Sau khi sửa: `kho quarantine retry`.")
    return 1


@command.command("export", cls=VietnameseCommand, help="Xuất các dòng bị cách ly, nguyên văn, ra bảng tính để sửa.")
@click.argument("target", metavar="TỆP.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--nguon", "feed", metavar="HỆ_THỐNG/NGUỒN", help="Chỉ một nguồn, ví dụ dvc/ho_so.")
def export_command(target: Path, feed: str | None) -> int:
    """Write a workbook only its owner can read; never over an existing file."""
    job = load_job()
    contracts = _chosen(job, feed)
    if contracts is None or not _has_warehouse(job):
        return 2
    try:
        with job.warehouse(read_only=True) as connection:
            found = {name: open_rows(connection, contract) for name, contract in sorted(contracts.items())}
    except duckdb.IOException:
        error(_BUSY)
        return 3
    sheets = {name: rows for name, rows in found.items() if rows}
    if not sheets:
        say("Không có dòng nào bị cách ly; không ghi tệp.")
        return 0
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        error(f"Đã có tệp {target}; hãy chọn tên khác (không ghi đè).")
        return 2
    except OSError:
        error(f"Không ghi được {target}; hãy kiểm tra thư mục và quyền ghi.")
        return 2
    with os.fdopen(handle, "wb") as file:
        file.write(_workbook(sheets, contracts))
    total = sum(len(rows) for rows in sheets.values())
    say(f"Đã ghi {count(total)} dòng vào {target} (chỉ chủ tệp đọc được).")
    error(_PERSONAL)
    return 0


@command.command("retry", cls=VietnameseCommand, help="Đọc lại tệp bị từ chối và tệp còn dòng cách ly, sau khi sửa.")
@click.option("--tep", "names", multiple=True, metavar="TỆP", help="Chỉ tệp này (đường dẫn dưới raw/); lặp lại được.")
def retry_command(names: tuple[str, ...]) -> int:
    """Read files again under the contracts and code lists of now; 0 nothing open any more, 1 something is."""
    job = load_job()
    if not _has_warehouse(job):
        return 2
    try:
        with exclusive(job.paths, "kho quarantine"):
            reports = _retry(job, set(names))
    except (RunError, duckdb.IOException) as mistake:
        error(str(mistake) if isinstance(mistake, RunError) else _BUSY)
        return 3
    if not reports:
        say("Không có tệp nào cần đọc lại.")
        return 0
    words = {"da_nap": "đã nạp", "tu_choi": "từ chối", "trung": "trùng tệp khác", "da_biet": "giữ như cũ"}
    rows = [
        [
            printable(item.path, 200),
            words.get(item.status, item.status),
            count(item.counts.loaded),
            count(item.counts.quarantined),
            printable(item.reason or "", 500),
        ]
        for item in reports
    ]
    table("Kết quả đọc lại", ["Tệp", "Kết quả", "Dòng nạp", "Còn cách ly", "Lý do"], rows, numbers=[2, 3])
    say("Chạy `kho run` để dựng và công bố số liệu mới.")
    return 1 if any(item.status == "tu_choi" or item.counts.quarantined for item in reports) else 0


def _retry(job: Job, names: set[str]) -> list[FileReport]:
    from pipelines.intake.run import ingest
    from pipelines.nightly import current_run
    from pipelines.warehouse.schema import create_tables

    run = current_run(job)
    with job.warehouse(memory=job.settings.gioi_han.intake_memory) as connection:
        create_tables(connection, job.contracts.values())
        open_files = files_to_retry(connection)
        chosen = open_files & names if names else open_files
        if not chosen:
            return []
        return ingest(
            job.paths,
            connection,
            job.contracts,
            job.code_lists,
            now=run.started,
            run_number=run.number,
            limits=job.limits,
            only=chosen,
        ).files


def _has_warehouse(job: Job) -> bool:
    if job.paths.warehouse_file.is_file():
        return True
    error(_NO_WAREHOUSE)
    return False


def _chosen(job: Job, feed: str | None) -> Mapping[str, Contract] | None:
    if feed is None:
        return job.contracts
    if feed not in job.contracts:
        error(
            f"Không có nguồn “{feed}”.{suggestion(feed, job.contracts)} Các nguồn: {', '.join(sorted(job.contracts))}."
        )
        return None
    return {feed: job.contracts[feed]}


def _workbook(sheets: Mapping[str, list[Row]], contracts: Mapping[str, Contract]) -> bytes:
    """One sheet a feed, every cell text with a quote prefix: what begins with ``=`` stays what it is."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {**OPTIONS, "in_memory": True})
    plain, bold = book.add_format({"num_format": "@", "quote_prefix": True}), book.add_format({"bold": True})
    for feed, rows in sheets.items():
        sheet = book.add_worksheet(feed.replace("/", " ")[:31])
        sheet.write_string(0, 0, _PERSONAL, bold)
        own = ["Tệp", "Trang tính", "Dòng", "Lỗi cần sửa"]
        headers = list(dict.fromkeys(header for row in rows for header in row.cells))
        for column, header in enumerate([*own, *headers]):
            sheet.write_string(2, column, header[:CELL_CHARACTERS], bold)
        for line, row in enumerate(rows, start=3):
            cells = [row.file, row.sheet, str(row.row), _faults(row, contracts[feed])]
            cells += [row.cells.get(header, "") for header in headers]
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(line, column, cell[:CELL_CHARACTERS], plain)
        print_setup(sheet, head_row=2, one_wide=False)
    book.close()
    return buffer.getvalue()


def _faults(row: Row, contract: Contract) -> str:
    labels = {name: field.label for name, field in contract.by_name.items()}
    return "; ".join(f"{labels.get(field, field)}: {REASONS.get(reason, reason)}" for field, reason in row.faults)
