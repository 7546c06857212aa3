"""Names of the mart groups in words, for every page that an official reads."""

from __future__ import annotations

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


def group_name(group: str) -> str:
    """The group in words; its code where it has none."""
    return GROUPS.get(group, group)
