"""Feeds of which the founding report tells in words only: made-up rows, so that questions about them have an answer.

No figure of theirs is printed, so none is reproduced.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipelines.sample.context import Context
from pipelines.sample.directing.around_dossiers import branch_counts, fees, outages, postal_items
from pipelines.sample.directing.plans import facilities
from pipelines.sample.procedures.feedback import payments
from pipelines.sample.registers.registry import ELECTRONIC, Batch, births
from pipelines.sample.registers.registry_progress import interlinked
from pipelines.sample.world.geography import units_on

_BIRTHS, _CASES = 900, 240
_FREE_FROM = date(2024, 4, 1)
_WINDOW = (date(2024, 1, 2), date(2024, 6, 28))


def unprinted(context: Context, state: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Feed, file and rows of each: postal items of the dossiers that came by post (``state``), fees and payments,
    births, interlinked cases, notices of facilities, counts of specialised systems, outages."""
    agencies, months = context.world.agencies, [month.first for month in context.months]
    by_post = state.filter(pl.col("kenh") == "buu_chinh")
    yield "dvc/buu_gui", "buu_gui.csv", postal_items(context.stream("buu_gui"), by_post, by_post.height, context.as_of)
    yield "dvc/phi", "phi.csv", fees(context.world.procedures, _FREE_FROM)
    yield "dvc/thanh_toan", "thanh_toan.parquet", payments(context.stream("thanh_toan"), state, 1)
    communes = units_on(agencies, _WINDOW[0]).filter(pl.col("cap") == "xa")["ma_don_vi"].to_list()
    batch = Batch(tuple(communes), *_WINDOW, source=ELECTRONIC)
    yield "ho_tich/khai_sinh", "khai_sinh.csv", births(context.stream("khai_sinh"), batch, _BIRTHS).drop("ma_nguoi")
    cases = interlinked(context.stream("lien_thong"), agencies, _WINDOW, _CASES, context.as_of)
    known = cases.with_columns(pl.Series("ma_don_vi", [communes[n % len(communes)] for n in range(cases.height)]))
    yield "ho_tich/lien_thong", "lien_thong.csv", known
    yield "ho_tich/co_so_y_te", "co_so_y_te.csv", facilities(context.stream("co_so_y_te"), months)
    yield "nganh_doc/tong_hop", "tong_hop.csv", branch_counts(context.stream("tong_hop"), agencies, months)
    yield "he_thong/gian_doan", "gian_doan.csv", outages(context.stream("gian_doan"), months, context.as_of)
