"""The clerical review list: what a registrar needs to decide on a pair, as a workbook of one unit.

It holds personal data of the records (names, dates, parents), so it is made on demand for the unit concerned,
readable by its owner only, and is never a mart (privacy, point 2).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.config.paths import OWNER_FILE, DataPaths
from pipelines.linkage.link import RECORD_VIEW, workbench
from pipelines.linkage.model import LinkageError

_HEADERS = (
    "Cặp", "Loại", "Xác suất", "Nơi đăng ký", "Số", "Quyển", "Trang", "Ngày đăng ký", "Nguồn", "Loại đăng ký",
    "Họ tên", "Giới tính", "Ngày sinh", "Mẹ", "Cha", "Kết luận của công chức",
)  # fmt: skip
_KINDS = {
    "dang_ky_lai": "Đăng ký lại", "hai_noi": "Đăng ký ở hai nơi", "cap_lai_ban_chinh": "Cấp lại bản chính",
    "giay_va_dien_tu": "Bản giấy và bản điện tử", "nghi_trung": "Nghi trùng",
}  # fmt: skip
_DAY = """case when {0}_tu = {0}_den then strftime({0}_tu, '%d/%m/%Y')
    when month({0}_tu) = month({0}_den) and year({0}_tu) = year({0}_den) then strftime({0}_tu, '%m/%Y')
    else strftime({0}_tu, '%Y') end"""
_QUERY = f"""
with cap as (
    select row_number() over (order by c.xac_suat desc, c.ma_ban_ghi_1, c.ma_ban_ghi_2) as so_cap, c.*
    from kho_lam_viec.so_cai.cap_trung c
    join kho_lam_viec.trung_gian.{RECORD_VIEW} a on c.ma_ban_ghi_1 = a.ma_ban_ghi
    join kho_lam_viec.trung_gian.{RECORD_VIEW} b on c.ma_ban_ghi_2 = b.ma_ban_ghi
    where a.noi_dang_ky = $don_vi or b.noi_dang_ky = $don_vi
)
select so_cap, loai, xac_suat, noi_dang_ky, so, quyen_so, trang_so, {_DAY.format("ngay_dang_ky")}, nguon,
    loai_dang_ky, ho_ten, gioi_tinh, {_DAY.format("ngay_sinh")},
    concat_ws(', ', me_ho_ten, {_DAY.format("me_ngay_sinh")}),
    concat_ws(', ', cha_ho_ten, {_DAY.format("cha_ngay_sinh")})
from cap join kho_lam_viec.trung_gian.{RECORD_VIEW} r on r.ma_ban_ghi in (cap.ma_ban_ghi_1, cap.ma_ban_ghi_2)
order by so_cap, ngay_dang_ky_tu, ma_ban_ghi
"""


def write_review(paths: DataPaths, unit: str, out: Path, *, memory: str | None = None) -> int:
    """Write the pairs that touch ``unit`` (probable, sure and doubtful) to workbook ``out``; returns their number.

    Two rows a pair, one a record. The file is created with mode 0600 and must not exist yet. Raises
    ``LinkageError`` where nothing was linked yet or the file exists or cannot be made.
    """
    if not paths.warehouse_file.exists():
        raise LinkageError("Chưa có kho làm việc; chạy `kho run` trước.")
    with workbench(paths, threads=None, memory=memory) as connection:
        known = connection.execute(
            "select count(*) from information_schema.tables where table_catalog = 'kho_lam_viec' and table_name = ?",
            [RECORD_VIEW],
        ).fetchall()[0][0]
        if not known:
            raise LinkageError("Chưa liên kết bản ghi lần nào; chạy `kho run` hoặc `kho link` trước.")
        rows = connection.execute(_QUERY, {"don_vi": unit}).fetchall()
    _write(out, rows)
    return len(rows) // 2


def _write(out: Path, rows: Sequence[Sequence[Any]]) -> None:
    import xlsxwriter

    try:
        os.close(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE))
    except FileExistsError:
        raise LinkageError(f"Tệp {out} đã có; chọn tên khác.") from None
    except OSError as reason:
        raise LinkageError(
            f"Không tạo được tệp {out} ({type(reason).__name__}); kiểm tra thư mục và quyền ghi."
        ) from None
    book = xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("Rà soát")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for column, title in enumerate(_HEADERS):
        page.write_string(0, column, title, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                page.write_number(line, column, value)
            elif value is not None:
                page.write_string(line, column, _KINDS.get(str(value), str(value)) if column == 1 else str(value))
    if rows:
        choices = ["Trùng", "Không trùng", "Chưa rõ"]
        page.data_validation(
            1, len(_HEADERS) - 1, len(rows), len(_HEADERS) - 1, {"validate": "list", "source": choices}
        )
    page.freeze_panes(1, 0)
    page.autofit()
    book.close()
    out.chmod(OWNER_FILE)
