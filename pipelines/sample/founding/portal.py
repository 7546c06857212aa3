"""What the national portal holds of the founding report's dossiers: it judges 98.54 % of them on time, as printed.

The province's own dossiers give 99.25 %. The portal knows every dossier; of those finished in time it judges some late:
half of them by an earlier due date (days where the province counts working days), half because the result came to it
days later. Which ones is chosen here and means nothing.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.sample.procedures.national_portal import printed_outcome

PRINTED = 0.9854


def portal_rows(state: pl.DataFrame, national: pl.Series) -> pl.DataFrame:
    """Rows of feed ``dvcqg/ho_so`` for the dossiers of ``state``; ``national``: their procedures' codes there."""
    outcome = printed_outcome(state)
    judged = outcome.is_in(["truoc_han", "dung_han", "qua_han"]).fill_null(value=False)
    in_time = np.flatnonzero((judged & (outcome != "qua_han").fill_null(value=False)).to_numpy())
    more = round(int(judged.sum()) * (1 - PRINTED)) - int((outcome == "qua_han").sum())
    late = np.zeros(state.height, dtype=np.int8)
    chosen = in_time[np.linspace(0, len(in_time) - 1, more).astype(np.int64)]
    late[chosen[::2]], late[chosen[1::2]] = 1, 2
    what = pl.Series(late)
    ended = pl.col("ngay_ket_thuc").fill_null(pl.col("ngay_tra"))
    return state.select(
        "ma_ho_so",
        national.alias("ma_tthc_qg"),
        "ma_don_vi",
        "trang_thai",
        "ngay_tiep_nhan",
        pl.when(what == 1).then(ended - pl.duration(days=1)).otherwise(pl.col("ngay_hen_tra")).alias("ngay_hen_tra"),
        "ngay_ket_thuc",
        (pl.max_horizontal("ngay_tiep_nhan", ended, "ngay_tra") + pl.duration(minutes=30))
        .add(pl.duration(days=pl.when(what == 2).then(6).otherwise(0)))
        .alias("ngay_dong_bo"),
        pl.when(~judged)
        .then(pl.lit(None, pl.String))
        .when((outcome == "qua_han") | (what > 0))
        .then(pl.lit("qua_han"))
        .otherwise(pl.lit("dung_han"))
        .alias("danh_gia_han"),
    )
