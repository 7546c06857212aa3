from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Kind
from pipelines.intake.values.partial_dates import read_partial
from tests.unit.intake.values.columns import fault, field_of, parsed, value


def interval(cell):
    result = parsed([cell], field_of(Kind.PARTIAL_DATE)).columns
    return tuple(result[name].to_list()[0] for name in ("f", "f_tu", "f_den"))


@pytest.mark.parametrize("cell", ["1975", "__/__/1975", "00/00/1975", "//1975", "../../1975", "năm 1975", "1975.0"])
def test_a_year_alone_is_the_whole_year(cell):
    assert interval(cell) == ("1975", date(1975, 1, 1), date(1975, 12, 31))


@pytest.mark.parametrize(
    "cell",
    ["02/1976", "2.1976", "__/02/1976", "00-02-1976", "1976-02", "Tháng 2 năm 1976", "Tháng 2/1976", "--/02/1976"],
)
def test_a_month_is_the_whole_month(cell):
    assert interval(cell) == ("1976-02", date(1976, 2, 1), date(1976, 2, 29))


@pytest.mark.parametrize(
    "cell",
    ["01.05.1975", "1/5/1975", "01-05-1975", "1975-05-01", "1975-05-01 00:00:00", "19750501", "27515", "27515.0"],
)
def test_a_full_date_is_one_day(cell):
    assert interval(cell) == ("1975-05-01", date(1975, 5, 1), date(1975, 5, 1))


@pytest.mark.parametrize("cell", ["30/02/2025", "13/1975", "00/13/1975", "29.02.1975", "??", "1/5/75", "0001", "5/197"])
def test_what_is_no_date_is_unreadable(cell):
    assert interval(cell) == (None, None, None)
    assert fault(cell, Kind.PARTIAL_DATE) == "khong_doc_duoc"


def test_a_year_far_off_is_read_as_printed_for_the_quality_rules_to_judge():
    assert interval("01/04/5005")[0] == "5005-04-01"


@settings(max_examples=150)
@given(
    st.dates(date(1000, 1, 1), date(9998, 12, 31)),
    st.sampled_from("./-"),
    st.sampled_from(["ngay", "thang", "nam"]),
    st.booleans(),
)
def test_round_trip_keeps_precision_and_canonical_text_is_stable(day, mark, precision, padded):
    width = "02d" if padded else "d"
    shapes = {
        "ngay": (f"{day.day:{width}}{mark}{day.month:{width}}{mark}{day.year}", day.isoformat()),
        "thang": (f"{day.month:{width}}{mark}{day.year}", f"{day:%Y-%m}"),
        "nam": (str(day.year), str(day.year)),
    }
    cell, canonical = shapes[precision]
    text, first, last = interval(cell)
    assert text == canonical
    assert first <= day <= last
    assert (last + timedelta(days=1)).day == 1 or precision == "ngay"
    assert value(canonical, Kind.PARTIAL_DATE) == canonical


@settings(max_examples=300)
@given(
    st.integers(0, 9999),
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from(["", " 00:00", "T00:00:00", " 00:00:00.000", " 08:30:00", "Z"]),
)
def test_days_of_databases_are_read_over_the_column_as_one_by_one(year, month, day, tail):
    cell = f"{year:04d}-{month:02d}-{day:02d}{tail}"
    assert interval(cell)[0] == read_partial(cell)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1980-05-11T17:00:00Z", "1980-05-12"),
        ("1980-05-11T17:00:00.000+0000", "1980-05-12"),
        ("1980-05-12T00:00:00Z", "1980-05-12"),
        ("1980-05-12T00:00:00+07:00", "1980-05-12"),
        ("1965-05-11T16:00:00Z", "1965-05-12"),
        ("1980-05-32T00:00:00Z", None),
    ],
)
def test_moment_with_its_zone_is_the_day_in_vietnam(cell, day):
    assert value(cell, Kind.PARTIAL_DATE) == day
