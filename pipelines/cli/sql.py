"""``kho sql``: read-only SQL on what is published."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.console import error
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits, QuestionError, ask, open_published, write_result
from pipelines.publish.reopening import reopened
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
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Ghi kết quả vào tệp này.")
def command(query: str | None, form: str, version: str | None, out: Path | None) -> int:
    """Answer one query, or open a shell; 2 where the query is wrong, 3 where it cannot be answered."""
    paths = data_paths()
    if form == "xlsx" and out is None and query is not None:
        raise click.UsageError("dạng xlsx cần --out TỆP.xlsx.")
    finish_swap(paths)
    try:
        if version is None:
            return _answer(query, form, out, None)
        with reopened(paths, version) as file:
            return _answer(query, form, out, file)
    except (QuestionError, UnknownVersionError) as mistake:
        error(str(mistake))
        return 2
    except (QueryError, VersionError) as mistake:
        error(str(mistake))
        return 3


def _answer(query: str | None, form: str, out: Path | None, file: Path | None) -> int:
    if query is None:
        return _shell(file)
    with ask(data_paths(), query, _limits(), file) as answer:
        write_result(answer, form, out)
    return 0


def _limits() -> QueryLimits:
    """What the operator lets one question take."""
    limits = load_orchestration(feeds=None).gioi_han
    return QueryLimits(memory=limits.hoi_bo_nho, seconds=limits.hoi_giay, threads=limits.luong)


def _shell(file: Path | None) -> int:
    """Ask, answer, repeat; each question sees the newest publication, or the kept one in ``file``."""
    paths, limits = data_paths(), _limits()
    with open_published(paths, file=file):
        pass
    click.echo("Gõ câu SQL kết thúc bằng dấu chấm phẩy; .bang liệt kê bảng; .thoat để ra.")
    pending = ""
    while True:
        try:
            line = input("kho> " if not pending else "  …> ")
        except EOFError:
            return 0
        word = line.strip().lower()
        if not pending and word in {".thoat", ".exit", ".quit"}:
            return 0
        if not pending and word == ".bang":
            line = "SELECT schema_name, table_name, comment FROM duckdb_tables() ORDER BY ALL;"
        pending = f"{pending}\n{line}".strip()
        if pending.endswith(";"):
            try:
                with ask(paths, pending, limits, file) as answer:
                    write_result(answer, "table", None)
            except QueryError as mistake:
                error(str(mistake))
            pending = ""
