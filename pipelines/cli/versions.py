"""``kho versions``: publications that are kept, why, and pinning one that a printed report depends on."""

from __future__ import annotations

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.records import FORMAT
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.disk import why
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import DataPaths, data_paths
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, Result, write_result
from pipelines.publish.retention import reasons
from pipelines.publish.swap import read_listing
from pipelines.publish.version_store import Store, UnknownVersionError, VersionError
from pipelines.turn import TurnError, exclusive

_COLUMNS = (
    "phien_ban",
    "ngay_so_lieu",
    "luc_cong_bo",
    "ly_do_giu",
    "kich_thuoc",
    "nhom_giu_lai",
    "nhu_luc",
    "dang_dung",
)


@click.command("versions", cls=VietnameseCommand, help=COMMANDS["versions"])
@click.option("--ghim", "pin", metavar="PHIÊN BẢN", help="Ghim: không bao giờ xóa phiên bản này.")
@click.option("--bo-ghim", "unpin", metavar="PHIÊN BẢN", help="Bỏ ghim.")
@FORMAT
def command(pin: str | None, unpin: str | None, form: str) -> int:
    """List, pin or unpin; 2 where the publication is unknown."""
    if pin is not None and unpin is not None:
        raise click.UsageError("chỉ dùng một trong --ghim và --bo-ghim.")
    paths = data_paths()
    finish_swap(paths)
    store = Store(paths.marts)
    name = pin if pin is not None else unpin
    try:
        if name is not None:
            store.get(name)
            return _pin(paths, store, name, on=pin is not None)
        write_result(_listed(store, read_listing(paths.marts).get("giu")), form, None)
    except UnknownVersionError as mistake:
        error(str(mistake))
        return 2
    except (VersionError, TurnError, QueryError) as mistake:
        error(str(mistake))
        return 3
    for damaged in store.damaged_listings():
        error(
            f"Bản kê của phiên bản {damaged} hỏng, không đọc được; khôi phục từ bản sao lưu "
            "(các bản khác vẫn dùng được)."
        )
    return 0


def _pin(paths: DataPaths, store: Store, name: str, *, on: bool) -> int:
    try:
        with exclusive(paths, "ghim phiên bản"):
            store.pin(name, on=on)
    except OSError as failure:
        error(f"Không ghi được vào {store.folder} ({why(failure)}); kiểm tra quyền ghi.")
        return 3
    say(f"Đã {'ghim' if on else 'bỏ ghim'} phiên bản {name}.")
    return 0


def _listed(store: Store, current: str | None) -> Result:
    """Newest first; ``kich_thuoc``: bytes of its content, what it shares with other publications included."""
    kept_for = reasons(store, load_orchestration(feeds=None).luu_giu, current)
    rows = [
        (
            version.name,
            version.as_of,
            version.published,
            kept_for.get(version.name, "cho_xoa"),
            sum(version.content.values()),
            ", ".join(version.held),
            version.facts["nhu_luc"],
            version.name == current,
        )
        for version in store.versions()
    ]
    return Result(_COLUMNS, rows)
