"""Payments, ratings and petitions around the dossiers."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipelines.sample.world import working_days as wd
from pipelines.sample.world.geography import units_on
from pipelines.sample.world.people import full_names

_US = 60_000_000
_COMMENTS = (
    "Cán bộ hướng dẫn tận tình", "Thời gian chờ còn lâu", "Thủ tục nhanh, đúng hẹn", "Nên nhận hồ sơ cả sáng thứ bảy",
)  # fmt: skip
_RATINGS = np.array(["rat_hai_long", "hai_long", "binh_thuong", "khong_hai_long"])
_TOPICS = ("Đất đai", "Hộ tịch", "Xây dựng", "Chứng thực", "Bảo trợ xã hội")


def payments(rng: np.random.Generator, state: pl.DataFrame, batch: int) -> pl.DataFrame:
    """Rows of feed ``dvc/thanh_toan`` for dossiers with a fee; one failed try before every tenth success.

    ``batch`` makes ``ma_giao_dich`` unique between batches.
    """
    due_fee = state.filter((pl.col("phi_le_phi") > 0) & pl.col("trang_thai").is_in(["moi_dang_ky"]).not_())
    size = due_fee.height
    online = due_fee["thanh_toan_truc_tuyen"].fill_null(value=False).to_numpy()
    channel = np.where(online, np.where(rng.random(size) < 0.7, "dvcqg", "tinh"), "quay")
    good = due_fee.select(
        "ma_ho_so",
        (pl.col("ngay_tiep_nhan") + pl.duration(minutes=pl.lit(pl.Series(rng.integers(2, 20, size))))).alias(
            "thoi_diem"
        ),
        pl.col("phi_le_phi").alias("so_tien"),
        pl.Series("kenh", channel),
        pl.lit("thanh_cong").alias("ket_qua"),
        pl.lit(None, pl.String).alias("ma_loi"),
    ).filter(pl.Series(online | (rng.random(size) < 0.85)))
    failed = good.filter(pl.Series(rng.random(good.height) < 0.1) & (pl.col("kenh") != "quay")).with_columns(
        (pl.col("thoi_diem") - pl.duration(minutes=1)).alias("thoi_diem"),
        pl.lit("that_bai").alias("ket_qua"),
        pl.lit("E24").alias("ma_loi"),
    )
    both = pl.concat([good, failed]).sort("thoi_diem", "ma_ho_so", "ket_qua")
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)
    return both.select(pl.format("GD{}-{}", pl.lit(f"{batch:04d}"), number).alias("ma_giao_dich"), pl.all())


def ratings(rng: np.random.Generator, state: pl.DataFrame, at: int) -> pl.DataFrame:
    """Rows of feed ``dvc/danh_gia`` for a fifth of the dossiers handed over: ``diem`` or ``muc_do``."""
    done = state.filter(pl.col("trang_thai") == "da_tra_ket_qua")
    rated = done.filter(pl.Series(rng.random(done.height) < 0.2))
    size = rated.height
    level = rng.choice(4, size, p=[0.55, 0.3, 0.1, 0.05])
    by_points = rng.random(size) < 0.5
    points = np.array([5, 4, 3, 1])[level]
    comment = np.array([*_COMMENTS, ""])[np.minimum(rng.integers(0, 12, size), 4)]
    when = pl.col("ngay_tra") + pl.duration(minutes=pl.lit(pl.Series(rng.integers(10, 3000, size))))
    end = pl.lit(at * _US).cast(pl.Datetime("us"))
    return rated.select(
        "ma_ho_so",
        pl.min_horizontal(when, end).alias("thoi_diem"),
        pl.when(pl.Series(by_points)).then(pl.Series(points)).alias("diem"),
        pl.when(~pl.Series(by_points)).then(pl.Series(_RATINGS[level])).alias("muc_do"),
        pl.when(pl.Series(comment) != "").then(pl.Series(comment)).alias("y_kien"),
    ).sort("thoi_diem", "ma_ho_so")


def petitions(
    rng: np.random.Generator, agencies: pl.DataFrame, window: tuple[date, date], size: int, as_of: date
) -> pl.DataFrame:
    """``size`` rows of feed ``dvc/pakn`` received in ``window``; what happens after ``as_of`` is not there yet."""
    first, last = window
    units = units_on(agencies, first)["ma_don_vi"].to_numpy()
    days = np.sort(rng.choice(wd.working_days_between(first, last), size))
    took = rng.integers(1, 24, size)
    answered = wd.add_working(days, took)
    published = wd.add_working(answered, 1)
    open_case = (rng.random(size) < 0.08) | (answered > wd.day(as_of))
    happy = rng.choice(np.array(["hai_long", "khong_hai_long", ""]), size, p=[0.4, 0.05, 0.55])
    sex = rng.integers(1, 3, size)

    def as_date(values: np.ndarray, gone: np.ndarray) -> pl.Series:
        text = pl.Series(values).cast(pl.Int32).cast(pl.Date)
        return pl.select(pl.when(~pl.Series(gone)).then(text)).to_series()

    never = np.zeros(size, dtype=bool)
    return pl.DataFrame(
        {
            "ma_pakn": pl.Series([f"PAKN-{first:%y%m}-{i + 1:04d}" for i in range(size)], dtype=pl.String),
            "ngay_tiep_nhan": as_date(days, never),
            "loai": rng.choice(np.array(["quy_dinh", "hanh_vi"]), size, p=[0.3, 0.7]),
            "linh_vuc": np.array(_TOPICS)[rng.integers(0, len(_TOPICS), size)],
            "ma_don_vi": pl.Series(units[rng.integers(0, len(units), size)], dtype=pl.String),
            "han_xu_ly": as_date(wd.add_working(days, 15), never),
            "ngay_xu_ly": as_date(answered, open_case),
            "ngay_cong_khai": as_date(published, open_case | (published > wd.day(as_of)) | (rng.random(size) < 0.2)),
            "hai_long": pl.select(
                pl.when((pl.Series(happy) != "") & ~pl.Series(open_case)).then(pl.Series(happy))
            ).to_series(),
            "noi_dung": "Phản ánh của " + full_names(rng, sex) + " về việc giải quyết hồ sơ",
        }
    )
