"""Header finding: any row, any column order, joined rows, never by position."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts.loader import load_contracts
from pipelines.contracts.normal_form import plain
from pipelines.intake.headers.columns import HeaderIndex, map_columns
from pipelines.intake.headers.header import find_header, is_numbering

CONTRACTS = load_contracts()
INDEX = HeaderIndex(CONTRACTS["dvc/ho_so"])
BIRTHS = HeaderIndex(CONTRACTS["ho_tich/khai_sinh"])


def fields(rows, index=INDEX, merged=()):
    header = find_header(rows, index, merged)
    assert header is not None
    return [cell.match.field if cell.match else None for cell in header.cells]


@given(
    order=st.permutations(["Mã hồ sơ", "MA DON VI", "NgayTiepNhan", "Trạng  thái", "cột lạ"]),
    above=st.integers(0, 12),
    below=st.integers(0, 3),
)
def test_found_at_any_row_in_any_order(order, above, below):
    titles = [[f"Dòng tiêu đề {i}", None, None, None, None] for i in range(above)]
    rows = [*titles, order, *([["H02.01-240101-0001", "H02", "01/01/2024", "4", "x"]] * below)]
    header = find_header(rows, INDEX)
    assert header is not None
    assert (header.top, header.end, header.matched) == (above, above + 1, 4)


def test_groups_over_columns_without_merge_information():
    rows = [
        ["STT", "Mã hồ sơ", "Ngày", None, None, "Trạng thái"],
        [None, None, "tiếp nhận", "hẹn trả", "có kết quả", None],
    ]
    assert fields(rows) == [None, "ma_ho_so", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_thuc", "trang_thai"]


def test_groups_read_upwards():
    rows = [["Số", "Quyển số", "Mẹ", None], [None, None, "Họ tên", "Ngày sinh"]]
    assert fields(rows, BIRTHS) == ["so", "quyen_so", "me_ho_ten", "me_ngay_sinh"]


def test_merged_group_is_bounded_by_its_range():
    rows = [["Mã hồ sơ", "Ngày", None, None], [None, "tiếp nhận", "hẹn trả", "Trạng thái"]]
    assert fields(rows, merged=[(0, 1, 0, 2)]) == ["ma_ho_so", "ngay_tiep_nhan", "ngay_hen_tra", "trang_thai"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["(1)", "(2)", "(3)"], True),
        (["1", "2", "3", None], True),
        (["A", "B", "1", "2"], True),
        (["[1]", "[2]", "[3]=[1]+[2]"], True),
        (["1", "3", "4"], False),
        (["1", "2"], False),
        (["H02", "2", "3"], False),
    ],
)
def test_numbering_rows(row, expected):
    assert is_numbering(row) is expected


def test_two_columns_of_one_field_keep_both():
    rows = [["Mã hồ sơ", "Số hồ sơ", "Trạng thái", "Mã đơn vị"]]
    header = find_header(rows, INDEX)
    assert header is not None
    columns = map_columns(header.cells, INDEX, lambda column: column != 0)
    assert columns.fields["ma_ho_so"] == 1
    assert columns.unknown == ((0, "Mã hồ sơ"),)
    assert columns.suggestions == {"Mã hồ sơ": "ma_ho_so"}


def test_closest_field_of_an_unknown_header():
    assert INDEX.suggestion("Ngày tiếp nhânn") == "ngay_tiep_nhan"
    assert INDEX.suggestion('"); DROP TABLE x; --') is None


def test_nothing_is_found_among_data():
    assert find_header([["H02", "1", "x"], ["y", "2", "z"]], INDEX) is None
    assert find_header([], INDEX) is None


def test_plain_folds_eth_zero_width_and_composition():
    assert plain("Ðơn\u200b  vị\u00a0ĐÃ") == plain("đơn vị đã") == "don vi da"
