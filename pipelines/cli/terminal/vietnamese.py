"""Click's help pages in Vietnamese, and the one list of commands with what each is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

COMMANDS = {
    "run": "Chạy công việc hằng đêm ngay bây giờ: quét, nạp, dựng, kiểm tra, công bố.",
    "sample": "Sinh tệp xuất tổng hợp (dữ liệu bịa) vào raw/, kèm đáp án lỗi đã cài.",
    "sql": "Hỏi dữ liệu đã công bố bằng SQL (chỉ đọc); không có câu hỏi thì mở phiên hỏi đáp.",
    "trace": "Từ một dòng đã công bố về hồ sơ, tệp, trang tính, dòng đã làm ra nó.",
    "versions": "Các bản công bố còn giữ: ngày số liệu, vì sao giữ, dung lượng; ghim bản mà báo cáo đã in dựa vào.",
    "diff": "So hai bản công bố: bảng nào, khóa nào, con số nào đổi và vì sao (tệp sửa muộn, lịch, định nghĩa…).",
    "verify": "Chứng minh bản công bố: mã băm từng tệp, chuỗi bản kê, chữ ký; --chay-lai dựng lại từ tệp gốc và so.",
    "defects": "Ghi sổ lỗi cho từng đơn vị (xlsx): sai gì, ở đâu, sửa thế nào, hạn nào.",
    "quality": "Chất lượng: trang tài liệu (docs); so phép đo với bộ kỳ vọng Great Expectations (compare).",
    "status": "Lần chạy cuối, độ mới của từng nguồn, cổng chất lượng, phần bị giữ lại, dung lượng.",
    "quarantine": "Dòng bị cách ly và tệp bị từ chối: xem (list), xuất cho người phụ trách (export), đọc lại (retry).",
    "link": "Tìm bản ghi khai sinh, khai tử có thể trùng (--full: so lại toàn bộ); lập danh sách rà soát của đơn vị.",
    "watch": "Nhìn từ ngoài: đêm chạy, công bố, bộ lập lịch, nhịp nguồn, đĩa, khóa; --gui báo điều mới.",
    "purge": "Xóa phần quá hạn lưu giữ; --nguoi SỐ: tìm và xóa hồ sơ của một người theo yêu cầu hợp pháp.",
    "backup": "Sao lưu nhất quán sang thư mục khác trong lúc người đọc vẫn làm việc.",
    "restore": "Khôi phục từ bản sao lưu vào thư mục dữ liệu trống và tự chứng minh đủ, đúng.",
    "bundle": "Gói mọi thứ cho máy không có mạng: gói Python, dự án, bản kiểm, install.sh.",
    "doctor": "Chạy thử mọi thứ, không đổi gì: cấu hình, hợp đồng, quy tắc, kho, quyền tệp, lịch; in một hợp đồng.",
    "dbt": "Chuyển mọi lệnh cho dbt (ls, build, docs generate…) với đúng dự án, kho làm việc và khóa một người ghi.",
    "new": "Ghi khung của một nguồn (nguon), chỉ số 766 (chi-so) hoặc quy tắc (quy-tac) mới.",
    "report": "Lập báo cáo kstthc, de-an-06 hoặc 766 (docx, xlsx, pdf) từ số liệu đã công bố, mỗi con số một mã.",
    "work": "Việc đang chờ của từng đơn vị: quá hẹn, sắp đến hẹn, đứng lâu, chờ số… (--out: tệp xlsx).",
    "answers": "Phiếu trả lời các câu hỏi ở docs/cau_hoi cho một kỳ, kèm ngày số liệu, mẫu số, nguồn, câu lệnh.",
    "page": "Bảng điều hành cho lãnh đạo: trang tĩnh ở đâu, hoặc ghi ra thư mục (--cong-khai: chỉ từ dữ liệu mở).",
    "opendata": "Dữ liệu mở (csv, Parquet, danh mục): ở đâu, hoặc ghi ra thư mục; --tinh: đặt nhiều tỉnh cạnh nhau.",
    "bi": "Nạp lại bản phục vụ công cụ BI trên PostgreSQL từ số liệu đã công bố (mục bi, docs/bi.md).",
    "points": "Sửa gì trước để có thêm điểm Bộ chỉ số 766: hồ sơ nào, của ai, mất bao nhiêu điểm.",
    "simulate": "Chấm thử một tháng theo dự thảo định nghĩa chỉ số, so với định nghĩa đang dùng.",
    "ui": "Mở Dagster trên 127.0.0.1:3000 cùng bộ lập lịch, bảng điều hành, từ điển, trang chất lượng, văn bản.",
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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As ever; a mistake knows its command, so that it can be told by the command's own names."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as mistake:
            mistake.ctx = mistake.ctx or ctx
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command is for, from the one list; other commands keep their own text."""
        if self.name in COMMANDS:
            self.help = COMMANDS[self.name]
        super().format_help_text(ctx, formatter)


def month(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Callback of ``--ky``: a calendar month ``YYYY-MM``; raises ``click.BadParameter`` otherwise."""
    if value is not None and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        raise click.BadParameter("phải là tháng dạng YYYY-MM, ví dụ 2025-08.", ctx, param)
    return value
