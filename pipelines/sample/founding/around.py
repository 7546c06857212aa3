"""What the founding report counts beside dossiers and catalogue: made-up rows whose sums are the printed figures.

Scores of 766, books of the registers, petitions, training, tasks, systems. What a report does not print (which unit,
which month) is chosen here and means nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import polars as pl

from pipelines.sample.world.geography import OLD, units_on

AS_OF = date(2024, 6, 30)
_TAKEN = datetime(2024, 6, 30, 9)
Row = dict[str, object]

# group, points, maximum, national mean, as printed (the mean of satisfaction is not printed)
_GROUPS = (
    ("cong_khai", 13.6, 18, 11.0), ("2.1", 19.6, 20, 18.4), ("truc_tuyen", 8.1, 12, 6.4), ("thanh_toan", 6.3, 10, 6.6),
    ("so_hoa", 18.5, 22, 11.4), ("hai_long", 17.6, 18, None), ("tong", 83.7, 100, None),
)  # fmt: skip
# component, printed share (%), maximum, points by the definition's rule
_COMPONENTS = (
    ("3.1", 73.22, 2, 1.83), ("3.3", 78.6, 6, 6.0), ("3.5", 48.38, 2, 1.21), ("3.5b", 67.33, 2, 1.68),
    ("3.6", 36.74, 6, 6.0), ("4.1", 82.27, 6, 4.94), ("4.2", 81.73, 4, 4.0), ("4.3", 82.97, 2, 2.0),
    ("5.3", 93.0, 6, 5.58), ("5.4", 97.92, 6, 6.0),
)  # fmt: skip
_BOOKS, _RECORDS = 12_791, 1_668_311
_REGISTERS = ("khai_sinh", "khai_tu", "ket_hon", "nhan_cha_me_con")
_YEARS = (2017, 2010, 2002, 1990, 1970)
_NATIONAL_PLAN = "Kế hoạch triển khai Đề án 06 năm 2024"
_CONTROL_PLAN = "Kế hoạch kiểm soát thủ tục hành chính năm 2024"
_REVIEW_PLAN = "Kế hoạch 45/KH-UBND rà soát 121 thủ tục năm 2024"
_NOT_CONNECTED = ("Giao thông vận tải", "Kế hoạch và Đầu tư", "Tư pháp", "Tài chính", "Y tế")


def scores() -> pl.DataFrame:
    """Rows of feed ``bo_chi_so_766/diem``: June 2024 as printed for the province; May, made up, a little lower."""
    rows: list[Row] = []
    for period, taken, less in (("2024-05", datetime(2024, 6, 3, 9), 0.1), ("2024-06", _TAKEN, 0.0)):
        base: Row = {"ky": period, "ma_don_vi": OLD, "ten_don_vi": "UBND tỉnh Bắc Giang", "thoi_diem_lay": taken}
        down = round(less * (len(_GROUPS) - 1), 1)
        for code, points, top, mean in _GROUPS:
            got = round(points - (down if code == "tong" else less), 2)
            share = 0.9854 if code == "2.1" else None
            place = 5 if code == "tong" else None
            rows.append(
                base
                | {"ma_chi_so": code, "ty_le": share, "diem": got, "diem_toi_da": top, "binh_quan_ca_nuoc": mean}
                | {"xep_hang": place, "so_don_vi_xep_hang": 63 if place else None}
            )
        for code, percent, top, points in _COMPONENTS:
            rows.append(base | {"ma_chi_so": code, "ty_le": percent / 100, "diem": points, "diem_toi_da": top})
    return pl.DataFrame(rows, infer_schema_length=None)


def books(agencies: pl.DataFrame) -> pl.DataFrame:
    """Rows of feed ``ho_tich/so_hoa``: 12,791 books with 1,668,311 records, all approved (printed: 100 %)."""
    communes = units_on(agencies, date(2024, 1, 15)).filter(pl.col("cap") == "xa")["ma_don_vi"].to_list()
    each, more = divmod(_RECORDS, _BOOKS)
    rows: list[Row] = []
    for number in range(_BOOKS):
        unit, rest = number % len(communes), number // len(communes)
        year = _YEARS[(rest // len(_REGISTERS)) % len(_YEARS)]
        book = rest // len(_REGISTERS) // len(_YEARS) + 1
        count = each + (number < more)
        rows.append({
            "ma_don_vi": communes[unit], "loai_so": _REGISTERS[rest % len(_REGISTERS)],
            "quyen_so": f"{book:02d}/{year}", "nam_mo_so": year, "so_truong_hop": count,
            "giai_doan": _YEARS.index(year) + 1, "da_nhap": count,
            "da_doi_soat": count, "da_phe_duyet": count, "ngay_cap_nhat": _TAKEN,
        })  # fmt: skip
    return pl.DataFrame(rows)


def petitions(agencies: pl.DataFrame) -> pl.DataFrame:
    """Rows of feed ``dvc/pakn``: 26 of the window (14 on rules; 25 answered and public), six before it."""
    units = units_on(agencies, date(2024, 1, 15)).filter(pl.col("cap") != "tinh")["ma_don_vi"].to_list()
    fields = ("Đất đai", "Hộ tịch", "Xây dựng", "Bảo trợ xã hội")
    rows: list[Row] = []
    for number in range(32):
        earlier = number < 6
        come = (
            date(2023, 11, 6) + timedelta(days=4 * number)
            if earlier
            else date(2023, 12, 18) + timedelta(days=7 * (number - 6))
        )
        answered = None if number == 31 else come + timedelta(days=5 + number % 3)
        rows.append({
            "ma_pakn": f"PAKN-BG-{number + 1:04d}", "ngay_tiep_nhan": come,
            "loai": "quy_dinh" if (number - 6) % 13 < 7 else "hanh_vi", "linh_vuc": fields[number % len(fields)],
            "ma_don_vi": units[number * 5 % len(units)], "han_xu_ly": come + timedelta(days=20), "ngay_xu_ly": answered,
            "ngay_cong_khai": answered, "hai_long": None if answered is None else "hai_long",
            "noi_dung": "Phản ánh tổng hợp, không có thật",
        })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def training() -> pl.DataFrame:
    """Rows of feed ``dao_tao/ket_qua``: two courses to April 2024, and what the plan of 2024 foresees."""
    plain: Row = {"ma_don_vi": f"{OLD}.12", "ngay": date(2024, 4, 14)}
    empty = dict.fromkeys(
        ("ke_hoach_lop", "ke_hoach_hoc_vien", "dang_ky", "kich_hoat", "hoan_thanh", "chung_chi", "giam_tru")
    )
    rows = [
        {"khoa_hoc": "An toàn thông tin", "dang_ky": 622, "kich_hoat": 622, "hoan_thanh": 619, "chung_chi": 614},
        {"khoa_hoc": "Nền tảng học trực tuyến MOOC", "dang_ky": 3_235, "kich_hoat": 3_226}
        | {"hoan_thanh": 3_029, "giam_tru": 176},
        {"khoa_hoc": "Kế hoạch 2024: lãnh đạo, quản lý ngành y tế", "ke_hoach_lop": 6, "ke_hoach_hoc_vien": 600},
        {"khoa_hoc": "Kế hoạch 2024: ứng dụng công nghệ thông tin, chuyển đổi số", "ke_hoach_lop": 3},
    ]  # fmt: skip
    return pl.DataFrame([plain | empty | row for row in rows], infer_schema_length=None)


def tasks(agencies: pl.DataFrame) -> pl.DataFrame:
    """Rows of feed ``chi_dao/nhiem_vu``: 51 of Đề án 06 (7 done, 30 steady, 14 under way), 42 of the control plan
    (26 done), and the review of 121 procedures (five units have reported)."""
    units = units_on(agencies, date(2024, 1, 15)).filter(pl.col("cap") == "tinh")["ma_don_vi"].to_list()
    rows: list[Row] = []

    def add(plan: str, text: str, state: str, due: date | None, steady: bool = False) -> None:
        number = len(rows)
        rows.append({
            "ma_nhiem_vu": f"NV-BG-{number + 1:03d}", "ke_hoach": plan, "noi_dung": text,
            "ma_don_vi": units[number % len(units)], "thuong_xuyen": steady, "han": due, "trang_thai": state,
            "ngay_hoan_thanh": date(2024, 3, 25) if state == "xong" else None, "ngay_cap_nhat": _TAKEN,
        })  # fmt: skip

    for number in range(51):
        if number < 7:
            add(_NATIONAL_PLAN, "Nhiệm vụ quý I/2024 (bịa)", "xong", date(2024, 3, 31))
        elif number < 37:
            add(_NATIONAL_PLAN, "Nhiệm vụ thường xuyên (bịa)", "dang_lam", None, steady=True)
        else:
            text = "Phối hợp xây dựng cơ sở dữ liệu quốc gia (bịa)" if number < 41 else "Nhiệm vụ có lộ trình (bịa)"
            add(_NATIONAL_PLAN, text, "dang_lam", date(2024, 12, 31))
    for number in range(42):
        done = number < 26
        due = date(2024, 6, 15) if done else date(2024, 9, 29) if number == 26 else date(2024, 12, 31)
        add(_CONTROL_PLAN, "Nhiệm vụ kiểm soát thủ tục (bịa)", "xong" if done else "dang_lam", due)
    for number in range(len(units)):
        add(
            _REVIEW_PLAN,
            "Rà soát thủ tục, báo cáo phương án đơn giản hóa (bịa)",
            "xong" if number < 5 else "dang_lam",
            date(2024, 7, 21),
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def systems() -> pl.DataFrame:
    """Rows of feed ``he_thong/ket_noi``: the five ministries whose software the report says is not connected, and three
    connections that it tells of."""
    base: Row = {"so_van_ban": None, "hieu_luc_tu": date(2023, 1, 1), "hieu_luc_den": None}
    rows = [
        base | {"ma_he_thong": f"BO-{number:02d}", "ten": f"Phần mềm chuyên ngành {name}", "chu_quan": f"Bộ {name}"}
        | {"loai": "phan_mem", "dung_chung": False, "qua": None, "trang_thai": "chua_ket_noi"}
        for number, name in enumerate(_NOT_CONNECTED, 1)
    ] + [
        base | {"ma_he_thong": code, "ten": name, "chu_quan": owner, "loai": kind, "dung_chung": True}
        | {"qua": "ndxp", "trang_thai": state}
        for code, name, owner, kind, state in (
            ("CSDL-DC", "Cơ sở dữ liệu quốc gia về dân cư", "Bộ Công an", "csdl", "da_ket_noi"),
            ("CONG-QG", "Cổng Dịch vụ công quốc gia", "Văn phòng Chính phủ", "cong", "da_ket_noi"),
            ("PM-LLTP", "Phần mềm lý lịch tư pháp dùng chung", "Bộ Tư pháp", "phan_mem", "loi"),
        )
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


FEEDS: tuple[tuple[str, str, Callable[[pl.DataFrame], pl.DataFrame]], ...] = (
    ("bo_chi_so_766/diem", "diem_766.csv", lambda _: scores()),
    ("ho_tich/so_hoa", "so_hoa.parquet", books),
    ("dvc/pakn", "pakn.csv", petitions),
    ("dao_tao/ket_qua", "dao_tao.csv", lambda _: training()),
    ("chi_dao/nhiem_vu", "nhiem_vu.csv", tasks),
    ("he_thong/ket_noi", "ket_noi.csv", lambda _: systems()),
)
"""Feed, file, and what makes its rows from the agencies of the sample."""
