"""What a dossier looks like in an export of a given moment, and the steps that led there."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.sample.procedures.dossiers import NEW, NONE, PLAIN, REFUSED, STOPPED, WITHDRAWN

STATUS = (
    "moi_dang_ky", "duoc_tiep_nhan", "khong_duoc_tiep_nhan", "dang_xu_ly", "yeu_cau_bo_sung",
    "yeu_cau_nghia_vu_tai_chinh", "cong_dan_rut", "dung_xu_ly", "da_xu_ly_xong", "da_tra_ket_qua",
)  # fmt: skip
FIELDS = (
    "ma_ho_so", "ma_tthc", "ten_tthc", "linh_vuc", "ma_don_vi", "ten_don_vi", "kenh", "chu_ho_so", "so_dinh_danh",
    "dien_thoai", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_thuc", "ngay_tra", "trang_thai", "phi_le_phi",
    "thanh_toan_truc_tuyen", "ket_qua_dien_tu", "so_hoa_ho_so", "tai_su_dung", "ly_do_tra_lai",
    "dua_vao_kho_ca_nhan", "dung_du_lieu_dan_cu",
)  # fmt: skip
_REFUSED_AFTER = 40
_TAKEN_AFTER = 45


def moment(column: str) -> pl.Expr:
    """Minutes since 1970 → timestamp; ``NONE`` → null."""
    minutes = pl.col(column)
    return pl.when(minutes != NONE).then((minutes * 60_000_000).cast(pl.Datetime("us")))


def _happened(column: str, at: int) -> pl.Expr:
    return (pl.col(column) != NONE) & (pl.col(column) <= at)


def _status(at: int) -> pl.Expr:
    kind = pl.col("loai_ket_thuc")
    waiting = (_happened("bs1_p", at) & ~_happened("bs1_het_p", at)) | (
        _happened("bs2_p", at) & ~_happened("bs2_het_p", at)
    )
    return (
        pl.when((kind == NEW) | ((kind == REFUSED) & (pl.col("nhan_p") + _REFUSED_AFTER > at)))
        .then(1)
        .when(kind == REFUSED)
        .then(3)
        .when((kind == WITHDRAWN) & _happened("xong_p", at))
        .then(7)
        .when((kind == STOPPED) & _happened("xong_p", at))
        .then(8)
        .when((kind == PLAIN) & _happened("tra_p", at))
        .then(10)
        .when((kind == PLAIN) & _happened("xong_p", at))
        .then(9)
        .when(waiting)
        .then(5)
        .when(pl.col("nhan_p") + _TAKEN_AFTER > at)
        .then(2)
        .otherwise(4)
    )


def state_at(truth: pl.DataFrame, at: int) -> pl.DataFrame:
    """The rows of feed ``dvc/ho_so`` as exported at minute ``at``: dossiers received by then, typed columns.

    ``ma_tthc``/``ten_tthc`` are as the source system writes them; ``trang_thai`` is the canonical word.
    """
    seen = truth.filter(pl.col("nhan_p") <= at)
    number = _status(at)
    ended = _happened("xong_p", at) & ~pl.col("ngay_ket_thuc_trong")
    over = number.is_in([3, 7, 8])
    return seen.select(
        "ma_ho_so",
        pl.col("ma_tthc_xuat").alias("ma_tthc"),
        pl.col("ten_tthc_xuat").alias("ten_tthc"),
        "linh_vuc",
        "ma_don_vi",
        "ten_don_vi",
        "kenh",
        "chu_ho_so",
        "so_dinh_danh",
        "dien_thoai",
        moment("nhan_p").alias("ngay_tiep_nhan"),
        moment("hen_p").alias("ngay_hen_tra"),
        pl.when(ended).then(moment("xong_p")).alias("ngay_ket_thuc"),
        pl.when(_happened("tra_p", at)).then(moment("tra_p")).alias("ngay_tra"),
        number.replace_strict(dict(enumerate(STATUS, 1)), return_dtype=pl.String).alias("trang_thai"),
        pl.col("phi_le_phi"),
        "thanh_toan_truc_tuyen",
        pl.when(ended).then(pl.col("ket_qua_dien_tu")).otherwise(pl.lit(False)).alias("ket_qua_dien_tu"),
        "so_hoa_ho_so",
        "tai_su_dung",
        pl.when(over).then(pl.col("ly_do_tra_lai")).alias("ly_do_tra_lai"),
        pl.when(ended).then(pl.col("dua_vao_kho_ca_nhan")).otherwise(pl.lit(False)).alias("dua_vao_kho_ca_nhan"),
        "dung_du_lieu_dan_cu",
        *_since_2025(at),
    )


def _since_2025(at: int) -> tuple[pl.Expr, ...]:
    """Fields that systems began to export in 2025, told from the minute of receipt: no draw of their own."""
    online = pl.col("kenh") == "truc_tuyen"
    turn = pl.col("nhan_p")
    copies = pl.col("ten_tthc_xuat").str.contains("Chứng thực bản sao").fill_null(value=False)
    way = pl.when(turn % 4 == 0).then(pl.lit("buu_chinh")).when(online & (turn % 4 == 1)).then(pl.lit("truc_tuyen"))
    return (
        pl.when(online).then(turn % 5 == 0).alias("nop_ho"),
        pl.when(online)
        .then(pl.when(turn % 3 == 0).then(pl.lit("cong_dvc")).otherwise(pl.lit("vneid")))
        .alias("tai_khoan"),
        pl.when(_happened("tra_p", at)).then(way.otherwise(pl.lit("truc_tiep"))).alias("hinh_thuc_tra"),
        pl.when(copies).then(turn % 7 + 1).alias("so_ban_sao"),
    )


def last_change(truth: pl.DataFrame, at: int) -> pl.Series:
    """Minute of the newest event of each dossier up to ``at`` (what decides whether an export is stale)."""
    columns = ("nhan_p", "bs1_p", "bs1_het_p", "bs2_p", "bs2_het_p", "xong_p", "tra_p")
    seen = [pl.when(pl.col(c) <= at).then(pl.col(c)).otherwise(NONE) for c in columns]
    taken = (pl.col("nhan_p") + _TAKEN_AFTER).clip(upper_bound=at)
    return truth.select(pl.max_horizontal(*seen, taken)).to_series()


def steps_until(truth: pl.DataFrame, at: int, rng: np.random.Generator) -> pl.DataFrame:
    """Rows of feed ``dvc/qua_trinh`` up to minute ``at``, sorted by time: key columns, ``ma_don_vi``, and
    ``buoc`` (running number inside the dossier) that callers drop."""
    kind = truth["loai_ket_thuc"].to_numpy()
    received = truth["nhan_p"].to_numpy()
    plain_or_over = ~np.isin(kind, [NEW, REFUSED])
    fee = (truth["phi"].to_numpy() > 0) & plain_or_over & (rng.random(truth.height) < 0.25)

    def column(name: str) -> np.ndarray:
        return truth[name].to_numpy()

    final = np.select([kind == WITHDRAWN, kind == STOPPED], [7, 8], 9)
    events = (
        (1, np.where(kind == NEW, received, NONE), 1),
        (2, np.where(kind == REFUSED, received + _REFUSED_AFTER, NONE), 3),
        (3, np.where(plain_or_over, received, NONE), 2),
        (4, np.where(fee, received + 20, NONE), 6),
        (5, np.where(plain_or_over, received + _TAKEN_AFTER, NONE), 4),
        (6, column("bs1_p"), 5),
        (7, column("bs1_het_p"), 4),
        (8, column("bs2_p"), 5),
        (9, column("bs2_het_p"), 4),
        (10, column("xong_p"), final),
        (11, column("tra_p"), 10),
    )
    parts = []
    index = np.arange(truth.height)
    for order, minute, status in events:
        mine = np.flatnonzero((minute != NONE) & (minute <= at))
        number = np.broadcast_to(np.asarray(status), (truth.height,))[mine]
        parts.append(
            pl.DataFrame({"i": index[mine], "p": minute[mine], "tt": number, "buoc": np.full(len(mine), order)})
        )
    frame = pl.concat(parts).sort("p", "i", "buoc")
    return frame.select(
        truth["ma_ho_so"].gather(frame["i"]).alias("ma_ho_so"),
        (pl.col("p") * 60_000_000).cast(pl.Datetime("us")).alias("thoi_diem"),
        pl.col("tt").replace_strict(dict(enumerate(STATUS, 1)), return_dtype=pl.String).alias("trang_thai"),
        truth["ma_don_vi"].gather(frame["i"]).alias("ma_don_vi"),
        "buoc",
    )
