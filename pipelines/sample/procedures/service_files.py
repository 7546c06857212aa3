"""The small sample's exports of the other ``dvc/*`` feeds and of ``dvcqg/*``."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.sample.answer_key import FINDING
from pipelines.sample.context import Context, footer
from pipelines.sample.files.defects import (
    MISSING,
    MISSING_KEY,
    OUTSIDE,
    UNREADABLE,
    Fault,
    Junk,
    add_junk,
    repeat_rows,
    spoil,
)
from pipelines.sample.files.export import Export, Layout, Planted
from pipelines.sample.files.text_mess import Spelling
from pipelines.sample.procedures.feedback import payments, petitions, ratings
from pipelines.sample.procedures.national_portal import PortalTruth, earlier_snapshot
from pipelines.sample.procedures.states import steps_until
from pipelines.sample.world.catalogue import WITHOUT_NATIONAL_CODE, national_catalogue
from pipelines.sample.world.people import full_names

STEP_NAMES = {
    1: "Đăng ký hồ sơ", 2: "Từ chối tiếp nhận", 3: "Tiếp nhận hồ sơ", 4: "Nộp phí, lệ phí", 5: "Thẩm định hồ sơ",
    6: "Chờ bổ sung giấy tờ", 7: "Thẩm định hồ sơ", 8: "Chờ bổ sung giấy tờ", 9: "Lấy ý kiến phối hợp",
    10: "Trình lãnh đạo ký duyệt", 11: "Đóng dấu, trả kết quả",
}  # fmt: skip
"""What the province's system calls the steps, by their running number inside a dossier."""


def agency_files(context: Context) -> None:
    """``dvc/co_quan``: a workbook of the departments, a CSV of the districts and communes."""
    frame = context.world.agencies
    province = pl.col("cap") == "tinh"
    layout = Layout(("DANH MỤC CƠ QUAN, ĐƠN VỊ (dữ liệu tổng hợp)",))
    top = context.sheet("dvc/co_quan", frame.filter(province), Spelling(codes="chuan"), layout)
    context.write(Export("dvc/co_quan", "co_quan_tinh.xlsx", [top]))
    rest = context.sheet("dvc/co_quan", frame.filter(~province), Spelling(headers="camel", dates="iso"))
    context.write(Export("dvc/co_quan", "co_quan_huyen_xa.csv", [rest], delimiter=";", charset="utf-8-sig"))


def catalogue_files(context: Context) -> None:
    """``dvc/tthc`` and ``dvcqg/tthc``."""
    own_catalogue_files(context)
    portal = context.sheet("dvcqg/tthc", national_catalogue(), Spelling(headers="camel"))
    context.write(Export("dvcqg/tthc", "tthc_qg.csv", [portal], charset="utf-8-sig"))


def own_catalogue_files(context: Context) -> None:
    """``dvc/tthc``: a workbook with cover, a JSON supplement."""
    frame = context.world.procedures.drop("phi", "trong_so")
    commune = pl.col("ma_tthc").str.starts_with("BG.X")
    layout = Layout(("DANH MỤC THỦ TỤC HÀNH CHÍNH", "(dữ liệu tổng hợp)"), numbering=True, running_number=True)
    book = context.sheet("dvc/tthc", frame.filter(~commune), Spelling(codes="chuan"), layout)
    cover = ("QUYẾT ĐỊNH", "Về việc công bố danh mục thủ tục hành chính")
    context.write(Export("dvc/tthc", "danh mục.xlsx", [book], cover=cover))
    more = context.sheet(
        "dvc/tthc", frame.filter(commune), Spelling(headers="chuan", dates="iso", codes="chuan", typed=True)
    )
    context.write(Export("dvc/tthc", "bổ sung.json", [more], wrapped=True))


def step_files(context: Context, truth: pl.DataFrame) -> pl.DataFrame:
    """``dvc/qua_trinh`` in four formats by time; returns all steps (key columns and ``ma_don_vi``)."""
    feed = "dvc/qua_trinh"
    rng = context.stream("qua_trinh")
    steps = steps_until(truth, context.closing, rng).with_columns(
        pl.col("buoc").replace_strict(STEP_NAMES, return_dtype=pl.String)
    )
    named = pl.Series(rng.random(steps.height) < 0.3)
    noted = pl.Series(rng.random(steps.height) < 0.05)
    staff = full_names(rng, rng.integers(1, 3, steps.height))
    frame = steps.with_columns(
        pl.when(named).then(staff).alias("can_bo"),
        pl.when(noted).then(pl.lit("Đã gọi điện cho công dân")).alias("noi_dung"),
    )
    cuts = [0, int(frame.height * 0.08), int(frame.height * 0.45), int(frame.height * 0.7), frame.height]
    parts = [frame.slice(a, b - a) for a, b in pairwise(cuts)]
    book = context.sheet(feed, parts[0], Spelling(headers="bi_danh"))
    context.write(Export(feed, "qua_trinh_1.xlsx", [book]))
    text = context.sheet(feed, parts[1], Spelling(headers="camel"))
    add_junk(
        text,
        [
            Junk("khoa_trong", 4, {"ma_ho_so": None}, "ma_ho_so", MISSING_KEY),
            Junk("ngay_khong_doc_duoc", 7, {"thoi_diem": "32/13/2025 08:00"}, "thoi_diem", UNREADABLE),
            Junk("ngoai_danh_muc", 9, {"trang_thai": "99"}, "trang_thai", OUTSIDE),
        ],
        "ma_ho_so",
    )
    repeat_rows(text, 4)
    text.planted.append(Planted("dong_lap", text.frame.height - 1, "", "bo_qua"))
    context.write(Export(feed, "qua_trinh_2.csv", [text], delimiter=";", repeats=4))
    lines = context.sheet(feed, parts[2], Spelling(headers="camel", dates="iso", codes="so", typed=True))
    spoil(lines, 3, Fault("buoc_mo_coi", "ma_ho_so", "H02.13-250301-6001"), "ma_ho_so")
    context.write(Export(feed, "qua_trinh_3.jsonl", [lines]))
    table = context.sheet(feed, parts[3], Spelling(headers="chuan", dates="o_ngay", codes="chuan", typed=True))
    context.write(Export(feed, "qua_trinh_4.parquet", [table]))
    return steps


def feedback_files(context: Context, state: pl.DataFrame) -> None:
    """``dvc/thanh_toan``, ``dvc/danh_gia``, ``dvc/pakn``."""
    rng = context.stream("phan_hoi")
    paid = payments(rng, state, 1)
    half = paid.height // 2
    first = context.sheet("dvc/thanh_toan", paid.head(half), Spelling(headers="camel", codes="chuan"))
    priced = {"ma_giao_dich": "GD9999-0000001", "so_tien": "hai trăm"}
    add_junk(first, [Junk("so_khong_doc_duoc", 5, priced, "so_tien", UNREADABLE)], "ma_giao_dich")
    spoil(first, 8, Fault("thanh_toan_mo_coi", "ma_ho_so", "H02.13-250301-6002"), "ma_giao_dich")
    context.write(Export("dvc/thanh_toan", "giao_dich_1.csv", [first]))
    second = context.sheet(
        "dvc/thanh_toan",
        paid.tail(paid.height - half),
        Spelling(headers="camel", dates="iso", codes="chuan", typed=True),
    )
    context.write(Export("dvc/thanh_toan", "giao_dich_2.json", [second]))

    rated = ratings(rng, state, context.closing)
    half = rated.height // 2
    stars = context.sheet(
        "dvc/danh_gia", rated.head(half), Spelling(headers="camel", dates="iso", codes="chuan", typed=True)
    )
    context.write(Export("dvc/danh_gia", "danh_gia_1.jsonl", [stars]))
    words = context.sheet("dvc/danh_gia", rated.tail(rated.height - half), Spelling(headers="chuan", codes="nhan"))
    context.write(Export("dvc/danh_gia", "danh_gia_2.csv", [words], charset="utf-16", delimiter="\t"))
    _petition_file(context, rng)


def _petition_file(context: Context, rng: np.random.Generator) -> None:
    months = [petitions(rng, context.world.agencies, (m.first, m.last), 12, context.as_of) for m in context.months]
    frame = pl.concat(months)
    layout = Layout(
        ("DANH SÁCH PHẢN ÁNH, KIẾN NGHỊ (dữ liệu tổng hợp)",), footer=footer(frame.height + 1, "phản ánh, kiến nghị")
    )
    sheet = context.sheet("dvc/pakn", frame, Spelling(codes="chuan"), layout)
    add_junk(sheet, [Junk("ngoai_danh_muc", 3, {"ma_pakn": "PAKN-9901", "loai": "khác"}, "loai", OUTSIDE)], "ma_pakn")
    context.write(Export("dvc/pakn", "pakn.xlsx", [sheet], stated_total=frame.height + 1))


def portal_files(context: Context, portal: PortalTruth) -> None:
    """``dvcqg/ho_so``: an older snapshot, then the newest states in three formats."""
    feed = "dvcqg/ho_so"
    rng = context.stream("cong_qg")
    older = context.sheet(feed, earlier_snapshot(rng, portal.rows, 0.06), Spelling(headers="camel"))
    context.write(Export(feed, "đầu kỳ/cong_qg_cu.csv", [older]))
    part = rng.integers(0, 3, portal.rows.height)
    book = context.sheet(feed, portal.rows.filter(pl.Series(part == 0)).head(400), Spelling(codes="nhan"))
    rest_of_first = portal.rows.filter(pl.Series(part == 0)).slice(400)
    add_junk(
        book,
        [
            Junk("khoa_trong", 5, {"ma_ho_so": None}, "ma_ho_so", MISSING_KEY),
            Junk(
                "bat_buoc_trong", 9, {"ma_ho_so": "H02.13-250301-9501", "ngay_dong_bo": None}, "ngay_dong_bo", MISSING
            ),
        ],
        "ma_ho_so",
    )
    spoil(book, 20, Fault("danh_gia_ngoai_danh_muc", "danh_gia_han", "chưa rõ", OUTSIDE), "ma_ho_so")
    context.write(Export(feed, "cong_qg_1.xlsx", [book]))
    csv = context.sheet(
        feed,
        pl.concat([rest_of_first, portal.rows.filter(pl.Series(part == 1))]),
        Spelling(headers="camel", codes="so"),
    )
    context.write(Export(feed, "cong_qg_2.csv", [csv]))
    json = context.sheet(
        feed, portal.rows.filter(pl.Series(part == 2)), Spelling(headers="camel", dates="iso", codes="so", typed=True)
    )
    context.write(Export(feed, "cong_qg_3.json", [json]))


def mark_unmapped(context: Context, state: pl.DataFrame, strange_units: list[str], strange_codes: list[str]) -> None:
    """Records for the answer key what only a look-up can find: unknown agencies, unresolved procedures, dates
    out of order (``state`` is the final state of every dossier)."""
    key = context.writer.key
    orders = state.filter(pl.col("ngay_ket_thuc") < pl.col("ngay_tiep_nhan"))["ma_ho_so"].to_list()
    for kind, column, codes in (
        ("don_vi_la", "ma_don_vi", strange_units),
        ("chua_anh_xa", "ma_tthc", strange_codes),
        ("thu_tu_ngay_sai", "ngay_ket_thuc", orders),
    ):
        for code in codes:
            key.defects.append((kind, "dvc/ho_so", None, "", None, column, FINDING, "", code))
    ended = context.world.agencies.filter(pl.col("hieu_luc_den").is_not_null() & pl.col("thay_the_boi").is_null())
    for code in ended["ma_don_vi"]:
        key.defects.append(("don_vi_khong_ke_thua", "dvc/co_quan", None, "", None, "thay_the_boi", FINDING, "", code))
    for code in WITHOUT_NATIONAL_CODE:
        key.defects.append(("thu_tuc_chua_anh_xa", "dvc/tthc", None, "", None, "ma_tthc_qg", FINDING, "", code))
