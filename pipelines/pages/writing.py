"""The site and the list of an agency written to a place of one's own, whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.config.disk import whole_folder, why, write_whole

_MARK = "Bảng điều hành Kho 06"
_COLUMNS = (
    ("Đơn vị", 12), ("Tên đơn vị", 30), ("Loại việc", 26), ("Mức", 8), ("Đối tượng", 24), ("Việc", 70), ("Số ngày", 9),
    ("Mở từ ngày", 12), ("Trạng thái", 12), ("Mã cảnh báo", 36),
)  # fmt: skip


class PageError(Exception):
    """It cannot be written; Vietnamese text."""


def write_site(files: Mapping[str, str], folder: Path) -> None:
    """Put the site into ``folder``; one that holds something else than a site is left alone. Raises ``PageError``."""
    try:
        if folder.exists() and not _is_ours(folder):
            raise PageError(f"{folder} đã có thứ khác; chọn thư mục trống hoặc chưa có.")
        with whole_folder(folder) as fresh:
            for name, text in files.items():
                file = fresh / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise PageError(f"không ghi được {folder}: {why(failure)}.") from None


def _is_ours(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    front = folder / "index.html"
    return not any(folder.iterdir()) or (
        front.is_file() and _MARK in front.read_text(encoding="utf-8", errors="replace")
    )


def write_work(rows: Sequence[Mapping[str, Any]], heading: str, out: Path) -> None:
    """The open work as a workbook, one alert a row, filterable. Raises ``PageError``."""
    place = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(place, options) as book:
        sheet = book.add_worksheet("Việc")
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        days = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        sheet.write_string(0, 0, heading, book.add_format({"bold": True}))
        for column, (name, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, name, bold)
        for number, row in enumerate(rows, start=3):
            for column, key in enumerate(("ma_don_vi", "ten_don_vi", "loai", "muc_do", "doi_tuong", "mo_ta")):
                sheet.write_string(number, column, str(row[key] or ""), wrap)
            sheet.write_number(number, 6, row["so_ngay"], wrap)
            sheet.write_datetime(number, 7, row["mo_tu_ngay"], days)
            sheet.write_string(number, 8, row["trang_thai"], wrap)
            sheet.write_string(number, 9, row["ma_canh_bao"], wrap)
        sheet.freeze_panes(3, 0)
        sheet.autofilter(2, 0, max(2, 2 + len(rows)), len(_COLUMNS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
    try:
        write_whole(out, place.getvalue())
    except OSError as failure:
        raise PageError(f"không ghi được {out}: {why(failure)}.") from None
