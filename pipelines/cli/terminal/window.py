"""Options of the commands that are asked for a window of days, of the publication that stands or of a kept one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

_YEARS = (1900, 2100)
"""Of a window: the period before it is a date, too."""


def _day(ctx: click.Context, param: click.Parameter, value: str) -> date:
    """Callback of ``--tu``, ``--den``: a day, either way of writing it; raises ``click.BadParameter`` otherwise."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(value, form).date()
        except ValueError:
            continue
        if _YEARS[0] <= found.year <= _YEARS[1]:
            return found
        raise click.BadParameter(f"năm phải từ {_YEARS[0]} đến {_YEARS[1]}; xem lại năm đã gõ.", ctx, param)
    raise click.BadParameter("phải là ngày dạng YYYY-MM-DD hoặc DD/MM/YYYY, ví dụ 2025-06-14.", ctx, param)


_DAYS: dict[str, Any] = {"required": True, "metavar": "NGÀY", "callback": _day}
_OPTIONS = (
    click.option("--tu", "first", help="Ngày đầu của kỳ, tính cả ngày này.", **_DAYS),
    click.option("--den", "last", help="Ngày cuối của kỳ, tính cả ngày này.", **_DAYS),
    click.option(
        "--phien-ban", "version", metavar="PHIÊN BẢN", help="Từ bản công bố đang giữ này (xem `kho versions`)."
    ),
)


def window_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--tu``, ``--den`` and ``--phien-ban`` as ``first``, ``last`` and ``version``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_order(first: date, last: date) -> None:
    """Raises ``click.UsageError`` for a window that ends before it begins."""
    if first > last:
        raise click.UsageError("--tu phải không muộn hơn --den.")
