"""The small sample: every feed, every format, every mess, in about five thousand dossiers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from pipelines.sample.context import Context
from pipelines.sample.directing.directing_files import directing_files
from pipelines.sample.indicators.board_files import progress_files, report_files, score_files
from pipelines.sample.procedures.dossier_files import DossierFiles
from pipelines.sample.procedures.dossiers import DAY, NONE, PLAIN, dossiers
from pipelines.sample.procedures.national_portal import portal
from pipelines.sample.procedures.service_files import (
    agency_files,
    catalogue_files,
    feedback_files,
    mark_unmapped,
    portal_files,
    step_files,
)
from pipelines.sample.procedures.states import last_change, state_at
from pipelines.sample.procedures.truth import dossier_truth
from pipelines.sample.registers.registry_files import RegistryTruth, birth_files, other_register_files
from pipelines.sample.world import working_days as wd

DOSSIERS_A_MONTH = 500
REGISTRY_RECORDS = 3_000
Progress = Callable[[str], None]


def named_units(frame: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """Adds ``ten_don_vi`` of the agency version in force; unknown agencies stay null."""
    names = agencies.unique("ma_don_vi", keep="last", maintain_order=True).select("ma_don_vi", "ten_don_vi")
    return frame.join(names, on="ma_don_vi", how="left", maintain_order="left")


def _strange(truth: pl.DataFrame) -> tuple[pl.DataFrame, list[str], list[str]]:
    """Plants what only look-ups can find: unknown agencies, unresolved procedures, an end before receipt."""
    plain = np.flatnonzero((truth["loai_ket_thuc"] == PLAIN).to_numpy() & (truth["xong_p"] != NONE).to_numpy())
    units, codes, order = plain[40::1500][:3], plain[90::900][:5], plain[130::1700][:3]

    def changed(column: str, rows: np.ndarray, value: object) -> pl.Series:
        values = truth[column].to_list()
        for row in rows:
            values[row] = value(values[row], row) if callable(value) else value
        return pl.Series(column, values, dtype=truth.schema[column])

    received = truth["nhan_p"].to_list()
    truth = truth.with_columns(
        changed("ma_don_vi", units, "H02.99"),
        changed("ma_tthc_xuat", codes, "BG.Z999"),
        changed("ten_tthc_xuat", codes, "Thủ tục không có trong danh mục nào"),
        changed("xong_p", order, lambda _, row: received[row] - 2 * DAY),
    )
    keys = truth["ma_ho_so"]
    return truth, [str(keys[int(i)]) for i in units], [str(keys[int(i)]) for i in codes]


def _corrected(truth: pl.DataFrame, context: Context) -> pl.DataFrame:
    """A late correction: a dozen finished dossiers of an earlier month get another printed due date."""
    month = context.months[max(len(context.months) - 5, 0)]
    day = (truth["nhan_p"] // DAY).to_numpy()
    eligible = np.flatnonzero(
        (truth["hen_p"] != NONE).to_numpy() & (truth["xong_p"] != NONE).to_numpy()
        & (day >= wd.day(month.first)) & (day <= wd.day(month.last))
    )[3::37][:12]  # fmt: skip
    printed = truth["hen_p"].to_numpy().copy()
    printed[eligible] += 2 * DAY
    return truth.with_columns(pl.Series("hen_p", printed))


def write_small(context: Context, progress: Progress) -> None:
    """Write the whole small sample and its answer key."""
    rng = context.stream("ho_so")
    parts = [dossiers(rng, context.world, m.first, m.last, DOSSIERS_A_MONTH) for m in context.months]
    truth, units, codes = _strange(pl.concat(parts))
    truth = named_units(truth, context.world.agencies)
    corrected = _corrected(truth, context)
    progress("danh mục")
    agency_files(context)
    catalogue_files(context)
    progress("hồ sơ")
    DossierFiles(context, truth).write_all(corrected)
    final = state_at(corrected, context.closing)
    mark_unmapped(context, final, units, codes)
    progress("quá trình, phản hồi, Cổng quốc gia")
    step_files(context, corrected)
    feedback_files(context, final)
    sides = portal(context.stream("hai_cong"), corrected, final, context.closing)
    portal_files(context, sides)
    progress("hộ tịch")
    registry = RegistryTruth()
    birth_files(context, registry, REGISTRY_RECORDS // 2)
    other_register_files(context, registry, REGISTRY_RECORDS // 4)
    progress_files(context, 12)
    progress("phí, bưu gửi, văn bản, hệ thống, nhiệm vụ, đào tạo")
    directing_files(context, final)
    progress("Bộ chỉ số 766, báo cáo")
    score_files(context)
    last_step = pl.Series((last_change(corrected, context.closing) * 60_000_000).cast(pl.Datetime("us")))
    report_files(context, final.with_columns(corrected["cap"], last_step.alias("buoc_cuoi")))
    key = context.writer.key
    key.save_frame("dap_an_ho_so.parquet", dossier_truth(corrected, final, sides.verdicts, context))
    key.save_frame("dap_an_ho_tich.parquet", registry.frame())
