"""``kho report``: official papers of what is published."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.papers.context import KINDS
from pipelines.papers.desk import PaperError, Window
from pipelines.papers.writing import FORMS, write
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits
from pipelines.publish.reopening import reopened
from pipelines.publish.version_store import UnknownVersionError, VersionError


def _day(ctx: click.Context, param: click.Parameter, value: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(value, form).date()
        except ValueError:
            continue
    raise click.BadParameter("phải là ngày dạng YYYY-MM-DD hoặc DD/MM/YYYY, ví dụ 2025-06-14.", ctx, param)


@click.command("report", cls=VietnameseCommand)
@click.argument("kind", metavar="kstthc|de-an-06|766", type=click.Choice(KINDS))
@click.option("--tu", "first", required=True, metavar="NGÀY", callback=_day, help="Ngày đầu của kỳ, tính cả ngày này.")
@click.option("--den", "last", required=True, metavar="NGÀY", callback=_day, help="Ngày cuối của kỳ, tính cả ngày này.")
@click.option("--don-vi", "agency", metavar="MÃ", help="Chỉ của đơn vị này.")
@click.option("--phien-ban", "version", metavar="PHIÊN BẢN", help="Từ bản công bố đang giữ này (xem `kho versions`).")
@click.option(
    "--mau", "template", metavar="TỆP.docx", type=click.Path(path_type=Path), help="Mẫu riêng (docs/van_ban.md)."
)
@click.option("--out", required=True, metavar="TỆP", type=click.Path(dir_okay=False, path_type=Path),
              help="Tệp ghi ra: .docx, .xlsx hoặc .pdf.")  # fmt: skip
def command(
    *, kind: str, first: date, last: date, agency: str | None, version: str | None, template: Path | None, out: Path
) -> int:
    """Write a paper; 2 where the question is wrong, 3 where it cannot be answered or written."""
    if first > last:
        raise click.UsageError("--tu phải không muộn hơn --den.")
    if out.suffix.lower() not in FORMS:
        raise click.UsageError(f"--out phải có đuôi {', '.join(FORMS)}.")
    if template is not None and out.suffix.lower() == ".xlsx":
        raise click.UsageError("--mau chỉ dùng cho .docx và .pdf.")
    paths, set_limits = data_paths(), load_orchestration(feeds=None).gioi_han
    limits = QueryLimits(memory=set_limits.hoi_bo_nho, seconds=set_limits.hoi_giay, threads=set_limits.luong)
    finish_swap(paths)
    window = Window(first, last)
    try:
        if version is None:
            paper = write(paths, kind, window, out, agency=agency, template=template, limits=limits)
        else:
            with reopened(paths, version) as file:
                paper = write(paths, kind, window, out, agency=agency, template=template, file=file, limits=limits)
    except UnknownVersionError as mistake:
        error(str(mistake))
        return 2
    except (PaperError, QueryError, VersionError) as mistake:
        error(str(mistake))
        return 3
    absent = sum(figure.value is None for figure in paper.desk.figures.values())
    say(f"Đã ghi {out}: {len(paper.desk.figures)} con số, {absent} chưa tính được (ghi rõ lý do trong báo cáo).")
    for note in paper.notes:
        say(f"Lưu ý: {note}")
    return 0
