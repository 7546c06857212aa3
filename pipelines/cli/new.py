"""``kho new``: skeletons of a feed, a component of 766, a rule; the steps after it are in ``docs/thay_doi``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click

from pipelines.cli.terminal.console import error, say
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.house.skeleton import SkeletonError, new_component, new_feed, new_rule


class _Group(VietnameseCommand, click.Group):
    """The three kinds."""


@click.group("new", cls=_Group)
def command() -> None:
    """Write a skeleton into the project that stands here."""


@command.command("nguon", cls=VietnameseCommand, help="Hợp đồng của một nguồn mới, ví dụ dvc/giam_dinh.")
@click.argument("ten", metavar="HỆ_THỐNG/NGUỒN")
def feed(ten: str) -> int:
    """A feed."""
    return _told("nguon", lambda: new_feed(ten))


@command.command("chi-so", cls=VietnameseCommand, help="Một chỉ số thành phần mới của Bộ chỉ số 766, chưa chấm điểm.")
@click.argument("ma", metavar="MÃ")
@click.option("--nhom", required=True, metavar="NHÓM", help="Nhóm chỉ số, ví dụ so_hoa.")
@click.option("--ten", required=True, metavar="TÊN", help="Tên chỉ số.")
@click.option("--nguon", required=True, metavar="NGUỒN", help="Nguồn mà cách đếm dựa vào, ví dụ dvc/ho_so.")
@click.option("--tu", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="NGÀY", help="Ngày đầu hiệu lực.")
def component(ma: str, nhom: str, ten: str, nguon: str, tu: datetime) -> int:
    """A component."""
    return _told("chi_so", lambda: new_component(ma, group=nhom, title=ten, feed=nguon, since=tu.date()))


@command.command("quy-tac", cls=VietnameseCommand, help="Một quy tắc chất lượng mới, ví dụ HS_DUNG_11.")
@click.argument("ma", metavar="MÃ")
@click.option("--bang", required=True, metavar="LƯỢC_ĐỒ.BẢNG", help="Bảng được kiểm, ví dụ stg.stg_dvc__ho_so.")
def rule(ma: str, bang: str) -> int:
    """A rule."""
    return _told("quy_tac", lambda: new_rule(ma, bang))


def _told(recipe: str, make: Callable[[], list[str]]) -> int:
    try:
        paths = make()
    except SkeletonError as mistake:
        error(str(mistake))
        return 2
    say("Đã ghi hoặc cần mở:\n" + "\n".join(f"  {path}" for path in paths))
    say(f"Các bước tiếp theo: docs/thay_doi/{recipe}.md. Chỗ phải viết có chữ “SỬA:”; `kho doctor` chỉ ra chỗ còn sót.")
    return 0
