"""Civil-registry records: births, deaths, marriages, recognitions of parentage, electronic and from paper.

Every frame has the canonical fields of its feed (partial dates as canonical text, codes as words) and
``ma_nguoi`` (the person, for the answer key). Numbers ``so`` run from 1 within unit and year, without gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.sample.world import working_days as wd
from pipelines.sample.world.people import birth_provinces, family_names, full_names, given_names, identity_numbers

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
ELECTRONIC, PAPER = "dien_tu", "so_hoa"
_ETHNIC = ("Kinh", "Tày", "Nùng", "Sán Dìu", "Sán Chay", "Dao", "Hoa")
_ETHNIC_WEIGHTS = np.array([0.87, 0.03, 0.045, 0.02, 0.02, 0.01, 0.005])
_CAUSES = ("Tuổi già", "Bệnh tim mạch", "Ung thư", "Tai nạn giao thông", "Đột quỵ", "Bệnh khác")
_BIRTH_LIMIT, _DEATH_LIMIT = 60, 15
# the police files write 19/11/1999 for "no date": no record may be registered on that day in earnest
_SENTINEL = wd.day(date(1999, 11, 19))


@dataclass(frozen=True)
class Batch:
    """Where and when records of one call are registered: units, first and last day, carrier, update time.

    ``people_from``: first ``ma_nguoi``; ``identity_from``: first running part of identity numbers (calls that
    share people of one year of birth must not share a range).
    """

    units: tuple[str, ...]
    first: date
    last: date
    source: str
    updated: datetime | None = None
    number_skip: int = 0
    people_from: int = 0
    identity_from: int = 0


def _dates(days: Ints) -> pl.Series:
    return pl.Series(days).cast(pl.Int32).cast(pl.Date)


def partial(rng: np.random.Generator, days: Ints, year_only: float, month_only: float) -> pl.Series:
    """Canonical text of each day, of which a share is known by year or by month only."""
    draw = pl.Series(rng.random(len(days)))
    text = _dates(days).dt.strftime("%Y-%m-%d")
    return pl.select(
        pl.when(draw < year_only)
        .then(text.str.slice(0, 4))
        .when(draw < year_only + month_only)
        .then(text.str.slice(0, 7))
        .otherwise(text)
    ).to_series()


def _years(days: Ints) -> Ints:
    return _dates(days).dt.year().cast(pl.Int64).to_numpy()


def _common(rng: np.random.Generator, batch: Batch, size: int) -> tuple[pl.DataFrame, Ints]:
    """Unit, day, number, book and page of ``size`` records, in order of unit and day."""
    days = wd.working_days_between(batch.first, batch.last)
    days = days[days != _SENTINEL]
    chosen = np.sort(rng.choice(days, size))
    units = np.array(batch.units)[np.minimum(rng.integers(0, len(batch.units), size), len(batch.units) - 1)]
    frame = pl.DataFrame({"ngay": chosen, "noi_dang_ky": units}).sort("noi_dang_ky", "ngay", maintain_order=True)
    year = _dates(frame["ngay"].to_numpy()).dt.year()
    frame = frame.with_columns(year.alias("nam")).with_columns(
        (pl.int_range(1, pl.len() + 1).over("noi_dang_ky", "nam") + batch.number_skip).alias("n")
    )
    updated = (
        pl.col("ngay").cast(pl.Int32).cast(pl.Date).cast(pl.Datetime("us")) + pl.duration(hours=9)
        if batch.updated is None
        else pl.lit(batch.updated).cast(pl.Datetime("us"))
    )
    common = frame.select(
        pl.col("n").cast(pl.String).alias("so"),
        pl.format("{}/{}", ((pl.col("n") - 1) // 200 + 1).cast(pl.String).str.zfill(2), "nam").alias("quyen_so"),
        ((pl.col("n") - 1) % 200 // 2 + 1).cast(pl.String).alias("trang_so"),
        pl.col("ngay").cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m-%d").alias("ngay_dang_ky"),
        "noi_dang_ky",
        pl.lit(batch.source).alias("nguon"),
        updated.alias("ngay_cap_nhat"),
    )
    return common, frame["ngay"].to_numpy()


def _delays(rng: np.random.Generator, size: int, limit: int, late_share: float, last_late: int) -> tuple[Ints, Flags]:
    """Days from event to registration and whether that is late; days around the limit are left out, where a
    day off would decide."""
    late = rng.random(size) < late_share
    soon = np.minimum((rng.gamma(1.6, limit / 6, size)).astype(np.int64), limit - 2)
    return np.where(late, rng.integers(limit + 6, last_late, size), soon), late


def _states(rng: np.random.Generator, size: int, source: str) -> pl.Series:
    draw = rng.random(size)
    rare = np.select(
        [draw < 0.006, draw < 0.010, draw < 0.014], ["cho_duyet", "cho_huy_so_dinh_danh", "da_huy"], "da_duyet"
    )
    return pl.Series(rare if source == ELECTRONIC else np.full(size, "da_duyet"))


def births(rng: np.random.Generator, batch: Batch, size: int) -> pl.DataFrame:
    """``size`` rows of feed ``ho_tich/khai_sinh`` plus ``ma_nguoi``.

    Electronic: a sixth are re-registrations of adults, 15 % of the rest late, 97 % have their number within
    days. Paper: no numbers, many parents known by year of birth only, some children too.
    """
    common, day = _common(rng, batch, size)
    electronic = batch.source == ELECTRONIC
    delay, late = _delays(rng, size, _BIRTH_LIMIT, 0.15, 400)
    again = (rng.random(size) < 0.16) & electronic
    abroad = (rng.random(size) < 0.01) & electronic & ~again
    delay = np.where(again, rng.integers(20 * 365, 70 * 365, size), delay)
    born = day - delay
    kind = np.select([again, abroad, late], ["dang_ky_lai", "ghi_vao_so", "qua_han"], "dung_han")
    sex = np.where(rng.random(size) < 0.526, 1, 2)
    year = _years(born)
    father_family = family_names(rng, size)
    issued = electronic & ~again & (rng.random(size) < 0.97)
    wait = np.where(rng.random(size) < 0.7, 0, rng.integers(1, 12, size))
    numbers = identity_numbers(sex, np.maximum(year, 1900), np.full(size, "024"), block=8, skip=batch.identity_from)
    mother_born = born - rng.integers(19 * 365, 41 * 365, size)
    father_born = born - rng.integers(20 * 365, 46 * 365, size)
    young = electronic & ~again
    only_year = 0.15 if electronic else 0.6
    mother_number = identity_numbers(
        np.full(size, 2), _years(mother_born), birth_provinces(rng, size), block=7, skip=batch.identity_from
    )
    own = partial(rng, born, 0.0 if electronic else 0.06, 0.0 if electronic else 0.03)
    own = pl.select(pl.when(pl.Series(again)).then(partial(rng, born, 0.25, 0.1)).otherwise(own)).to_series()
    return common.with_columns(
        pl.Series("loai_dang_ky", kind),
        _states(rng, size, batch.source).alias("trang_thai"),
        (pl.Series(father_family) + " " + given_names(rng, sex)).alias("nks_ho_ten"),
        pl.Series("nks_gioi_tinh", np.where(sex == 1, "nam", "nu")),
        own.alias("nks_ngay_sinh"),
        pl.when(pl.Series(issued)).then(numbers).alias("nks_so_dinh_danh"),
        pl.when(pl.Series(issued)).then(_dates(day + wait)).alias("ngay_cap_so_dinh_danh"),
        pl.Series("nks_dan_toc", rng.choice(np.array(_ETHNIC), size, p=_ETHNIC_WEIGHTS)),
        pl.lit("Việt Nam").alias("nks_quoc_tich"),
        pl.Series(np.where(rng.random(size) < 0.8, "Bệnh viện Sản - Nhi tỉnh", "Trạm y tế xã")).alias("nks_noi_sinh"),
        full_names(rng, np.full(size, 2)).alias("me_ho_ten"),
        partial(rng, mother_born, only_year, 0.02).alias("me_ngay_sinh"),
        pl.when(pl.Series(young)).then(mother_number).alias("me_so_giay_to"),
        full_names(rng, np.full(size, 1), father_family).alias("cha_ho_ten"),
        partial(rng, father_born, only_year, 0.02).alias("cha_ngay_sinh"),
        full_names(rng, np.full(size, 2)).alias("nyc_ho_ten"),
        pl.Series("ma_nguoi", batch.people_from + np.arange(size)),
    )


def deaths(rng: np.random.Generator, batch: Batch, size: int) -> pl.DataFrame:
    """``size`` rows of feed ``ho_tich/khai_tu`` plus ``ma_nguoi``: 30 % late, some dead for years."""
    common, day = _common(rng, batch, size)
    electronic = batch.source == ELECTRONIC
    delay, late = _delays(rng, size, _DEATH_LIMIT, 0.3, 300)
    long_ago = rng.random(size) < 0.03
    delay = np.where(long_ago, rng.integers(900, 9000, size), delay)
    died = day - delay
    age = np.clip(rng.normal(72, 17, size), 0, 101).astype(np.int64)
    born = died - age * 365 - rng.integers(1, 364, size)
    sex = np.where(rng.random(size) < 0.56, 1, 2)
    numbers = identity_numbers(
        sex, np.maximum(_years(born), 1900), birth_provinces(rng, size), block=6, skip=batch.identity_from
    )
    has_number = electronic & (rng.random(size) < 0.9)
    full = partial(rng, died, 0.0 if electronic else 0.05, 0.0 if electronic else 0.03)
    return common.with_columns(
        pl.Series("loai_dang_ky", np.select([long_ago, late], ["chet_da_lau", "qua_han"], "dung_han")),
        _states(rng, size, batch.source).replace("cho_huy_so_dinh_danh", "da_duyet").alias("trang_thai"),
        full_names(rng, sex).alias("nkt_ho_ten"),
        pl.Series("nkt_gioi_tinh", np.where(sex == 1, "nam", "nu")),
        partial(rng, born, 0.55, 0.03).alias("nkt_ngay_sinh"),
        pl.when(pl.Series(has_number)).then(numbers).alias("nkt_so_dinh_danh"),
        pl.when(pl.Series(long_ago)).then(full.str.slice(0, 4)).otherwise(full).alias("nkt_ngay_chet"),
        pl.Series(
            "nkt_noi_chet", rng.choice(np.array(["Tại nhà", "Bệnh viện đa khoa tỉnh", "Trên đường đi cấp cứu"]), size)
        ),
        pl.Series("nkt_nguyen_nhan", np.array(_CAUSES)[rng.integers(0, len(_CAUSES), size)]),
        pl.Series("ma_nguoi", batch.people_from + np.arange(size)),
    )


def marriages(rng: np.random.Generator, batch: Batch, size: int) -> pl.DataFrame:
    """``size`` rows of feed ``ho_tich/ket_hon`` plus ``ma_nguoi`` (the couple)."""
    common, day = _common(rng, batch, size)
    electronic = batch.source == ELECTRONIC
    husband = day - rng.integers(21 * 365, 50 * 365, size)
    wife = day - rng.integers(19 * 365, 46 * 365, size)
    papers = {}
    for name, sex, born, block in (("chong", 1, husband, 5), ("vo", 2, wife, 4)):
        numbers = identity_numbers(
            np.full(size, sex), _years(born), birth_provinces(rng, size), block=block, skip=batch.identity_from
        )
        papers[name] = pl.select(pl.when(pl.Series(np.full(size, electronic))).then(numbers)).to_series()
    only_year = 0.1 if electronic else 0.6
    again = rng.random(size) < 0.02
    return common.with_columns(
        pl.Series("loai_dang_ky", np.where(again, "dang_ky_lai", "lan_dau")),
        pl.lit("da_duyet").alias("trang_thai"),
        full_names(rng, np.full(size, 1)).alias("chong_ho_ten"),
        partial(rng, husband, only_year, 0.02).alias("chong_ngay_sinh"),
        papers["chong"].alias("chong_so_giay_to"),
        full_names(rng, np.full(size, 2)).alias("vo_ho_ten"),
        partial(rng, wife, only_year, 0.02).alias("vo_ngay_sinh"),
        papers["vo"].alias("vo_so_giay_to"),
        pl.col("ngay_dang_ky").alias("ngay_ket_hon"),
        pl.Series("ma_nguoi", batch.people_from + np.arange(size)),
    )


def recognitions(rng: np.random.Generator, batch: Batch, size: int) -> pl.DataFrame:
    """``size`` rows of feed ``ho_tich/nhan_cha_me_con`` plus ``ma_nguoi`` (the child)."""
    common, day = _common(rng, batch, size)
    kind = rng.choice(
        np.array(["cha_nhan_con", "me_nhan_con", "con_nhan_cha", "con_nhan_me"]), size, p=[0.7, 0.1, 0.15, 0.05]
    )
    family = family_names(rng, size)
    parent_sex = np.where(np.isin(kind, ["cha_nhan_con", "con_nhan_cha"]), 1, 2)
    child_sex = rng.integers(1, 3, size)
    born = day - rng.integers(30, 15 * 365, size)
    return common.with_columns(
        pl.lit("dang_ky_moi").alias("loai_dang_ky"),
        pl.lit("da_duyet").alias("trang_thai"),
        full_names(rng, parent_sex, family).alias("cha_me_ho_ten"),
        full_names(rng, child_sex, family).alias("con_ho_ten"),
        partial(rng, born, 0.05, 0.02).alias("con_ngay_sinh"),
        pl.Series("loai_xac_nhan", kind),
        pl.Series("ma_nguoi", batch.people_from + np.arange(size)),
    )
