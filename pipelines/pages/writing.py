"""The site and the list of an agency written to a place of one's own, whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.config.disk import whole_folder, why, write_whole
from pipelines.sheets import OPTIONS, Column, head, print_setup, styles_of, writer

_MARK = "Bảng điều hành Kho 06"
_PUBLIC = '<footer><p class="nhat">Chỉ gồm số của dữ liệu mở'
"""How the front page made for the web is told from the internal one (``khung.html.j2``)."""
_COLUMNS = (
    Column("Đơn vị", 12),
    Column("Tên đơn vị", 30),
    Column("Loại việc", 26),
    Column("Mức", 8),
    Column("Đối tượng", 24),
    Column("Việc", 70),
    Column("Số ngày", 9),
    Column("Mở từ ngày", 12),
    Column("Trạng thái", 12),
    Column("Mã cảnh báo", 36),
)
_KEYS = ("ma_don_vi", "ten_don_vi", "loai", "muc_do", "doi_tuong", "mo_ta", "so_ngay", "mo_tu_ngay", "trang_thai",
         "ma_canh_bao")  # fmt: skip


class PageError(Exception):
    """It cannot be written; Vietnamese text."""


def write_site(files: Mapping[str, str], folder: Path) -> None:
    """Put the site into ``folder``; one that holds something else than a site is left alone.

    So is one for the web where the pages are internal: they hold codes of dossiers. Raises ``PageError``.
    """
    try:
        if folder.exists() and not _is_ours(folder):
            raise PageError(f"{folder} đã có thứ khác; chọn thư mục trống hoặc chưa có.")
        if _PUBLIC in _front(folder) and _PUBLIC not in files["index.html"]:
            raise PageError(
                f"{folder} đang giữ trang cho mạng (--cong-khai); trang nội bộ có mã hồ sơ, không ghi đè lên đó: chọn "
                "thư mục khác, hoặc thêm --cong-khai."
            )
        with whole_folder(folder) as fresh:
            for name, text in files.items():
                file = fresh / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise PageError(f"không ghi được {folder}: {why(failure)}.") from None


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and (not any(folder.iterdir()) or _MARK in _front(folder))


def _front(folder: Path) -> str:
    front = folder / "index.html"
    return front.read_text(encoding="utf-8", errors="replace") if front.is_file() else ""


def write_work(rows: Sequence[Mapping[str, Any]], heading: str, out: Path) -> None:
    """The open work as a workbook, one alert a row, filterable. Raises ``PageError``."""
    place = io.BytesIO()
    with xlsxwriter.Workbook(place, {**OPTIONS, "in_memory": True}) as book:
        styles = styles_of(book)
        sheet = book.add_worksheet("Việc")
        sheet.write_string(0, 0, heading, styles["heading"])
        print_setup(sheet, heading)
        head(sheet, styles, _COLUMNS, 2)
        put = writer(sheet, styles, _COLUMNS)
        for number, row in enumerate(rows, start=3):
            put(number, [row[key] for key in _KEYS])
        sheet.autofilter(2, 0, max(2, 2 + len(rows)), len(_COLUMNS) - 1)
    try:
        write_whole(out, place.getvalue())
    except OSError as failure:
        raise PageError(f"không ghi được {out}: {why(failure)}.") from None
