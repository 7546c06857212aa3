"""Figures as printed in reports: R5 counted once more over the truth, and reports with planted slips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from pipelines.sample.procedures.national_portal import printed_outcome

_LEVELS = ("tinh", "huyen", "xa")
_RETURNED = ("cong_dan_rut", "dung_xu_ly")
_NOT_RECEIVED = ("moi_dang_ky", "khong_duoc_tiep_nhan")
_FINISHED = ("da_xu_ly_xong", "da_tra_ket_qua")

Counts = dict[str, int]


def count_window(state: pl.DataFrame, first: date, last: date, as_of: date) -> dict[str, Counts]:
    """R5 over [first, last] on final states: ``toan_tinh`` and each level → the counts of the form.

    ``state`` needs the columns of feed ``dvc/ho_so``, ``cap``, and ``buoc_cuoi`` (time of the last step).
    Raises nothing; a level without dossiers is left out.
    """
    start = datetime.combine(first, datetime.min.time())
    stop = datetime.combine(last, datetime.min.time()) + timedelta(days=1)
    finished = ~pl.col("trang_thai").is_in([*_RETURNED, *_NOT_RECEIVED]) & (
        pl.col("trang_thai").is_in(_FINISHED) | pl.col("ngay_ket_thuc").is_not_null()
    )
    end = pl.coalesce("ngay_ket_thuc", "ngay_tra")
    over = pl.when(pl.col("trang_thai").is_in(_RETURNED)).then(pl.coalesce("ngay_ket_thuc", "ngay_tra", "buoc_cuoi"))
    work = (
        state.with_columns(printed_outcome(state).alias("ket_qua"))
        .filter(~pl.col("trang_thai").is_in(_NOT_RECEIVED))
        .with_columns(pl.when(finished).then(end).alias("xong"), over.alias("tra_lai"))
    )
    gone = pl.coalesce("xong", "tra_lai")
    new = (pl.col("ngay_tiep_nhan") >= start) & (pl.col("ngay_tiep_nhan") < stop)
    carried = (pl.col("ngay_tiep_nhan") < start) & (gone.is_null() | (gone >= start))
    done = ((pl.col("xong") >= start) & (pl.col("xong") < stop)).fill_null(value=False)
    returned = ((pl.col("tra_lai") >= start) & (pl.col("tra_lai") < stop)).fill_null(value=False)
    judged = min(stop, datetime.combine(as_of, datetime.min.time()) + timedelta(days=1)) - timedelta(microseconds=1)
    due = (
        pl.when(pl.col("ngay_hen_tra").dt.time() == pl.time(0, 0))
        .then(pl.col("ngay_hen_tra") + pl.duration(days=1) - pl.duration(microseconds=1))
        .otherwise(pl.col("ngay_hen_tra"))
    )
    opened = (new | carried) & ~done & ~returned
    channel = pl.col("kenh")
    measures = {
        "tiep_nhan": new | carried,
        "truc_tuyen": new & (channel == "truc_tuyen"),
        "truc_tiep": new & (channel == "truc_tiep"),
        "buu_chinh": new & (channel == "buu_chinh"),
        "khong_ro_kenh": new & channel.is_null(),
        "ky_truoc": carried,
        "da_giai_quyet": done,
        **{name: done & (pl.col("ket_qua") == name) for name in ("truoc_han", "dung_han", "qua_han", "khong_han")},
        "tra_lai": returned,
        "dang_giai_quyet": opened,
        "dang_trong_han": opened & (judged <= due),
        "dang_qua_han": opened & (judged > due),
        "dang_khong_han": opened & due.is_null(),
    }
    sums = [expression.fill_null(value=False).sum().alias(name) for name, expression in measures.items()]
    result = {"toan_tinh": work.select(sums).row(0, named=True)}
    by_level = work.group_by("cap", maintain_order=True).agg(sums)
    for row in by_level.iter_rows(named=True):
        result[row["cap"]] = {name: row[name] for name in measures}
    return result


@dataclass(frozen=True)
class PrintedReport:
    """Rows of feed ``bao_cao/so_lieu`` and the figures that are wrong on purpose (``ma_so_lieu`` → why)."""

    rows: pl.DataFrame
    slips: dict[str, str]


_SCHEMA = (
    "ma_bao_cao", "ma_so_lieu", "ten_bao_cao", "trich_dan", "chi_tieu", "tu_ngay", "den_ngay", "pham_vi", "gia_tri",
    "don_vi_tinh", "tu_so", "mau_so", "thuoc_tong",
)  # fmt: skip


def vietnamese(number: float, decimals: int = 0) -> str:
    """``314849`` → ``314.849``; ``98.8`` with one decimal → ``98,8``."""
    text = f"{number:,.{decimals}f}"
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")


def half_year_report(counts: dict[str, Counts], first: date, last: date, code: str) -> PrintedReport:
    """A report on controlling procedures over one window: totals, parts, levels, shares.

    Two slips are planted, as real reports have them: one part that no longer adds up to its total, and one
    share of another denominator.
    """
    name = "Báo cáo kiểm soát thủ tục hành chính (dữ liệu tổng hợp)"
    rows: list[tuple[object, ...]] = []
    slips: dict[str, str] = {}

    def add(number: str, metric: str, scope: str, value: str, unit: str = "hồ sơ", **more: str | None) -> None:
        quoted = f"{metric} {scope}: {value}"
        rows.append(
            (code, number, name, quoted, metric, first, last, scope, value, unit,
             more.get("tu_so"), more.get("mau_so"), more.get("thuoc_tong"))
        )  # fmt: skip

    whole = counts["toan_tinh"]
    add("01", "tiep_nhan", "toan_tinh", vietnamese(whole["tiep_nhan"]))
    for index, metric in enumerate(("truc_tuyen", "truc_tiep", "buu_chinh", "khong_ro_kenh", "ky_truoc"), 1):
        add(f"01{index}", metric, "toan_tinh", vietnamese(whole[metric]), thuoc_tong="01")
    for index, level in enumerate(_LEVELS, 1):
        add(f"02{index}", "tiep_nhan", level, vietnamese(counts.get(level, {}).get("tiep_nhan", 0)), thuoc_tong="01")
    add("03", "da_giai_quyet", "toan_tinh", vietnamese(whole["da_giai_quyet"]))
    for index, metric in enumerate(("truoc_han", "dung_han", "qua_han", "khong_han"), 1):
        value = whole[metric]
        if metric == "dung_han":
            value += 17
            slips["032"] = "tổng các phần hơn tổng 17"
        add(f"03{index}", metric, "toan_tinh", vietnamese(value), thuoc_tong="03")
    good, base = whole["truoc_han"] + whole["dung_han"], whole["da_giai_quyet"] - whole["khong_han"]
    if base:
        share = {"tu_so": vietnamese(good), "mau_so": vietnamese(base)}
        add("04", "ty_le_dung_va_truoc_han", "toan_tinh", vietnamese(100 * good / base, 2), "%", **share)
        add("05", "ty_le_dung_va_truoc_han", "toan_tinh", vietnamese(100 * good / base - 1.4, 1), "%", **share)
        slips["05"] = "tỷ lệ in không khớp tử số, mẫu số; cũng khác số liệu 04"
    add("06", "dang_giai_quyet", "toan_tinh", vietnamese(whole["dang_giai_quyet"]))
    add("07", "tra_lai", "toan_tinh", vietnamese(whole["tra_lai"]))
    return PrintedReport(pl.DataFrame(rows, schema=list(_SCHEMA), orient="row", infer_schema_length=None), slips)


def programme_report(first: date, last: date, code: str) -> PrintedReport:
    """Figures of the other programmes of Đề án 06, counted by hand, under metric codes of their own."""
    name = "Báo cáo kết quả thực hiện Đề án 06 (dữ liệu tổng hợp)"
    lines = (
        ("01", "cap_can_cuoc", "Tổng số thẻ căn cước đã cấp", "12.480", "thẻ", None),
        ("011", "cap_can_cuoc_hoc_sinh", "trong đó học sinh", "7.150", "thẻ", "01"),
        ("012", "cap_can_cuoc_nguoi_cao_tuoi", "người cao tuổi", "3.200", "thẻ", "01"),
        ("013", "cap_can_cuoc_khac", "đối tượng khác", "2.130", "thẻ", "01"),
        ("02", "kich_hoat_vneid", "Tài khoản định danh đã kích hoạt", "1.208.344", "tài khoản", None),
        ("03", "lam_sach_du_lieu", "Trường hợp đã làm sạch", "6.410", "trường hợp", None),
        ("031", "lam_sach_thong_bao", "thông báo số định danh", "5.493", "trường hợp", "03"),
        ("032", "lam_sach_cmnd", "cập nhật CMND", "428", "trường hợp", "03"),
        ("033", "lam_sach_khac", "nội dung khác", "479", "trường hợp", "03"),
    )
    rows = [
        (code, number, name, f"{words}: {value}", metric, first, last, "toan_tinh", value, unit, None, None, total)
        for number, metric, words, value, unit, total in lines
    ]
    slips = {"033": "tổng các phần kém tổng 10"}
    return PrintedReport(pl.DataFrame(rows, schema=list(_SCHEMA), orient="row", infer_schema_length=None), slips)
