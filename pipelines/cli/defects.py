"""``kho defects``: one workbook an agency with what is wrong in its data and how to mend it."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from pipelines.cli.terminal.console import count, error, say, table
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.paths import data_paths
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.defects.export import DefectsError, Export, UnknownAgencyError, export_defects
from pipelines.quality.rules import load_rules
from pipelines.warehouse.database import connect


@click.command("defects", cls=VietnameseCommand)
@click.option("--don-vi", "agency", metavar="MÃ", help="Chỉ ghi sổ của đơn vị này (mã trong danh sách cơ quan).")
@click.option(
    "--out",
    "folder",
    required=True,
    metavar="THƯ_MỤC",
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục nhận các sổ lỗi; chỉ chủ thư mục đọc được.",
)
def command(agency: str | None, folder: Path) -> int:
    """Write the workbooks; prints counts and file names only. 0 done (also with nothing to write), 2 unknown agency."""
    paths = data_paths()
    if not paths.warehouse_file.exists():
        error(f"Chưa có lần chạy nào trong {paths.root}. Chép tệp vào raw/ rồi chạy `kho run`.")
        return 3
    code_lists = load_code_lists()
    contracts = load_contracts(code_lists=code_lists)
    try:
        with connect(paths.warehouse_file, read_only=True) as connection:
            export = export_defects(
                connection, folder, load_rules(feeds=contracts), contracts, code_lists, agency=agency
            )
    except duckdb.IOException:
        error("Một lần chạy đang diễn ra; đợi nó xong rồi chạy lại.")
        return 3
    except UnknownAgencyError as mistake:
        raise click.UsageError(str(mistake)) from None
    except DefectsError as mistake:
        error("Không ghi được sổ lỗi: " + str(mistake))
        return 3
    _tell(export, folder)
    return 0


def _tell(export: Export, folder: Path) -> None:
    if not export.files:
        day = f"{export.as_of:%d/%m/%Y}"
        say(f"Không có lỗi nào đang mở, không có dòng nào bị cách ly (số liệu đến hết {day}); không ghi sổ nào.")
        return
    table(
        f"Sổ lỗi, số liệu đến hết {export.as_of:%d/%m/%Y}",
        ["Đơn vị", "Tên", "Lỗi", "Lỗi ở dòng cách ly", "Tệp"],
        [[a.code or "", a.name, count(a.defects), count(a.set_apart), file.name] for file, a in export.files],
        numbers=[2, 3],
    )
    say(f"Đã ghi {count(len(export.files))} sổ vào {folder}. Sổ có dữ liệu cá nhân: chỉ gửi cho đúng đơn vị.")
    if export.shared:
        say("Thư mục này có tệp khác nên quyền của nó giữ nguyên; từng sổ chỉ chủ thư mục đọc được.")
