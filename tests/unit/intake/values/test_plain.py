import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Kind
from pipelines.intake.sheet import LOST
from pipelines.intake.values.plain import plain_columns
from tests.unit.intake.values.columns import field_of, parsed

CELL = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.text(alphabet="0123456789abđĐồ .,-/:|'=\"#{[", max_size=12),
    st.sampled_from(
        ["", " ", "a  b", "|", "'", "'12", '="012"', "#REF!", "####", "Err:502", "[1]", '{"ma":"H02"}', "NULL"]
    ),
)


@pytest.mark.parametrize(
    ("cells", "plain"),
    [
        ([], True),
        ([None, None], True),
        (["a b", None, "Đã trả kết quả", "H02.16-240614-0001", "1.5E+5"], True),
        (["a", ""], False),
        (["a", " b"], False),
        (["a b "], False),
        (["a  b"], False),
        (["a\u00a0b"], False),
        (["Ho\u0300a"], False),
        (["Ðã"], False),
        (["x", "'012"], False),
        (['="012"'], False),
        (["x", "#REF!", "y"], False),
        (["Err:502"], False),
        (['{"ma": "H02"}'], False),
        (["[1]"], False),
        (["a" * 10, *["b"] * 60_000, "#N/A!"], False),
    ],
)
def test_a_column_is_plain_where_nothing_in_it_is_rare(cells, plain):
    assert plain_columns(pl.DataFrame({"c": pl.Series(cells, dtype=pl.String)})) == (
        frozenset({0}) if plain else frozenset()
    )


def test_each_column_is_told_by_itself():
    frame = pl.DataFrame({"a": ["x", "y"], "b": ["#REF!", "y"], "c": [None, "z"], "d": ["x", ""]})
    assert plain_columns(frame) == {0, 2}
    assert plain_columns(pl.DataFrame()) == frozenset()


@pytest.mark.parametrize("lost", sorted(LOST))
def test_what_a_spreadsheet_lost_is_not_plain(lost):
    assert plain_columns(pl.DataFrame({"c": ["x", lost]})) == frozenset()


@pytest.mark.parametrize("kind", list(Kind))
@settings(max_examples=60)
@given(st.lists(CELL, max_size=8))
@example(["a|b", "NULL"])
@example(["a||b"])
def test_a_plain_column_is_read_as_if_nobody_knew(kind, cells):
    if not plain_columns(pl.DataFrame({"c": pl.Series(cells, dtype=pl.String)})):
        return
    field = field_of(kind, sentinels=("NULL",))
    known, unknown = parsed(cells, field, plain=True), parsed(cells, field)
    assert {name: column.to_list() for name, column in known.columns.items()} == {
        name: column.to_list() for name, column in unknown.columns.items()
    }
    assert known.fault.to_list() == unknown.fault.to_list()
