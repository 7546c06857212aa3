"""Exports of the feeds around the dossiers, in several formats and with planted mess."""

from __future__ import annotations

import polars as pl

from pipelines.sample.answer_key import FINDING
from pipelines.sample.context import Context, footer
from pipelines.sample.directing.around_dossiers import (
    branch_counts,
    documents,
    fees,
    outages,
    postal_items,
    systems,
)
from pipelines.sample.directing.plans import facilities, targets, tasks, training
from pipelines.sample.files.defects import MISSING, MISSING_KEY, OUTSIDE, Fault, Junk, add_junk, spoil
from pipelines.sample.files.export import Export, Layout, Planted, Sheet
from pipelines.sample.files.text_mess import Spelling

_TYPED = Spelling(headers="chuan", dates="iso", codes="chuan", typed=True)


def directing_files(context: Context, state: pl.DataFrame) -> None:
    """All ten feeds; ``state`` is the newest state of the dossiers, for the post."""
    _fee_and_document_files(context)
    _postal_file(context, state)
    _system_files(context)
    _plan_files(context)
    _facility_file(context)


def _fee_and_document_files(context: Context) -> None:
    rates = context.sheet("dvc/phi", fees(context.world.procedures), Spelling(codes="nhan", numbers="cham"))
    waived = next(row for row, word in enumerate(rates.frame["mien"].to_list()) if word == "Có")
    spoil(rates, waived, Fault("mien_ma_thu", "muc_thu", "5.000"), "ma_tthc")
    context.write(Export("dvc/phi", "mức phí.xlsx", [rates]))
    frame = documents(context.world.procedures, [month.first for month in context.months])
    twice = frame.tail(1).with_columns(pl.col("ngay") - pl.duration(days=1))
    sheet = context.sheet("dvc/van_ban", pl.concat([frame, twice]), Spelling(headers="bi_danh"))
    for row in (frame.height - 1, frame.height):
        number = str(sheet.frame["so_van_ban"][row])
        sheet.planted.append(Planted("so_van_ban_hai_ngay", row, "ngay", FINDING, "", number))
    add_junk(
        sheet, [Junk("ngoai_danh_muc", 1, {"so_van_ban": "1/TTr", "loai": "tờ trình"}, "loai", OUTSIDE)], "so_van_ban"
    )
    context.write(Export("dvc/van_ban", "văn bản.csv", [sheet], delimiter=";", charset="utf-8-sig"))


def _postal_file(context: Context, state: pl.DataFrame) -> None:
    feed = "dvc/buu_gui"
    frame = postal_items(context.stream("buu_gui"), state, 300, context.as_of)
    layout = Layout(
        ("DANH SÁCH BƯU GỬI (dữ liệu tổng hợp)",), numbering=True, footer=footer(frame.height + 1, "bưu gửi")
    )
    sheet = context.sheet(feed, frame, Spelling(), layout)
    spoil(sheet, 8, Fault("buu_gui_mo_coi", "ma_ho_so", "H02.13-250301-6003"), "ma_buu_gui")
    add_junk(sheet, [Junk("khoa_trong", 4, {"ma_buu_gui": None}, "ma_buu_gui", MISSING_KEY)], "ma_ho_so")
    context.write(Export(feed, "bưu gửi.xlsx", [sheet], stated_total=frame.height + 1))


def _system_files(context: Context) -> None:
    months = [month.first for month in context.months]
    listed = context.sheet("he_thong/ket_noi", systems(), Spelling(codes="nhan"))
    context.write(Export("he_thong/ket_noi", "hệ thống.xlsx", [listed]))
    broken = context.sheet(
        "he_thong/gian_doan", outages(context.stream("gian_doan"), months, context.as_of), Spelling()
    )
    spoil(broken, 0, Fault("gian_doan_nguoc", "ket_thuc", "01/01/2025 00:00"), "ma_he_thong")
    _by_row(broken)
    context.write(Export("he_thong/gian_doan", "gián đoạn.csv", [broken], delimiter=";"))
    feed = "nganh_doc/tong_hop"
    counts = context.sheet(feed, branch_counts(context.stream("tong_hop"), context.world.agencies, months), Spelling())
    spoil(counts, 5, Fault("truc_tuyen_qua_tiep_nhan", "truc_tuyen", "99999"), "ma_he_thong")
    _by_row(counts)
    add_junk(counts, [Junk("khoa_trong", 3, {"ky": None}, "ky", MISSING_KEY)], "ma_he_thong")
    context.write(Export(feed, "tổng hợp.csv", [counts], charset="utf-16", delimiter="\t"))


def _plan_files(context: Context) -> None:
    work = context.sheet(
        "chi_dao/nhiem_vu", tasks(context.stream("nhiem_vu"), context.world.agencies, context.as_of), Spelling()
    )
    done = next(row for row, day in enumerate(work.frame["ngay_hoan_thanh"].to_list()) if day)
    spoil(work, done, Fault("xong_khong_ngay", "ngay_hoan_thanh", ""), "ma_nhiem_vu")
    add_junk(
        work,
        [Junk("bat_buoc_trong", 3, {"ma_nhiem_vu": "NV-901", "noi_dung": None}, "noi_dung", MISSING)],
        "ma_nhiem_vu",
    )
    context.write(Export("chi_dao/nhiem_vu", "nhiệm vụ.xlsx", [work]))
    aims = context.sheet("chi_dao/muc_tieu", targets(context.months[0].first, context.as_of), Spelling(headers="chuan"))
    spoil(aims, 3, Fault("chi_tieu_la", "ma_chi_tieu", "ho_so_vui_ve"), "ma_chi_tieu")
    context.write(Export("chi_dao/muc_tieu", "mục tiêu.csv", [aims]))
    months = [month.first for month in context.months]
    courses = context.sheet(
        "dao_tao/ket_qua", training(context.stream("dao_tao"), context.world.agencies, months, context.as_of), _TYPED
    )
    _spoil_number(courses, 4, "chung_chi", 9999, "chung_chi_qua_hoan_thanh")
    context.write(Export("dao_tao/ket_qua", "đào tạo.jsonl", [courses]))


def _facility_file(context: Context) -> None:
    feed = "ho_tich/co_so_y_te"
    months = [month.first for month in context.months]
    notices = context.sheet(feed, facilities(context.stream("co_so_y_te"), months), _TYPED)
    _spoil_number(notices, 3, "so_gui", 99999, "gui_qua_phat_hanh")
    context.write(Export(feed, "cơ sở y tế.parquet", [notices]))


def _spoil_number(sheet: Sheet, row: int, column: str, value: int, kind: str) -> None:
    """A number that is too large in a sheet whose numbers are typed."""
    values = sheet.frame[column].to_list()
    values[row] = value
    sheet.frame = sheet.frame.with_columns(pl.Series(column, values, dtype=sheet.frame.schema[column]))
    sheet.planted.append(Planted(kind, row, column, FINDING))


def _by_row(sheet: Sheet) -> None:
    """The newest planted defect is told by its row: what names the record stands in many rows."""
    last = sheet.planted.pop()
    sheet.planted.append(Planted(last.kind, last.row, last.column, last.treatment, last.reason))
