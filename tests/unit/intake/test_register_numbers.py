"""Numbers of registrations written with their year: the year of the key is no part of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.intake.one_file import read


@pytest.mark.parametrize(
    ("number", "read_as"),
    [
        ("01/2018", "1"),
        ("1-2018", "1"),
        ("12 / 2018", "12"),
        ("01/2017", "1/2017"),
        ("12A/2018", "12A"),
        ("7", "7"),
        ("Số: 01/2018", "1"),
        ("01/18", "1"),
        ("01/17", "1/17"),
        ("03/2018/TLKS", "3"),
        ("03/2018-KS", "3"),
        ("06/KS", "6"),
        ("06/KS-BS", "6"),
        ("06/X", "6/X"),
    ],
)
def test_register_number_written_with_its_year(tmp_path: Path, number: str, read_as: str) -> None:
    head = "so;quyenSo;ngayDangKy;loaiDangKy;noiDangKy;nksHoTen;nksNgaySinh"
    text = f"{head}\n{number};01/2018;05.03.2018;1;H02.16.07;Thử;01.03.2018\n"
    assert read(tmp_path, "ho_tich/khai_sinh", "a.csv", text).column("so") == [read_as]
