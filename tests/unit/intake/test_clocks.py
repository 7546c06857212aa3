"""One moment in two columns, its day and its time of day: read as one, in every layout and format."""

from __future__ import annotations

import json
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.intake.one_file import read, workbook
from tests.unit.intake.sheet_files import xls

FEED = "dvc/ho_so"
HEAD = ["Mã hồ sơ", "Mã đơn vị", "Trạng thái", "Ngày tiếp nhận"]
MOMENT = datetime(2024, 6, 3, 16, 30)


def _row(*cells: Any, number: int = 1) -> list[Any]:
    return [f"H02.16-240603-{number:04}", "H02.16", "4", *cells]


def _csv(*rows: list[Any]) -> str:
    return "".join(";".join(row) + "\n" for row in rows)


@pytest.mark.parametrize("header", ["Giờ tiếp nhận", "gio_tiep_nhan", "GioTiepNhan", "Giờ nhận", "Thời gian tiếp nhận"])
@pytest.mark.parametrize("clock", ["16:30", "16h30", "16:30:00", "4:30 PM", "16 giờ 30", "0,6875"])
def test_hour_beside_the_day(tmp_path: Path, header: str, clock: str) -> None:
    found = read(tmp_path, FEED, "a.csv", _csv([*HEAD, header], _row("03/06/2024", clock)))
    assert (found.column("ngay_tiep_nhan"), found.unknown, found.doubts, found.faults) == ([MOMENT], [], [], [])


def test_hour_before_the_day(tmp_path: Path) -> None:
    head = [*HEAD[:3], "Thời gian tiếp nhận", "Ngày tiếp nhận"]
    assert read(tmp_path, FEED, "a.csv", _csv(head, _row("16:30", "03/06/2024"))).column("ngay_tiep_nhan") == [MOMENT]
    head = ["Mã hồ sơ", "Trạng thái", "Thời gian", "Ngày xử lý"]
    steps = read(tmp_path, "dvc/qua_trinh", "a.csv", _csv(head, ["H02.16-240603-0001", "4", "16:30", "03/06/2024"]))
    assert (steps.column("thoi_diem"), steps.sound) == ([MOMENT], [2])


def test_group_over_day_and_hour(tmp_path: Path) -> None:
    top = [*HEAD[:3], "Tiếp nhận", "", "Hẹn trả", ""]
    below = ["", "", "", "Ngày", "Giờ", "Ngày", "Giờ"]
    found = read(tmp_path, FEED, "a.csv", _csv(top, below, _row("03/06/2024", "16:30", "05/06/2024", "17:00")))
    assert found.column("ngay_tiep_nhan") == [MOMENT]
    assert found.column("ngay_hen_tra") == [datetime(2024, 6, 5, 17)]


@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_cells_of_spreadsheets(tmp_path: Path, form: str) -> None:
    day, hour = (datetime(2024, 6, 3), "dd/mm/yyyy"), (time(16, 30), "hh:mm")
    rows = [
        [*HEAD, "Giờ tiếp nhận"],
        _row(day, hour),
        _row(45446, 0.6875, number=2),
        _row("03/06/2024", "16:30", number=3),
    ]
    content = workbook({"S": rows}) if form == "xlsx" else xls({"S": rows})
    assert read(tmp_path, FEED, f"a.{form}", content).column("ngay_tiep_nhan") == [MOMENT] * 3


def test_keys_of_records(tmp_path: Path) -> None:
    record = {"maHoSo": "H02.16-240603-0001", "maDonVi": "H02.16", "trangThai": 4}
    text = json.dumps([{**record, "ngayTiepNhan": "2024-06-03", "gioTiepNhan": "16:30:00"}])
    assert read(tmp_path, FEED, "a.json", text).column("ngay_tiep_nhan") == [MOMENT]


def test_moment_keeps_its_own_time_and_a_blank_hour_leaves_the_day(tmp_path: Path) -> None:
    rows = [_row("03/06/2024 08:15", "16:30"), _row("03/06/2024", "", number=2), _row("", "16:30", number=3)]
    found = read(tmp_path, FEED, "a.csv", _csv([*HEAD, "Giờ tiếp nhận"], *rows))
    assert found.column("ngay_tiep_nhan") == [datetime(2024, 6, 3, 8, 15), datetime(2024, 6, 3), None]
    assert found.sound == [2, 3]


@pytest.mark.parametrize(
    ("header", "cells"),
    [("Giờ tiếp nhận", ["sáng", "16:30"]), ("Giờ trực", ["16:30", "16:30"])],
)
def test_what_is_no_hour_of_the_field_stays_beside(tmp_path: Path, header: str, cells: list[str]) -> None:
    rows = [_row("03/06/2024", cell, number=i) for i, cell in enumerate(cells)]
    found = read(tmp_path, FEED, "a.csv", _csv([*HEAD, header], *rows))
    assert (found.column("ngay_tiep_nhan"), found.unknown) == ([datetime(2024, 6, 3)] * 2, [header])


def test_word_among_hours_is_kept_beside_them(tmp_path: Path) -> None:
    rows = [_row("03/06/2024", cell, number=i) for i, cell in enumerate(["16:30", "16:30", "chiều"])]
    found = read(tmp_path, FEED, "a.csv", _csv([*HEAD, "Giờ tiếp nhận"], *rows))
    assert found.column("ngay_tiep_nhan") == [MOMENT, MOMENT, datetime(2024, 6, 3)]
    assert found.unknown == ["Giờ tiếp nhận"]
