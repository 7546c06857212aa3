"""Time limits printed with their unit: the number and the unit, or a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.intake.one_file import Outcome, read

FEED = "dvc/tthc"
HEAD = ["Mã TTHC", "Tên TTHC", "Cấp", "Hiệu lực từ"]
ROW = ["BG-01", "Khai sinh", "Xã", "01/01/2024"]


def _read(tmp_path: Path, cells: dict[str, str]) -> Outcome:
    text = "\n".join("\t".join(line) for line in ([*HEAD, *cells], [*ROW, *cells.values()])) + "\n"
    return read(tmp_path, FEED, "a.csv", text)


@pytest.mark.parametrize(
    ("cell", "number", "unit"),
    [
        ("03 ngày làm việc", 3, "ngay_lam_viec"),
        ("05 (năm) ngày làm việc", 5, "ngay_lam_viec"),
        ("15 ngày", 15, "ngay"),
        ("08 giờ làm việc", 8, "gio"),
        ("Không quá 10 ngày làm việc.", 10, "ngay_lam_viec"),
        ("KHONG QUA 10 ngay lam viec, ke tu ngay nhan du ho so", 10, "ngay_lam_viec"),
        ("05 ngày làm việc, kể từ ngày nhận đủ hồ sơ hợp lệ", 5, "ngay_lam_viec"),
        ("5 ngày làm việc (kể từ khi nhận đủ hồ sơ)", 5, "ngay_lam_viec"),
        ("Trong ngày", None, "trong_ngay"),
        ("Ngay trong ngày làm việc", None, "trong_ngay"),
        ("7", 7, None),
    ],
)
def test_unit_in_the_cell_of_the_number(tmp_path: Path, cell: str, number: int | None, unit: str | None) -> None:
    found = _read(tmp_path, {"Thời hạn giải quyết": cell})
    assert (found.column("thoi_han"), found.column("don_vi_thoi_han")) == ([number], [unit])
    assert not found.faults


@pytest.mark.parametrize("cell", ["15 ngày; trường hợp xác minh 20 ngày", "Ngày làm việc", "3 tháng", "Chưa quy định"])
def test_limit_that_is_no_number_of_a_unit_is_a_finding(tmp_path: Path, cell: str) -> None:
    found = _read(tmp_path, {"Thời hạn": cell})
    assert (found.column("thoi_han"), found.column("don_vi_thoi_han")) == ([None], [None])
    assert found.faults == [(2, "thoi_han", "khong_doc_duoc", False)]


@pytest.mark.parametrize(
    ("cells", "number", "unit"),
    [
        ({"Thời hạn giải quyết (ngày làm việc)": "5"}, 5, "ngay_lam_viec"),
        ({"Thời hạn giải quyết (ngày làm việc)": "8 giờ"}, 8, "gio"),
        ({"Thời hạn": "5 ngày làm việc", "Đơn vị thời hạn": ""}, 5, "ngay_lam_viec"),
        ({"Thời hạn": "05 (năm)", "Đơn vị thời hạn": "Ngày"}, 5, "ngay"),
        ({"Thời hạn": "5", "Đơn vị thời hạn": "Giờ"}, 5, "gio"),
        ({"Thời hạn (theo quy định)": "5", "Đơn vị thời hạn": ""}, 5, None),
    ],
)
def test_column_of_units_then_cell_then_header(
    tmp_path: Path, cells: dict[str, str], number: int, unit: str | None
) -> None:
    found = _read(tmp_path, cells)
    assert (found.column("thoi_han"), found.column("don_vi_thoi_han")) == ([number], [unit])
