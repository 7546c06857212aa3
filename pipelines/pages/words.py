"""Words and figures of the pages: Vietnamese names of codes, numbers, days, order without diacritics."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipelines.config import figures

ALERTS = {
    "qua_han": "Quá hẹn trả",
    "sap_den_han": "Sắp đến hẹn trả",
    "dung_lau": "Đứng lâu ở một bước",
    "cho_so_dinh_danh": "Khai sinh chờ số định danh",
    "cho_huy_so_dinh_danh": "Số định danh chờ hủy",
    "lien_thong_dung": "Liên thông dừng",
    "nguon_im_lang": "Nguồn dữ liệu im lặng",
    "cong_bo_cham": "Bộ đã công bố mà tỉnh chưa",
    "nhom_duoi_binh_quan": "Nhóm chỉ số dưới bình quân",
    "lech_hai_cong": "Hai cổng lệch nhau",
    "chi_tieu_khong_dat": "Chỉ tiêu không đạt",
}
GROUPS = {
    "tthc": "Thủ tục hành chính",
    "chi_so_766": "Bộ chỉ số 766",
    "cong_khai_minh_bach": "Công khai, minh bạch",
    "tien_do_giai_quyet": "Tiến độ, kết quả giải quyết",
    "dich_vu_truc_tuyen": "Dịch vụ công trực tuyến",
    "thanh_toan_truc_tuyen": "Thanh toán trực tuyến",
    "so_hoa_ho_so": "Số hóa hồ sơ",
    "muc_do_hai_long": "Mức độ hài lòng",
    "ho_tich": "Hộ tịch",
    "doi_soat": "Đối soát",
    "he_thong": "Hệ thống",
    "dieu_hanh": "Điều hành",
    "canh_bao": "Cảnh báo, việc của đơn vị",
    "chat_luong": "Chất lượng",
    "van_hanh": "Vận hành",
}
BOOKS = {
    "khai_sinh": "Khai sinh",
    "khai_tu": "Khai tử",
    "ket_hon": "Kết hôn",
    "nhan_cha_me_con": "Nhận cha, mẹ, con",
    "giam_ho": "Giám hộ",
    "nuoi_con_nuoi": "Nuôi con nuôi",
}
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SIGNS = str.maketrans(",.", ".,")
_CENT = Decimal("0.01")


def file_name(code: str) -> str:
    """Name of a code's page: the code where it is harmless as a name, else a digest of it."""
    return f"{code if _SAFE.fullmatch(code) else 'x-' + hashlib.sha256(code.encode()).hexdigest()[:16]}.html"


def number(value: Any) -> str:
    """A count; – where there is none."""
    return "–" if value is None else figures.grouped(int(value))


def share(value: float | None) -> str:
    """0.9874 → 98,74 %; – where there is none."""
    return "–" if value is None else figures.percent(value)


def points(value: Any) -> str:
    """Two decimals; – where there is none; what would round to nothing is ``dưới 0,01``."""
    if value is None:
        return "–"
    rounded = Decimal(str(value)).quantize(_CENT, rounding=ROUND_HALF_UP)
    return "dưới 0,01" if value > 0 and rounded == 0 else f"{rounded:,.2f}".translate(_SIGNS)


def change(value: Any, unit: str = "") -> str:
    """A difference in words: tăng 0,42, giảm 0,42, không đổi; empty where it is not known."""
    if value is None:
        return ""
    rounded = Decimal(str(value)).quantize(_CENT, rounding=ROUND_HALF_UP)
    if rounded == 0:
        return "không đổi"
    return f"{'tăng' if rounded > 0 else 'giảm'} {f'{abs(rounded):,.2f}'.translate(_SIGNS)}{unit}"


def day(value: date | None) -> str:
    """dd/mm/yyyy; – where there is none."""
    return "–" if value is None else f"{value:%d/%m/%Y}"


def month(ky: str | None) -> str:
    """2025-08 → 08/2025."""
    return "–" if ky is None else f"{ky[5:]}/{ky[:4]}"


def order(text: str) -> tuple[str, str]:
    """Vietnamese order: by letters without marks, then as written."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c)), text
