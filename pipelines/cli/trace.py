"""``kho trace``: from a row of a published mart to the dossiers, files, sheets and rows that made it."""

from __future__ import annotations

from dataclasses import asdict, astuple, replace

import click
import duckdb

from pipelines import stopping
from pipelines.cli.terminal.console import error
from pipelines.cli.terminal.records import FORMAT, records
from pipelines.cli.terminal.usage import suggestion
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.official_rules import in_words
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits, QuestionError, Result, write_result
from pipelines.trace.declared import published_names, trail_of
from pipelines.trace.tracer import COLUMNS, trace


@click.command("trace", cls=VietnameseCommand, help=COMMANDS["trace"])
@click.argument("table", metavar="BẢNG")
@click.option("--where", required=True, metavar="ĐIỀU KIỆN", help="Chọn dòng: một biểu thức SQL trên cột của bảng.")
@click.option("--cot", "columns", multiple=True, metavar="CỘT", help="Chỉ truy cột này (dùng được nhiều lần).")
@FORMAT
def command(table: str, where: str, columns: tuple[str, ...], form: str) -> int:
    """Print the way back; 2 where table, column or condition is wrong, 3 where it cannot be traced to the end."""
    paths = data_paths()
    finish_swap(paths)
    asked = QueryLimits.of(load_orchestration(feeds=None).gioi_han)
    try:
        answer = trace(paths, table, where, columns=columns, limits=asked, stopped=stopping.asked)
    except QuestionError as mistake:
        error(str(mistake) + ("" if trail_of(table) else suggestion(table, published_names())))
        return 2
    except QueryError as mistake:
        error(str(mistake))
        return 3
    except duckdb.Error as failure:
        error(f"không truy được ({type(failure).__name__}): bản công bố do phiên bản mã khác dựng; chạy `kho run`.")
        return 3
    for position, line in enumerate(answer.lines):
        answer.lines[position] = replace(line, quy_tac=in_words(line.quy_tac) if line.quy_tac else line.quy_tac)
    if form == "json":
        records(asdict(line) for line in answer.lines)
    else:
        write_result(Result(COLUMNS, [astuple(line) for line in answer.lines]), "table", None)
    for note in answer.notes:
        error(note)
    return 0 if answer.whole else 3
