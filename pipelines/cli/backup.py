"""``kho backup DIR``: a consistent copy while readers work."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.terminal.console import count, error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.paths import data_paths
from pipelines.turn import TurnError, exclusive
from pipelines.upkeep.backup import BackupError, backup
from pipelines.warehouse.runs import now_in_vietnam

_PERSONAL = "CẢNH BÁO: bản sao lưu chứa dữ liệu cá nhân; mã hóa ổ đĩa hoặc tệp trước khi mang đi."
_KEY = (
    "CẢNH BÁO: bản này có cả khóa bí mật: ai có nó biết khóa nào là người nào. Cất riêng, rồi ghi ngày hôm nay vào "
    "giam_sat.khoa_sao_luu của orchestration.yaml."
)


@click.command("backup", cls=VietnameseCommand)
@click.argument("target", metavar="THƯ_MỤC", type=click.Path(file_okay=False, path_type=Path))
@click.option("--khong-raw", "no_raw", is_flag=True, help="Không chép raw/, chỉ ghi danh sách tệp.")
@click.option("--kem-khoa", "with_key", is_flag=True, help="Kèm khóa bí mật (cất bản sao lưu như cất khóa).")
def command(target: Path, no_raw: bool, with_key: bool) -> int:
    """0 done; 3 not."""
    paths = data_paths()
    if not paths.warehouse_file.exists():
        error(f"Chưa có gì để sao lưu trong {paths.root}; chạy `kho run` trước.")
        return 3
    try:
        with exclusive(paths, "kho backup"):
            report = backup(paths, target, now_in_vietnam(), raw=not no_raw, key=with_key)
    except (BackupError, TurnError) as mistake:
        error(str(mistake))
        return 3
    say(
        f"Đã sao lưu {count(report.files)} tệp, {count(report.size)} byte, {count(len(report.tables))} bảng, "
        f"{count(sum(report.tables.values()))} dòng vào {target}."
    )
    error(_KEY if with_key else _PERSONAL)
    return 0
