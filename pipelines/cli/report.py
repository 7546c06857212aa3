"""``kho report``: official papers of what is published."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines.cli.terminal.console import count, error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.cli.terminal.window import check_order, window_options
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.papers.context import KINDS
from pipelines.papers.desk import AskedError, PaperError, Window
from pipelines.papers.printed import told
from pipelines.papers.writing import FORMS, check, write
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits
from pipelines.publish.reopening import reopened
from pipelines.publish.version_store import UnknownVersionError, VersionError

_VERDICTS = {
    "khop": "khớp",
    "lech": "lệch",
    "khong_kiem_duoc": "không kiểm được",
    "cho_xac_nhan": "chờ người xác nhận chỉ tiêu",
}


@click.command("report", cls=VietnameseCommand)
@click.argument("kind", metavar="kstthc|de-an-06|766", type=click.Choice(KINDS))
@window_options
@click.option("--don-vi", "agency", metavar="MÃ", help="Chỉ của đơn vị này.")
@click.option(
    "--mau", "template", metavar="TỆP.docx", type=click.Path(path_type=Path), help="Mẫu riêng (docs/van_ban.md)."
)
@click.option(
    "--kiem",
    "report",
    metavar="TỆP",
    type=click.Path(path_type=Path),
    help="Đọc lại báo cáo .docx, .xlsx này, so với kho; --out là trang kiểm .xlsx để người xác nhận rồi đưa lại "
    "--kiem.",
)
@click.option("--out", required=True, metavar="TỆP", type=click.Path(dir_okay=False, path_type=Path),
              help="Tệp ghi ra: .docx, .xlsx hoặc .pdf.")  # fmt: skip
def command(*, kind: str, first: date, last: date, version: str | None, out: Path, **asked: Any) -> int:
    """Write or check a paper; 1: a figure differs, 2: the question is wrong, 3: it cannot be done."""
    check_order(first, last)
    form = out.suffix.lower()
    if form not in FORMS:
        raise click.UsageError(f"--out phải có đuôi {', '.join(FORMS)}.")
    if asked["template"] is not None and form == ".xlsx" and asked["report"] is None:
        raise click.UsageError("--mau chỉ dùng cho .docx và .pdf.")
    if asked["report"] is not None and form != ".xlsx":
        raise click.UsageError("với --kiem, --out phải là tệp .xlsx.")
    limits = QueryLimits.of(load_orchestration(feeds=None).gioi_han)
    finish_swap(data_paths())
    try:
        with nullcontext() if version is None else reopened(data_paths(), version) as file:
            return _done(kind, Window(first, last), out, file=file, limits=limits, **asked)
    except (UnknownVersionError, AskedError) as mistake:
        error(str(mistake))
        return 2
    except (PaperError, QueryError, VersionError) as mistake:
        error(str(mistake))
        return 3


def _done(kind: str, window: Window, out: Path, *, report: Path | None, template: Path | None, **where: Any) -> int:
    if report is not None:
        verdicts = check(data_paths(), kind, window, report, out, template=template, **where)
        counted = Counter(verdict.verdict for verdict in verdicts)
        say(f"Đã ghi {out}: " + (", ".join(f"{words} {count(counted[key])}" for key, words in _VERDICTS.items()) + "."))
        return 1 if counted["lech"] else 0
    paper = write(data_paths(), kind, window, out, template=template, **where)
    absent = sum(figure.value is None for figure in paper.desk.figures.values())
    figures = count(len(paper.desk.figures))
    say(f"Đã ghi {out}: {figures} con số, {count(absent)} chưa tính được (ghi rõ lý do trong báo cáo).")
    if words := told(paper):
        say(words)
    for note in paper.notes:
        say(f"Lưu ý: {note}")
    return 0
