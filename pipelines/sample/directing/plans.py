"""Tasks, targets, training and health facilities: typed rows of the feeds of those who direct."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from pipelines.sample.world.geography import units_on

_PLANS = ("Kế hoạch triển khai Đề án 06 năm 2025", "Kế hoạch cải cách hành chính năm 2025")
_WORK = (
    "Rà soát, cắt giảm thủ tục hành chính", "Kết nối phần mềm chuyên ngành với cơ sở dữ liệu dân cư",
    "Tuyên truyền sử dụng dịch vụ công trực tuyến", "Số hóa kết quả giải quyết còn hiệu lực",
)  # fmt: skip
_COURSES = ("Kỹ năng số cơ bản", "Sử dụng hệ thống một cửa", "An toàn thông tin")
_TARGETS = (
    ("ty_le_truc_tuyen", "toan_tinh", 80, "it_nhat"), ("ty_le_dung_va_truoc_han", "toan_tinh", 95, "it_nhat"),
    ("ty_le_dung_va_truoc_han", "xa", 90, "it_nhat"), ("qua_han", "toan_tinh", 50, "nhieu_nhat"),
)  # fmt: skip
_FACILITIES = (
    ("24001", "Bệnh viện đa khoa tỉnh"), ("24002", "Bệnh viện Sản Nhi"), ("24101", "Trung tâm y tế huyện Lục Ngạn"),
    ("24102", "Trung tâm y tế huyện Yên Thế"),
)  # fmt: skip


def tasks(rng: np.random.Generator, agencies: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Rows of feed ``chi_dao/nhiem_vu``: two plans, every department, states as of ``as_of``."""
    units = units_on(agencies, as_of).filter(pl.col("cap") == "tinh")["ma_don_vi"].to_list()
    updated = datetime.combine(as_of - timedelta(days=3), datetime.min.time()) + timedelta(hours=9)
    rows: list[dict[str, object]] = []
    for number, unit in enumerate(units * 4):
        due = as_of + timedelta(days=int(rng.integers(-150, 120)))
        state = str(rng.choice(["chua_lam", "dang_lam", "xong"], p=[0.2, 0.4, 0.4]))
        done = min(due + timedelta(days=int(rng.integers(-20, 15))), as_of) if state == "xong" else None
        steady = number % 9 == 4
        rows.append(
            {
                "ma_nhiem_vu": f"NV-{number + 1:03d}",
                "ke_hoach": _PLANS[number % 2],
                "noi_dung": _WORK[number % 4],
                "ma_don_vi": unit,
                "thuong_xuyen": steady,
                "han": None if steady else due,
                "trang_thai": state,
                "ngay_hoan_thanh": done,
                "ngay_cap_nhat": updated,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def targets(first: date, last: date) -> pl.DataFrame:
    """Rows of feed ``chi_dao/muc_tieu``: shares in percent."""
    names = ["ma_chi_tieu", "pham_vi", "gia_tri", "chieu"]
    return pl.DataFrame(list(_TARGETS), schema=names, orient="row").select(
        "ma_chi_tieu",
        "pham_vi",
        pl.lit(first).alias("tu_ngay"),
        pl.lit(last).alias("den_ngay"),
        "gia_tri",
        "chieu",
        pl.lit("15/KH-UBND").alias("so_van_ban"),
    )


def training(rng: np.random.Generator, agencies: pl.DataFrame, months: list[date], as_of: date) -> pl.DataFrame:
    """Rows of feed ``dao_tao/ket_qua``: running totals of three courses at the end of some months."""
    units = units_on(agencies, as_of)["ma_don_vi"].head(12).to_list()
    rows: list[dict[str, object]] = []
    for course in _COURSES:
        for unit in units:
            planned = int(rng.integers(20, 200))
            for number, month in enumerate(months[-3:], start=1):
                registered = int(planned * 0.3 * number)
                active = int(registered * 0.9)
                finished = int(active * 0.8)
                rows.append(
                    {
                        "khoa_hoc": course,
                        "ma_don_vi": unit,
                        "ngay": month + timedelta(days=24),
                        "ke_hoach_lop": 2,
                        "ke_hoach_hoc_vien": planned,
                        "dang_ky": registered,
                        "kich_hoat": active,
                        "hoan_thanh": finished,
                        "chung_chi": int(finished * 0.7),
                        "giam_tru": min(registered - finished, 2),
                    }
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def facilities(rng: np.random.Generator, months: list[date]) -> pl.DataFrame:
    """Rows of feed ``ho_tich/co_so_y_te``: notices by facility and month; the last facility falls silent."""
    rows: list[dict[str, object]] = []
    for number, (code, name) in enumerate(_FACILITIES):
        for place, month in enumerate(months):
            if number == len(_FACILITIES) - 1 and place >= len(months) - 2:
                continue
            for kind, most in (("chung_sinh", 300), ("bao_tu", 40)):
                issued = int(rng.integers(most // 10, most))
                rows.append(
                    {
                        "ma_co_so": code,
                        "ten_co_so": name,
                        "ky": f"{month:%Y-%m}",
                        "loai": kind,
                        "so_phat_hanh": issued,
                        "so_gui": int(issued * rng.uniform(0.5, 1)),
                    }
                )
    return pl.DataFrame(rows, infer_schema_length=None)
