"""``kho dbt …``: any command of dbt with the project, the warehouse and the one-writer lock in place."""

from __future__ import annotations

import click

from pipelines.cli.terminal.console import error
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.paths import data_paths
from pipelines.turn import TurnError, exclusive
from pipelines.warehouse import dbt


@click.command(
    "dbt",
    cls=VietnameseCommand,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", metavar="LỆNH DBT …", nargs=-1, type=click.UNPROCESSED, required=True)
def command(arguments: tuple[str, ...]) -> int:
    """Pass the command on; the exit code is dbt's (0 done, 1 a node failed, 2 could not run), 3 the folder is busy."""
    paths = data_paths()
    paths.prepare()
    if dbt.only_reads_the_project(arguments):
        return dbt.pass_through(paths, arguments)
    try:
        with exclusive(paths, f"kho dbt {arguments[0]}"):
            return dbt.pass_through(paths, arguments)
    except TurnError as busy:
        error(str(busy))
        return 3
