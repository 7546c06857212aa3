"""``kho sample``: realistic synthetic exports with an answer key of every planted defect."""

from __future__ import annotations

import click

from pipelines.cli.terminal.console import count, error, progress_bars, say, table
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.paths import data_paths
from pipelines.sample.generate import SampleError, generate


@click.command(
    "sample", cls=VietnameseCommand, help="Sinh tệp xuất tổng hợp (dữ liệu bịa) vào raw/, kèm đáp án lỗi đã cài."
)
@click.option(
    "--size",
    type=click.Choice(["small", "province", "national"]),
    default="small",
    show_default=True,
    help="Cỡ: small vài nghìn hồ sơ; province 2 triệu; national 60 triệu.",
)
@click.option("--seed", metavar="SỐ", type=int, default=6, show_default=True, help="Cùng số này cho ra cùng tệp.")
@click.option("--months", metavar="SỐ", type=click.IntRange(1, 60), help="Số tháng dữ liệu.")
@click.option("--preset", type=click.Choice(["bac-giang-2024-h1"]), help="Dựng lại một báo cáo đã in.")
def command(size: str, seed: int, months: int | None, preset: str | None) -> int:
    """Write the exports; refuses a folder that already holds some."""
    paths = data_paths()
    paths.prepare()
    try:
        with progress_bars():
            report = generate(paths, size=size, seed=seed, months=months, preset=preset)
    except SampleError as mistake:
        error(str(mistake))
        return 2
    table(
        "Dữ liệu tổng hợp (bịa, không phải số liệu thật)",
        ["Nguồn", "Tệp", "Dòng"],
        [[feed, files, count(rows)] for feed, files, rows in report.feeds],
        numbers=[1, 2],
    )
    say(f"Tệp xuất: {paths.raw}\nĐáp án lỗi đã cài: {report.answer_key}")
    say(f"Chạy tiếp: kho run --as-of {report.as_of.isoformat()}")
    return 0
