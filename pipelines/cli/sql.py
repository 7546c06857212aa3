"""``kho sql``: read-only SQL on what is published."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines import stopping
from pipelines.cli.terminal.console import error
from pipelines.cli.terminal.session import session
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits, QuestionError, ask, write_result
from pipelines.publish.reopening import reopened
from pipelines.publish.statements import questions
from pipelines.publish.version_store import UnknownVersionError, VersionError


@click.command(
    "sql", cls=VietnameseCommand, help="Hỏi dữ liệu đã công bố bằng SQL (chỉ đọc). Không có câu hỏi: mở phiên hỏi đáp."
)
@click.argument("query", required=False, metavar="[CÂU SQL]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "xlsx"]),
    default="table",
    show_default=True,
    help="Dạng kết quả.",
)
@click.option("--phien-ban", "version", metavar="PHIÊN BẢN", help="Hỏi bản công bố đang giữ này (xem `kho versions`).")
@click.option("--out", metavar="TỆP", type=click.Path(dir_okay=False, path_type=Path), help="Ghi kết quả vào tệp này.")
@click.option(
    "--excel", is_flag=True, help="Với --format csv: mở được ngay bằng Excel (BOM, dấu chấm phẩy, dấu phẩy thập phân)."
)
def command(query: str | None, form: str, version: str | None, out: Path | None, excel: bool) -> int:
    """Answer one query, or open a shell; 2 where the query is wrong, 3 where it cannot be answered."""
    paths = data_paths()
    if query is None and (form != "table" or out is not None or excel):
        # A session answers many questions, on the screen; questions through a pipe are a session too.
        raise click.UsageError("--format, --out, --excel cần [CÂU SQL] trên dòng lệnh; phiên hỏi đáp chỉ in ra bảng.")
    if form == "xlsx" and out is None:
        raise click.UsageError("dạng xlsx cần --out TỆP.xlsx.")
    if excel and form != "csv":
        raise click.UsageError("--excel chỉ dùng cùng --format csv.")
    finish_swap(paths)
    try:
        if version is None:
            return _answer(query, form, out, None, excel=excel)
        with reopened(paths, version) as file:
            return _answer(query, form, out, file, excel=excel)
    except (QuestionError, UnknownVersionError) as mistake:
        error(str(mistake))
        return 2
    except (QueryError, VersionError) as mistake:
        error(str(mistake))
        return 3


def _answer(query: str | None, form: str, out: Path | None, file: Path | None, *, excel: bool) -> int:
    paths, limits = data_paths(), _limits()
    if query is None:
        return session(paths, limits, file)
    # A file, and what a machine reads, holds one answer: that of the last statement.
    for question in questions(query) if form == "table" and out is None else [query]:
        with ask(paths, question, limits, file, stopping.asked) as answer:
            write_result(answer, form, out, excel=excel)
    return 0


def _limits() -> QueryLimits:
    """What the operator lets one question take."""
    return QueryLimits.of(load_orchestration(feeds=None).gioi_han)
