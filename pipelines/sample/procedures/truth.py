"""The clean truth of every dossier for the answer key, with due dates and outcomes recomputed (R3, R3b, R4)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.sample.context import Context
from pipelines.sample.procedures import due_dates as due
from pipelines.sample.world import working_days as wd
from pipelines.sample.world.geography import todays_unit

Ints = npt.NDArray[np.int64]
_US = 60_000_000
_RETURNED = ("khong_duoc_tiep_nhan", "cong_dan_rut", "dung_xu_ly")
_OPEN = ("duoc_tiep_nhan", "dang_xu_ly", "yeu_cau_bo_sung", "yeu_cau_nghia_vu_tai_chinh")
_FINISHED = ("da_xu_ly_xong", "da_tra_ket_qua")


def _minutes(column: pl.Series) -> Ints:
    return np.asarray((column.dt.epoch("us") // _US).fill_null(due.NONE).to_numpy())


def _date(days: Ints) -> pl.Series:
    text = pl.Series(days).cast(pl.Int32).cast(pl.Date)
    return pl.select(pl.when(pl.Series(days) != due.NONE).then(text)).to_series()


def _only(verdict: npt.NDArray[np.str_], where: pl.Series) -> pl.Series:
    return pl.select(pl.when(where).then(pl.Series(verdict))).to_series()


def _pauses(truth: pl.DataFrame, closing: int) -> list[tuple[Ints, Ints]]:
    pauses = []
    for start_name, end_name in (("bs1_p", "bs1_het_p"), ("bs2_p", "bs2_het_p")):
        start, end = truth[start_name].to_numpy(), truth[end_name].to_numpy()
        start = np.where(start > closing, due.NONE, start)
        end = np.where((end > closing) | (start == due.NONE), due.NONE, end)
        pauses.append((start, end))
    return pauses


def _legal_due(truth: pl.DataFrame, pauses: list[tuple[Ints, Ints]], limit: Ints, unit: Ints) -> Ints:
    """R3b: the whole limit again from the last completed supplement; null while one is awaited."""
    received = truth["nhan_p"].to_numpy()
    restart = np.maximum(received, np.maximum(pauses[0][1], pauses[1][1]))
    awaited = ((pauses[0][0] != due.NONE) & (pauses[0][1] == due.NONE)) | (
        (pauses[1][0] != due.NONE) & (pauses[1][1] == due.NONE)
    )
    result = due.recompute(restart, limit, unit, (), restart).day
    return np.where(awaited, due.NONE, result)


def dossier_truth(truth: pl.DataFrame, final: pl.DataFrame, verdicts: pl.DataFrame, context: Context) -> pl.DataFrame:
    """One row a dossier of ``final`` (state at the sample's closing; same order as ``truth``), plus the rows
    that only the national portal has. Judged as of ``ngay_so_lieu``."""
    unresolved = (truth["ma_tthc_xuat"] == "BG.Z999").fill_null(value=False)
    limit = truth["thoi_han"].fill_null(1).to_numpy()
    unit = truth["don_vi_thoi_han"].replace_strict(due.UNITS, return_dtype=pl.Int64).to_numpy()
    unit = np.where(unresolved.to_numpy(), due.NO_LIMIT, unit)
    pauses = _pauses(truth, context.closing)
    received = truth["nhan_p"].to_numpy()
    closing = np.full(truth.height, context.closing)
    again = due.recompute(received, limit, unit, pauses, closing)
    end = _minutes(final["ngay_ket_thuc"].fill_null(final["ngay_tra"]))
    printed = _minutes(final["ngay_hen_tra"])
    printed_day = np.where(printed == due.NONE, due.NONE, printed // due.DAY)
    printed_minute = np.where(printed % due.DAY == 0, due.NONE, printed % due.DAY)
    whole_day = np.full(truth.height, due.NONE)
    status = final["trang_thai"]
    over = status.is_in(_RETURNED)
    finished = status.is_in(_FINISHED) | (final["ngay_ket_thuc"].is_not_null() & ~over)
    running = due.in_progress(wd.day(context.as_of), printed_day, printed_minute)
    heirs = todays_unit(context.world.agencies, context.as_of)
    known = final["ma_don_vi"].is_in(list(heirs))
    frame = final.select(
        "ma_ho_so", "ma_don_vi", "kenh", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_thuc", "ngay_tra", "trang_thai",
        pl.col("ma_tthc").alias("ma_tthc_xuat"),
        pl.when(unresolved).then(pl.lit("BG.Z999")).otherwise(truth["ma_tthc"]).alias("ma_tthc"),
        pl.when(known).then(truth["cap"]).alias("cap"),
        pl.col("ma_don_vi").replace_strict(heirs, default=None, return_dtype=pl.String).alias("ma_don_vi_hien_nay"),
        _date(again.day).alias("han_tinh_lai"),
        pl.when(pl.Series(unit) != due.NO_LIMIT).then(pl.Series(again.paused)).alias("so_ngay_tam_dung"),
        _date(_legal_due(truth, pauses, limit, unit)).alias("han_phap_luat"),
        _only(due.outcome(end, printed_day, printed_minute), finished).alias("ket_qua_han"),
        _only(due.outcome(end, again.day, whole_day), finished).alias("ket_qua_han_tinh_lai"),
        _only(running, status.is_in(_OPEN) & ~finished).alias("dang_xu_ly"),
        over.alias("tra_lai"),
        pl.lit(context.as_of).alias("ngay_so_lieu"),
    )  # fmt: skip
    return frame.join(verdicts, on="ma_ho_so", how="full", coalesce=True, maintain_order="left_right")
