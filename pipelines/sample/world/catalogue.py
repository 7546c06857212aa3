"""The procedure catalogue of the sample province, its versions, and the national portal's copy.

Names are of procedures that exist; codes, decisions and time limits are invented. Procedures of district
level pass to the communes on 1/7/2025; five time limits change on 3/6/2025.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from pipelines.sample.world.geography import MERGER

CHANGE = date(2025, 6, 3)
_FIRST = date(2023, 1, 1)
WITHOUT_NATIONAL_CODE = ("BG.T021", "BG.X018")
ONLY_NATIONAL = (
    ("3.099001", "Cấp thẻ đi lại của doanh nhân APEC", "tinh"),
    ("3.099002", "Xác nhận nguồn gốc gỗ trước khi xuất khẩu", "tinh"),
)

# level, name, field, limit, unit, service level, fee (VND), weight, essential
_PROCEDURES = (
    "T|Cấp Phiếu lý lịch tư pháp cho công dân Việt Nam|Lý lịch tư pháp|10|ngay|toan_trinh|200000|60|1",
    "T|Cấp đổi giấy phép lái xe|Đường bộ|5|ngay_lam_viec|toan_trinh|115000|70|1",
    "T|Thành lập công ty trách nhiệm hữu hạn một thành viên|Thành lập doanh nghiệp|3|ngay_lam_viec|toan_trinh|0|25|0",
    "T|Đăng ký biến động quyền sử dụng đất|Đất đai|10|ngay_lam_viec|mot_phan|650000|80|0",
    "T|Cấp giấy phép môi trường|Môi trường|30|ngay|mot_phan|0|3|0",
    "T|Cấp chứng chỉ hành nghề dược|Dược phẩm|20|ngay|mot_phan|500000|6|0",
    "T|Đăng ký khuyến mại|Xúc tiến thương mại|5|ngay_lam_viec|toan_trinh|0|90|0",
    "T|Thông báo hoạt động khuyến mại|Xúc tiến thương mại||trong_ngay|toan_trinh|0|80|0",
    "T|Cấp giấy phép lao động cho người lao động nước ngoài|Việc làm|5|ngay_lam_viec|toan_trinh|600000|25|0",
    "T|Thẩm định báo cáo nghiên cứu khả thi đầu tư xây dựng|Xây dựng|40|ngay|mot_phan|0|4|0",
    "T|Cấp giấy chứng nhận đủ điều kiện an toàn thực phẩm|An toàn thực phẩm|15|ngay_lam_viec|mot_phan|700000|8|0",
    "T|Hưởng trợ cấp thất nghiệp|Việc làm|20|ngay_lam_viec|toan_trinh|0|55|1",
    "T|Cấp bản sao văn bằng từ sổ gốc|Văn bằng, chứng chỉ||trong_ngay|toan_trinh|0|12|0",
    "T|Đăng ký dự thi tốt nghiệp trung học phổ thông|Thi, tuyển sinh|3|ngay_lam_viec|toan_trinh|0|20|1",
    "T|Cấp giấy phép xây dựng công trình cấp tỉnh|Xây dựng|20|ngay|mot_phan|150000|6|0",
    "T|Công nhận sáng kiến cấp tỉnh|Khoa học và công nghệ|30|ngay_lam_viec|khong|0|2|0",
    "T|Cấp giấy phép kinh doanh karaoke|Văn hóa cơ sở|5|ngay_lam_viec|mot_phan|4000000|2|0",
    "T|Đăng ký giá của doanh nghiệp|Quản lý giá|4|gio|toan_trinh|0|4|0",
    "T|Cấp giấy chứng nhận đăng ký đầu tư|Đầu tư tại Việt Nam|15|ngay_lam_viec|mot_phan|0|6|0",
    "T|Xác nhận thông báo sản phẩm quảng cáo ngoài trời|Quảng cáo|12|gio|toan_trinh|0|4|0",
    "T|Hỗ trợ nhà ở cho người có công của tỉnh|Người có công|15|ngay_lam_viec|khong|0|3|0",
    "H|Đăng ký thành lập hộ kinh doanh|Thành lập và hoạt động hộ kinh doanh|3|ngay_lam_viec|toan_trinh|100000|40|1",
    "H|Cấp giấy phép xây dựng nhà ở riêng lẻ|Xây dựng|15|ngay|mot_phan|75000|16|0",
    "H|Đăng ký cấp giấy chứng nhận quyền sử dụng đất lần đầu|Đất đai|20|ngay_lam_viec|mot_phan|100000|20|0",
    "H|Chuyển mục đích sử dụng đất|Đất đai|15|ngay_lam_viec|mot_phan|0|14|0",
    "H|Hỗ trợ kinh phí mai táng đối tượng bảo trợ xã hội|Bảo trợ xã hội|3|ngay_lam_viec|mot_phan|0|9|0",
    "H|Ghi vào sổ hộ tịch việc khai sinh đã đăng ký ở nước ngoài|Hộ tịch|12|ngay|mot_phan|75000|3|0",
    "H|Đăng ký kết hôn có yếu tố nước ngoài|Hộ tịch|15|ngay|mot_phan|1000000|4|0",
    "H|Chứng thực hợp đồng, giao dịch về động sản|Chứng thực|16|gio|khong|50000|10|0",
    "X|Đăng ký khai sinh|Hộ tịch||trong_ngay|toan_trinh|0|60|1",
    "X|Đăng ký khai tử|Hộ tịch||trong_ngay|toan_trinh|0|25|1",
    "X|Đăng ký kết hôn|Hộ tịch||trong_ngay|mot_phan|0|22|1",
    "X|Cấp giấy xác nhận tình trạng hôn nhân|Hộ tịch|3|ngay_lam_viec|toan_trinh|15000|40|1",
    "X|Cấp bản sao trích lục hộ tịch|Hộ tịch||trong_ngay|toan_trinh|8000|80|1",
    "X|Chứng thực bản sao từ bản chính|Chứng thực||trong_ngay|khong|4000|140|0",
    "X|Chứng thực bản sao điện tử từ bản chính|Chứng thực||trong_ngay|toan_trinh|4000|30|0",
    "X|Chứng thực chữ ký|Chứng thực||trong_ngay|mot_phan|10000|45|0",
    "X|Đăng ký nhận cha, mẹ, con|Hộ tịch|3|ngay_lam_viec|mot_phan|0|5|0",
    "X|Đăng ký lại khai sinh|Hộ tịch|5|ngay_lam_viec|mot_phan|0|14|0",
    "X|Thay đổi, cải chính hộ tịch|Hộ tịch|3|ngay_lam_viec|mot_phan|0|8|0",
    "X|Trợ cấp xã hội hằng tháng|Bảo trợ xã hội|22|ngay_lam_viec|mot_phan|0|16|0",
    "X|Xác định mức độ khuyết tật|Bảo trợ xã hội|25|ngay|khong|0|6|0",
    "X|Công nhận hộ nghèo, hộ cận nghèo|Bảo trợ xã hội|15|ngay|khong|0|7|0",
    "X|Hòa giải tranh chấp đất đai|Đất đai|45|ngay|khong|0|3|0",
    "X|Đăng ký hoạt động tín ngưỡng|Tín ngưỡng, tôn giáo|15|ngay|khong|0|2|0",
    "X|Hỗ trợ học phí học sinh vùng đặc biệt khó khăn của tỉnh|Giáo dục|10|ngay_lam_viec|khong|0|3|0",
    "X|Thông báo tổ chức lễ hội cấp xã|Văn hóa cơ sở|8|gio|toan_trinh|0|2|0",
)
_LEVELS = {"T": "tinh", "H": "huyen", "X": "xa"}
_SHORTENED = {"BG.T001": 7, "BG.T004": 8, "BG.H002": 10, "BG.X004": 2, "BG.X012": 18}


def _one(index: int, line: str, number: int) -> dict[str, object]:
    letter, name, field, limit, unit, service, fee, weight, essential = line.split("|")
    code = f"BG.{letter}{number:03d}"
    # some national codes end in 0, so that a spreadsheet can eat the zero
    national = f"{1 + index % 3}.0{90100 + index * 10 + (0 if index % 5 == 0 else index % 9 + 1):05d}"
    local = code in WITHOUT_NATIONAL_CODE
    published = date(2022, 11, 1) + timedelta(days=index % 20)
    late = 9 if index % 9 == 4 else 1
    return {
        "ma_tthc": code,
        "ma_tthc_qg": None if local else national,
        "ten_tthc": name,
        "linh_vuc": field,
        "cap": _LEVELS[letter],
        "co_quan": "UBND cấp xã" if letter == "X" else ("UBND cấp huyện" if letter == "H" else "Các sở, ban, ngành"),
        "nguon": "dia_phuong" if local else "trung_uong",
        "thoi_han": int(limit) if limit else None,
        "don_vi_thoi_han": unit,
        "mot_cua": index % 11 != 3,
        "muc_do_dvc": service,
        "co_phi": fee != "0",
        "thanh_toan_truc_tuyen": fee != "0" and index % 4 != 1,
        "thiet_yeu": essential == "1",
        "so_quyet_dinh": f"{100 + index}/QĐ-UBND",
        "ngay_hieu_luc_vb": date(2022, 12, 15),
        "ngay_bo_cong_bo": published,
        "ngay_tinh_cong_bo": published + timedelta(days=10 + late),
        "ngay_cong_khai": published + timedelta(days=12 + late * 2),
        "du_bo_phan": index % 13 != 5,
        "hieu_luc_tu": _FIRST,
        "hieu_luc_den": None,
        "phi": int(fee),
        "trong_so": float(weight),
    }


def procedures() -> pl.DataFrame:
    """Every procedure version: columns of feed ``dvc/tthc`` plus ``phi`` (VND) and ``trong_so`` (weight)."""
    rows: list[dict[str, object]] = []
    counters: dict[str, int] = {}
    for index, line in enumerate(_PROCEDURES):
        letter = line[0]
        counters[letter] = counters.get(letter, 0) + 1
        rows += _versions(_one(index, line, counters[letter]))
    return pl.DataFrame(rows, infer_schema_length=None).sort("ma_tthc", "hieu_luc_tu")


def _versions(row: dict[str, object]) -> list[dict[str, object]]:
    result = [row]
    code = str(row["ma_tthc"])
    if code in _SHORTENED:
        first = {**row, "hieu_luc_den": CHANGE - timedelta(days=1)}
        result = [first, {**row, "thoi_han": _SHORTENED[code], "hieu_luc_tu": CHANGE}]
    if row["cap"] == "huyen":
        newest = result.pop()
        commune = {**newest, "cap": "xa", "co_quan": "UBND cấp xã", "hieu_luc_tu": MERGER}
        result += [{**newest, "hieu_luc_den": MERGER - timedelta(days=1)}, commune]
    return result


def national_catalogue() -> pl.DataFrame:
    """What the national portal lists: columns of feed ``dvcqg/tthc``; two procedures the province lacks."""
    newest = procedures().filter(pl.col("ma_tthc_qg").is_not_null() & pl.col("hieu_luc_den").is_null())
    shared = newest.select("ma_tthc_qg", "ten_tthc", "cap", "muc_do_dvc", "thanh_toan_truc_tuyen", "ngay_cong_khai")
    extra = pl.DataFrame(
        [(code, name, level, "mot_phan", False, date(2024, 4, 15)) for code, name, level in ONLY_NATIONAL],
        schema=shared.schema,
        orient="row",
    )
    return pl.concat([shared, extra]).sort("ma_tthc_qg")


def on_day(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """Procedure versions in force on ``day``, one row a procedure."""
    valid = (pl.col("hieu_luc_tu") <= day) & (pl.col("hieu_luc_den").is_null() | (pl.col("hieu_luc_den") >= day))
    return frame.filter(valid)
