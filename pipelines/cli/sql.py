"""``kho sql``: read-only SQL on what is published."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.console import error
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.config.paths import data_paths
from pipelines.publish.query import QueryError, QuestionError, open_published, run_query, write_result


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
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Ghi kết quả vào tệp này.")
def command(query: str | None, form: str, out: Path | None) -> int:
    """Answer one query, or open a shell; 2 where the query is wrong, 3 where it cannot be answered."""
    paths = data_paths()
    if form == "xlsx" and out is None and query is not None:
        raise click.UsageError("dạng xlsx cần --out TỆP.xlsx.")
    try:
        if query is None:
            return _shell()
        write_result(run_query(paths, query), form, out)
    except QuestionError as mistake:
        error(str(mistake))
        return 2
    except QueryError as mistake:
        error(str(mistake))
        return 3
    return 0


def _shell() -> int:
    """Ask, answer, repeat; each question sees the newest publication."""
    paths = data_paths()
    with open_published(paths):
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
                write_result(run_query(paths, pending), "table", None)
            except QueryError as mistake:
                error(str(mistake))
            pending = ""
