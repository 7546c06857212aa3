"""The first record below a header is a record, whatever its cells say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.intake.one_file import read, workbook

TRAINING = ["Khóa học (*)", "Mã đơn vị (*)", "Ngày (*)", "Đăng ký (người)", "Ghi chú"]


@pytest.mark.parametrize("note", ["Hoàn thành", "Chứng chỉ", "ghi sau"])
def test_word_that_is_a_header_elsewhere_makes_no_header_of_its_row(note: str, tmp_path: Path) -> None:
    rows = [["An toàn thông tin", f"H02.0{i}", f"0{i}/06/2024", str(20 + i), note] for i in (1, 2)]

    found = read(tmp_path, "dao_tao/ket_qua", "t.xlsx", workbook({"S": [TRAINING, *rows]}))

    assert found.sound == [2, 3]
    assert found.column("dang_ky") == [21, 22]
    assert found.unknown == ["Ghi chú"]


@pytest.mark.parametrize("day", ["01/01/2020", "chưa rõ"])
def test_record_of_words(day: str, tmp_path: Path) -> None:
    header = ["Mã hệ thống:", "Tên:", "Chủ quản:", "Trạng thái:", "Hiệu lực từ:", "Ghi chú"]
    rows = [[code, "Đất đai", "Sở", "da_ket_noi", day, "Dùng chung"] for code in ("VBDLIS", "HTDT")]

    found = read(tmp_path, "he_thong/ket_noi", "t.xlsx", workbook({"S": [header, *rows]}))

    assert [row["_dong"] for row in found.rows] == [2, 3]
    assert found.unknown == ["Ghi chú"]


def test_header_that_is_numbered_within_its_cells(tmp_path: Path) -> None:
    header = ["Mã hồ sơ\n(1)", "Mã đơn vị\n(2)", "Ngày tiếp nhận\n(3)", "Trạng thái\n(4)", "Tệp\n(5)"]
    rows = [[f"H02.16-240601-000{i}", "H02.16", "01/06/2024", "Đang xử lý", "Kết quả điện tử"] for i in (1, 2)]

    found = read(tmp_path, "dvc/ho_so", "t.xlsx", workbook({"S": [header, *rows]}))

    assert found.sound == [2, 3]
    assert set(found.column("ket_qua_dien_tu")) == {None}


def test_second_header_row_below_one_that_names_fields_itself(tmp_path: Path) -> None:
    header = [["Mã hồ sơ", "Mã đơn vị", "Trạng thái", "Ngày", None], [None, None, None, "tiếp nhận", "hẹn trả"]]
    rows = [["H02.16-240601-0001", "H02.16", "Đang xử lý", "01/06/2024", "05/06/2024"]]

    found = read(tmp_path, "dvc/ho_so", "t.xlsx", workbook({"S": [*header, *rows]}))

    assert found.sound == [3]
    assert [str(day) for day in found.column("ngay_tiep_nhan")] == ["2024-06-01 00:00:00"]


PORTAL = ["Mã hồ sơ", "Ngày đồng bộ"]


def _portal(count: int = 3) -> list[list[str]]:
    return [[f"H02.16-24060{i}-000{i}", f"0{i}/06/2024"] for i in range(1, count + 1)]


def test_signatures_below_a_table_of_two_columns(tmp_path: Path) -> None:
    below = [
        [],
        [None, "Bắc Giang, ngày 30 tháng 6 năm 2024"],
        ["NGƯỜI LẬP BIỂU", "KT. GIÁM ĐỐC"],
        ["(Ký, ghi rõ họ tên)", "PHÓ GIÁM ĐỐC"],
        [],
        ["Nguyễn Văn An", "Trần Thị Bình"],
    ]

    found = read(tmp_path, "dvcqg/ho_so", "t.xlsx", workbook({"S": [PORTAL, *_portal(), *below]}))

    assert (found.sound, found.faults) == ([2, 3, 4], [])


def test_name_in_the_column_of_the_code_is_set_apart_where_nothing_is_signed(tmp_path: Path) -> None:
    rows = [*_portal(), ["Nguyễn Văn An", "04/06/2024"]]

    found = read(tmp_path, "dvcqg/ho_so", "t.xlsx", workbook({"S": [PORTAL, *rows]}))

    assert found.sound == [2, 3, 4]
    assert [(row, field, apart) for row, field, _, apart in found.faults] == [(5, "ma_ho_so", True)]


@pytest.mark.parametrize("below", [["(1)", "(2)"], ["[1]", "[2]"], ["text", "date"], ["nvarchar", "(DateTime)"]])
def test_numbers_and_types_of_columns_are_no_record(below: list[str], tmp_path: Path) -> None:
    found = read(tmp_path, "dvcqg/ho_so", "t.xlsx", workbook({"S": [PORTAL, below, *_portal()]}))

    assert (found.sound, found.faults) == ([3, 4, 5], [])


def test_number_of_a_part_is_no_record(tmp_path: Path) -> None:
    header = ["Khóa học", "Mã đơn vị", "Ngày"]
    rows = [["Kỹ năng số", "H02.16", f"0{i}/06/2024"] for i in (1, 2, 3)]
    sheet = [header, ["Phần I"], rows[0], rows[1], ["Phụ lục 02"], rows[2]]

    found = read(tmp_path, "dao_tao/ket_qua", "t.xlsx", workbook({"S": sheet}))

    assert (found.sound, found.faults) == ([3, 4, 6], [])
