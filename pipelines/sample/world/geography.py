"""Agencies of the sample province over time: H02 until 30/6/2025, H05 from 1/7/2025 (rule R6).

Province, districts and a choice of communes, their codes and what they became are public facts; which department took
over which is simplified.
Two ends are left open on purpose: one district and one commune have no single successor.
"""

from __future__ import annotations

from datetime import date

import polars as pl

OLD, NEW = "H02", "H05"
MERGER = date(2025, 7, 1)
_START = date(1990, 1, 1)
_LAST_OLD = date(2025, 6, 30)
_DEPARTMENT_MERGER = date(2025, 3, 1)

# code suffix, name; then what became of it on 1/3/2025 (suffix of the merged department, or blank)
_DEPARTMENTS = (
    ("02", "Sở Công Thương", ""),
    ("03", "Sở Giáo dục và Đào tạo", ""),
    ("04", "Sở Giao thông vận tải", "14"),
    ("05", "Sở Kế hoạch và Đầu tư", "10"),
    ("06", "Sở Khoa học và Công nghệ", ""),
    ("07", "Sở Lao động - Thương binh và Xã hội", "08"),
    ("08", "Sở Nội vụ", ""),
    ("09", "Sở Nông nghiệp và Phát triển nông thôn", "11"),
    ("10", "Sở Tài chính", ""),
    ("12", "Sở Thông tin và Truyền thông", "06"),
    ("13", "Sở Tư pháp", ""),
    ("14", "Sở Xây dựng", ""),
    ("15", "Sở Y tế", ""),
    ("16", "Ban Quản lý các khu công nghiệp", ""),
    ("17", "Sở Văn hóa, Thể thao và Du lịch", ""),
    ("18", "Sở Tài nguyên và Môi trường", "11"),
)
_LATE_DEPARTMENTS = (("11", "Sở Nông nghiệp và Môi trường"),)

# district: suffix, name, unit code; communes: new unit = old units, each with its code of the time
_DISTRICTS = (
    ("21", "thành phố Bắc Giang", "213",
     "07210 phường Bắc Giang=07201 phường Thọ Xương,07207 phường Ngô Quyền,07210 phường Hoàng Văn Thụ;"
     "07228 phường Đa Mai=07216 phường Mỹ Độ,07222 phường Song Mai,07228 phường Đa Mai;"
     "07681 phường Yên Dũng=07681 phường Nham Biền,07717 phường Tân Liễu,07726 xã Yên Lư"),
    ("22", "huyện Yên Thế", "215",
     "07246 xã Xuân Lương=07243 xã Đồng Tiến,07246 xã Canh Nậu,07249 xã Xuân Lương;"
     "07264 xã Tam Tiến=07252 xã Tam Tiến,07264 xã Tiến Thắng,07285 xã An Thượng;"
     "07282 xã Đồng Kỳ=07255 xã Đồng Vương,07258 xã Đồng Hưu,07282 xã Đồng Kỳ"),
    ("23", "huyện Tân Yên", "216",
     "07306 xã Nhã Nam=07306 thị trấn Nhã Nam,07309 xã Tân Trung,07321 xã An Dương;"
     "07330 xã Phúc Hòa=07324 xã Phúc Hòa,07330 xã Hợp Đức,07357 xã Liên Chung"),
    ("24", "huyện Lạng Giang", "217",
     "07375 xã Lạng Giang=07375 thị trấn Vôi,07405 xã Hương Lạc,07417 xã Tân Hưng;"
     "07381 xã Tiên Lục=07378 xã Nghĩa Hòa,07381 xã Nghĩa Hưng,07390 xã Đào Mỹ;"
     "07399 xã Kép=07384 xã Quang Thịnh,07387 xã Hương Sơn,07399 thị trấn Kép"),
    ("25", "huyện Lục Nam", "218",
     "07444 xã Lục Nam=07444 thị trấn Đồi Ngô,07468 xã Tiên Nha,07477 thị trấn Phương Sơn;"
     "07450 xã Đông Phú=07450 xã Đông Hưng,07453 xã Đông Phú;"
     "07462 xã Bảo Đài=07456 xã Tam Dị,07459 xã Bảo Sơn,07462 xã Bảo Đài"),
    ("26", "huyện Lục Ngạn", "219",
     "07531 xã Tân Sơn=07528 xã Cấm Sơn,07531 xã Tân Sơn;"
     "07534 xã Sa Lý=07534 xã Phong Minh,07540 xã Sa Lý;"
     "07537 xã Biên Sơn=07537 xã Phong Vân,07555 xã Biên Sơn"),
    ("27", "huyện Sơn Động", "220",
     "07615 xã Sơn Động=07615 thị trấn An Châu,07648 xã Vĩnh An,07660 xã An Bá;"
     "07616 xã Tây Yên Tử=07616 thị trấn Tây Yên Tử,07678 xã Thanh Luận"),
    ("28", "thị xã Việt Yên", "222",
     "07774 phường Tự Lạn=07759 xã Thượng Lan,07762 xã Việt Tiến,07771 xã Hương Mai;"
     "07777 phường Việt Yên=07765 xã Nghĩa Trung,07768 xã Minh Đức,07777 phường Bích Động;"
     "07795 phường Nếnh=07789 phường Tăng Tiến,07795 phường Nếnh,07801 phường Vân Trung"),
    ("29", "huyện Hiệp Hòa", "223",
     "07822 xã Hoàng Vân=07816 xã Đồng Tiến,07822 xã Hoàng Vân,07825 xã Toàn Thắng;"
     "07840 xã Hiệp Hòa=07840 thị trấn Thắng,07846 xã Lương Phong,07861 xã Danh Thắng;"
     "07864 xã Hợp Thịnh=07843 xã Sơn Thịnh,07849 xã Hùng Thái,07855 xã Thường Thắng"),
    ("30", "thị xã Chũ", "224",
     "07525 phường Chũ=07525 phường Chũ,07549 phường Thanh Hải,07561 phường Hồng Giang;"
     "07612 phường Phượng Sơn=07576 xã Quý Sơn,07600 xã Mỹ An;"
     "07552 xã Kiên Lao=07552 xã Kiên Lao,07558 xã Kiên Thành"),
)  # fmt: skip
_NO_SINGLE_SUCCESSOR = {"H02.22", "H02.30.07"}
_DISTRICT_BORN = {"30": date(2025, 1, 1)}

Row = tuple[str, str, str, str | None, str, date, date | None, str | None]


def _province_rows() -> list[Row]:
    rows: list[Row] = [
        (OLD, "UBND tỉnh Bắc Giang", "tinh", None, "24", _START, _LAST_OLD, NEW),
        (NEW, "UBND tỉnh Bắc Ninh", "tinh", None, "24", MERGER, None, None),
    ]
    last_before = date(2025, 2, 28)
    for suffix, name, became in _DEPARTMENTS:
        if became:
            rows.append((f"{OLD}.{suffix}", name, "tinh", OLD, "24", _START, last_before, f"{OLD}.{became}"))
        else:
            rows.append((f"{OLD}.{suffix}", name, "tinh", OLD, "24", _START, _LAST_OLD, f"{NEW}.{suffix}"))
            rows.append((f"{NEW}.{suffix}", name, "tinh", NEW, "24", MERGER, None, None))
    for suffix, name in _LATE_DEPARTMENTS:
        code = f"{OLD}.{suffix}"
        rows.append((code, name, "tinh", OLD, "24", _DEPARTMENT_MERGER, _LAST_OLD, f"{NEW}.{suffix}"))
        rows.append((f"{NEW}.{suffix}", name, "tinh", NEW, "24", MERGER, None, None))
    return rows


def _local_rows() -> list[Row]:
    rows: list[Row] = []
    fresh = 100
    for suffix, district, unit, communes in _DISTRICTS:
        district_code = f"{OLD}.{suffix}"
        born = _DISTRICT_BORN.get(suffix, _START)
        seat = f"{NEW}.{fresh + 1}"
        heir = None if district_code in _NO_SINGLE_SUCCESSOR else seat
        rows.append((district_code, f"UBND {district}", "huyen", OLD, unit, born, _LAST_OLD, heir))
        number = 0
        for group in communes.split(";"):
            fresh += 1
            new_code = f"{NEW}.{fresh}"
            new_unit, new_name = group.split("=")[0].split(" ", 1)
            rows.append((new_code, f"UBND {new_name}", "xa", NEW, new_unit, MERGER, None, None))
            for old in group.split("=")[1].split(","):
                number += 1
                old_unit, old_name = old.split(" ", 1)
                code = f"{district_code}.{number:02d}"
                target = None if code in _NO_SINGLE_SUCCESSOR else new_code
                full = f"UBND {old_name}, {district}"
                rows.append((code, full, "xa", district_code, old_unit, born, _LAST_OLD, target))
    return rows


def agencies() -> pl.DataFrame:
    """Every agency version, columns of feed ``dvc/co_quan`` (one row an agency and start date)."""
    columns = ["ma_don_vi", "ten_don_vi", "cap", "ma_don_vi_cha", "ma_dvhc", "hieu_luc_tu", "hieu_luc_den"]
    frame = pl.DataFrame(
        _province_rows() + _local_rows(), schema=[*columns, "thay_the_boi"], orient="row", infer_schema_length=None
    )
    return frame.sort("ma_don_vi", "hieu_luc_tu")


def units_on(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """Agencies that can receive dossiers on ``day``: valid, and not the province itself."""
    valid = (pl.col("hieu_luc_tu") <= day) & (pl.col("hieu_luc_den").is_null() | (pl.col("hieu_luc_den") >= day))
    return frame.filter(valid & pl.col("ma_don_vi").str.contains(".", literal=True))


def todays_unit(frame: pl.DataFrame, as_of: date) -> dict[str, str | None]:
    """Agency code → its successor in force on ``as_of`` (rule R6), None where the chain breaks."""
    heirs: dict[str, str | None] = dict(frame.select("ma_don_vi", "thay_the_boi").iter_rows())
    alive = set(units_on(frame, as_of)["ma_don_vi"]) | {NEW if as_of >= MERGER else OLD}
    result: dict[str, str | None] = {}
    for code in heirs:
        current: str | None = code
        while current is not None and current not in alive:
            current = heirs.get(current)
        result[code] = current
    return result


def nation(pairs: int) -> pl.DataFrame:
    """``pairs`` copies of the province for load tests: in copy i, H02 and H05 become two codes of their own."""
    parts = []
    base = agencies()
    columns = ["ma_don_vi", "ma_don_vi_cha", "thay_the_boi"]
    for index in range(pairs):
        old, new = f"H{2 * index + 1:02d}", f"H{2 * index + 2:02d}"
        renamed = [
            pl.col(c).str.replace(f"^{OLD}", "@old").str.replace(f"^{NEW}", new).str.replace("^@old", old)
            for c in columns
        ]
        parts.append(base.with_columns(*renamed, pl.col("ten_don_vi") + f" (tỉnh mẫu {index + 1})"))
    return pl.concat(parts).sort("ma_don_vi", "hieu_luc_tu")
