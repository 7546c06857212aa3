"""Preset ``bac-giang-2024-h1``: synthetic dossiers whose counts are those of a report the province published.

Bắc Giang's report on controlling procedures for the first half of 2024 prints, for 15/12/2023–30/6/2024:
received 314,849 = online 300,458 + counter and post 4,144 + carried over 10,247; finished 304,939 = early
261,764 + on time 40,890 + late 2,285. The report contradicts itself twice; the preset takes what is consistent:

* in progress is printed as 9,893 though received − finished = 9,910: the other 17 are returned dossiers here;
* finished in time by level adds up to 302,879, the total to 302,654: the 225 more late ones are put with the
  districts, whose printed share (98.8 %) does not fit their printed count either.

No row is a real dossier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.sample.context import Context
from pipelines.sample.files.export import Export, Layout
from pipelines.sample.files.text_mess import Spelling
from pipelines.sample.founding.around import FEEDS
from pipelines.sample.founding.catalogue import founding_catalogue
from pipelines.sample.founding.portal import portal_rows
from pipelines.sample.founding.printed import printed_figures
from pipelines.sample.founding.unprinted import unprinted
from pipelines.sample.indicators.reports import count_window
from pipelines.sample.procedures import due_dates as due
from pipelines.sample.procedures.dossiers import (
    DAY,
    NEW,
    NONE,
    PLAIN,
    REFUSED,
    STOPPED,
    WITHDRAWN,
    details,
    exported_codes,
    numbered,
    pick,
    unit_sizes,
    with_limits,
)
from pipelines.sample.procedures.service_files import STEP_NAMES, agency_files, own_catalogue_files
from pipelines.sample.procedures.states import last_change, state_at, steps_until
from pipelines.sample.procedures.truth import dossier_truth
from pipelines.sample.small import named_units
from pipelines.sample.world import working_days as wd
from pipelines.sample.world.catalogue import on_day
from pipelines.sample.world.geography import units_on

PRESET = "bac-giang-2024-h1"
FIRST, AS_OF = date(2023, 12, 15), date(2024, 6, 30)
_BEFORE = date(2023, 11, 1)
_UNITS_ON = date(2024, 1, 15)
_LAST_WORKING = date(2024, 6, 28)
_STUCK_AT_SIGNING = 0.002
_PAID_ONLINE = 0.3674
"""Share of the dossiers with a fee that are paid online, as the report prints it; by month here."""
Ints = npt.NDArray[np.int64]
EARLY, ON_TIME, LATE, OPEN, OVERDUE, RETURNED, NOT_RECEIVED = range(7)


@dataclass(frozen=True)
class LevelPlan:
    """How many dossiers of a level end how (order of the constants above) and came how."""

    outcomes: tuple[int, int, int, int, int, int, int]
    carried: int
    counter: int
    post: int


PLAN = {
    "tinh": LevelPlan((109_886, 17_165, 343, 5_503, 60, 12, 60), 5_600, 1_350, 150),
    "huyen": LevelPlan((39_700, 6_202, 524, 3_122, 130, 4, 30), 2_900, 1_124, 120),
    "xa": LevelPlan((112_178, 17_523, 1_418, 1_058, 20, 1, 50), 1_747, 1_256, 144),
}
EXPECTED = {
    "tiep_nhan": 314_849, "truc_tuyen": 300_458, "truc_tiep": 3_730, "buu_chinh": 414, "ky_truoc": 10_247,
    "da_giai_quyet": 304_939, "truoc_han": 261_764, "dung_han": 40_890, "qua_han": 2_285, "tra_lai": 17,
    "dang_giai_quyet": 9_893, "dang_trong_han": 9_683, "dang_qua_han": 210,
}  # fmt: skip
BY_LEVEL = {
    "tinh": {"tiep_nhan": 132_969, "da_giai_quyet": 127_394, "qua_han": 343},
    "huyen": {"tiep_nhan": 49_682, "da_giai_quyet": 46_426, "qua_han": 524},
    "xa": {"tiep_nhan": 132_198, "da_giai_quyet": 131_119, "qua_han": 1_418},
}


def _index(value: date) -> int:
    return int(wd.working_number(np.array([wd.day(value)]))[0])


def _day(index: Ints) -> Ints:
    """The working day of a running number."""
    base = wd.day(_BEFORE)
    return wd.add_working(np.full(len(index), base), index - _index(_BEFORE))


@dataclass(frozen=True)
class _Times:
    received: Ints
    printed: Ints
    end: Ints


def _times(rng: np.random.Generator, outcome: Ints, carried: npt.NDArray[np.bool_]) -> _Times:
    """Working-day numbers of receipt, due day and end that lead to the wanted outcome."""
    size = len(outcome)
    first, last = _index(FIRST), _index(_LAST_WORKING)
    finished = np.isin(outcome, [EARLY, ON_TIME, LATE, RETURNED])
    end = np.where(carried, rng.integers(first + 1, first + 40, size), rng.integers(first + 4, last + 1, size))
    gap = np.minimum(rng.geometric(0.3, size) - 1, end - first)
    gap = np.where(outcome == LATE, np.maximum(gap, 2), gap)
    received = end - gap
    running = np.isin(outcome, [OPEN, OVERDUE])
    received = np.where(running, rng.integers(last - 18, last + 1, size), received)
    received = np.where(outcome == OVERDUE, rng.integers(last - 40, last - 20, size), received)
    received = np.where(carried, rng.integers(_index(_BEFORE), first, size), received)
    printed = np.select(
        [outcome == ON_TIME, outcome == LATE, outcome == OPEN, outcome == OVERDUE],
        [end, end - 1, last + 1 + rng.integers(0, 15, size), rng.integers(last - 12, last, size)],
        end + 1 + rng.integers(0, 12, size),
    )
    return _Times(received, printed, np.where(finished, end, NONE))


def _with_clock(rng: np.random.Generator, times: _Times) -> tuple[Ints, Ints, Ints]:
    """Minutes: receipt in the morning, end in the afternoon of the same day at the earliest, due at 17:00 or
    a date alone."""
    size = len(times.received)
    received = _day(times.received) * DAY + rng.integers(7 * 60, 11 * 60, size)
    ended = _day(np.where(times.end == NONE, times.received, times.end))
    end = np.where(times.end == NONE, NONE, ended * DAY + rng.integers(13 * 60, 16 * 60 + 50, size))
    printed = _day(times.printed) * DAY + np.where(rng.random(size) < 0.7, 17 * 60, 0)
    return received, printed, end


def _level(rng: np.random.Generator, context: Context, level: str, plan: LevelPlan) -> pl.DataFrame:
    total = sum(plan.outcomes)
    outcome = np.repeat(np.arange(7), plan.outcomes)
    rng.shuffle(outcome)
    received_rows = np.flatnonzero(outcome != NOT_RECEIVED)
    order = rng.permutation(received_rows)
    carried = np.zeros(total, dtype=bool)
    carried[order[: plan.carried]] = True
    channel = np.full(total, "truc_tuyen", dtype="<U12")
    rest = order[plan.carried :]
    channel[rest[: plan.counter]] = "truc_tiep"
    channel[rest[plan.counter : plan.counter + plan.post]] = "buu_chinh"
    received, printed, end = _with_clock(rng, _times(rng, outcome, carried))
    units = units_on(context.world.agencies, _UNITS_ON).filter(pl.col("cap") == level)["ma_don_vi"].to_numpy()
    listed = on_day(context.world.procedures, _UNITS_ON).filter(pl.col("cap") == level)
    kind = np.select(
        [outcome == RETURNED, outcome == NOT_RECEIVED],
        [rng.choice([WITHDRAWN, STOPPED], total), rng.choice([NEW, REFUSED], total)],
        PLAIN,
    )
    handed = np.where(
        (end == NONE) | (kind != PLAIN) | (rng.random(total) < 0.1), NONE, end + rng.integers(5, 2_000, total)
    )
    stuck = (handed != NONE) & (rng.random(total) < _STUCK_AT_SIGNING)
    handed = np.where(stuck, end + rng.integers(7 * DAY, 12 * DAY, total), handed)
    return pl.DataFrame(
        {
            "ma_don_vi": pl.Series(units[pick(rng, unit_sizes(units), total)], dtype=pl.String),
            "cap": [level] * total,
            "ma_tthc": listed["ma_tthc"].gather(pick(rng, listed["trong_so"].to_numpy(), total)),
            "nhan_p": received,
            "hen_p": np.where(kind == NEW, NONE, printed),
            "xong_p": end,
            "tra_p": handed,
            "kenh": channel,
            "loai_ket_thuc": kind,
        }
    )


def preset_truth(context: Context) -> pl.DataFrame:
    """All dossiers of the preset, in the columns of ``dossiers.dossiers``."""
    rng = context.stream(PRESET)
    frame = pl.concat([_level(rng, context, level, plan) for level, plan in PLAN.items()])
    never = pl.lit(NONE, pl.Int64)
    frame = frame.with_columns(
        pl.Series(due.effective_receipt(frame["nhan_p"].to_numpy()) // DAY)
        .cast(pl.Int32)
        .cast(pl.Date)
        .alias("ngay_hieu_dung"),
        *[never.alias(name) for name in ("bs1_p", "bs1_het_p", "bs2_p", "bs2_het_p")],
        pl.lit(value=False).alias("ngay_ket_thuc_trong"),
    )
    frame = with_limits(frame, context.world.procedures)
    frame = details(rng, frame, frame["loai_ket_thuc"].to_numpy(), context.world.people)
    return _paid_as_printed(named_units(exported_codes(rng, numbered(frame, 1)), context.world.agencies))


def _paid_as_printed(frame: pl.DataFrame) -> pl.DataFrame:
    month = (pl.col("nhan_p") // DAY).cast(pl.Int32).cast(pl.Date).dt.truncate("1mo")
    place = pl.int_range(pl.len()).over(month, pl.col("phi") > 0)
    share = (place + 1) * _PAID_ONLINE
    return frame.with_columns(
        pl.when(pl.col("phi") > 0).then(share.floor() > (place * _PAID_ONLINE).floor()).alias("thanh_toan_truc_tuyen")
    )


def write_preset(context: Context, progress: Callable[[str], None]) -> None:
    """Write the preset: catalogues, dossiers (Parquet and CSV), steps, the printed report, the answer key.

    Raises ``ValueError`` if the dossiers do not count up to the report (a mistake of the generator).
    """
    progress("danh mục")
    agency_files(context)
    own_catalogue_files(context)
    progress("hồ sơ")
    closing = wd.day(AS_OF) * DAY + DAY - 1
    truth = preset_truth(context)
    final = state_at(truth, closing)
    last_step = pl.Series((last_change(truth, closing) * 60_000_000).cast(pl.Datetime("us")))
    counts = count_window(final.with_columns(truth["cap"], last_step.alias("buoc_cuoi")), FIRST, AS_OF, AS_OF)
    _check(counts)
    _write_dossiers(context, final)
    progress("quá trình, báo cáo")
    steps = steps_until(truth, closing, context.stream("qua_trinh"))
    steps = steps.with_columns(pl.col("buoc").replace_strict(STEP_NAMES, return_dtype=pl.String))
    spelling = Spelling(headers="chuan", dates="o_ngay", codes="chuan", typed=True)
    context.write(Export("dvc/qua_trinh", "qua_trinh.parquet", [context.sheet("dvc/qua_trinh", steps, spelling)]))
    _write_around(context, truth, final)
    sides = truth.select("ma_ho_so", pl.lit(None, pl.String).alias("hai_cong"))
    context.writer.key.save_frame("dap_an_ho_so.parquet", dossier_truth(truth, final, sides, context))


def _write_dossiers(context: Context, final: pl.DataFrame) -> None:
    feed = "dvc/ho_so"
    by_month = final.with_columns(pl.col("ngay_tiep_nhan").dt.strftime("%Y-%m").alias("_thang"))
    for number, (name, part) in enumerate(by_month.group_by("_thang", maintain_order=True)):
        rows = part.drop("_thang")
        if number % 2:
            spelling = Spelling(headers="chuan", dates="o_ngay", codes="chuan", typed=True)
            context.write(Export(feed, f"ho_so_{name[0]}.parquet", [context.sheet(feed, rows, spelling)]))
        else:
            layout = Layout(("DANH SÁCH HỒ SƠ (dữ liệu tổng hợp)", f"Thời điểm kết xuất: {AS_OF:%d/%m/%Y} 23:59"))
            sheet = context.sheet(feed, rows, Spelling(numbers="day_du"), layout)
            context.write(Export(feed, f"ho_so_{name[0]}.csv", [sheet], charset="utf-8-sig", delimiter=";"))


def _write_around(context: Context, truth: pl.DataFrame, final: pl.DataFrame) -> None:
    """The rest of the report: printed figures, catalogue and its decisions, the feeds of ``founding.around`` and
    ``founding.unprinted``."""
    listed = founding_catalogue(context.world.procedures)
    frames = [
        ("bao_cao/so_lieu", "so_lieu_in.csv", printed_figures()),
        ("dvc/tthc", "danh_muc_tong_hop.csv", listed.procedures),
        ("dvcqg/tthc", "tthc_qg.csv", listed.portal),
        ("dvcqg/ho_so", "cong_qg.parquet", portal_rows(final, truth["ma_tthc_qg"])),
        ("dvc/van_ban", "van_ban.csv", listed.documents),
        *((feed, file, make(context.world.agencies)) for feed, file, make in FEEDS),
        *unprinted(context, final),
    ]
    for feed, file, frame in frames:
        typed = file.endswith(".parquet")
        spelling = Spelling(headers="chuan", dates="o_ngay" if typed else "iso", codes="chuan", typed=typed)
        context.write(Export(feed, file, [context.sheet(feed, frame, spelling)], charset="utf-8"))


def _check(counts: dict[str, dict[str, int]]) -> None:
    wrong = [name for name, value in EXPECTED.items() if counts["toan_tinh"][name] != value]
    wrong += [
        f"{level}.{name}"
        for level, row in BY_LEVEL.items()
        for name, value in row.items()
        if counts[level][name] != value
    ]
    if wrong:
        raise ValueError(f"bộ mẫu {PRESET} không cộng đúng với báo cáo: {', '.join(wrong)}")
