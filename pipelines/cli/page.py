"""``kho page``: the leaders' page of what is published."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.terminal.console import count, error, say
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.opendata.copying import CopyError, published_tables
from pipelines.opendata.memory import LostError
from pipelines.pages.facts import read_facts
from pipelines.pages.public import public_site
from pipelines.pages.site import FOLDER, site
from pipelines.pages.writing import PageError, write_site
from pipelines.publish.mend import finish_swap
from pipelines.publish.query import QueryError, QueryLimits, open_published


@click.command("page", cls=VietnameseCommand, help=COMMANDS["page"])
@click.option(
    "--out", "folder", metavar="THƯ_MỤC", type=click.Path(file_okay=False, path_type=Path), help="Ghi trang vào đây."
)
@click.option("--cong-khai", "public", is_flag=True, help="Bản cho mạng: chỉ ghi số của dữ liệu mở (cần --out).")
def command(folder: Path | None, *, public: bool) -> int:
    """Say where the published page stands, or write one; 2 wrong usage or place, 3 nothing published."""
    paths = data_paths()
    finish_swap(paths)
    if folder is None:
        if public:
            raise click.UsageError("--cong-khai cần --out: trang đã công bố trong kho giữ nguyên.")
        front = paths.marts / FOLDER / "index.html"
        if not front.is_file():
            error("Chưa có bảng điều hành: trang được làm ở lần công bố đầu tiên (`kho run`).")
            return 3
        say(f"Bảng điều hành: {front} (mở bằng trình duyệt, không cần mạng).")
        return 0
    limits = QueryLimits.of(load_orchestration(feeds=None).gioi_han)
    try:
        if public:
            pages = public_site(published_tables(paths.marts))
        else:
            with open_published(paths, limits) as connection:
                pages = site(read_facts(connection), beside=False)
        write_site(pages, folder)
    except PageError as mistake:
        error(str(mistake))
        return 2
    except (CopyError, LostError) as mistake:
        error(f"Trang công khai chỉ ghi số của dữ liệu mở. {mistake}")
        return 3
    except QueryError as mistake:
        error(str(mistake))
        return 3
    say(f"Đã ghi {count(len(pages))} trang; mở {folder / 'index.html'} bằng trình duyệt.")
    return 0
