"""``kho quarantine``: what is set apart and why, handed to its owner as a workbook, read again after a repair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from pipelines.cli.terminal.console import count, error, say, table
from pipelines.cli.terminal.usage import suggestion
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.disk import PlaceError, whole_file, why
from pipelines.config.paths import OWNER_FILE
from pipelines.contracts.model import Contract
from pipelines.intake.errors import printable
from pipelines.intake.loaded.quarantine import (
    REASONS,
    Row,
    files_to_retry,
    known_files,
    open_groups,
    open_refusals,
    open_rows,
)
from pipelines.intake.loaded.report import FileReport
from pipelines.job import Job, load_job
from pipelines.nightly import RunError
from pipelines.sheets import SHEET_COLUMNS, Column, Pages, fitting, print_setup, private_book, styles_of
from pipelines.turn import TurnError, exclusive

_NO_WAREHOUSE = "Chưa có lần chạy nào, nên chưa có gì bị cách ly. Chép tệp vào raw/ rồi chạy `kho run`."
_PERSONAL = (
    "CẢNH BÁO: tệp chứa dữ liệu cá nhân của công dân. Chỉ giao cho người phụ trách nguồn, không gửi qua thư điện tử "
    "hay mạng xã hội, xóa ngay khi sửa xong."
)
_OWN = (Column("Tệp", 28), Column("Trang tính", 12), Column("Dòng", 8, "row"), Column("Lỗi cần sửa", 40))
_WIDTH = 18
"""Of a column of the file itself."""


class _Group(VietnameseCommand, click.Group):
    """A command with commands of its own."""


@click.group("quarantine", cls=_Group, invoke_without_command=False)
def command() -> None:
    """Xem, xuất và nạp lại các dòng bị cách ly và tệp bị từ chối."""


@command.command("list", cls=VietnameseCommand, help="Dòng bị cách ly theo tệp, trường, lý do; tệp bị từ chối.")
@click.option("--nguon", "feed", metavar="HỆ_THỐNG/NGUỒN", help="Chỉ một nguồn, ví dụ dvc/ho_so.")
def list_command(feed: str | None) -> int:
    """Print what is open, no cell of it; 0 nothing open, 1 something is, 2 no such feed, 3 no warehouse or busy."""
    job = load_job()
    contracts = _chosen(job, feed)
    if contracts is None:
        return 2
    if not _has_warehouse(job):
        return 3
    with job.warehouse(read_only=True) as connection:
        groups = open_groups(connection, contracts)
        refusals = [item for item in open_refusals(connection) if feed is None or item[0].startswith(f"{feed}/")]
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
    """Write a workbook only its owner can read, never over a file; 0 done, 2 no such feed or place, 3 not readable."""
    job = load_job()
    contracts = _chosen(job, feed)
    if contracts is None:
        return 2
    if not _has_warehouse(job):
        return 3
    with job.warehouse(read_only=True) as connection:
        found = {name: open_rows(connection, contract) for name, contract in sorted(contracts.items())}
    sheets = {name: rows for name, rows in found.items() if rows}
    if not sheets:
        say("Không có dòng nào bị cách ly; không ghi tệp.")
        return 0
    _write(target, sheets, contracts)
    total = sum(len(rows) for rows in sheets.values())
    say(f"Đã ghi {count(total)} dòng vào {target} (chỉ chủ tệp đọc được).")
    error(_PERSONAL)
    return 0


@command.command("retry", cls=VietnameseCommand, help="Đọc lại tệp bị từ chối và tệp còn dòng cách ly, sau khi sửa.")
@click.option("--tep", "names", multiple=True, metavar="TỆP", help="Chỉ tệp này (đường dẫn dưới raw/); lặp lại được.")
def retry_command(names: tuple[str, ...]) -> int:
    """Read files again under the contracts and code lists of now; 0 nothing open any more, 1 something is.

    2: a file that was never read. 3: no warehouse, or somebody else is at work.
    """
    job = load_job()
    if not _has_warehouse(job):
        return 3
    try:
        with exclusive(job.paths, "kho quarantine"):
            reports = _retry(job, set(names))
    except (RunError, TurnError) as mistake:
        error(str(mistake))
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
        _refuse_unknown(names, known_files(connection))
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


def _refuse_unknown(names: set[str], known: set[str]) -> None:
    told = [f"“{printable(name, 200)}”.{suggestion(name, known)}" for name in sorted(names - known)]
    if told:
        raise click.UsageError(
            f"kho chưa từng đọc tệp tên {' '.join(told)} Viết đường dẫn dưới raw/ như `kho quarantine list` in ra; "
            "tệp mới chép vào thì chạy `kho run`."
        )


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


def _write(target: Path, sheets: Mapping[str, list[Row]], contracts: Mapping[str, Contract]) -> None:
    """Write ``target`` whole or not at all, over nothing. Raises ``PlaceError``."""
    import xlsxwriter

    try:
        with whole_file(target, OWNER_FILE) as part:
            _refuse_existing(target)
            with private_book(part, constant_memory=True) as book:
                _fill(book, sheets, contracts)
            _refuse_existing(target)  # somebody else's, made in the meantime
    except OSError as failure:
        raise PlaceError(f"không ghi được {target}: {why(failure)}.") from None
    except xlsxwriter.exceptions.XlsxFileError as failure:
        raise PlaceError(
            f"không ghi được {target} ({type(failure).__name__}); kiểm tra dung lượng đĩa, hoặc xuất từng nguồn bằng "
            "--nguon."
        ) from None


def _refuse_existing(target: Path) -> None:
    if target.is_symlink() or target.exists():
        raise PlaceError(f"Đã có tệp {target}; hãy chọn tên khác (không ghi đè).")


def _fill(book: Any, sheets: Mapping[str, list[Row]], contracts: Mapping[str, Contract]) -> None:
    """Sheets of each feed after a warning, every cell text with a quote prefix: what begins with ``=`` stays so."""
    styles = styles_of(book)
    styles["text"].set_quote_prefix()
    first = book.add_worksheet("Lưu ý")
    print_setup(first)
    first.set_column(0, 0, 100)
    first.write_string(0, 0, _PERSONAL, styles["lead"])
    for feed, rows in sheets.items():
        headers = list(dict.fromkeys(header for row in rows for header in row.cells))
        for place, part in enumerate(_parts(headers), start=1):
            title = feed.replace("/", " ") + (f" ({place})" if place > 1 else "")
            columns = [*_OWN, *(Column(fitting(header), _WIDTH) for header in part)]
            footer = "Có dữ liệu cá nhân: xóa khi sửa xong."
            pages = Pages(book, styles, title, columns, footer=footer, one_wide=False)
            for row in rows:
                if place == 1 or not row.cells.keys().isdisjoint(part):
                    own = [row.file, row.sheet, row.row, _faults(row, contracts[feed])]
                    pages.put([*own, *(row.cells.get(header) or None for header in part)])
            pages.close()


def _parts(headers: list[str]) -> Iterator[list[str]]:
    """The headers in parts that fit on a sheet beside our own columns; files of one feed differ in theirs."""
    room = SHEET_COLUMNS - len(_OWN)
    for start in range(0, max(len(headers), 1), room):
        yield headers[start : start + room]


def _faults(row: Row, contract: Contract) -> str:
    labels = {name: field.label for name, field in contract.by_name.items()}
    return "; ".join(f"{labels.get(field, field)}: {REASONS.get(reason, reason)}" for field, reason in row.faults)
