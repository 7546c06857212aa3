from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Kind
from tests.unit.intake.values.columns import fault, field_of, parsed, value

D = Decimal


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("50.000", "50000"), ("50,000", "50000"), ("50.000,00", "50000"), ("50,000.00", "50000"),
        ("50 000 đ", "50000"), ("50\u00a0000 ₫", "50000"), ("1.204.000 đồng", "1204000"), ("1,204,000", "1204000"),
        ("50000.0", "50000"), ("50000", "50000"), ("-5.000", "-5000"), ("8,5", "8.5"), ("8.000 VNĐ", "8000"),
        ("1.2E6", "1200000"), ("0", "0"), ("50.000 đồng/trường hợp", "50000"), ("50.000đ/01 hồ sơ", "50000"),
        ("50.000,-", "50000"), ("50.000,- đ", "50000"), ("50 nghìn", "50000"), ("50 ngàn đồng", "50000"),
        ("1,5 triệu", "1500000"), ("1.5 triệu đồng/hồ sơ", "1500000"), ("50k", "50000"), ("Miễn phí", "0"),
        ("MIỄN", "0"), ("Không thu", "0"), ("không", "0"), ("Không mất phí", "0"), ("Không thu phí, lệ phí", "0"),
    ],
)  # fmt: skip
def test_money_in_every_spelling(cell, amount):
    assert value(cell, Kind.MONEY) == D(amount)


@pytest.mark.parametrize(
    "cell",
    [
        "nhiều",
        "1.2.3",
        "1.234.56",
        "12 34",
        "5.",
        "10-20",
        "--5",
        "1e999",
        "10%",
        "9" * 40,
        "2.000 đồng/trang",
        "1.234 triệu",
        "Không có",
        "Không rõ",
        "Chưa nộp",
        "50 nghìn/bản",
        "triệu",
    ],
)
def test_words_and_broken_groups_are_unreadable(cell):
    assert value(cell, Kind.MONEY) is None
    assert fault(cell, Kind.MONEY) == "khong_doc_duoc"


@pytest.mark.parametrize(
    ("cell", "number"),
    [("389.0", 389), ("1.204", 1204), ("007", 7), ("15 hồ sơ", 15), ("2 bản sao", 2), ("3 bản", 3), ("-3", -3)],
)
def test_integers(cell, number):
    assert value(cell, Kind.INTEGER) == number


@pytest.mark.parametrize("cell", ["12,5", "nhiều", "99999999999999999999"])
def test_no_integer_is_made_of_a_fraction_or_an_overflow(cell):
    assert fault(cell, Kind.INTEGER) == "khong_doc_duoc"


@pytest.mark.parametrize(
    ("cell", "share"),
    [("97,92%", "0.9792"), ("97.92", "0.9792"), ("97,92 %", "0.9792"), ("100", "1"), ("0,5", "0.005"),
     ("97.925", "0.97925"), ("104,2%", "1.042")],
)  # fmt: skip
def test_shares_are_fractions_whether_or_not_the_sign_is_printed(cell, share):
    assert value(cell, Kind.SHARE) == D(share)


def test_decimals_keep_their_printed_text():
    result = parsed(["98,80", "314.849", "98,805%", "0.375", "x"], field_of(Kind.DECIMAL))
    assert result.columns["f"].to_list() == [D("98.8"), D("314849"), D("98.805"), D("0.375"), None]
    assert result.columns["f_goc"].to_list() == ["98,80", "314.849", "98,805%", "0.375", "x"]
    assert result.columns["f"].dtype == pl.Decimal(28, 6)


def test_the_field_maximum_settles_an_ambiguous_separator():
    assert value("7.958", Kind.DECIMAL, maximum=100) == D("7.958")
    assert value("7.958", Kind.DECIMAL) == D("7958")


def test_a_number_far_beyond_the_maximum_is_none():
    assert value("7958", Kind.DECIMAL, maximum=100) == D(7958)  # a rule's business
    assert value("1" + "0" * 12, Kind.DECIMAL, maximum=100) is None
    assert fault("-100001", Kind.DECIMAL, maximum=100) == "khong_doc_duoc"
    assert value("1" + "0" * 12, Kind.DECIMAL) == D(10**12)


@settings(max_examples=150)
@given(st.integers(-(10**12), 10**12), st.sampled_from(["{:d}", "{:,}", ".", " ", "{:,}.00", ",00"]))
def test_whole_numbers_round_trip_in_every_grouping(number, style):
    if "{" in style:
        cell = style.format(number)
    else:
        cell = f"{number:,}".replace(",", "." if style == ",00" else style) + (style if style == ",00" else "")
    assert value(cell, Kind.MONEY) == D(number)
    assert value(cell, Kind.INTEGER) == number
