"""``kho bi``: fill the serving copy now."""

from __future__ import annotations

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.publish.mend import finish_swap
from pipelines.serving.fill import ServingError, fill


@click.command("bi", cls=VietnameseCommand, help=COMMANDS["bi"])
def command() -> int:
    """Fill it whether or not the night does; 2 configuration, 3 nothing published or not filled."""
    paths = data_paths()
    finish_swap(paths)
    settings = load_orchestration(feeds=None)
    if not paths.marts_file.is_file():
        error("Chưa có số liệu công bố: chạy `kho run` trước.")
        return 3
    try:
        lost = fill(paths.marts_file, paths, settings)
    except ServingError as mistake:
        error(str(mistake))
        return 3
    say("Đã nạp bản phục vụ BI.")
    for sentence in lost:
        say(sentence)
    return 0
