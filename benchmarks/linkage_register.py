"""A labelled synthetic births register for the linkage benchmark: twins, siblings, six kinds of duplicates, noise.

Records come from ``pipelines.sample``; the noise of copies (lost tones, typing slips, dropped middle names, years
alone, swapped days …) is what digitisation of paper books does. No person in it exists.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from pipelines.sample.registers.registry import ELECTRONIC, PAPER, Batch, births

KINDS = {
    "nhap_lai": 0.15,
    "giay_va_dien_tu": 0.20,
    "dang_ky_lai": 0.30,
    "hai_noi": 0.20,
    "cap_lai_ban_chinh": 0.05,
    "nghi_trung": 0.10,
}
DUPLICATES, SIBLINGS, TWINS = 0.065, 0.14, 0.011
LATER_AS = {"dang_ky_lai": "dang_ky_lai", "hai_noi": "qua_han", "cap_lai_ban_chinh": "cap_ban_chinh"}
"""Registrations that follow another stand in the register as what they are."""
UNITS = tuple(f"H02.{i:02d}.{j:02d}" for i in range(20, 30) for j in range(1, 21))
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_PARENTS = ("me_ho_ten", "me_ngay_sinh", "cha_ho_ten", "cha_ngay_sinh")


def register(size: int, seed: int = 6) -> pl.DataFrame:
    """About ``size`` births: the columns linkage reads, plus ``ma_nguoi`` and ``loai_trung`` (copies only)."""
    rng = np.random.default_rng(seed)
    draw = random.Random(seed)  # noqa: S311 - synthetic data, no secret
    base = _base(rng, int(size * (1 - DUPLICATES)))
    copies = _copies(draw, rng, base, int(size * DUPLICATES))
    frame = pl.concat([base.with_columns(pl.lit(None, pl.String).alias("loai_trung")), copies])
    return _dates(frame)


def _base(rng: np.random.Generator, size: int) -> pl.DataFrame:
    paper = int(size * 0.8)
    return _families(rng, originals(rng, births, paper, size - paper), paper)


def originals(
    rng: np.random.Generator, make: Callable[[np.random.Generator, Batch, int], pl.DataFrame], paper: int, modern: int
) -> pl.DataFrame:
    """Records of forty years on paper and ten in the computer, of as many people, each with a key of its own."""
    parts = []
    for year in range(1976, 2016):
        batch = Batch(UNITS, date(year, 1, 1), date(year, 12, 31), PAPER, datetime(2024, 1, 1))
        parts.append(make(rng, batch, paper // 40))
    for number in range(10):
        year = 2016 + number
        batch = Batch(UNITS, date(year, 1, 1), date(year, 12, 31), ELECTRONIC, identity_from=number * 9_000)
        parts.append(make(rng, batch, modern // 10))
    return pl.concat(parts).with_columns(
        pl.int_range(pl.len()).cast(pl.String).alias("ma_nguoi"),
        pl.format("{}|{}|{}|{}", "noi_dang_ky", pl.col("ngay_dang_ky").str.slice(0, 4), "so", "nguon").alias("_khoa"),
    )


def _families(rng: np.random.Generator, frame: pl.DataFrame, paper: int) -> pl.DataFrame:
    """Give part of the records the parents of another: of one born years before, in the same or the next commune
    (siblings), or of the record beside it, the same day (twins). Nobody bears two children within nine months."""
    n = frame.height
    order = rng.permutation(n)
    children = np.sort(order[: int(n * (SIBLINGS + TWINS))])
    twins = rng.random(len(children)) < TWINS / (SIBLINGS + TWINS)
    # Records of one year lie together, by commune: as far back as whole years are, the place is about the same.
    a_year = np.where(children < paper, paper // 40, (n - paper) // 10)
    back = np.where(twins, rng.integers(1, 4, len(children)), rng.integers(1, 9, len(children)) * a_year)
    elder = children - back
    rows = {name: frame[name].to_list() for name in frame.columns}
    for child, source, twin in zip(children.tolist(), elder.tolist(), twins.tolist(), strict=True):
        if source < 0 or (not twin and not _nine_months(rows["nks_ngay_sinh"][source], rows["nks_ngay_sinh"][child])):
            continue
        for name in _PARENTS:
            rows[name][child] = rows[name][source]
        family = rows["nks_ho_ten"][source].split(" ")[0]
        own = rows["nks_ho_ten"][child].split(" ")[1:]
        rows["nks_ho_ten"][child] = " ".join([family, *own])
        if twin:
            for name in ("nks_ngay_sinh", "ngay_dang_ky", "noi_dang_ky", "nguon", "loai_dang_ky"):
                rows[name][child] = rows[name][source]
            if child % 2 and rows["nks_gioi_tinh"][child] == rows["nks_gioi_tinh"][source]:
                middle = rows["nks_ho_ten"][source].split(" ")[1]
                rows["nks_ho_ten"][child] = " ".join([family, middle, *own[1:]])
            if rows["nks_ho_ten"][child] == rows["nks_ho_ten"][source]:
                rows["nks_ho_ten"][child] += " Em"
    return pl.DataFrame(rows, schema=frame.schema)


def _nine_months(one: str, other: str) -> bool:
    """Whether two canonical dates of birth are sure to lie 280 days apart or more."""
    (first, last), (later, latest) = sorted((_span(one), _span(other)))
    return (later - last).days >= 280 and first <= last <= latest


def _span(text: str) -> tuple[date, date]:
    first = date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    if len(text) == 10:
        return first, first
    following = first.replace(year=first.year + 1) if len(text) == 4 else (first + timedelta(days=32)).replace(day=1)
    return first, following - timedelta(days=1)


def _copies(draw: random.Random, rng: np.random.Generator, base: pl.DataFrame, count: int) -> pl.DataFrame:
    rows = []
    for copy in registered_again(draw, rng, base, count, kinds=KINDS, days=(30, 9000)):
        copy["nks_so_dinh_danh"] = None
        for name in ("nks_ho_ten", "me_ho_ten", "cha_ho_ten"):
            if copy[name] and draw.random() < 0.3:
                copy[name] = noisy_name(draw, copy[name])
        for name in ("me_ngay_sinh", "cha_ngay_sinh"):
            if draw.random() < 0.06:
                copy[name] = str(int(copy[name][:4]) + draw.choice((-5, -2, -1, 1, 2, 5)))
        if draw.random() < 0.05:
            copy["cha_ho_ten"] = copy["cha_ngay_sinh"] = None
        if draw.random() < 0.16:
            copy["nks_ngay_sinh"] = noisy_day(draw, copy["nks_ngay_sinh"])
        rows.append(copy)
    return pl.DataFrame(rows, schema={**base.schema, "loai_trung": pl.String})


def registered_again(
    draw: random.Random,
    rng: np.random.Generator,
    base: pl.DataFrame,
    count: int,
    *,
    kinds: Mapping[str, float],
    days: tuple[int, int],
) -> Iterator[dict[str, Any]]:
    """``count`` records of ``base`` as each kind of duplicate registers them, so many ``days`` later; no noise yet."""
    chosen = base[np.sort(rng.choice(base.height, count, replace=False))]
    drawn = draw.choices(list(kinds), weights=list(kinds.values()), k=count)
    for number, (row, kind) in enumerate(zip(chosen.iter_rows(named=True), drawn, strict=True)):
        copy = dict(row, loai_trung=kind)
        if kind != "nhap_lai":
            copy["_khoa"] = f"ban-sao-{number}"
        if kind == "giay_va_dien_tu":
            copy["nguon"] = PAPER if row["nguon"] == ELECTRONIC else ELECTRONIC
        if kind in LATER_AS:
            later = date.fromisoformat(row["ngay_dang_ky"]) + timedelta(days=draw.randint(*days))
            copy["ngay_dang_ky"] = min(later, date(2025, 12, 30)).isoformat()
            copy["loai_dang_ky"] = LATER_AS[kind]
            if kind != "cap_lai_ban_chinh":
                copy["noi_dang_ky"] = draw.choice(UNITS)
        yield copy


def noisy_name(draw: random.Random, name: str) -> str:
    """A slip of the keyboard, the scanner or the clerk; one time in ten, two."""
    once = _slip(draw, name)
    return _slip(draw, once) if draw.random() < 0.1 else once


def _slip(draw: random.Random, name: str) -> str:
    words = name.split(" ")
    spot = draw.randrange(len(words))
    kind = draw.choices(
        ("dau", "go", "khong_dau", "d", "i_y", "bo_dem", "ng", "thi", "doi"), (26, 20, 17, 4, 4, 14, 6, 3, 6)
    )[0]
    if kind == "dau":
        words[spot] = unicodedata.normalize(
            "NFC", "".join(c for c in unicodedata.normalize("NFD", words[spot]) if c not in _TONES)
        )
    elif kind == "go" and len(words[spot]) > 1:
        place = draw.randrange(len(words[spot]))
        letter = draw.choice(("", draw.choice("abcdeghiklmnopqrstuvxy"), words[spot][place] * 2))
        words[spot] = words[spot][:place] + letter + words[spot][place + 1 :]
    elif kind == "khong_dau":
        return fold(name)
    elif kind == "d":
        return name.replace("Đ", "D").replace("đ", "d")
    elif kind == "i_y":
        return name.replace("y", "i") if "y" in name else name.replace("i", "y", 1)
    elif kind == "bo_dem" and len(words) > 2:
        del words[1]
    elif kind == "ng":
        return name.replace("Nguyễn ", "Ng. ", 1)
    elif kind == "thi":
        return name.replace(" Thị ", " ", 1)
    elif kind == "doi" and len(words) > 2:
        words[-1], words[-2] = words[-2], words[-1]
    return " ".join(words)


def fold(text: str) -> str:
    """Without marks, as an old program stored it."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("Đ", "D").replace("đ", "d")


def noisy_day(draw: random.Random, text: str) -> str:
    """A date of birth as a careless copy has it; partial dates stay."""
    if len(text) != 10:
        return text
    day = date.fromisoformat(text)
    kind = draw.choices(
        ("nam", "thang", "doi", "nam1", "nam10", "0101", "5xxx", "ngay", "so"), (26, 6, 13, 15, 7, 10, 2, 11, 10)
    )[0]
    if kind == "nam":
        return text[:4]
    if kind == "thang":
        return text[:7]
    if kind == "doi" and day.day <= 12:
        return f"{day.year}-{day.day:02d}-{day.month:02d}"
    if kind in ("nam1", "nam10"):
        step = draw.choice((-1, 1)) * (1 if kind == "nam1" else 10)
        return date(day.year + step, day.month, min(day.day, 28)).isoformat()
    if kind == "0101":
        return f"{day.year}-01-01"
    if kind == "5xxx":
        return "5" + text[1:]
    if kind == "so":
        return day.replace(day=draw.randint(1, 28)).isoformat()
    return (day + timedelta(days=draw.choice((-1, 1)))).isoformat()


def _dates(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of the record view."""
    names = {
        "nks_ho_ten": "ho_ten", "nks_gioi_tinh": "gioi_tinh", "nks_so_dinh_danh": "so_dinh_danh",
        "nks_ngay_sinh_tu": "ngay_sinh_tu", "nks_ngay_sinh_den": "ngay_sinh_den",
    }  # fmt: skip
    dated = frame.with_columns(
        *[e for c in ("nks_ngay_sinh", "ngay_dang_ky", "me_ngay_sinh", "cha_ngay_sinh") for e in interval(c)]
    )
    return dated.with_columns(record_ids(frame.height)).rename(names).select(
        "ma_ban_ghi", "_khoa", "noi_dang_ky", "nguon", "loai_dang_ky", "so_dinh_danh", "ngay_dang_ky_tu",
        "ngay_dang_ky_den", "gioi_tinh", "ho_ten", "ngay_sinh_tu", "ngay_sinh_den", "me_ho_ten", "me_ngay_sinh_tu",
        "me_ngay_sinh_den", "cha_ho_ten", "cha_ngay_sinh_tu", "cha_ngay_sinh_den", "ma_nguoi", "loai_trung",
    )  # fmt: skip


def record_ids(size: int) -> pl.Series:
    """Column ``ma_ban_ghi``: ids in no telling order."""
    return pl.Series("ma_ban_ghi", range(size)).hash(seed=3).cast(pl.String)


def interval(column: str) -> list[pl.Expr]:
    """Interval of a canonical partial date ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    text = pl.col(column)
    length = text.str.len_chars()
    first = (
        pl.when(length == 4).then(text + "-01-01").when(length == 7).then(text + "-01").otherwise(text)
    ).str.to_date("%Y-%m-%d")
    last = (
        pl.when(length == 4)
        .then(first.dt.offset_by("1y").dt.offset_by("-1d"))
        .when(length == 7)
        .then(first.dt.month_end())
        .otherwise(first)
    )
    return [first.alias(f"{column}_tu"), last.alias(f"{column}_den")]
