"""``--format table|json`` of the operator's commands: json is an array of objects, ISO dates, numbers as numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines.cli.terminal.console import say

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="table: bảng để đọc; json: mảng đối tượng cho máy.",
)


def records(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print ``rows`` as one JSON array."""
    say(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)
