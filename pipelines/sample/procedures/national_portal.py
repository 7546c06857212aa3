"""What the national portal holds of the same dossiers, with planted disagreements of every kind of R12."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.sample.procedures import due_dates as due
from pipelines.sample.procedures.states import last_change

_AGREE = "khop"
_SHARES = {"som_trang_thai": 0.15, "khac_trang_thai": 0.12}
_FIELDS = (
    "ma_ho_so", "ma_tthc_qg", "ma_don_vi", "trang_thai", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_thuc",
    "ngay_dong_bo", "danh_gia_han",
)  # fmt: skip
_FINISHED = ("da_xu_ly_xong", "da_tra_ket_qua")
_RETURNED = ("khong_duoc_tiep_nhan", "cong_dan_rut", "dung_xu_ly")
_OPEN = ("duoc_tiep_nhan", "dang_xu_ly", "yeu_cau_bo_sung", "yeu_cau_nghia_vu_tai_chinh")
_US = 60_000_000


@dataclass(frozen=True)
class PortalTruth:
    """``rows``: columns of feed ``dvcqg/ho_so``; ``verdicts``: ``ma_ho_so``, ``hai_cong`` (R12)."""

    rows: pl.DataFrame
    verdicts: pl.DataFrame


def printed_outcome(state: pl.DataFrame) -> pl.Series:
    """``ket_qua_han`` of R4 against the printed due date; null for dossiers that are not finished."""
    end = state["ngay_ket_thuc"].fill_null(state["ngay_tra"])
    end_minute = (end.dt.epoch("us") // _US).fill_null(0).to_numpy()
    printed = (state["ngay_hen_tra"].dt.epoch("us") // _US).fill_null(due.NONE).to_numpy()
    day = np.where(printed == due.NONE, due.NONE, printed // due.DAY)
    minute = np.where(printed % due.DAY == 0, due.NONE, printed % due.DAY)
    verdict = pl.Series(due.outcome(end_minute, day, minute))
    finished = state["trang_thai"].is_in(_FINISHED)
    return pl.select(pl.when(finished).then(verdict)).to_series()


def _verdicts(rng: np.random.Generator, state: pl.DataFrame, outcome: pl.Series) -> npt.NDArray[np.str_]:
    """Draws one verdict a dossier among those its state allows."""
    draw = rng.random(state.height)
    finished = state["trang_thai"].is_in(_FINISHED).to_numpy()
    running = state["trang_thai"].is_in(_OPEN).to_numpy()
    over = state["trang_thai"].is_in(_RETURNED[1:]).to_numpy()
    judged = outcome.is_in(["truoc_han", "dung_han", "qua_han"]).fill_null(value=False).to_numpy()
    result = np.full(state.height, _AGREE, dtype="<U20")
    edge = np.cumsum([0.02, 0.02, 0.02, 0.02])
    result[draw < edge[0]] = "chua_dong_bo"
    result[finished & (draw >= edge[0]) & (draw < edge[1])] = "tre_trang_thai"
    result[judged & (draw >= edge[1]) & (draw < edge[2])] = "khac_ket_luan"
    result[judged & (draw >= edge[2]) & (draw < edge[3])] = "khac_han"
    result[running & (draw >= edge[0]) & (draw < edge[0] + _SHARES["som_trang_thai"])] = "som_trang_thai"
    result[over & (draw >= edge[0]) & (draw < edge[0] + _SHARES["khac_trang_thai"])] = "khac_trang_thai"
    return result


def portal(rng: np.random.Generator, truth: pl.DataFrame, state: pl.DataFrame, at: int) -> PortalTruth:
    """The portal's rows at minute ``at`` for dossiers in ``state`` (same order as ``truth``)."""
    outcome = printed_outcome(state)
    verdict = _verdicts(rng, state, outcome)
    size = state.height
    what = pl.Series("hai_cong", verdict)
    changed = _last_synced_event(truth, at)
    delay = pl.Series(np.where(rng.random(size) < 0.06, rng.integers(1500, 9000, size), rng.integers(5, 240, size)))
    synced = ((changed + delay).clip(upper_bound=at) * _US).cast(pl.Datetime("us"))
    shift = pl.Series(rng.integers(1, 4, size))
    late = outcome == "qua_han"
    opinion = pl.select(
        pl.when(outcome.is_null() | (outcome == "khong_han"))
        .then(pl.lit(None, pl.String))
        .when(late ^ (what == "khac_ket_luan"))
        .then(pl.lit("qua_han"))
        .otherwise(pl.lit("dung_han"))
    ).to_series()
    # another due date, one to three days off; where the verdict differs too, the side that explains it
    sign = pl.select(pl.when((what == "khac_ket_luan") & ~late).then(-1).otherwise(1)).to_series()
    moved = pl.col("ngay_hen_tra") + pl.duration(days=pl.lit(shift * sign))
    possible = moved.dt.date() >= pl.col("ngay_tiep_nhan").dt.date()
    early_end = (pl.Series(np.minimum(changed.to_numpy() + 90, at)) * _US).cast(pl.Datetime("us"))
    rows = state.select(
        "ma_ho_so",
        truth["ma_tthc_qg"],
        "ma_don_vi",
        pl.when(what.is_in(["tre_trang_thai", "khac_trang_thai"]))
        .then(pl.lit("dang_xu_ly"))
        .when(what == "som_trang_thai")
        .then(pl.lit("da_xu_ly_xong"))
        .when((pl.col("trang_thai") == "da_tra_ket_qua") & (pl.col("ngay_tra") > synced))
        .then(pl.lit("da_xu_ly_xong"))
        .otherwise(pl.col("trang_thai"))
        .alias("trang_thai"),
        "ngay_tiep_nhan",
        pl.when(what.is_in(["khac_han", "khac_ket_luan"]) & possible)
        .then(moved)
        .otherwise(pl.col("ngay_hen_tra"))
        .alias("ngay_hen_tra"),
        pl.when(what.is_in(["tre_trang_thai", "khac_trang_thai"]))
        .then(None)
        .when(what == "som_trang_thai")
        .then(early_end)
        .otherwise(pl.col("ngay_ket_thuc"))
        .alias("ngay_ket_thuc"),
        synced.alias("ngay_dong_bo"),
        pl.when(what == "tre_trang_thai").then(None).otherwise(opinion).alias("danh_gia_han"),
    ).filter(what != "chua_dong_bo")
    extra = _only_there(rng, state, at)
    verdicts = pl.concat(
        [
            pl.DataFrame({"ma_ho_so": state["ma_ho_so"], "hai_cong": what}),
            extra.select("ma_ho_so", pl.lit("chi_co_tren_cong_qg").alias("hai_cong")),
        ]
    )
    return PortalTruth(pl.concat([rows, extra]).select(_FIELDS), verdicts)


def _last_synced_event(truth: pl.DataFrame, at: int) -> pl.Series:
    """The end of work where there is one (the hand-over is not synchronised on its own), else the last event."""
    ended = (truth["xong_p"] != due.NONE) & (truth["xong_p"] <= at) & (truth["xong_p"] >= truth["nhan_p"])
    return pl.select(pl.when(ended).then(truth["xong_p"]).otherwise(last_change(truth, at))).to_series()


def _only_there(rng: np.random.Generator, state: pl.DataFrame, at: int) -> pl.DataFrame:
    """Dossiers that the province does not have: 0.4 %, with running numbers from 90001 on."""
    count = max(state.height // 250, 1)
    taken = state.gather(np.sort(rng.choice(state.height, count, replace=False)))
    end = pl.lit(at * _US).cast(pl.Datetime("us"))
    number = pl.int_range(90_001, 90_001 + count).cast(pl.String)
    return taken.select(
        (pl.col("ma_ho_so").str.replace(r"-\d+$", "-") + number).alias("ma_ho_so"),
        pl.lit(None, pl.String).alias("ma_tthc_qg"),
        "ma_don_vi",
        pl.lit("dang_xu_ly").alias("trang_thai"),
        "ngay_tiep_nhan",
        "ngay_hen_tra",
        pl.lit(None, pl.Datetime("us")).alias("ngay_ket_thuc"),
        pl.min_horizontal(pl.col("ngay_tiep_nhan") + pl.duration(hours=3), end).alias("ngay_dong_bo"),
        pl.lit(None, pl.String).alias("danh_gia_han"),
    )


def earlier_snapshot(rng: np.random.Generator, rows: pl.DataFrame, share: float) -> pl.DataFrame:
    """Older states of some rows: still open, synchronised soon after receipt (superseded by ``rows``)."""
    late_enough = rows.filter(pl.col("ngay_dong_bo") > pl.col("ngay_tiep_nhan") + pl.duration(days=2))
    count = int(late_enough.height * share)
    if not count:
        return late_enough.clear()
    chosen = late_enough.gather(np.sort(rng.choice(late_enough.height, count, replace=False)))
    return chosen.with_columns(
        pl.lit("dang_xu_ly").alias("trang_thai"),
        pl.lit(None, pl.Datetime("us")).alias("ngay_ket_thuc"),
        (pl.col("ngay_tiep_nhan") + pl.duration(hours=2)).alias("ngay_dong_bo"),
        pl.lit(None, pl.String).alias("danh_gia_han"),
    )
