"""Groups of a header that are fields themselves, and the parts below them: each column by what it holds."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.one_file import Outcome, read, workbook

COUNTS = ["Kỳ", "Mã đơn vị", "Lĩnh vực", "Mã hệ thống"]
DOSSIER = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái"]
PERIOD = ["6/2024", "G01", "Cư trú", "C06"]
ROW = ["H02.16-240603-0001", "H02.16", "03/06/2024", "4"]

Cells = list[str | None]


def _read(tmp_path: Path, feed: str, head: list[Cells], row: list[str], *, merged: bool) -> Outcome:
    """One row below a header of two lines; ``merged``: with the ranges of a spreadsheet, else only blank cells."""
    ranges: list[tuple[int, int, int, int]] = []
    if merged:
        names = [column for column, cell in enumerate(head[0]) if cell] + [len(head[0])]
        for first, after in pairwise(names):
            if after - first > 1:
                ranges.append((0, first, 0, after - 1))
            elif head[1][first] is None:
                ranges.append((0, first, 1, first))
    rows: list[list[Any]] = [*head, row]
    return read(tmp_path, feed, "a.xlsx", workbook({"S": rows}, {"S": ranges}))


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("total", ["Tổng số", "Tổng cộng", "TỔNG:", "Cộng"])
def test_sum_below_a_group_is_the_group(tmp_path: Path, total: str, merged: bool) -> None:
    head: list[Cells] = [
        [*COUNTS, "Số hồ sơ tiếp nhận", None, None, "Đã giải quyết", None],
        [None, None, None, None, "Trực tiếp", "Trong đó: trực tuyến", total, total, "Trong đó quá hạn"],
    ]
    values = [*PERIOD, "40", "60", "100", "90", "5"]
    found = _read(tmp_path, "nganh_doc/tong_hop", head, values, merged=merged)
    assert [found.column(n)[0] for n in ("tiep_nhan", "truc_tuyen", "da_giai_quyet", "qua_han")] == [100, 60, 90, 5]
    assert (found.sound, found.doubts) == ([3], [])


@pytest.mark.parametrize("merged", [True, False])
def test_group_that_is_a_field_is_not_its_first_part(tmp_path: Path, merged: bool) -> None:
    head: list[Cells] = [
        [*DOSSIER, "Phí, lệ phí", None, None],
        [None, None, None, None, "Phí", "Lệ phí", "Tổng cộng"],
    ]
    found = _read(tmp_path, "dvc/ho_so", head, [*ROW, "10.000", "5.000", "15.000"], merged=merged)
    assert (found.column("phi_le_phi"), found.sound, found.doubts) == ([15_000], [3], [])


def test_parts_without_their_sum_are_no_number_of_the_group(tmp_path: Path) -> None:
    head: list[Cells] = [[*COUNTS, "Tiếp nhận", "Đã giải quyết", None], [None] * 5 + ["Đúng hạn", "Quá hạn"]]
    found = _read(tmp_path, "nganh_doc/tong_hop", head, [*PERIOD, "100", "85", "5"], merged=True)
    assert (found.column("da_giai_quyet"), found.column("qua_han"), found.sound) == ([None], [5], [3])


def test_parts_without_the_words_of_their_group(tmp_path: Path) -> None:
    head: list[Cells] = [[*DOSSIER, "Chủ hồ sơ", None], [None] * 4 + ["Họ tên", "Số CCCD"]]
    found = _read(tmp_path, "dvc/ho_so", head, [*ROW, "Lê Văn An", "024095001234"], merged=True)
    assert (found.column("chu_ho_so"), found.column("so_dinh_danh")) == (["Lê Văn An"], ["024095001234"])


def test_group_of_words_keeps_its_first_column(tmp_path: Path) -> None:
    head: list[Cells] = [[*DOSSIER, "Lĩnh vực", None], [None] * 4 + ["Nhóm", "Chi tiết"]]
    found = _read(tmp_path, "dvc/ho_so", head, [*ROW, "Hộ tịch", "Khai sinh"], merged=True)
    assert (found.column("linh_vuc"), found.unknown, found.sound) == (["Hộ tịch"], ["Lĩnh vực Chi tiết"], [3])


@pytest.mark.parametrize("below", [["(đồng)", "(ngày)"], ["(5)", "(6)"]])
def test_units_and_numbers_below_a_group_are_no_parts(tmp_path: Path, below: list[str]) -> None:
    head: list[Cells] = [[*DOSSIER, "Lệ phí", None], [None] * 4 + [*below]]
    found = _read(tmp_path, "dvc/ho_so", head, [*ROW, "5.000", "x"], merged=True)
    assert (found.column("phi_le_phi")[-1], found.sound[-1:]) == (5_000, [3])


def test_row_of_notes_below_a_header_with_a_blank_name_is_a_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[*DOSSIER, "Lý do", ""], ["", "", "", "", "thiếu giấy", ""], [*ROW, "", ""]]
    found = read(tmp_path, "dvc/ho_so", "a.csv", "\n".join(";".join(row) for row in rows) + "\n")
    assert (found.sound, len(found.rows)) == ([3], 2)


@pytest.mark.parametrize(("parts", "counts"), [(("Trong kỳ", "Lũy kế"), 100), (("Trong kỳ", "Tổng số"), 950)])
def test_count_of_the_period_below_a_group(tmp_path: Path, parts: tuple[str, str], counts: int) -> None:
    rows = [
        ["Kỳ", "Mã đơn vị", "Lĩnh vực", "Mã hệ thống", "Tiếp nhận", ""],
        ["", "", "", "", *parts],
        ["6/2024", "H02.16", "Đất đai", "HT", "100", "950"],
    ]
    found = read(tmp_path, "nganh_doc/tong_hop", "a.csv", "".join(";".join(row) + "\n" for row in rows))
    assert (found.column("tiep_nhan"), found.doubts) == ([counts], [])


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize(
    ("parts", "number"),
    [(["Tháng 5", "Tháng 6", "Cộng"], 3), (["T5/2024", "T6/2024", "Tổng số"], 3), (["5", "6", "Cộng"], 3),
     (["Quý I/2024", "Quý II/2024", "Tổng"], 3), (["Kỳ này", "Kỳ trước", "Tăng, giảm"], 1),
     (["Năm trước", "Năm nay", "So sánh (%)"], 2)],
)  # fmt: skip
def test_periods_below_a_group_are_no_number_of_it(parts: list[str], number: int, merged: bool, tmp_path: Path) -> None:
    head: list[Cells] = [
        [*COUNTS, "Tiếp nhận", None, None, "Đã giải quyết", None, None],
        [None, None, None, None, *parts, *parts],
    ]
    found = _read(tmp_path, "nganh_doc/tong_hop", head, [*PERIOD, "1", "2", "3", "1", "2", "3"], merged=merged)
    assert (found.column("tiep_nhan"), found.column("da_giai_quyet")) == ([number], [number])
    assert (found.sound, found.doubts, found.faults) == ([3], [], [])


def test_months_without_their_sum_are_refused(tmp_path: Path) -> None:
    head: list[Cells] = [[*COUNTS, "Tiếp nhận", None], [None] * 4 + ["Tháng 5", "Tháng 6"]]
    with pytest.raises(FileRefusedError, match="Tiếp nhận Tháng 5"):
        _read(tmp_path, "nganh_doc/tong_hop", head, [*PERIOD, "1", "2"], merged=True)
