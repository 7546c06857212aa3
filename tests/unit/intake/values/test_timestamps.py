from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Kind
from tests.unit.intake.values.columns import fault, field_of, parsed, value, values

MOMENT = datetime(2024, 6, 5, 14, 30)


@pytest.mark.parametrize(
    "cell",
    [
        "05/06/2024 14:30",
        "5/6/2024 14:30",
        "05-06-2024 14:30:00",
        "05.06.2024 14:30",
        "2024-06-05T14:30:00",
        "2024-06-05 14:30:00.000",
        "2024-06-05T14:30:00+07:00",
        "2024-06-05T07:30:00Z",
        "2024-06-05T07:30:00.000Z",
        "2024-06-05 03:30:00-0400",
        "20240605143000",
        "202406051430",
        "45448.6042",
        "45448,6042",
        "14:30 05/06/2024",
        "05/06/2024 2:30 PM",
        "05/06/2024 02:30:00 CH",
        "05/06/2024 14h30",
        "14 giờ 30 phút ngày 05/06/2024",
        "Thứ Tư, 05/06/2024 14:30",
        "05/06/24 14:30",
        "\u200b05/06/2024\u00a014:30 ",
    ],
)
def test_every_spelling_gives_the_same_moment(cell):
    assert value(cell, Kind.TIMESTAMP) == MOMENT
    assert fault(cell, Kind.TIMESTAMP) is None
    assert value(cell, Kind.DATE) == MOMENT.date()


@pytest.mark.parametrize("cell", ["05/06/2024", "05-06-2024", "2024-06-05", "20240605", "45448", "5.6.2024"])
def test_a_date_alone_is_midnight(cell):
    assert value(cell, Kind.TIMESTAMP) == datetime(2024, 6, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "30/02/2025", "32/13/2025 08:00", "06/25/2024", "05/06/2024 25:00", "05/06/2024 14:61", "không rõ", "1975",
        "05/06/55", "05/06/024", "20241301", "99999", "0024-06-05", "05/06/2024 13:00 SA", "00/00/0000", "??",
        "2024-06-0514:30:00", "14/3/31145:5", "2024-06-05 14:30:60", "2024-06-05T14:30:60.5",
    ],
)  # fmt: skip
def test_what_is_no_date_is_unreadable_and_never_guessed(cell):
    assert value(cell, Kind.TIMESTAMP) is None
    assert fault(cell, Kind.TIMESTAMP) == "khong_doc_duoc"


def test_serials_go_to_the_second_and_snap_to_a_minute_within_five_seconds():
    start = datetime(1899, 12, 30)
    for seconds, expected in [(2, 0), (5, 0), (6, 6), (54, 54), (55, 60), (58, 60)]:
        moment = datetime(2025, 6, 10, 7, 0) + timedelta(seconds=seconds)
        serial = (moment - start) / timedelta(days=1)
        assert value(f"{serial:.8f}", Kind.TIMESTAMP) == datetime(2025, 6, 10, 7) + timedelta(seconds=expected)


def test_the_1904_system_shifts_serials_only():
    cells = ["43986", "05/06/2024"]
    assert parsed(cells, field_of(Kind.DATE), date_system_1904=True).columns["f"].to_list() == [date(2024, 6, 5)] * 2


def test_midnight_written_as_24_stays_on_its_day():
    assert value("05/06/2024 24:00", Kind.TIMESTAMP) == datetime(2024, 6, 5, 23, 59, 59)


def test_float_dust_of_a_date_cell_is_rounded():
    assert value("2026-02-10 16:59:59.999500", Kind.TIMESTAMP) == datetime(2026, 2, 10, 17)
    assert values(["2026-02-10 16:59:59.9995", "3/4/2024 5 giờ"], Kind.TIMESTAMP)[0] == datetime(2026, 2, 10, 17)
    assert value("2026-02-10 16:59:59.250", Kind.TIMESTAMP) == datetime(2026, 2, 10, 16, 59, 59, 250000)


def test_spellings_may_be_mixed_in_one_column():
    cells = ["05/06/2024", None, "2024-06-05T14:30:00", "x", "45448.6042", "05/06/2024 2:30 CH"] * 300
    expected = [datetime(2024, 6, 5), None, MOMENT, None, MOMENT, MOMENT] * 300
    result = parsed(cells, field_of(Kind.TIMESTAMP))
    assert result.columns["f"].to_list() == expected
    assert result.columns["f"].dtype == pl.Datetime("us")
    assert result.fault.to_list() == [None, None, None, "khong_doc_duoc", None, None] * 300


FORMATS = ["%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
           "%Y%m%d%H%M%S", "%H:%M:%S %d/%m/%Y", "%Y-%m-%dT%H:%M:%S+07:00"]  # fmt: skip


@settings(max_examples=100)
@given(
    st.lists(st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 31)), min_size=1, max_size=10),
    st.sampled_from(FORMATS),
)
def test_round_trip_over_every_format(moments, fmt):
    moments = [moment.replace(microsecond=0) for moment in moments]
    assert values([moment.strftime(fmt) for moment in moments], Kind.TIMESTAMP) == moments


@pytest.mark.parametrize("end", ["23:59:59.999", "23:59:59.997", "23:59:59.9999999", "23:59:59"])
@pytest.mark.parametrize("day", ["2024-06-07T{}", "07/06/2024 {}"])
def test_the_end_of_a_day_stays_in_it(day, end):
    assert value(day.format(end), Kind.TIMESTAMP) == datetime(2024, 6, 7, 23, 59, 59)
