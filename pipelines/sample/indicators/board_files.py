"""The small sample's digitisation progress, interlinked procedures, scores of 766 and printed reports."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl

from pipelines.sample.answer_key import FINDING
from pipelines.sample.context import Context
from pipelines.sample.files.defects import OUTSIDE, UNREADABLE, Junk, add_junk
from pipelines.sample.files.export import Export, Layout, Planted, Sheet
from pipelines.sample.files.text_mess import Spelling
from pipelines.sample.indicators.reports import PrintedReport, count_window, half_year_report, programme_report
from pipelines.sample.indicators.scores_766 import board, metrics_answer, tree_answer, wide
from pipelines.sample.registers.registry_progress import books, interlinked, progress
from pipelines.sample.world.geography import MERGER, NEW, OLD, units_on


def progress_files(context: Context, units: int) -> None:
    """``ho_tich/so_hoa``: an older snapshot, a newer one; ``ho_tich/lien_thong``."""
    feed = "ho_tich/so_hoa"
    listed = books(context.stream("so_quyen"), context.world.agencies, units)
    old = progress(
        context.stream("tien_do"), listed, 0.55, datetime.combine(context.months[0].last, datetime.min.time())
    )
    new = progress(
        context.stream("tien_do"), listed, 0.9, datetime.combine(context.as_of, datetime.min.time()) - timedelta(days=5)
    )
    before = context.sheet(feed, old, Spelling(headers="camel", codes="chuan"))
    context.write(Export(feed, "z_tiến độ cũ.csv", [before]))
    layout = Layout(("TIẾN ĐỘ SỐ HÓA SỔ HỘ TỊCH (dữ liệu tổng hợp)",), numbering=True)
    after = context.sheet(feed, new, Spelling(), layout)
    add_junk(
        after,
        [Junk("so_khong_doc_duoc", 3, {"quyen_so": "99/1985", "so_truong_hop": "nhiều"}, "so_truong_hop", UNREADABLE)],
        "quyen_so",
    )
    context.write(Export(feed, "a_tiến độ mới.xlsx", [after]))
    _interlinked_files(context, max(units * 10, 60))


def _interlinked_files(context: Context, size: int) -> None:
    feed = "ho_tich/lien_thong"
    window = (context.months[0].first, context.as_of)
    cases = interlinked(context.stream("lien_thong"), context.world.agencies, window, size, context.as_of)
    half = cases.height // 2
    text = context.sheet(feed, cases.head(half), Spelling(headers="chuan", codes="chuan"))
    add_junk(text, [Junk("ngoai_danh_muc", 3, {"ma_ho_so": "LT-9999", "nhom": "ly_hon"}, "nhom", OUTSIDE)], "ma_ho_so")
    context.write(Export(feed, "lien_thong_1.csv", [text], charset="cp1258", delimiter=";"))
    table = context.sheet(feed, cases.slice(half), Spelling(headers="chuan", dates="iso", codes="chuan", typed=True))
    context.write(Export(feed, "lien_thong_2.parquet", [table]))


def score_files(context: Context) -> None:
    """``bo_chi_so_766/diem``: long csv, wide workbook of the old board, the portal's JSON answers."""
    feed = "bo_chi_so_766/diem"
    rng = context.stream("766")
    long_parts, wide_parts = [], []
    taken = datetime.combine(context.as_of, datetime.min.time()) + timedelta(days=2, hours=9)
    for month in context.months:
        province = (NEW, "UBND tỉnh Bắc Ninh") if month.first >= MERGER else (OLD, "UBND tỉnh Bắc Giang")
        when = datetime.combine(month.last, datetime.min.time()) + timedelta(days=3, hours=9)
        long_parts.append(board(rng, month.name, province, when).rows)
        units = units_on(context.world.agencies, month.first).filter(pl.col("cap") == "tinh").head(4)
        for code, name in units.select("ma_don_vi", "ten_don_vi").iter_rows():
            wide_parts.append((month.name, (code, name), board(rng, month.name, (code, name), when, 0.1)))
    long = context.sheet(feed, pl.concat(long_parts), Spelling(headers="nhan"))
    context.write(Export(feed, "diem_dang_dai.csv", [long], charset="utf-8-sig", delimiter=";"))
    layout = Layout(("BẢNG ĐIỂM THEO BỘ CHỈ SỐ 766 (dữ liệu tổng hợp)",))
    table = context.sheet(feed, wide(wide_parts, taken), Spelling(headers="chuan"), layout)
    context.write(Export(feed, "bảng điểm.xlsx", [table], reshaped=True, note="dạng ngang"))
    _portal_answers(context, feed)


def _portal_answers(context: Context, feed: str) -> None:
    rng = context.stream("766-json")
    after = context.as_of + timedelta(days=1)
    period = f"{after:%Y-%m}"
    taken = datetime.combine(after, datetime.min.time()) + timedelta(days=33, hours=8)
    province = (NEW, "UBND tỉnh Bắc Ninh") if after >= MERGER else (OLD, "UBND tỉnh Bắc Giang")
    result = board(rng, period, province, taken)
    units = units_on(context.world.agencies, context.as_of).head(12)
    pairs = list(units.select("ma_don_vi", "ten_don_vi").iter_rows())
    blank = Sheet(pl.DataFrame(), [])
    for name, payload in (
        ("dossier-digitized", metrics_answer(result, period, taken)),
        ("dvc-progress-tree", tree_answer(rng, province, pairs, period, taken)),
    ):
        context.write(Export(feed, f"cong/{name}_{period}.json", [blank], payload=payload, note="tệp JSON của Cổng"))


def report_files(context: Context, final: pl.DataFrame) -> None:
    """``bao_cao/so_lieu``: a report with figures of the sample's own dossiers and two slips; a programme report."""
    feed = "bao_cao/so_lieu"
    last_full = context.months[-1].first - timedelta(days=1)
    first = max(context.months[0].first, date(last_full.year, 1, 1))
    window = (first, last_full) if len(context.months) > 1 else (context.months[0].first, context.as_of)
    counts = count_window(final, *window, context.as_of)
    for report, path, charset in (
        (half_year_report(counts, *window, f"BC-{context.as_of:%Y}-01"), "bc_kstthc.csv", "utf-8-sig"),
        (programme_report(*window, f"BC-{context.as_of:%Y}-02"), "bc_de_an_06.xlsx", "utf-8"),
    ):
        sheet = context.sheet(feed, report.rows, Spelling(headers="nhan"))
        _mark_slips(sheet, report)
        context.write(Export(feed, path, [sheet], charset=charset, delimiter=";"))


def _mark_slips(sheet: Sheet, report: PrintedReport) -> None:
    numbers = report.rows["ma_so_lieu"].to_list()
    for number, why in report.slips.items():
        sheet.planted.append(Planted("quan_he_lech", numbers.index(number), "gia_tri", FINDING, "", f"{number}: {why}"))
