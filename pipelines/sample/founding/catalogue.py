"""A catalogue of made-up procedures that counts up to what the founding reports print, round the sample's own ones.

Printed (30/6/2024): 1,907 procedures = 1,501 + 277 + 129 by level; 1,877 central and 30 local; 1,759 one-stop; 240 in
five steps; 36 without paper; 112 internal ones in six decisions; 417 published by 64 decisions; online services of
7/12/2023 by level and kind, and 627 full and 789 partial ones on the 1,934 of the national portal; 48.38 % of those
with a fee payable there (358 of 740 here: the report prints no base). Shortened limits of 26/10/2022: 241 + 31 + 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from pipelines.sample.world.catalogue import national_catalogue, on_day

AS_OF = date(2024, 6, 30)
_FIRST, _CUT, _ONLINE = date(2020, 1, 1), date(2022, 10, 26), date(2024, 4, 1)
_TOTAL = {"tinh": 1_501, "huyen": 277, "xa": 129}
_CUTS = {"tinh": 241, "huyen": 31, "xa": 5}
_EARLIER = {"tinh": (273, 209), "huyen": (41, 106), "xa": (27, 52)}
_ONE_STOP, _LOCAL, _FIVE_STEPS, _PAPERLESS = 1_759, 30, 240, 36
_FULL, _PARTIAL, _ON_PORTAL = 627, 789, 1_934
_WITH_FEE, _PAYABLE = 740, 358
_DECISIONS, _PUBLISHED = 64, 417
_INTERNAL = (
    ("469/QĐ-UBND", date(2024, 3, 31), 91), ("05/QĐ-UBND", date(2024, 1, 2), 9), ("317/QĐ-UBND", date(2024, 2, 8), 3),
    ("763/QĐ-UBND", date(2024, 5, 4), 2), ("824/QĐ-UBND", date(2024, 5, 16), 1), ("850/QĐ-UBND", date(2024, 5, 22), 6),
)  # fmt: skip
_FIELDS = (
    "Đất đai",
    "Xây dựng",
    "Tư pháp",
    "Y tế",
    "Công thương",
    "Nội vụ",
    "Giáo dục",
    "Văn hóa",
    "Tài chính",
    "Lao động",
)
_OFFICE = {"tinh": "Các sở, ban, ngành", "huyen": "UBND cấp huyện", "xa": "UBND cấp xã"}
_LETTER = {"tinh": "T", "huyen": "H", "xa": "X"}
INTERNAL_FIELD = "Thủ tục hành chính nội bộ"
Row = dict[str, object]


@dataclass(frozen=True)
class FoundingCatalogue:
    """Rows of feeds ``dvc/tthc`` (without those of the sample's own catalogue), ``dvcqg/tthc`` and ``dvc/van_ban``."""

    procedures: pl.DataFrame
    portal: pl.DataFrame
    documents: pl.DataFrame


def _decision(number: int) -> tuple[str, date, date]:
    """A decision that publishes procedures: its number, its day, the day the ministry published."""
    day = date(2023, 12, 18) + timedelta(days=3 * number)
    return f"{1_200 + number}/QĐ-UBND", day, day - timedelta(days=4 + 17 * (number % 9 == 2))


def _row(level: str, number: int) -> Row:
    code = f"{number + 100:04d}"
    unit = ("ngay_lam_viec", "ngay")[number % 8 == 3]
    row: Row = {
        "ma_tthc": f"BG.{_LETTER[level]}{code}",
        "ma_tthc_qg": f"{('tinh', 'huyen', 'xa').index(level) + 1}.1{number + 100:05d}",
        "ten_tthc": f"Thủ tục tổng hợp số {code} cấp {level} (bịa)",
        "linh_vuc": _FIELDS[number % len(_FIELDS)],
        "cap": level,
        "co_quan": _OFFICE[level],
        "nguon": "trung_uong",
        "thoi_han": 10 + number % 20,
        "don_vi_thoi_han": unit,
        "du_bo_phan": True,
        "noi_bo": False,
        "ngay_cong_khai": date(2022, 12, 1),
        "hieu_luc_tu": _FIRST,
        "hieu_luc_den": None,
    }
    return row


def _fill(rows: list[Row], own: pl.DataFrame, column: str, total: int) -> None:
    """True in ``column`` for as many of ``rows`` as the own procedures leave of ``total``."""
    have = own.filter(pl.col(column)).height
    for number, row in enumerate(rows):
        row[column] = number < total - have


def _spread(rows: list[Row]) -> list[Row]:
    """The rows in an order that mixes the levels, so that the first n of them are of every level."""
    return sorted(rows, key=lambda row: (int(str(row["ma_tthc"])[4:]) * 7919) % 3001)


def _attributes(rows: list[Row], own: pl.DataFrame) -> None:
    _fill(rows, own, "mot_cua", _ONE_STOP)
    _fill(rows, own, "nam_buoc", _FIVE_STEPS)
    _fill(rows, own, "khong_giay", _PAPERLESS)
    _fill(rows, own, "co_phi", _WITH_FEE)
    local = own.filter(pl.col("nguon") == "dia_phuong").height
    for row in rows[: _LOCAL - local]:
        row["nguon"] = "dia_phuong"
    _fill(rows, own.filter(pl.col("co_phi")), "thanh_toan_truc_tuyen", _PAYABLE)
    for number, row in enumerate(rows[-_PUBLISHED:]):
        code, day, ministry = _decision(number % _DECISIONS)
        row |= {"so_quyet_dinh": code, "ngay_tinh_cong_bo": day, "ngay_bo_cong_bo": ministry, "ngay_cong_khai": day}


def _levels_of_service(rows: list[Row], own: pl.DataFrame) -> None:
    """``truoc``: service of December 2023; ``muc_do_dvc``: of the as-of day. The portal's own ones are not online."""
    for level, (full, partial) in _EARLIER.items():
        mine = [row for row in rows if row["cap"] == level]
        held = own.filter(pl.col("cap") == level)["muc_do_dvc"].to_list()
        wanted = ["toan_trinh"] * (full - held.count("toan_trinh")) + ["mot_phan"] * (partial - held.count("mot_phan"))
        for number, row in enumerate(mine):
            row["truoc"] = wanted[number] if number < len(wanted) else "khong"
    shared = own.filter(pl.col("ma_tthc_qg").is_not_null())["muc_do_dvc"].to_list()
    extra = national_catalogue().filter(~pl.col("ma_tthc_qg").is_in(own["ma_tthc_qg"].drop_nulls().implode()))
    full = _FULL - shared.count("toan_trinh")
    partial = _PARTIAL - shared.count("mot_phan") - extra.filter(pl.col("muc_do_dvc") == "mot_phan").height
    ranked = sorted(rows, key=lambda row: ("toan_trinh", "mot_phan", "khong").index(str(row["truoc"])))
    for number, row in enumerate(ranked):
        row["muc_do_dvc"] = "toan_trinh" if number < full else "mot_phan" if number < full + partial else "khong"


def _versions(rows: list[Row]) -> list[Row]:
    """Limits shortened on 26/10/2022; services that became more on 1/4/2024."""
    result: list[Row] = []
    cut = dict(_CUTS)
    for row in rows:
        before = str(row.pop("truoc"))
        level = str(row["cap"])
        begun = _FIRST
        if cut[level] > 0 and row.get("so_quyet_dinh") is None:
            cut[level] -= 1
            longer = int(str(row["thoi_han"])) + 5
            ended = _CUT - timedelta(days=1)
            result.append(row | {"thoi_han": longer, "muc_do_dvc": "khong", "hieu_luc_den": ended})
            begun = _CUT
        if before != row["muc_do_dvc"]:
            ended = _ONLINE - timedelta(days=1)
            result.append(row | {"muc_do_dvc": before, "hieu_luc_tu": begun, "hieu_luc_den": ended})
            begun = _ONLINE
        result.append(row | {"hieu_luc_tu": begun})
    return result


def _internal() -> list[Row]:
    rows: list[Row] = []
    for code, day, count in _INTERNAL:
        for _ in range(count):
            row = _row("tinh", 5_000 + len(rows)) | {
                "ma_tthc": f"BG.NB{len(rows) + 1:03d}", "ma_tthc_qg": None, "linh_vuc": INTERNAL_FIELD, "noi_bo": True,
                "ten_tthc": f"Thủ tục nội bộ tổng hợp số {len(rows) + 1:03d} (bịa)", "so_quyet_dinh": code,
                "ngay_tinh_cong_bo": day, "mot_cua": False, "hieu_luc_tu": day, "muc_do_dvc": "khong",
            }  # fmt: skip
            rows.append(row)
    return rows


def _documents() -> pl.DataFrame:
    share, more = divmod(_PUBLISHED, _DECISIONS)
    rows: list[Row] = []
    for number in range(_DECISIONS):
        code, day, _ = _decision(number)
        count = share + (number < more)
        rows.append({"so_van_ban": code, "ngay": day, "so_tthc": count, "linh_vuc": _FIELDS[number % len(_FIELDS)]})
    for code, day, count in (*_INTERNAL, ("469/QĐ-UBND", date(2023, 3, 31), 91)):
        rows.append({"so_van_ban": code, "ngay": day, "so_tthc": count, "linh_vuc": INTERNAL_FIELD})
    return pl.DataFrame(rows).select(
        "so_van_ban",
        "ngay",
        pl.lit("quyet_dinh").alias("loai"),
        pl.lit("Chủ tịch Ủy ban nhân dân tỉnh").alias("co_quan"),
        pl.lit("Về việc công bố thủ tục hành chính (văn bản tổng hợp)").alias("trich_yeu"),
        "so_tthc",
        "linh_vuc",
    )


def founding_catalogue(own_versions: pl.DataFrame) -> FoundingCatalogue:
    """The catalogue beside the sample's own procedures (``own_versions``: as ``world.catalogue`` gives them)."""
    own = on_day(own_versions, AS_OF).with_columns(
        pl.lit(None, pl.Boolean).alias("nam_buoc"), pl.lit(None, pl.Boolean).alias("khong_giay")
    )
    rows = _spread(
        [
            _row(level, number)
            for level, total in _TOTAL.items()
            for number in range(total - own.filter(pl.col("cap") == level).height)
        ]
    )
    _attributes(rows, own)
    _levels_of_service(rows, own)
    known = national_catalogue()
    portal_rows = [
        {
            name: row.get(name)
            for name in ("ma_tthc_qg", "ten_tthc", "cap", "muc_do_dvc", "thanh_toan_truc_tuyen", "ngay_cong_khai")
        }
        for row in rows
    ]
    known = national_catalogue()
    missing = _ON_PORTAL - known.height - len(portal_rows)
    for number in range(missing):
        portal_rows.append({
            "ma_tthc_qg": f"4.1{number:05d}", "cap": "tinh",
            "ten_tthc": f"Thủ tục chỉ có trên Cổng quốc gia số {number + 1:02d} (bịa)",
            "muc_do_dvc": "khong", "thanh_toan_truc_tuyen": False, "ngay_cong_khai": date(2022, 12, 1),
        })  # fmt: skip
    portal = pl.concat([known, pl.DataFrame(portal_rows, schema=known.schema)])
    columns = ["so_quyet_dinh", "ngay_tinh_cong_bo", "ngay_bo_cong_bo"]
    procedures = pl.DataFrame(_versions(rows) + _internal(), infer_schema_length=None)
    return FoundingCatalogue(
        procedures.sort("ma_tthc", "hieu_luc_tu").select(pl.exclude(columns), *columns), portal, _documents()
    )
