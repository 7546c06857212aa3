"""Duplicates of the birth register, one kind of R10 at a time, and families that only look like duplicates.

Every function takes base records and returns the further records (or changed ones) with ``loai_trung``, the
kind for the answer key; ``ma_nguoi`` stays that of the person, so the key knows which records are one person.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from pipelines.sample.world.people import identity_numbers


def _shift_day(column: str, days: int) -> pl.Expr:
    """Another day of birth for full dates; partial ones stay."""
    value = pl.col(column)
    full = value.str.len_chars() == 10
    moved = value.str.to_date("%Y-%m-%d", strict=False).dt.offset_by(f"{days}d").dt.strftime("%Y-%m-%d")
    return pl.when(full).then(moved).otherwise(value).alias(column)


def _drop_tone(name: pl.Expr) -> pl.Expr:
    """A typist's slip: the given name loses its tone mark."""
    return (
        name.str.normalize("NFD")
        .str.replace(r"[\u0300\u0301\u0303\u0309\u0323]([^\u0300-\u0323]*)$", "${1}")
        .str.normalize("NFC")
    )


def _kind(name: str) -> pl.Expr:
    return pl.lit(name).alias("loai_trung")


def _without_number() -> list[pl.Expr]:
    return [
        pl.lit(None, pl.String).alias("nks_so_dinh_danh"),
        pl.lit(None, pl.Date).alias("ngay_cap_so_dinh_danh"),
    ]


def keyed_twice(base: pl.DataFrame) -> pl.DataFrame:
    """``nhap_lai``: the same page keyed again, the day of birth one off."""
    return base.with_columns(_shift_day("nks_ngay_sinh", 1), *_without_number(), _kind("nhap_lai"))


def paper_copy(base: pl.DataFrame, updated: datetime) -> pl.DataFrame:
    """``giay_va_dien_tu``: an electronic record also keyed from its paper book, the name in capitals."""
    return base.with_columns(
        pl.lit("so_hoa").alias("nguon"),
        pl.col("nks_ho_ten").str.to_uppercase(),
        _shift_day("nks_ngay_sinh", -1),
        *_without_number(),
        pl.lit(updated).cast(pl.Datetime("us")).alias("ngay_cap_nhat"),
        _kind("giay_va_dien_tu"),
    )


def _registered_anew(base: pl.DataFrame, slots: pl.DataFrame) -> pl.DataFrame:
    """``base`` people under the keys and dates of ``slots`` (fresh records of the same height)."""
    own = ("so", "quyen_so", "trang_so", "ngay_dang_ky", "noi_dang_ky", "nguon", "ngay_cap_nhat", "trang_thai")
    return base.with_columns([slots[name] for name in own])


def registered_again(base: pl.DataFrame, slots: pl.DataFrame) -> pl.DataFrame:
    """``dang_ky_lai``: people of old paper books registered again; both records stay valid."""
    return _registered_anew(base, slots).with_columns(
        pl.lit("dang_ky_lai").alias("loai_dang_ky"), *_without_number(), _kind("dang_ky_lai")
    )


def _years(frame: pl.DataFrame) -> np.ndarray:
    return frame["nks_ngay_sinh"].str.slice(0, 4).cast(pl.Int64).to_numpy()


def _new_numbers(frame: pl.DataFrame, sex_of: pl.DataFrame, block: int, skip: int = 0) -> pl.Series:
    """Numbers that fit ``frame``'s years of birth and the sex in ``sex_of``."""
    sex = (sex_of["nks_gioi_tinh"] == "nu").cast(pl.Int64).to_numpy() + 1
    return identity_numbers(sex, _years(frame), np.full(len(sex), "024"), block=block, skip=skip)


def two_places(base: pl.DataFrame, slots: pl.DataFrame) -> pl.DataFrame:
    """``hai_noi``: one child registered in two communes, with two numbers; the second time late.

    Pairs whose delay lies near the 60 days, where a day off would decide, are left out.
    """
    kept = _registered_anew(base, slots).with_columns(
        _new_numbers(base, base, 2).alias("nks_so_dinh_danh"),
        slots["ngay_dang_ky"].str.to_date("%Y-%m-%d").alias("ngay_cap_so_dinh_danh"),
        _kind("hai_noi"),
    )
    delay = pl.col("ngay_dang_ky").str.to_date("%Y-%m-%d") - pl.col("nks_ngay_sinh").str.to_date("%Y-%m-%d")
    days = delay.dt.total_days()
    return kept.filter((days < 57) | (days > 66)).with_columns(
        pl.when(days > 60).then(pl.lit("qua_han")).otherwise(pl.lit("dung_han")).alias("loai_dang_ky")
    )


def certificate_again(base: pl.DataFrame, slots: pl.DataFrame) -> pl.DataFrame:
    """``cap_lai_ban_chinh``: the original certificate issued again."""
    return _registered_anew(base, slots).with_columns(
        pl.lit("cap_ban_chinh").alias("loai_dang_ky"), *_without_number(), _kind("cap_lai_ban_chinh")
    )


def corrected(base: pl.DataFrame, updated: datetime) -> pl.DataFrame:
    """``cai_chinh``: a later version of the same record, the mother's name corrected: a tone, or her middle name."""
    name = pl.col("me_ho_ten")
    without_tone = _drop_tone(name)
    return base.with_columns(
        pl.when(without_tone != name).then(without_tone).otherwise(name.str.replace(r" \S+ ", " ")).alias("me_ho_ten"),
        pl.lit(updated).cast(pl.Datetime("us")).alias("ngay_cap_nhat"),
        _kind("cai_chinh"),
    )


def _named_like(base: pl.DataFrame, other: pl.DataFrame) -> pl.Series:
    family = base["nks_ho_ten"].str.split(" ").list.first()
    return (family + " " + other["nks_ho_ten"].str.replace(r"^\S+ ", "")).alias("nks_ho_ten")


_PARENTS = ("nks_dan_toc", "me_ho_ten", "me_ngay_sinh", "me_so_giay_to", "cha_ho_ten", "cha_ngay_sinh", "nyc_ho_ten")
_SAME_EVENT = ("nks_ngay_sinh", "nks_noi_sinh", "ngay_dang_ky", "loai_dang_ky", "ngay_cap_nhat", "trang_thai")


def twins(base: pl.DataFrame, other: pl.DataFrame, identity_from: int = 0) -> pl.DataFrame:
    """``sinh_doi``: ``other`` records (same units) become twins of ``base``: same day and parents, another
    given name and number; never duplicates. ``base`` has full dates of birth."""
    numbers = _new_numbers(base, other, 3, identity_from)
    issued = base["nks_so_dinh_danh"].is_not_null()
    return other.with_columns(
        _named_like(base, other),
        *[base[name] for name in (*_SAME_EVENT, *_PARENTS)],
        pl.when(issued).then(numbers).alias("nks_so_dinh_danh"),
        base["ngay_cap_so_dinh_danh"],
        _kind("sinh_doi"),
    )


def siblings(base: pl.DataFrame, other: pl.DataFrame, identity_from: int = 0) -> pl.DataFrame:
    """``anh_chi_em``: ``other`` records become elder children of the same parents, registered late."""
    born = other["ngay_dang_ky"].str.to_date("%Y-%m-%d").dt.offset_by("-640d").dt.strftime("%Y-%m-%d")
    elder = other.with_columns(born.alias("nks_ngay_sinh"))
    issued = other["nks_so_dinh_danh"].is_not_null()
    return elder.with_columns(
        _named_like(base, other),
        *[base[name] for name in _PARENTS],
        pl.when(issued).then(_new_numbers(elder, other, 1, identity_from)).alias("nks_so_dinh_danh"),
        pl.lit("qua_han").alias("loai_dang_ky"),
        _kind("anh_chi_em"),
    )
