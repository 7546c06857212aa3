"""A labelled synthetic deaths register for the linkage benchmark: five kinds of duplicates, families who died together.

Records come from ``pipelines.sample``, the noise of copies from the births register. No person in it exists.
"""

from __future__ import annotations

import random

import numpy as np
import polars as pl

from benchmarks.linkage_register import interval, noisy_day, noisy_name, originals, record_ids, registered_again
from pipelines.sample.registers.registry import deaths

KINDS = {"nhap_lai": 0.2, "giay_va_dien_tu": 0.3, "dang_ky_lai": 0.15, "hai_noi": 0.2, "nghi_trung": 0.15}
DUPLICATES, TOGETHER = 0.04, 0.01


def register(size: int, seed: int = 6) -> pl.DataFrame:
    """About ``size`` deaths: the columns linkage reads, plus ``ma_nguoi`` and ``loai_trung`` (copies only)."""
    rng = np.random.default_rng(seed)
    draw = random.Random(seed)  # noqa: S311 - synthetic data, no secret
    base = _base(rng, int(size * (1 - DUPLICATES)))
    copies = _copies(draw, rng, base, int(size * DUPLICATES))
    frame = pl.concat([base.with_columns(pl.lit(None, pl.String).alias("loai_trung")), copies])
    names = {
        "nkt_ho_ten": "ho_ten", "nkt_gioi_tinh": "gioi_tinh", "nkt_so_dinh_danh": "so_dinh_danh",
        "nkt_ngay_sinh_tu": "ngay_sinh_tu", "nkt_ngay_sinh_den": "ngay_sinh_den",
        "nkt_ngay_chet_tu": "ngay_chet_tu", "nkt_ngay_chet_den": "ngay_chet_den",
        "nkt_noi_chet": "noi_chet", "nkt_nguyen_nhan": "nguyen_nhan",
    }  # fmt: skip
    dated = frame.with_columns(*[e for c in ("nkt_ngay_sinh", "ngay_dang_ky", "nkt_ngay_chet") for e in interval(c)])
    return dated.with_columns(record_ids(frame.height)).rename(names).select(
        "ma_ban_ghi", "_khoa", "noi_dang_ky", "nguon", "loai_dang_ky", "so_dinh_danh", "ngay_dang_ky_tu",
        "ngay_dang_ky_den", "gioi_tinh", "ho_ten", "ngay_sinh_tu", "ngay_sinh_den", "ngay_chet_tu", "ngay_chet_den",
        "noi_chet", "nguyen_nhan", "ma_nguoi", "loai_trung",
    )  # fmt: skip


def _base(rng: np.random.Generator, size: int) -> pl.DataFrame:
    paper = int(size * 0.7)
    return _together(rng, originals(rng, deaths, paper, size - paper))


def _together(rng: np.random.Generator, frame: pl.DataFrame) -> pl.DataFrame:
    """Some die with the person of the record before: one family name, one day, one place, another given name."""
    rows = {name: frame[name].to_list() for name in frame.columns}
    for one in (1 + rng.permutation(frame.height - 1)[: int(frame.height * TOGETHER)]).tolist():
        family, *own = rows["nkt_ho_ten"][one - 1].split(" ")
        mine = rows["nkt_ho_ten"][one].split(" ")[1:]
        if mine == own:
            continue
        rows["nkt_ho_ten"][one] = " ".join([family, *mine])
        for name in ("nkt_ngay_chet", "ngay_dang_ky", "noi_dang_ky", "nguon", "loai_dang_ky"):
            rows[name][one] = rows[name][one - 1]
    return pl.DataFrame(rows, schema=frame.schema)


def _copies(draw: random.Random, rng: np.random.Generator, base: pl.DataFrame, count: int) -> pl.DataFrame:
    rows = []
    for copy in registered_again(draw, rng, base, count, kinds=KINDS, days=(10, 3000)):
        if draw.random() < 0.5:
            copy["nkt_so_dinh_danh"] = None
        if draw.random() < 0.3:
            copy["nkt_ho_ten"] = noisy_name(draw, copy["nkt_ho_ten"])
        for name in ("nkt_ngay_sinh", "nkt_ngay_chet"):
            if draw.random() < 0.1:
                copy[name] = noisy_day(draw, copy[name])
        if draw.random() < 0.03:
            copy["nkt_ngay_sinh"] = None
        if draw.random() < 0.25:
            copy["nkt_nguyen_nhan"] = draw.choice((None, "Không rõ", draw.choice(base["nkt_nguyen_nhan"])))
        if draw.random() < 0.15:
            copy["nkt_noi_chet"] = draw.choice((None, draw.choice(base["nkt_noi_chet"])))
        rows.append(copy)
    return pl.DataFrame(rows, schema={**base.schema, "loai_trung": pl.String})
