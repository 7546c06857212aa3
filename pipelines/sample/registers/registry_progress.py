"""Digitisation of register books (two snapshots) and the interlinked procedures."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.sample.world import working_days as wd
from pipelines.sample.world.geography import MERGER, units_on

Ints = npt.NDArray[np.int64]
_YEARS = (1968, 1974, 1985, 1992, 1998, 2001, 2004, 2008, 2012, 2015, 2017, 2019)
_REGISTERS = ("khai_sinh", "khai_tu", "ket_hon", "nhan_cha_me_con")
_COHORT_ENDS = (1975, 1998, 2005, 2015)


def cohort(year: Ints) -> Ints:
    """``giai_doan`` 1–5 by the year the book was opened: 2016–2019 is 1, up to 1975 is 5."""
    return 5 - np.searchsorted(np.array(_COHORT_ENDS), year, side="left")


def books(rng: np.random.Generator, agencies: pl.DataFrame, units: int) -> pl.DataFrame:
    """Register books of ``units`` old communes: ``ma_don_vi, loai_so, quyen_so, nam_mo_so, so_truong_hop,
    giai_doan``."""
    codes = units_on(agencies, date(2025, 1, 15)).filter(pl.col("cap") == "xa")["ma_don_vi"].head(units).to_list()
    rows = [
        (code, register, f"01/{year}", year)
        for code in codes
        for register in _REGISTERS
        for year in _YEARS
        if rng.random() < (0.9 if register == "khai_sinh" else 0.55)
    ]
    frame = pl.DataFrame(rows, schema=["ma_don_vi", "loai_so", "quyen_so", "nam_mo_so"], orient="row")
    return frame.with_columns(
        pl.Series("so_truong_hop", rng.integers(20, 400, frame.height)),
        pl.Series("giai_doan", cohort(frame["nam_mo_so"].to_numpy())),
    )


def progress(rng: np.random.Generator, listed: pl.DataFrame, share: float, when: datetime) -> pl.DataFrame:
    """Rows of feed ``ho_tich/so_hoa`` at ``when``: about ``share`` of the records entered, fewer checked,
    fewer approved. The same generator state gives growing figures for growing ``share``."""
    total = listed["so_truong_hop"].to_numpy()
    luck = 0.6 + 0.4 * rng.random(listed.height)
    entered = np.minimum((total * np.minimum(share * luck * 1.4, 1)).astype(np.int64), total)
    checked = (entered * (0.6 + 0.35 * luck)).astype(np.int64)
    approved = (checked * (0.5 + 0.4 * luck)).astype(np.int64)
    return listed.with_columns(
        pl.Series("da_nhap", entered),
        pl.Series("da_doi_soat", checked),
        pl.Series("da_phe_duyet", approved),
        pl.lit(when).cast(pl.Datetime("us")).alias("ngay_cap_nhat"),
    )


def interlinked(
    rng: np.random.Generator, agencies: pl.DataFrame, window: tuple[date, date], size: int, as_of: date
) -> pl.DataFrame:
    """``size`` rows of feed ``ho_tich/lien_thong`` handed in during ``window``; steps after ``as_of`` open."""
    first, last = window
    days = np.sort(rng.choice(wd.working_days_between(first, last), size))
    before = units_on(agencies, date(2025, 6, 1)).filter(pl.col("cap") == "xa")["ma_don_vi"].to_numpy()
    after = units_on(agencies, MERGER).filter(pl.col("cap") == "xa")["ma_don_vi"].to_numpy()
    old = days < wd.day(MERGER)
    unit = np.where(old, before[rng.integers(0, len(before), size)], after[rng.integers(0, len(after), size)])
    steps: dict[str, pl.Series] = {}
    at = days
    gone = np.zeros(size, dtype=bool)
    for name in ("ho_tich", "cu_tru", "bhxh"):
        at = wd.add_working(at, rng.integers(1, 4, size))
        gone = gone | (at > wd.day(as_of)) | (rng.random(size) < 0.02)
        done = pl.Series(at).cast(pl.Int32).cast(pl.Date)
        steps[f"ngay_{name}"] = pl.select(pl.when(~pl.Series(gone)).then(done)).to_series()
        steps[f"trang_thai_{name}"] = pl.Series(np.where(gone, "Đang xử lý", "Đã hoàn thành"))
    stamp = pl.Series(days).cast(pl.Int32).cast(pl.Date)
    return pl.DataFrame(
        {
            "ma_ho_so": [f"LT-{d:%y%m%d}-{i:05d}" for i, d in enumerate(stamp.to_list(), 1)],
            "nhom": np.where(rng.random(size) < 0.75, "khai_sinh", "khai_tu"),
            "ma_don_vi": pl.Series(unit, dtype=pl.String),
            "ngay_nop": stamp,
            **steps,
            "co_giay_dien_tu": rng.random(size) < 0.6,
        }
    )
