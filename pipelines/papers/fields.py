"""The named figures of each kind of paper, in the order of their codes: new ones go to the end of their list."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.papers.figure import Field


def fields_of(named: Sequence[tuple[str, str, str]]) -> dict[str, Field]:
    """Named figures (name, metric, unit) with their codes, by their place in the list."""
    return {name: Field(name, f"{place:02}", metric, unit) for place, (name, metric, unit) in enumerate(named, 1)}


SCOPES = {
    "chung": "toàn phạm vi báo cáo",
    "tinh": "cấp tỉnh",
    "huyen": "cấp huyện",
    "xa": "cấp xã",
    "khong_ro": "chưa rõ cấp",
}
COUNTED = {
    "tiep_nhan": ("Hồ sơ tiếp nhận (mới và kỳ trước chuyển qua)", "hồ sơ"),
    "truc_tuyen": ("Tiếp nhận mới trực tuyến", "hồ sơ"),
    "truc_tiep": ("Tiếp nhận mới trực tiếp", "hồ sơ"),
    "buu_chinh": ("Tiếp nhận mới qua bưu chính công ích", "hồ sơ"),
    "khong_ro_kenh": ("Tiếp nhận mới chưa rõ kênh", "hồ sơ"),
    "ky_truoc": ("Kỳ trước chuyển qua", "hồ sơ"),
    "da_giai_quyet": ("Đã giải quyết", "hồ sơ"),
    "truoc_han": ("Giải quyết trước hạn", "hồ sơ"),
    "dung_han": ("Giải quyết đúng hạn", "hồ sơ"),
    "qua_han": ("Giải quyết quá hạn", "hồ sơ"),
    "khong_han": ("Giải quyết không có hạn", "hồ sơ"),
    "tra_lai": ("Trả lại (công dân rút hoặc dừng xử lý)", "hồ sơ"),
    "dang_giai_quyet": ("Đang giải quyết cuối kỳ", "hồ sơ"),
    "dang_trong_han": ("Đang giải quyết trong hạn", "hồ sơ"),
    "dang_qua_han": ("Đang giải quyết quá hạn", "hồ sơ"),
    "dang_khong_han": ("Đang giải quyết không có hạn", "hồ sơ"),
    "tu_choi_tiep_nhan": ("Từ chối khi tiếp nhận (không tính là tiếp nhận)", "hồ sơ"),
}
SHARES = {
    "ty_le_truc_tuyen": (
        "Tỷ lệ hồ sơ nộp trực tuyến", ("tu_so_truc_tuyen", "mau_so_truc_tuyen"), "hồ sơ tiếp nhận mới",
    ),
    "ty_le_dung_va_truoc_han": (
        "Tỷ lệ giải quyết đúng và trước hạn",
        ("tu_so_dung_va_truoc_han", "mau_so_dung_va_truoc_han"),
        "hồ sơ đã giải quyết có hạn",
    ),
}  # fmt: skip
GROUPS = {
    "cong_khai": "Công khai, minh bạch",
    "tien_do": "Tiến độ giải quyết",
    "truc_tuyen": "Dịch vụ công trực tuyến",
    "thanh_toan": "Thanh toán trực tuyến",
    "so_hoa": "Số hóa hồ sơ",
    "hai_long": "Mức độ hài lòng",
    "tong": "Tổng điểm",
}
POINTS = {
    "diem": "điểm kho tính",
    "toi_da": "điểm tối đa áp dụng",
    "cong_qg": "điểm Cổng Dịch vụ công quốc gia công bố",
    "binh_quan": "điểm bình quân cả nước",
    "thay_doi": "thay đổi so với tháng trước",
}
COMPONENTS = {
    "3_6": ("thanh_toan_truc_tuyen", "3.6", "Tỷ lệ hồ sơ thanh toán trực tuyến"),
    "4_1": ("so_hoa_ho_so", "4.1", "Tỷ lệ hồ sơ cấp kết quả điện tử"),
    "4_2": ("so_hoa_ho_so", "4.2", "Tỷ lệ hồ sơ thực hiện số hóa"),
    "4_3": ("so_hoa_ho_so", "4.3", "Tỷ lệ hồ sơ khai thác, sử dụng lại dữ liệu số hóa"),
    "5_3": ("muc_do_hai_long", "5.3", "Tỷ lệ hài lòng trong xử lý phản ánh, kiến nghị"),
    "5_4": ("muc_do_hai_long", "5.4", "Tỷ lệ hài lòng trong tiếp nhận, giải quyết TTHC"),
}
MOVED = ("4_1", "4_2", "4_3", "3_6")
"""Components whose change against the month before the monthly report says."""
CATALOGUE = [
    ("tthc_tong", "TTHC trong danh mục của tỉnh, còn hiệu lực cuối kỳ", "TTHC"),
    ("tthc_cap_tinh", "TTHC cấp tỉnh còn hiệu lực cuối kỳ", "TTHC"),
    ("tthc_cap_huyen", "TTHC cấp huyện còn hiệu lực cuối kỳ", "TTHC"),
    ("tthc_cap_xa", "TTHC cấp xã còn hiệu lực cuối kỳ", "TTHC"),
    ("tthc_trung_uong", "TTHC do Trung ương quy định", "TTHC"),
    ("tthc_dia_phuong", "TTHC do địa phương quy định", "TTHC"),
    ("tthc_mot_cua", "Tỷ lệ TTHC thực hiện theo cơ chế một cửa", "%"),
    ("quyet_dinh_cong_bo", "Quyết định công bố danh mục TTHC trong kỳ", "quyết định"),
    ("tthc_cong_bo", "TTHC được công bố trong kỳ", "TTHC"),
    ("tthc_cong_bo_cham", "TTHC công bố chậm trong kỳ", "TTHC"),
    ("tthc_cong_khai", "TTHC được công khai trong kỳ", "TTHC"),
]
PAKN = [
    ("pakn_tiep_nhan", "Phản ánh, kiến nghị tiếp nhận", "phản ánh, kiến nghị"),
    ("pakn_quy_dinh", "Phản ánh, kiến nghị về quy định hành chính", "phản ánh, kiến nghị"),
    ("pakn_hanh_vi", "Phản ánh, kiến nghị về hành vi hành chính", "phản ánh, kiến nghị"),
    ("pakn_da_xu_ly", "Phản ánh, kiến nghị đã xử lý", "phản ánh, kiến nghị"),
    ("pakn_cong_khai", "Phản ánh, kiến nghị đã công khai kết quả", "phản ánh, kiến nghị"),
    ("pakn_dang_xu_ly", "Phản ánh, kiến nghị đang xử lý", "phản ánh, kiến nghị"),
    ("pakn_ky_truoc", "Phản ánh, kiến nghị từ kỳ trước chuyển qua", "phản ánh, kiến nghị"),
]
NOT_RECEIVED = [
    ("y_kien", "TTHC đã tham gia ý kiến, đánh giá tác động", "TTHC"),
    ("tham_dinh", "TTHC trong dự thảo văn bản đã thẩm định, thẩm tra", "TTHC"),
    ("ra_soat", "TTHC đã rà soát, đơn giản hóa", "TTHC"),
    ("kiem_tra", "Đơn vị đã kiểm tra công tác kiểm soát TTHC", "đơn vị"),
]
ESSENTIAL = [
    ("dich_vu", "Dịch vụ công thiết yếu", "dịch vụ"),
    ("dich_vu_co_ho_so", "Dịch vụ công thiết yếu có phát sinh hồ sơ", "dịch vụ"),
    ("dich_vu_khong_ho_so", "Dịch vụ công thiết yếu không phát sinh hồ sơ", "dịch vụ"),
    ("thiet_yeu_ho_so", "Hồ sơ tiếp nhận mới của dịch vụ công thiết yếu", "hồ sơ"),
    ("thiet_yeu_truc_tuyen", "Tỷ lệ nộp trực tuyến của dịch vụ công thiết yếu", "%"),
    ("truoc_thiet_yeu_ho_so", "Hồ sơ tiếp nhận mới của dịch vụ công thiết yếu, kỳ trước", "hồ sơ"),
    ("truoc_thiet_yeu_truc_tuyen", "Tỷ lệ nộp trực tuyến của dịch vụ công thiết yếu, kỳ trước", "%"),
]
BRANCHES = [
    ("nganh_doc_ho_so", "Hồ sơ tiếp nhận ở hệ thống ngành dọc, chuyên ngành (ngoài Cổng của tỉnh)", "hồ sơ"),
    ("truoc_nganh_doc_ho_so", "Hồ sơ tiếp nhận ở hệ thống ngành dọc, chuyên ngành, kỳ trước", "hồ sơ"),
]
LINKED = {"khai_sinh": "khai sinh", "khai_tu": "khai tử"}
BY_GROUP = [(f"lien_thong_{group}", f"Hồ sơ liên thông {words} nộp", "hồ sơ") for group, words in LINKED.items()]
CIVIL = [
    ("so_quyen", "Sổ hộ tịch phải số hóa", "quyển"),
    ("so_truong_hop", "Trường hợp ghi trong sổ hộ tịch", "trường hợp"),
    ("so_da_nhap", "Tỷ lệ trường hợp đã nhập", "%"),
    ("so_da_phe_duyet", "Tỷ lệ trường hợp đã phê duyệt", "%"),
    ("khai_sinh_dien_tu", "Khai sinh điện tử đăng ký", "trường hợp"),
    ("khai_sinh_co_so", "Tỷ lệ khai sinh điện tử có số định danh", "%"),
    ("cho_so_dinh_danh", "Khai sinh còn chờ số định danh đến ngày số liệu", "trường hợp"),
    ("cho_huy_so", "Số định danh chờ hủy đến ngày số liệu", "trường hợp"),
    ("sai_cau_truc", "Bản ghi có số định danh không qua kiểm tra", "trường hợp"),
    ("lien_thong", "Hồ sơ liên thông nộp", "hồ sơ"),
    ("lien_thong_xong", "Tỷ lệ hồ sơ liên thông xong cả ba bước", "%"),
    ("trung_lap", "Cặp bản ghi hộ tịch trùng hoặc nghi trùng", "cặp"),
    ("loi_moi", "Lỗi dữ liệu phát hiện trong kỳ", "trường hợp"),
    ("loi_con", "Lỗi dữ liệu chưa sửa", "trường hợp"),
    ("loi_da_sua", "Lỗi dữ liệu đã sửa", "trường hợp"),
]


def _counted(scope: str, where: str) -> list[tuple[str, str, str]]:
    counts = [(f"{scope}_{name}", f"{metric}, {where}", unit) for name, (metric, unit) in COUNTED.items()]
    return counts + [(f"{scope}_{name}", f"{metric}, {where}", "%") for name, (metric, _, _) in SHARES.items()]


_DOSSIERS = [entry for scope, where in SCOPES.items() for entry in _counted(scope, where)]
_BEFORE = _counted("truoc", "kỳ trước")
_POINTS = [
    (f"nhom_{group}_{what}", f"{words}: {meaning}", "điểm")
    for group, words in GROUPS.items()
    for what, meaning in POINTS.items()
]
_COMPONENTS = [(f"chi_so_{key}", f"{words} (chỉ số {code})", "%") for key, (_, code, words) in COMPONENTS.items()]
_COMPONENTS_BEFORE = [
    (f"truoc_chi_so_{key}", f"{COMPONENTS[key][2]} (chỉ số {COMPONENTS[key][1]}), tháng trước", "%") for key in MOVED
]

FIELDS: dict[str, dict[str, Field]] = {
    "kstthc": fields_of([*_DOSSIERS, *_BEFORE, *CATALOGUE, *PAKN, *NOT_RECEIVED, *_POINTS, *_COMPONENTS]),
    "de-an-06": fields_of([*ESSENTIAL, *_COMPONENTS, *CIVIL, *BRANCHES, *_COMPONENTS_BEFORE, *BY_GROUP]),
    "766": fields_of([*_POINTS, *_COMPONENTS]),
}
PREFIX = {"kstthc": "KS", "de-an-06": "DA", "766": "CS"}

PARTS: dict[str, dict[str, str]] = {
    "kstthc": {
        "y_kien": "II.1. Tham gia ý kiến, đánh giá tác động",
        "tham_dinh": "II.2. Thẩm định, thẩm tra",
        "cong_bo": "II.3. Công bố, công khai TTHC",
        "ra_soat": "II.4. Rà soát, đơn giản hóa TTHC",
        "pakn": "II.5. Phản ánh, kiến nghị",
        "kiem_tra": "II.6. Kiểm tra",
        "mot_cua": "II.7.1.a. Số TTHC, cơ chế một cửa",
        "ho_so": "II.7.1.b. Tiếp nhận, giải quyết, theo cấp",
        "don_vi": "II.7.1.b. Đơn vị có hồ sơ quá hạn, đơn vị đạt 100 % (trống khi lập cho một đơn vị)",
        "so_ky_truoc": "II.7.1.b. So với kỳ trước",
        "so_hoa": "II.7.1.c. Số hóa, kết quả điện tử, thanh toán",
        "buu_chinh": "II.7.1.d. Bưu chính công ích",
        "hai_long": "II.7.1.e. Mức độ hài lòng",
        "chi_so_766": "II.7.2. Sáu nhóm của Bộ chỉ số 766",
    },
    "de-an-06": {
        "dich_vu": "Dịch vụ công thiết yếu có và không phát sinh hồ sơ, hồ sơ ở hệ thống ngành dọc, so với kỳ trước",
        "so_hoa": "Số hóa sổ hộ tịch, hồ sơ, kết quả; thanh toán; so với tháng trước",
        "dinh_danh": "Số định danh, liên thông",
        "lam_sach": "Làm sạch dữ liệu",
        "hai_long": "Mức độ hài lòng",
    },
    "766": {
        "nhom": "Tổng điểm và sáu nhóm, so với bình quân cả nước và tháng trước",
        "diem_mat": "Mất điểm nhiều nhất qua đơn vị, thủ tục nào",
    },
}
TABLES: dict[str, dict[str, str]] = {
    "kstthc": {
        "don_vi": "Kết quả giải quyết theo đơn vị (trống khi lập cho một đơn vị)",
        "nhom_766": "Điểm sáu nhóm chỉ số",
        "da_in": "Từng con số của báo cáo đã in cùng kỳ, bên cạnh số của kho (trống khi không có báo cáo ấy)",
        "mau_thuan": "Chú thích của bảng trên: báo cáo đã in tự mâu thuẫn ở đâu (quy tắc “Số in trong báo cáo”)",
    },
    "de-an-06": {
        "dich_vu": "Từng dịch vụ công thiết yếu",
        "nganh_doc": "Hồ sơ ở hệ thống ngành dọc, chuyên ngành theo lĩnh vực, so với kỳ trước",
        "lam_sach": "Lỗi dữ liệu theo loại: phát hiện trong kỳ, còn phải sửa, đã sửa",
        "nguon": "Chất lượng dữ liệu theo nguồn",
    },
    "766": {
        "nhom_766": "Điểm sáu nhóm chỉ số",
        "don_vi_766": "Điểm theo đơn vị (trống khi lập cho một đơn vị)",
        "diem_mat": "Điểm mất lớn nhất theo đơn vị, thủ tục, chỉ số",
    },
}
HEAD = {
    "co_quan_chu_quan": "Cơ quan chủ quản, chữ in hoa (trống khi là báo cáo của tỉnh)",
    "co_quan": "Cơ quan ban hành, chữ in hoa",
    "dia_danh": "Địa danh",
    "nam": "Năm của ngày cuối kỳ",
    "trich_yeu": "Trích yếu",
    "pham_vi": "Đơn vị mà báo cáo nói về",
    "ky": "Kỳ số liệu, đủ hai ngày",
    "ngay_so_lieu": "Ngày số liệu",
    "phien_ban": "Mã phiên bản công bố",
    "ky_thay": "Dòng đầu của khối chữ ký",
    "chuc_vu": "Chức vụ người ký",
    "viet_tat": "Chữ viết tắt của cơ quan trong số, ký hiệu",
}
