"""``kho purge``: what is past its time; with ``--nguoi`` a person's records, listed first."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from pipelines.cli.terminal.console import count, error, say, table
from pipelines.cli.terminal.records import FORMAT, records
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.kept_name import without
from pipelines.config.secret import secret_key
from pipelines.job import Job, load_job
from pipelines.publish.forgetting import forget
from pipelines.publish.reopening import issue_again
from pipelines.publish.version_store import Store, VersionError
from pipelines.turn import TurnError, exclusive
from pipelines.upkeep import person
from pipelines.upkeep.person import Found
from pipelines.upkeep.person_number import NumberError, Person, read_number
from pipelines.upkeep.retention import Removed
from pipelines.warehouse.database import HELD, is_held
from pipelines.warehouse.runs import now_in_vietnam
from pipelines.warehouse.schema import create_tables

_CLOSED = "Không mở được kho làm việc: tệp hỏng, hoặc đĩa không đọc ghi được (xem `kho status`)."
_LEFT = (
    "Tệp trong raw/ là tệp gốc của đơn vị gửi nên không bị sửa: xóa các dòng nêu trên (hoặc cả tệp) rồi yêu cầu đơn "
    "vị gửi không gửi lại. Chạy `kho run` để các tổng cũng không còn tính người này, và hủy các bản sao lưu cũ."
)
_NOT_REWRITTEN = (
    "Đã xóa các bản ghi của người này khỏi các bảng, nhưng CHƯA viết lại được tệp kho: phần đã xóa còn nằm trong tệp. "
    "Sửa lỗi nêu dưới đây rồi chạy lại đúng lệnh này (cả --dong-y), dù khi ấy không còn liệt kê gì."
)
_STILL_PUBLISHED = (
    "Đã gỡ bản ghi của người này khỏi các bản đã giữ, nhưng CHƯA viết lại được bản đang công bố: xem dung lượng đĩa và "
    "`kho verify`, rồi chạy `kho run`."
)
_UNREAD = "khong_doc_duoc"
_KEPT = ("tep_goc", _UNREAD)
"""Kinds of lines that are listed and never removed."""
_SEE_YOURSELF = (
    "{count} tệp không đọc được trọn (hỏng, có mật khẩu, quá lớn, hoặc là PDF, ảnh, tệp nén khác) nên chưa biết có số "
    "này hay không: mở từng tệp xem, tệp có số này thì xóa các dòng đó hoặc cả tệp."
)


@click.command("purge", cls=VietnameseCommand)
@click.option("--dry-run", "rehearse", is_flag=True, help="Chỉ liệt kê, không xóa gì.")
@click.option(
    "--nguoi", "number", metavar="SỐ", help="Hồ sơ của một người, theo số định danh hoặc số hộ chiếu; liệt kê trước."
)
@click.option("--dong-y", "agreed", is_flag=True, help="Cùng --nguoi: xóa thật những gì đã liệt kê.")
@click.option(
    "--thu-muc",
    "folders",
    multiple=True,
    metavar="THƯ_MỤC",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Cùng --nguoi: thư mục chứa sổ lỗi đã xuất; sổ có số này bị xóa cả tệp. Lặp lại được.",
)
@FORMAT
def command(rehearse: bool, number: str | None, agreed: bool, folders: tuple[Path, ...], form: str) -> int:
    """0 done; 1 all but Dagster's runs, whose storage is away; 2 a malformed number or options that do not go together;
    3 the warehouse cannot be opened."""
    if number is None and (agreed or folders):
        error("--dong-y và --thu-muc chỉ dùng cùng --nguoi.")
        return 2
    job = load_job()
    try:
        if number is not None:
            who = read_number(number, secret_key())
            return _person(job, who, agreed=agreed and not rehearse, folders=folders, form=form)
        return _retention(job, rehearse=rehearse, form=form)
    except NumberError as mistake:
        error(str(mistake))
        return 2
    except TurnError as mistake:
        error(str(mistake))
        return 3
    except duckdb.IOException as failure:
        error(HELD if is_held(failure) else _CLOSED)
        return 3


def _retention(job: Job, *, rehearse: bool, form: str) -> int:
    from pipelines.orchestrate.tidy import Tidied, purge_all

    if not job.paths.root.is_dir():
        done = Tidied([])
    elif rehearse:
        done = purge_all(job, dry_run=True)
    else:
        with exclusive(job.paths, "kho purge"):
            done = purge_all(job, dry_run=False)
    _tell(done.removed, rehearse=rehearse, form=form)
    if done.left is not None:
        error(done.left)
        return 1
    return 0


def _tell(found: list[Removed], *, rehearse: bool, form: str) -> None:
    if form == "json":
        records(
            {
                "loai": item.kind,
                "ten": item.name,
                "so_dong": item.rows,
                "kich_thuoc": item.size,
                "ly_do": item.reason,
                "da_xoa": not rehearse,
            }
            for item in found
        )
    elif not found:
        say("Không có gì quá hạn lưu giữ.")
    else:
        title = "Sẽ xóa (chưa xóa gì)" if rehearse else "Đã xóa"
        rows = [[item.kind, item.name, count(item.rows), count(item.size), item.reason] for item in found]
        table(title, ["Loại", "Tên", "Số dòng", "Byte", "Lý do"], rows, numbers=[2, 3])


def _person(job: Job, who: Person, *, agreed: bool, folders: tuple[Path, ...], form: str) -> int:
    if not job.paths.warehouse_file.is_file():
        error("Chưa có kho làm việc; chạy `kho run` trước.")
        return 3
    with exclusive(job.paths, "kho purge --nguoi"):
        with job.warehouse() as connection:
            create_tables(connection, job.contracts.values())
            found = person.find(connection, job.paths, who, job.limits, folders)
            if agreed:
                _withdraw(job, found)
                person.remove(connection, job.paths, who, found, now=now_in_vietnam())
        _list(job, who, found, agreed=agreed, form=form)
        if agreed:
            _rewrite(job)
    return 0


def _withdraw(job: Job, found: Found) -> None:
    """Before the warehouse: what is published knows the person by what stands there (codes of dossiers, rows)."""
    forget(Store(job.paths.marts), found.versions, now_in_vietnam())
    try:
        issue_again(job.paths, {name for name, _ in found.versions.tables})
    except VersionError as failure:
        error(f"{_STILL_PUBLISHED} Lý do: {failure}")
    except (OSError, duckdb.Error):
        error(_STILL_PUBLISHED)


def _rewrite(job: Job) -> None:
    """What fails here is told after what is done already: the rows are out of the tables, not out of the file."""
    try:
        person.rewrite(job.paths)
    except (OSError, duckdb.Error):
        error(_NOT_REWRITTEN)
        raise


def _list(job: Job, who: Person, found: Found, *, agreed: bool, form: str) -> None:
    rows: list[tuple[str, str, int, str]] = [
        ("bang", f"{schema}.{name}", rows, "") for (schema, name), rows in found.tables.items()
    ]
    rows += [("tep_goc", str(p.file.relative_to(job.paths.raw)), len(p.rows), ", ".join(p.rows)) for p in found.files]
    rows += [("so_loi", str(file), 0, "") for file in found.workbooks]
    rows += [
        ("phien_ban", f"{version}: {name}", rows, "") for (version, name), rows in sorted(found.versions.tables.items())
    ]
    rows += [("kho_hong", str(file.relative_to(job.paths.root)), 0, "") for file in found.aside]
    seen = len(rows)
    rows += [(_UNREAD, _short(file, job.paths.raw), 0, "không đọc được, xem tay") for file in found.unread]
    # The number is not repeated, not even where a file is named after it.
    for number in who.written:
        rows = [(kind, without(number, name), n, without(number, places)) for kind, name, n, places in rows]
    if form == "json":
        records(
            {"loai": kind, "ten": name, "so_dong": number, "dong": places, "da_xoa": agreed and kind not in _KEPT}
            for kind, name, number, places in rows
        )
        return
    if not seen:
        say("Không có bản ghi nào mang số này.")
        _list_unread(rows)
        return
    title = "Đã xóa (trừ tệp gốc trong raw/)" if agreed else "Bản ghi mang số này (chưa xóa gì)"
    shown = [[kind, name, count(number), places] for kind, name, number, places in rows[:seen]]
    table(title, ["Loại", "Tên", "Số dòng", "Dòng"], shown, numbers=[2])
    _list_unread(rows[seen:])
    say(_LEFT if agreed else "Để xóa: chạy lại lệnh này với --dong-y.")


def _list_unread(rows: list[tuple[str, str, int, str]]) -> None:
    if rows:
        table("Chưa biết có số này hay không", ["Tên", "Việc cần làm"], [[name, what] for _, name, _, what in rows])
        say(_SEE_YOURSELF.format(count=count(len(rows))))


def _short(file: Path, raw: Path) -> str:
    """Below ``raw/`` as the ledger names files; whole where it lies elsewhere."""
    return str(file.relative_to(raw)) if file.is_relative_to(raw) else str(file)
