"""Spellings of values that exports, spreadsheets and people produce; what could be two things is read as neither."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipelines.contracts.model import Kind
from tests.unit.intake.values.columns import fault, field_of, parsed, value


@pytest.mark.parametrize("cell", ["NULL", "null", "N/A", "#N/A", "(null)", "undefined"])
@pytest.mark.parametrize("kind", [Kind.CODE, Kind.DOSSIER_CODE, Kind.TIMESTAMP, Kind.MONEY, Kind.BOOLEAN])
def test_what_systems_print_for_nothing_is_blank_and_told(cell: str, kind: Kind) -> None:
    assert (value(cell, kind), fault(cell, kind)) == (None, "gia_tri_gia")


def test_a_dash_is_nothing_but_in_free_text_all_is_text() -> None:
    assert value("-", Kind.DOSSIER_CODE) is None
    assert value("—", Kind.INTEGER) is None
    assert [value(cell, Kind.TEXT) for cell in ("-", "NULL")] == ["-", "NULL"]


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        ("'05/06/2024", Kind.TIMESTAMP, datetime(2024, 6, 5)),
        ('="H02.28-240614-0001"', Kind.DOSSIER_CODE, "H02.28-240614-0001"),
        ("'000.00.28.H02-240614-0001", Kind.DOSSIER_CODE, "H02.28-240614-0001"),
        ("'50.000", Kind.MONEY, 50_000),
        ("'O", Kind.TEXT, "'O"),
    ],
)
def test_marks_that_force_a_spreadsheet_to_text_are_no_part_of_the_value(
    cell: str, kind: Kind, expected: object
) -> None:
    assert value(cell, kind) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("05-Jun-2024", datetime(2024, 6, 5)),
        ("5 June 2024 14:30", datetime(2024, 6, 5, 14, 30)),
        ("Jun 5, 2024 2:30 PM", datetime(2024, 6, 5, 14, 30)),
        ("05/06/2024 14g30", datetime(2024, 6, 5, 14, 30)),
        ("05 tháng 06 2024", datetime(2024, 6, 5)),
        ("1717572600000", datetime(2024, 6, 5, 14, 30)),
        ("/Date(1717572600000)/", datetime(2024, 6, 5, 14, 30)),
        ("5 thg 6, 2024", datetime(2024, 6, 5)),
        ("14:30, 5 thg 6, 2024", datetime(2024, 6, 5, 14, 30)),
        ("05-Thg6-2024", datetime(2024, 6, 5)),
        ("Thứ Tư, 5 tháng Sáu, 2024", datetime(2024, 6, 5)),
        ("5 tháng mười hai 2024", datetime(2024, 12, 5)),
        ("ngày 5 tháng năm năm 2024", datetime(2024, 5, 5)),
        ("ngày 5 tháng năm 2024", None),
        ("Vào hồi 14 giờ 30 phút, ngày 05 tháng 6 năm 2024", datetime(2024, 6, 5, 14, 30)),
        ("khoảng 2 giờ ngày 05/6/2024", datetime(2024, 6, 5, 2)),
        ("05/6/2024 (thứ 4)", datetime(2024, 6, 5)),
        ("05/06/2024 14:30:00 +07:00", datetime(2024, 6, 5, 14, 30)),
        ("05/06/2024 14:30:00 +08:00", None),
        ("2024-06-05T14:30:00+07:00[Asia/Ho_Chi_Minh]", datetime(2024, 6, 5, 14, 30)),
        ("Wed Jun 05 2024 14:30:00 GMT+0700 (Indochina Time)", datetime(2024, 6, 5, 14, 30)),
        ("Wed Jun 05 14:30:00 ICT 2024", datetime(2024, 6, 5, 14, 30)),
        ("Wed Jun 05 14:30:00 UTC 2024", None),
        ("20240605T143000", datetime(2024, 6, 5, 14, 30)),
        ("[2024,6,5,14,30]", datetime(2024, 6, 5, 14, 30)),
        ("[2024, 6, 5, 14, 30, 15, 1000000]", datetime(2024, 6, 5, 14, 30, 15)),
        ("[2024,6,5]", datetime(2024, 6, 5)),
        ("[2024,13,5]", None),
        ("1717572600", None),
        ("31-Feb-2024", None),
        ("06/25/2024", None),
    ],
)
def test_rare_spellings_of_a_moment(cell: str, expected: datetime | None) -> None:
    assert value(cell, Kind.TIMESTAMP) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("01051975", "1975-05-01"),
        ("051975", "1975-05"),
        ("19750501", "1975-05-01"),
        ("20051975", "1975-05-20"),
        ("…/…/1975", "1975"),
        ("___/___/1975", "1975"),
        ("1051975", None),
        ("vào hồi 5 giờ 30 phút ngày 01 tháng 5 năm 1975", "1975-05-01"),
        ("tháng năm 1975", None),
        ("01/05/75", None),
        ("31021975", None),
    ],
)
def test_partial_dates_as_they_are_keyed_in(cell: str, expected: str | None) -> None:
    assert value(cell, Kind.PARTIAL_DATE) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Cả năm 2024", "2024"),
        ("Q.II/2024", "2024-Q2"),
        ("quí 2 năm 2024", "2024-Q2"),
        ("2024M06", "2024-06"),
        ("01/06/2024", "2024-06"),
        ("02/06/2024", None),
        ("6 tháng đầu năm 2024", None),
    ],
)
def test_periods_in_more_spellings(cell: str, expected: str | None) -> None:
    assert value(cell, Kind.PERIOD) == expected


def test_booleans_in_the_words_of_their_own_field() -> None:
    field = field_of(Kind.BOOLEAN, headers=("Số hóa", "Số hóa hồ sơ"))
    cells = [
        "Đã số hóa",
        "Chưa số hóa hồ sơ",
        "Không số hóa",
        "Đã có",
        "Chưa có",
        "ko",
        "Đã thanh toán",
        "không áp dụng",
        "Số hóa",
    ]
    known = [True, False, False, True, False, False, None, None, True]
    assert parsed([*cells], field).columns["f"].to_list() == known


@pytest.mark.parametrize(
    ("cell", "digits", "reason"),
    [
        ("CCCD 024190001234", "024190001234", None),
        ("Số CMND: 127300374", "127300374", None),
        ('="024190001234"', "024190001234", None),
        ("02419000123", None, "khong_doc_duoc"),
        ("0912345678", None, "khong_doc_duoc"),
        ("024190001234/127300374", None, "khong_doc_duoc"),
    ],
)
def test_identity_numbers_with_a_label_and_zeros_no_spreadsheet_dropped(
    cell: str, digits: str | None, reason: str | None
) -> None:
    assert (value(cell, Kind.IDENTITY), fault(cell, Kind.IDENTITY)) == (digits, reason)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("50.000 (đồng)", 50_000),
        ("VND 50,000", 50_000),
        ("₫50.000", 50_000),
        ("1.204 giao dịch", 1_204),
        ("50 nghìn", 50_000),
        ("1,5 triệu đồng", 1_500_000),
        ("từ 1,5 triệu đồng", None),
        ("50.000 - 100.000", None),
    ],
)
def test_money_with_its_unit_on_either_side(cell: str, expected: int | None) -> None:
    assert value(cell, Kind.MONEY) == expected
