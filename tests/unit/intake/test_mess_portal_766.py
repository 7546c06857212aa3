"""Boards and answers of Bộ chỉ số 766 in layouts beyond the plain one: no period guessed, no month passed over."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.one_file import Outcome, read, workbook

FEED = "bo_chi_so_766/diem"
PERCENT = "0.00%"
METRICS = {"departmentCode": "H02", "metrics": [{"code": "DOSSIER_SYNC", "ratio": 0.5, "score": 3, "maxScore": 6}]}


def _points(found: Outcome) -> set[tuple[str, str, str, Decimal]]:
    assert len(found.sound) == len(found.rows), found.faults
    return {(row["ky"], row["ma_don_vi"], row["ma_chi_so"], row["diem"]) for row in found.rows}


@pytest.mark.parametrize("title", [[], [["Bảng so sánh điểm năm 2024"]]])
def test_months_side_by_side_are_each_read(tmp_path: Path, title: list[list[str]]) -> None:
    top = len(title)
    rows: list[list[Any]] = [
        *title,
        ["Mã đơn vị", "Tên đơn vị", "Tháng 5/2024", None, "Tháng 6/2024", None],
        [None, None, "CKMB", "Tổng điểm", "CKMB", "Tổng điểm"],
        ["H02.28", "Sở Y tế", 12, 80, 13, 85],
    ]
    merged = [(top, 2, top, 3), (top, 4, top, 5)]
    found = read(tmp_path, FEED, "a.xlsx", workbook({"S": rows}, {"S": merged}))
    assert _points(found) == {
        ("2024-05", "H02.28", "cong_khai", Decimal(12)),
        ("2024-05", "H02.28", "tong", Decimal(80)),
        ("2024-06", "H02.28", "cong_khai", Decimal(13)),
        ("2024-06", "H02.28", "tong", Decimal(85)),
    }
    assert found.unknown == []


def test_points_and_rates_below_each_group(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Tháng 6/2024"],
        ["Mã đơn vị", "Công khai, minh bạch", None, "Tiến độ giải quyết", None],
        [None, "Điểm", "Tỷ lệ", "Điểm", "Tỷ lệ"],
        ["H02.28", 12, "66,67%", 19, (0.95, PERCENT)],
    ]
    found = read(tmp_path, FEED, "a.xlsx", workbook({"S": rows}, {"S": [(1, 1, 1, 2), (1, 3, 1, 4)]}))
    assert [(row["ma_chi_so"], row["diem"], row["ty_le"]) for row in found.rows] == [
        ("cong_khai", Decimal(12), Decimal("0.6667")),
        ("2.1", Decimal(19), Decimal("0.95")),
    ]


@pytest.mark.parametrize("first", [0, 2])
def test_per_cent_cells_of_a_saved_tree_are_fractions(tmp_path: Path, first: int) -> None:
    pad: list[Any] = [None] * first
    rows: list[list[Any]] = [
        [*pad, "Tháng 6/2024"],
        [*pad, "departmentCode", "totalReceived", "totalOnTime", "ratio", "score", "maxScore"],
        [*pad, "H02.28", 100, 95, (0.95, PERCENT), 19, 20],
        [*pad, "H02.29", 200, 1, 0.5, 0.1, 20],
    ]
    found = read(tmp_path, FEED, "a.xlsx", workbook({"S": rows}))
    assert found.column("ty_le") == [Decimal("0.95"), Decimal("0.005")]


def test_average_and_total_rows_are_no_agencies(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Tháng 6/2024"],
        ["STT", "Mã đơn vị", "Tên đơn vị", "CKMB", "TDGQ"],
        [1, "H02.28", "Sở Y tế", 12, 19],
        [None, None, "Trung bình", 12, 19],
        [None, None, "Tổng cộng", 12, 19],
        ["Ghi chú: số liệu lấy ngày 01/07/2024"],
    ]
    assert len(_points(read(tmp_path, FEED, "a.xlsx", workbook({"S": rows})))) == 2


def test_board_without_codes_of_agencies_is_refused_with_what_to_do(tmp_path: Path) -> None:
    rows = [["Tháng 6/2024"], ["STT", "Đơn vị", "CKMB", "TDGQ"], [1, "Sở Y tế", 12, 19]]
    with pytest.raises(FileRefusedError, match="thiếu cột “Mã đơn vị”"):
        read(tmp_path, FEED, "a.xlsx", workbook({"S": rows}))


@pytest.mark.parametrize(
    ("stated", "period"),
    [
        ({"timeType": "month", "month": "08/2026"}, "2026-08"),
        ({"timeType": "MONTH", "month": 8, "timeYear": 2026}, "2026-08"),
        ({"timeType": "month", "fromDate": "2026-08-01", "toDate": "2026-08-31"}, "2026-08"),
        ({"timeType": "quarter", "fromDate": "2026-07-01T00:00:00", "toDate": "2026-09-30T23:59:59"}, "2026-Q3"),
        ({"timeType": "year", "value": "2026"}, "2026"),
    ],
)
def test_periods_as_answers_state_them(tmp_path: Path, stated: dict[str, Any], period: str) -> None:
    assert read(tmp_path, FEED, "a.json", json.dumps({**METRICS, **stated})).column("ky") == [period]


@pytest.mark.parametrize(
    "stated",
    [
        {"timeType": "month", "fromDate": "2026-08-01", "toDate": "2026-09-30"},
        {"timeType": "month", "fromDate": "2026-08-15", "toDate": "2026-09-14"},
        {"timeType": "month", "year": 2026},
    ],
)
def test_window_that_is_no_period_of_its_kind_is_refused(tmp_path: Path, stated: dict[str, Any]) -> None:
    with pytest.raises(FileRefusedError, match="không ghi kỳ"):
        read(tmp_path, FEED, "a.json", json.dumps({**METRICS, **stated}))


def test_time_of_fetching_above_a_board_is_that_of_its_points(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["ĐIỂM BỘ CHỈ SỐ 766 THÁNG 6/2024"],
        ["Thời điểm lấy số liệu: 08:00 ngày 05/07/2024"],
        ["Mã đơn vị", "CKMB", "Tổng điểm"],
        ["H02.28", 12, 80],
    ]
    found = read(tmp_path, FEED, "a.xlsx", workbook({"S": rows}))
    assert found.column("thoi_diem_lay") == [datetime(2024, 7, 5, 8)] * 2
    assert found.column("ky") == ["2024-06"] * 2
