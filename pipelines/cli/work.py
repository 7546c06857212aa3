"""``kho work``: the morning's list of an agency, and the marks of what it has seen."""

from __future__ import annotations

import re
from pathlib import Path

import click
import duckdb

from pipelines.cli.terminal.console import count, error, say, table
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import DataPaths, data_paths
from pipelines.job import load_job
from pipelines.pages.work import Work, WorkError, work_of
from pipelines.pages.writing import PageError, write_work
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits, open_published
from pipelines.turn import TurnError, exclusive
from pipelines.warehouse import alerts
from pipelines.warehouse.agencies import UnknownAgencyError
from pipelines.warehouse.database import HELD, is_held
from pipelines.warehouse.runs import now_in_vietnam

_ON_SCREEN = 40
_ROLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")


@click.command("work", cls=VietnameseCommand, help=COMMANDS["work"])
@click.argument("codes", metavar="[MÃ_CẢNH_BÁO]…", nargs=-1)
@click.option("--don-vi", "agency", metavar="MÃ", help="Chỉ việc của đơn vị này.")
@click.option(
    "--out", metavar="TỆP.xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Ghi danh sách ra tệp."
)
@click.option("--da-xem", "seen", is_flag=True, help="Ghi là đã xem: các mã cảnh báo, hoặc mọi việc của --don-vi.")
@click.option("--vai", "role", metavar="VAI", help="Ai xem: mã đơn vị hoặc vai trò, không ghi tên người.")
def command(codes: tuple[str, ...], agency: str | None, out: Path | None, seen: bool, role: str | None) -> int:
    """Print the counts (an agency: also its list), write the list, or mark; 2 wrong usage, 3 not readable."""
    _refuse_mixtures(codes, agency, out, role, seen=seen)
    paths = data_paths()
    finish_swap(paths)
    limits = QueryLimits.of(load_orchestration(feeds=None).gioi_han)
    try:
        with open_published(paths, limits) as connection:
            work = work_of(connection, agency, () if seen else alerts.marks(paths))
        if seen:
            return _mark(paths, codes, work, role or work.agency or "")
        if out is not None:
            write_work(work.rows, f"Việc đang chờ, số liệu đến hết ngày {work.as_of:%d/%m/%Y}", out)
    except (UnknownAgencyError, alerts.UnknownAlertError, PageError) as mistake:
        raise click.UsageError(str(mistake)) from None
    except (WorkError, QueryError, TurnError) as mistake:
        error(str(mistake))
        return 3
    if out is not None:
        say(f"Đã ghi {out}: {count(len(work.rows))} việc. Không có dữ liệu cá nhân.")
        return 0
    _show(work)
    return 0


def _refuse_mixtures(
    codes: tuple[str, ...], agency: str | None, out: Path | None, role: str | None, *, seen: bool
) -> None:
    if out is not None and out.suffix.lower() != ".xlsx":
        raise click.UsageError("--out phải là tệp .xlsx.")
    if not seen and (codes or role):
        raise click.UsageError("mã cảnh báo và --vai chỉ đi cùng --da-xem.")
    if not seen:
        return
    if out is not None:
        raise click.UsageError("--da-xem không đi cùng --out.")
    if not codes and agency is None:
        raise click.UsageError("--da-xem cần mã cảnh báo, hoặc --don-vi để đánh dấu mọi việc của đơn vị đó.")
    if role is None and agency is None:
        raise click.UsageError("--da-xem cần --don-vi hoặc --vai: ai đã xem (mã đơn vị hoặc vai trò).")
    if role is not None and not _ROLE.fullmatch(role):
        raise click.UsageError("--vai là mã đơn vị hoặc vai trò viết liền không dấu, ví dụ van_phong_ubnd; không ghi "
                               "tên người.")  # fmt: skip


def _mark(paths: DataPaths, codes: tuple[str, ...], work: Work, role: str) -> int:
    if not paths.warehouse_file.exists():
        raise WorkError("chưa có kho làm việc để ghi; chạy `kho run` trước.")
    try:
        with exclusive(paths, "kho work --da-xem"), load_job().warehouse() as connection:
            fresh, already = alerts.mark_seen(connection, codes, agencies=work.of, role=role, now=now_in_vietnam())
    except duckdb.CatalogException:
        raise WorkError("kho làm việc của bản chương trình trước chưa có sổ này; chạy `kho run` trước.") from None
    except duckdb.IOException as failure:
        if not is_held(failure):
            raise
        raise WorkError(HELD) from None
    if not fresh + already:
        say(f"Không có cảnh báo nào đang mở của {work.agency or role} để ghi là đã xem.")
        return 0
    more = f" ({count(already)} đã đánh dấu từ trước)" if already else ""
    say(f"Đã ghi {count(fresh)} cảnh báo là đã xem{more}, vai {role}. Chỉ báo lại khi nặng thêm.")
    return 0


def _show(work: Work) -> None:
    if not work.rows:
        say(f"Không có việc nào đang mở (số liệu đến hết {work.as_of:%d/%m/%Y}).")
        return
    table(
        f"Việc đang chờ, số liệu đến hết {work.as_of:%d/%m/%Y}",
        ["Đơn vị", "Loại", "Số việc", "Lâu nhất (ngày)", "So hôm trước"],
        [
            [name, kind, count(n), count(days), "" if moved is None else f"{moved:+d}"]
            for name, kind, n, days, moved in work.counts
        ],
        numbers=[2, 3, 4],
    )
    if work.agency is None:
        return
    lines = [
        [row["ten_don_vi"], row["muc_do"], row["mo_ta"], f"{row['mo_tu_ngay']:%d/%m/%Y}", row["trang_thai"],
         row["ma_canh_bao"]]
        for row in work.rows[:_ON_SCREEN]
    ]  # fmt: skip
    headings = ["Đơn vị", "Mức", "Việc", "Từ ngày", "Trạng thái", "Mã cảnh báo"]
    lone = len({line[0] for line in lines}) == 1  # else: also of agencies it took over
    table("Từng việc", headings[lone:], [line[lone:] for line in lines])
    if len(work.rows) > _ON_SCREEN:
        say(f"Còn {count(len(work.rows) - _ON_SCREEN)} việc nữa; ghi đủ bằng --out.")
