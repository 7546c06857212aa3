"""The truth about dossiers: who handed in what, where, and how it went, before any export dirties it.

A batch covers a range of days; agency and day decide the running number, so batches never collide.
Times are minutes since 1970-01-01 in ``int64`` columns ending in ``_p`` (``NONE`` = -1 for "never").
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.sample.procedures import due_dates as due
from pipelines.sample.world import working_days as wd
from pipelines.sample.world.catalogue import on_day
from pipelines.sample.world.geography import units_on

Ints = npt.NDArray[np.int64]
NONE = due.NONE
DAY = due.DAY
_LEVEL_SHARE = {"tinh": 0.42, "huyen": 0.16, "xa": 0.42}
_REASONS = (
    "Hồ sơ không đúng thẩm quyền giải quyết",
    "Thành phần hồ sơ chưa đầy đủ theo quy định",
    "Công dân đề nghị rút hồ sơ",
    "Chưa đủ điều kiện giải quyết",
)
NEW, REFUSED, WITHDRAWN, STOPPED, PLAIN = range(5)


@dataclass(frozen=True)
class World:
    """What dossiers refer to: agencies, procedures, applicants."""

    agencies: pl.DataFrame
    procedures: pl.DataFrame
    people: pl.DataFrame


def _received(rng: np.random.Generator, first: date, last: date, size: int) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Minutes of receipt and whether it had to be online (days off, evenings)."""
    days = np.arange(wd.day(first), wd.day(last) + 1)
    weights = np.where(wd.is_working(days), 1.0, 0.05)
    chosen = rng.choice(days, size, p=weights / weights.sum())
    off = ~wd.is_working(chosen)
    evening = rng.random(size) < 0.06
    minute = np.where(evening, rng.integers(17 * 60, 22 * 60, size), rng.integers(7 * 60, 17 * 60, size))
    return chosen * DAY + minute, off | evening


def pick(rng: np.random.Generator, weights: npt.NDArray[np.float64], size: int) -> Ints:
    """``size`` places of ``weights``, each drawn as often as it weighs."""
    edges = np.cumsum(weights / weights.sum())
    return np.minimum(np.searchsorted(edges, rng.random(size)), len(edges) - 1).astype(np.int64)


def unit_sizes(codes: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """How busy each agency is: from its code alone, so that it stays as busy from month to month."""
    return np.array([0.3 + 4 * (zlib.crc32(str(code).encode()) % 1000 / 1000) ** 2 for code in codes])


def _assign(rng: np.random.Generator, world: World, first: date, size: int) -> pl.DataFrame:
    """Level, agency and procedure of each dossier; agencies and levels as on ``first``."""
    units = units_on(world.agencies, first)
    listed = on_day(world.procedures, first)
    levels = [level for level in _LEVEL_SHARE if units.filter(pl.col("cap") == level).height]
    share = np.array(
        [_LEVEL_SHARE[level] + (0.16 if level == "xa" and "huyen" not in levels else 0) for level in levels]
    )
    level = pick(rng, share, size)
    unit = np.empty(size, dtype=object)
    procedure = np.empty(size, dtype=object)
    for index, name in enumerate(levels):
        mine = np.flatnonzero(level == index)
        codes = units.filter(pl.col("cap") == name)["ma_don_vi"].to_numpy()
        unit[mine] = codes[pick(rng, unit_sizes(codes), len(mine))]
        options = listed.filter(pl.col("cap") == name)
        chosen = pick(rng, options["trong_so"].to_numpy(), len(mine))
        procedure[mine] = options["ma_tthc"].to_numpy()[chosen]
    return pl.DataFrame(
        {
            "ma_don_vi": pl.Series(unit, dtype=pl.String),
            "cap": np.array(levels)[level],
            "ma_tthc": pl.Series(procedure, dtype=pl.String),
        }
    )


def with_limits(frame: pl.DataFrame, procedures: pl.DataFrame) -> pl.DataFrame:
    """Adds the procedure's name, field, fee and the limit in force on the (effective) day of receipt."""
    columns = ["ma_tthc", "ma_tthc_qg", "ten_tthc", "linh_vuc", "thoi_han", "don_vi_thoi_han", "phi"]
    versions = procedures.select(*columns, "hieu_luc_tu", pl.col("hieu_luc_den").fill_null(date(2100, 1, 1)))
    day = pl.col("ngay_hieu_dung")
    joined = frame.join(versions, on="ma_tthc", how="left", maintain_order="left")
    return joined.filter((day >= pl.col("hieu_luc_tu")) & (day <= pl.col("hieu_luc_den"))).drop(
        "hieu_luc_tu", "hieu_luc_den"
    )


@dataclass(frozen=True)
class _Course:
    pauses: tuple[tuple[Ints, Ints], tuple[Ints, Ints]]
    due: due.Due
    end: Ints
    handed_over: Ints


def _pauses(rng: np.random.Generator, start: Ints, limit: Ints, unit: Ints) -> tuple[tuple[Ints, Ints], ...]:
    size = len(start)
    allowed = ((unit == due.WORKING_DAYS) & (limit >= 5)) | ((unit == due.CALENDAR_DAYS) & (limit >= 10))
    one = allowed & (rng.random(size) < 0.14)
    two = one & (rng.random(size) < 0.2)
    asked_day = wd.add_working(start // DAY, 1 + rng.integers(0, np.maximum(limit // 4, 1)))
    first = asked_day * DAY + rng.integers(8 * 60, 17 * 60, size)
    back = wd.add_working(asked_day, 1 + rng.integers(0, 8, size))
    first_end = back * DAY + rng.integers(8 * 60, 16 * 60, size)
    again = wd.add_working(back, 1)
    second = again * DAY + rng.integers(8 * 60, 17 * 60, size)
    second_end = wd.add_working(again, 1 + rng.integers(0, 4, size)) * DAY + rng.integers(8 * 60, 16 * 60, size)
    return (
        (np.where(one, first, NONE), np.where(one, first_end, NONE)),
        (np.where(two, second, NONE), np.where(two, second_end, NONE)),
    )


def _course(rng: np.random.Generator, received: Ints, limit: Ints, unit: Ints) -> _Course:
    """Pauses, true due day, end of work (``NONE`` = stands still) and hand-over."""
    size = len(received)
    start = due.effective_receipt(received)
    pauses = _pauses(rng, start, limit, unit)
    target = due.recompute(received, limit, unit, pauses, np.zeros(size, dtype=np.int64))
    busy = np.maximum(start, np.maximum(pauses[0][1], pauses[1][1])) + rng.integers(15, 80, size)
    luck = rng.random(size)
    first_day = busy // DAY
    room = np.maximum(wd.working_number(target.day) - wd.working_number(first_day), 0)
    early = wd.add_working(first_day, (rng.random(size) * room).astype(np.int64))
    late = wd.add_working(target.day, 1 + rng.integers(0, 9, size))
    day = np.where(luck < 0.80, early, np.where(luck < 0.945, np.maximum(target.day, first_day), late))
    end = np.maximum(day * DAY + rng.integers(8 * 60, 16 * 60 + 50, size), busy)
    wait = rng.integers(0, 4, size)
    handed = np.maximum(wd.roll_forward(end // DAY + wait) * DAY + rng.integers(8 * 60, 17 * 60, size), end + 5)
    stuck = luck > 0.996
    handed = np.where(stuck | (rng.random(size) < 0.12), NONE, handed)
    end = np.where(stuck, NONE, end)
    return _Course((pauses[0], pauses[1]), target, end, handed)


def _printed_due(rng: np.random.Generator, received: Ints, limit: Ints, unit: Ints, course: _Course) -> Ints:
    """``ngay_hen_tra`` as printed, in minutes; midnight means a date alone, ``NONE`` missing."""
    size = len(received)
    plain = due.recompute(received, limit, unit, (), np.zeros(size, dtype=np.int64)).day
    calendar = wd.roll_forward(received // DAY + np.maximum(limit, 1))
    day = np.where((course.due.paused > 0) & (rng.random(size) < 0.35), plain, course.due.day)
    wrong_reading = (unit == due.WORKING_DAYS) & (rng.random(size) < 0.03)
    day = np.where(wrong_reading, np.maximum(calendar, received // DAY + 1), day)
    clock = rng.choice(np.array([17 * 60, 0, 16 * 60 + 30, 11 * 60 + 30]), size, p=[0.6, 0.2, 0.12, 0.08])
    printed = day * DAY + clock
    printed = np.where(printed < received, day * DAY, printed)
    return np.where((course.due.day == NONE) | (rng.random(size) < 0.015), NONE, printed)


def _kinds(rng: np.random.Generator, size: int) -> Ints:
    draw = rng.random(size)
    edges = np.cumsum([0.006, 0.007, 0.006, 0.005])
    return np.searchsorted(edges, draw).astype(np.int64)


def exported_codes(rng: np.random.Generator, frame: pl.DataFrame) -> pl.DataFrame:
    """How the source system writes the procedure: province's code, national, suffixed, eaten zero, or none."""
    draw = pl.Series(rng.random(frame.height))
    national = pl.col("ma_tthc_qg")
    suffix = ".000.00.00." + pl.col("ma_don_vi").str.slice(0, 3)
    code = (
        pl.when(national.is_null() | (draw < 0.70))
        .then(pl.col("ma_tthc"))
        .when(draw < 0.85)
        .then(national)
        .when(draw < 0.93)
        .then(national + suffix)
        .when(draw < 0.935)
        .then(pl.lit(None, pl.String))
        .when((draw < 0.97) & national.str.ends_with("0"))
        .then(national.str.strip_chars_end("0"))
        .otherwise(pl.col("ma_tthc"))
    )
    titled = pl.Series(rng.random(frame.height) < 0.1)
    name = pl.when(titled).then("Thủ tục " + pl.col("ten_tthc")).otherwise(pl.col("ten_tthc"))
    return frame.with_columns(code.alias("ma_tthc_xuat"), name.alias("ten_tthc_xuat"))


def details(rng: np.random.Generator, frame: pl.DataFrame, kind: Ints, people: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with applicant, reason, fee and how it was paid, a value a dossier."""
    size = frame.height
    who = rng.integers(0, people.height, size)
    reason = np.array(_REASONS)[rng.integers(0, len(_REASONS), size)]
    reason = np.where(kind == WITHDRAWN, _REASONS[2], reason)
    fee = frame["phi"].to_numpy()
    paid_online = pl.Series(rng.random(size) < 0.55)
    blank_zero = pl.Series(rng.random(size) < 0.5)

    def chance(share: float) -> pl.Series:
        return pl.Series(rng.random(size) < share)

    return frame.with_columns(
        pl.Series("loai_ket_thuc", kind),
        people["chu_ho_so"].gather(who).alias("chu_ho_so"),
        people["so_dinh_danh"].gather(who).alias("so_dinh_danh"),
        people["dien_thoai"].gather(who).alias("dien_thoai"),
        pl.when(pl.Series(kind).is_in([REFUSED, WITHDRAWN, STOPPED])).then(pl.Series(reason)).alias("ly_do_tra_lai"),
        pl.when((pl.col("phi") > 0) | ~blank_zero).then(pl.col("phi")).alias("phi_le_phi"),
        pl.when(pl.Series(fee > 0)).then(paid_online).alias("thanh_toan_truc_tuyen"),
        chance(0.8).alias("ket_qua_dien_tu"),
        chance(0.75).alias("so_hoa_ho_so"),
        chance(0.3).alias("tai_su_dung"),
        chance(0.2).alias("dua_vao_kho_ca_nhan"),
        chance(0.55).alias("dung_du_lieu_dan_cu"),
    )


def numbered(frame: pl.DataFrame, first_number: int) -> pl.DataFrame:
    """``frame`` with codes of dossiers: agency, day, running number of the two from ``first_number`` on."""
    ordered = frame.sort("nhan_p", "ma_don_vi", "ma_tthc", "so_dinh_danh", maintain_order=True)
    day = (pl.col("nhan_p") // DAY).cast(pl.Int32).cast(pl.Date)
    number = pl.int_range(pl.len()).over("ma_don_vi", pl.col("nhan_p") // DAY) + first_number
    return ordered.with_columns(
        pl.format(
            "{}-{}-{}", pl.col("ma_don_vi"), day.dt.strftime("%y%m%d"), number.cast(pl.String).str.zfill(4)
        ).alias("ma_ho_so")
    )


def dossiers(
    rng: np.random.Generator, world: World, first: date, last: date, size: int, *, first_number: int = 1
) -> pl.DataFrame:
    """``size`` dossiers received in [first, last], one row each, sorted by time of receipt.

    Columns: keys and texts as in feed ``dvc/ho_so``; ``nhan_p, hen_p, bs1_p, bs1_het_p, bs2_p, bs2_het_p,
    xong_p, tra_p`` in minutes; ``loai_ket_thuc`` (new, refused, withdrawn, stopped, plain); the true limit.
    """
    received, online_only = _received(rng, first, last, size)
    channel = np.array(["truc_tuyen", "truc_tiep", "buu_chinh", ""])[pick(rng, np.array([88.0, 9.5, 1.5, 1.0]), size)]
    channel = np.where(online_only, "truc_tuyen", channel)
    frame = _assign(rng, world, first, size).with_columns(
        pl.Series("nhan_p", received),
        pl.when(pl.Series(channel) != "").then(pl.Series(channel)).alias("kenh"),
        (pl.Series(due.effective_receipt(received) // DAY).cast(pl.Int32).cast(pl.Date)).alias("ngay_hieu_dung"),
    )
    frame = with_limits(frame, world.procedures)
    return finish(rng, frame, world, first_number=first_number)


def finish(rng: np.random.Generator, frame: pl.DataFrame, world: World, *, first_number: int = 1) -> pl.DataFrame:
    """Gives assigned dossiers their course, printed due date, applicant and key (see ``dossiers``)."""
    received = frame["nhan_p"].to_numpy()
    limit = frame["thoi_han"].fill_null(1).to_numpy()
    unit = frame["don_vi_thoi_han"].replace_strict(due.UNITS, return_dtype=pl.Int64).to_numpy()
    course = _course(rng, received, limit, unit)
    printed = _printed_due(rng, received, limit, unit, course)
    kind = _kinds(rng, frame.height)
    (one, one_end), (two, two_end) = course.pauses
    stops = np.isin(kind, [WITHDRAWN, STOPPED]) & (course.end != NONE)
    # a dossier refused or never received has no course of its own
    idle = np.isin(kind, [NEW, REFUSED])
    columns = {
        "hen_p": np.where(kind == NEW, NONE, printed),
        "bs1_p": one, "bs1_het_p": one_end, "bs2_p": two, "bs2_het_p": two_end,
        "xong_p": course.end, "tra_p": np.where(stops, NONE, course.handed_over),
    }  # fmt: skip
    for name, values in columns.items():
        frame = frame.with_columns(pl.Series(name, values if name == "hen_p" else np.where(idle, NONE, values)))
    frame = details(rng, frame, kind, world.people)
    # half of those withdrawn or stopped carry no end date: only their last step tells when
    frame = frame.with_columns(
        pl.Series("ngay_ket_thuc_trong", np.isin(kind, [WITHDRAWN, STOPPED]) & (rng.random(frame.height) < 0.4))
    )
    return exported_codes(rng, numbered(frame, first_number))
