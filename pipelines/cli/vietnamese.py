"""Click's help pages in Vietnamese, and the one list of commands with what each is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

COMMANDS = {
    "run": "Chạy công việc hằng đêm ngay bây giờ: quét, nạp, dựng, kiểm tra, công bố.",
    "sample": "Sinh tệp xuất tổng hợp (dữ liệu bịa) vào raw/, kèm đáp án lỗi đã cài.",
    "sql": "Hỏi dữ liệu đã công bố bằng SQL (chỉ đọc); không có câu hỏi thì mở phiên hỏi đáp.",
    "status": "Lần chạy cuối, độ mới của từng nguồn, cổng chất lượng, phần bị giữ lại, dung lượng.",
    "link": "Tìm bản ghi khai sinh có thể trùng (--full: so lại toàn bộ); lập danh sách rà soát của đơn vị.",
    "doctor": "Kiểm tra cấu hình, hợp đồng dữ liệu, quyền tệp; in hợp đồng của một nguồn.",
    "ui": "Mở Dagster trên 127.0.0.1:3000 cùng bộ lập lịch.",
}

_SECTIONS = {"Options": "Tùy chọn", "Commands": "Lệnh", "Arguments": "Tham số"}


class VietnameseFormatter(click.HelpFormatter):
    """Headings and the usage line in Vietnamese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002
        """The first line of a help page."""
        words = args.replace("[OPTIONS]", "[TÙY CHỌN]").replace("COMMAND [ARGS]...", "LỆNH …")
        super().write_usage(prog, words, "Cách dùng: ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """A headed block."""
        with super().section(_SECTIONS.get(name, name)):
            yield


click.Context.formatter_class = VietnameseFormatter


class VietnameseCommand(click.Command):
    """A command that explains itself, ``--help`` included, in Vietnamese."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The ``--help`` option."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Hiện hướng dẫn này rồi thoát."
        return option

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command is for, from the one list; other commands keep their own text."""
        if self.name in COMMANDS:
            self.help = COMMANDS[self.name]
        super().format_help_text(ctx, formatter)
