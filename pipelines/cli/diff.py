"""``kho diff``: what changed between two kept publications, and why."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.terminal.console import error
from pipelines.cli.terminal.records import FORMAT
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.paths import data_paths
from pipelines.publish.comparing import by_key, by_table
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, write_result
from pipelines.publish.version_store import Store, UnknownVersionError, VersionError


@click.command("diff", cls=VietnameseCommand, help=COMMANDS["diff"])
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--bang", "table", metavar="BẢNG", help="Từng khóa khác nhau của bảng này, ví dụ tthc.ho_so.")
@FORMAT
@click.option(
    "--out", metavar="TỆP.xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Ghi kết quả vào tệp xlsx này."
)
def command(old: str, new: str, table: str | None, form: str, out: Path | None) -> int:
    """Compare; 0 whether equal or not, 2 where a publication or table is unknown, 3 where one is damaged."""
    if out is not None and out.suffix.lower() != ".xlsx":
        raise click.UsageError("--out cần tên tệp .xlsx.")
    paths = data_paths()
    finish_swap(paths)
    store = Store(paths.marts)
    try:
        before, after = store.get(old), store.get(new)
        found = by_key(store, before, after, table.lower()) if table else by_table(store, before, after)
        write_result(found, "xlsx" if out else form, out)
    except UnknownVersionError as mistake:
        error(str(mistake))
        return 2
    except (VersionError, QueryError) as mistake:
        error(str(mistake))
        return 3
    return 0
