"""Real dates of which a workbook shows no day: the first of the month was never written, so it is not invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.intake.one_file import read, workbook
from tests.unit.intake.sheet_files import xls

HEAD = ["so", "quyenSo", "ngayDangKy", "loaiDangKy", "noiDangKy", "nksHoTen", "nksNgaySinh"]
FIRST = date(1975, 5, 1)
BIRTHS = [
    ((FIRST, "mm/yyyy"), "1975-05"),
    ((FIRST, "mmm-yy"), "1975-05"),
    ((FIRST, "[$-42A]m/yyyy;@"), "1975-05"),
    ((date(1975, 1, 1), "yyyy"), "1975"),
    ((FIRST, "yyyy"), "1975-05"),
    ((date(1975, 5, 17), "mm/yyyy"), "1975-05-17"),
    ((FIRST, "dd/mm/yyyy"), "1975-05-01"),
    ((FIRST, "mmm d, yyyy"), "1975-05-01"),
]


def _xlsx(rows: list[list[Any]]) -> bytes:
    return workbook({"DL Import": [["", *row] for row in rows]})


def _xls(rows: list[list[Any]]) -> bytes:
    return xls({"DL Import": rows})


@pytest.mark.parametrize(("name", "make"), [("a.xlsx", _xlsx), ("a.xls", _xls)])
def test_day_that_is_not_shown_is_not_invented(
    tmp_path: Path, name: str, make: Callable[[list[list[Any]]], bytes]
) -> None:
    rows = [[str(i), "01/2018", "05.03.2018", "1", "H02.16.07", "Thử", cell] for i, (cell, _) in enumerate(BIRTHS, 1)]
    found = read(tmp_path, "ho_tich/khai_sinh", name, make([HEAD, *rows]))
    assert found.column("nks_ngay_sinh") == [read_as for _, read_as in BIRTHS]


def test_other_fields_keep_their_day(tmp_path: Path) -> None:
    head = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái"]
    rows = [["H02.16-240603-0001", "H02.16", (date(2024, 6, 1), "mm/yyyy"), "10"]]
    found = read(tmp_path, "dvc/ho_so", "a.xlsx", workbook({"A": [head, *rows]}))
    assert [day.day for day in found.column("ngay_tiep_nhan")] == [1]


@pytest.mark.parametrize(("name", "make"), [("a.xlsx", _xlsx), ("a.xls", _xls)])
def test_number_with_its_year_that_became_a_month_is_the_number(
    tmp_path: Path, name: str, make: Callable[[list[list[Any]]], bytes]
) -> None:
    """A typed ``01/2018`` is 1 January 2018 to a spreadsheet, shown as ``Jan-18``."""
    typed = [(date(2018, 1, 1), "mmm-yy"), (date(2018, 12, 1), "mmm-yy")]
    rows = [[cell, cell, "05.03.2018", "1", "H02.16.07", "Thử", "01.03.2018"] for cell in typed]
    found = read(tmp_path, "ho_tich/khai_sinh", name, make([HEAD, *rows]))
    assert found.column("quyen_so") == ["01/2018", "12/2018"]
    assert found.column("so") == ["1", "12"]
