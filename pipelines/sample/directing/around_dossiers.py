"""Fees in force, postal items, documents and counts of specialised systems: typed rows of the feeds around dossiers."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from pipelines.sample.world import working_days as wd
from pipelines.sample.world.geography import units_on

_RAISED = date(2025, 6, 3)
_SYSTEMS = (("HT-CUTRU", "Cư trú"), ("HT-THUE", "Quản lý thuế"), ("HT-DATDAI", "Đất đai"))
_US = 60_000_000


def fees(procedures: pl.DataFrame, free_from: date = _RAISED) -> pl.DataFrame:
    """Rows of feed ``dvc/phi``: the fee of every procedure that has one; online free of charge for some since a day."""
    rows: list[dict[str, object]] = []
    paid = procedures.filter(pl.col("phi") > 0).unique("ma_tthc", keep="first", maintain_order=True)
    for index, (code, fee) in enumerate(paid.select("ma_tthc", "phi").iter_rows()):
        base = {
            "ma_tthc": code, "kenh": None, "muc_thu": fee, "mien": False, "so_van_ban": "12/2022/NQ-HĐND",
            "ngay_van_ban": date(2022, 12, 9), "hieu_luc_tu": date(2023, 1, 1), "hieu_luc_den": None,
        }  # fmt: skip
        rows.append(base)
        if index % 3 == 0:
            rows.append(
                base
                | {"kenh": "truc_tuyen", "muc_thu": 0, "mien": True, "so_van_ban": f"05/{free_from:%Y}/NQ-HĐND"}
                | {"ngay_van_ban": free_from - timedelta(days=14), "hieu_luc_tu": free_from}
            )
    schema = {"kenh": pl.String, "hieu_luc_den": pl.Date}
    return pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)


def postal_items(rng: np.random.Generator, state: pl.DataFrame, size: int, as_of: date) -> pl.DataFrame:
    """``size`` rows of feed ``dvc/buu_gui`` for dossiers of ``state``, the newest ones last."""
    chosen = state.filter(pl.col("ngay_tiep_nhan").dt.date() < as_of).sort("ngay_tiep_nhan").tail(size)
    count = chosen.height
    back = rng.random(count) < 0.6
    took = rng.integers(1, 6, count)
    sent = chosen["ngay_tiep_nhan"].to_list()
    end = as_of + timedelta(days=1)
    arrived = [moment + timedelta(days=int(days)) for moment, days in zip(sent, took, strict=True)]
    there = [moment.date() < end for moment in arrived]
    lost = rng.random(count) < 0.03
    status = [
        "hoan" if gone and seen else "da_phat" if seen else "dang_chuyen"
        for gone, seen in zip(lost, there, strict=True)
    ]
    handed = [m if word == "da_phat" else None for m, word in zip(arrived, status, strict=True)]
    return pl.DataFrame(
        {
            "ma_buu_gui": [f"EB{100000000 + number:09d}VN" for number in range(count)],
            "ma_ho_so": chosen["ma_ho_so"],
            "loai": np.where(back, "tra_ket_qua", "nhan_ho_so"),
            "ngay_gui": chosen["ngay_tiep_nhan"],
            "ngay_phat": pl.Series(handed, dtype=pl.Datetime("us")),
            "trang_thai": status,
        }
    )


def documents(procedures: pl.DataFrame, months: list[date]) -> pl.DataFrame:
    """Rows of feed ``dvc/van_ban``: the decisions that the catalogue names, and one document a month."""
    named = procedures.unique("so_quyet_dinh", keep="first", maintain_order=True).sort("so_quyet_dinh")
    rows: list[dict[str, object]] = [
        {
            "so_van_ban": number, "ngay": day, "loai": "quyet_dinh", "co_quan": "Ủy ban nhân dân tỉnh",
            "trich_yeu": f"Về việc công bố thủ tục hành chính lĩnh vực {field}", "so_tthc": 1, "linh_vuc": field,
        }
        for number, day, field in named.select("so_quyet_dinh", "ngay_tinh_cong_bo", "linh_vuc").iter_rows()
    ]  # fmt: skip
    for number, month in enumerate(months, start=1):
        rows.append(
            {
                "so_van_ban": f"{40 + number}/KH-UBND",
                "ngay": month + timedelta(days=9 + number % 5),
                "loai": "ke_hoach",
                "co_quan": "Ủy ban nhân dân tỉnh",
                "trich_yeu": "Triển khai Đề án 06",
                "so_tthc": None,
                "linh_vuc": None,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def branch_counts(rng: np.random.Generator, agencies: pl.DataFrame, months: list[date]) -> pl.DataFrame:
    """Rows of feed ``nganh_doc/tong_hop``: what three systems outside the portal count, by month and department."""
    rows = []
    for month in months:
        units = units_on(agencies, month).filter(pl.col("cap") == "tinh")["ma_don_vi"].to_list()
        for number, (system, field) in enumerate(_SYSTEMS * 2):
            received = int(rng.integers(200, 3000))
            done = int(received * rng.uniform(0.7, 0.98))
            rows.append(
                {
                    "ky": f"{month:%Y-%m}",
                    "ma_don_vi": units[number],
                    "ma_tthc": None,
                    "linh_vuc": field,
                    "ma_he_thong": system,
                    "tiep_nhan": received,
                    "truc_tuyen": int(received * rng.uniform(0.3, 0.9)),
                    "da_giai_quyet": done,
                    "qua_han": int(done * rng.uniform(0, 0.04)),
                    "dang_giai_quyet": received - done,
                    "pakn": int(rng.integers(0, 9)),
                }
            )
    return pl.DataFrame(rows, schema_overrides={"ma_tthc": pl.String}, infer_schema_length=None)


def outages(rng: np.random.Generator, months: list[date], as_of: date) -> pl.DataFrame:
    """Rows of feed ``he_thong/gian_doan``: one or two a month, the last one still open at ``as_of``."""
    rows: list[tuple[str, int, int | None, str, str]] = []
    fields = dict(_SYSTEMS)
    for month in months:
        days = wd.working_days_between(month, month + timedelta(days=24))
        for day in rng.choice(days, int(rng.integers(1, 3)), replace=False):
            system = str(rng.choice(list(fields)))
            start = int(day) * 1440 + int(rng.integers(7 * 60, 16 * 60))
            level = str(rng.choice(["ngung", "cham", "loi"]))
            rows.append((system, start, start + int(rng.integers(10, 300)), level, f"{fields[system]}; Hộ tịch"))
    rows.append(("HT-THUE", wd.day(as_of) * 1440 + 15 * 60, None, "ngung", fields["HT-THUE"]))
    frame = pl.DataFrame(rows, schema=["ma_he_thong", "bat_dau", "ket_thuc", "muc_do", "linh_vuc"], orient="row")
    times = [(pl.col(name).cast(pl.Int64) * _US).cast(pl.Datetime("us")) for name in ("bat_dau", "ket_thuc")]
    return frame.with_columns(times).unique(["ma_he_thong", "bat_dau"], keep="first", maintain_order=True)


def systems() -> pl.DataFrame:
    """Rows of feed ``he_thong/ket_noi``."""
    rows = [
        ("HT-CUTRU", "Cơ sở dữ liệu quốc gia về dân cư", "Bộ Công an", "csdl", True, "ndxp", "da_ket_noi"),
        ("HT-THUE", "Hệ thống quản lý thuế", "Cục Thuế", "phan_mem", False, "lgsp", "da_ket_noi"),
        ("HT-DATDAI", "Cơ sở dữ liệu đất đai", "Sở Nông nghiệp và Môi trường", "csdl", False, "lgsp", "da_ket_noi"),
        ("HT-HOTICH", "Phần mềm hộ tịch điện tử dùng chung", "Bộ Tư pháp", "phan_mem", True, "ndxp", "da_ket_noi"),
        (
            "HT-CONGDVC",
            "Cổng dịch vụ công của tỉnh",
            "Văn phòng Ủy ban nhân dân tỉnh",
            "cong",
            True,
            "truc_tiep",
            "ngung",
        ),
        ("HT-BHXH", "Cơ sở dữ liệu bảo hiểm", "Bảo hiểm xã hội tỉnh", "csdl", False, None, "chua_ket_noi"),
    ]
    names = ["ma_he_thong", "ten", "chu_quan", "loai", "dung_chung", "qua", "trang_thai"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.lit("08/KH-UBND").alias("so_van_ban"),
        pl.lit(date(2024, 1, 1)).alias("hieu_luc_tu"),
        pl.lit(None, pl.Date).alias("hieu_luc_den"),
    )
