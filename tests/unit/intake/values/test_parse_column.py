import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Kind
from pipelines.intake.values.parse import parse_column
from pipelines.intake.values.result import FAULTS, UNREADABLE
from tests.unit.intake.values.columns import SECRET, field_of, parsed

POLARS = {
    "VARCHAR": pl.String,
    "TIMESTAMP": pl.Datetime("us"),
    "DATE": pl.Date,
    "BIGINT": pl.Int64,
    "BOOLEAN": pl.Boolean,
    "DECIMAL(28,6)": pl.Decimal(28, 6),
    "DECIMAL(18,2)": pl.Decimal(18, 2),
    "DECIMAL(18,10)": pl.Decimal(18, 10),
}
NASTY = st.one_of(
    st.none(),
    st.text(max_size=25),
    st.text(alphabet="0123456789 .,-/:%eE+_TZđ", max_size=25),
    st.sampled_from(["NaN", "inf", "1e400", "٣", "２０２４", "5/5/99999", "0/0/0", "²", "1_000", "99999.99999999"]),
)
LOSING = {"khong_doc_duoc", "ngoai_danh_muc", "so_bi_hong", "gia_tri_gia"}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("cells", [[], [None, None], ["x"], ["1", None, "05/06/2024"]])
def test_columns_have_the_names_types_and_length_of_the_contract(kind, cells):
    field = field_of(kind)
    result = parsed(cells, field)
    assert {name: column.dtype for name, column in result.columns.items()} == {
        name: POLARS[sql_type] for name, sql_type in field.columns
    }
    assert [*result.columns] == [name for name, _ in field.columns]
    assert all(column.name == name for name, column in result.columns.items())
    assert {len(column) for column in (*result.columns.values(), result.fault)} == {len(cells)}
    assert result.fault.dtype == pl.String


@pytest.mark.parametrize("kind", list(Kind))
@settings(max_examples=60)
@given(st.lists(NASTY, max_size=12))
@example(["1" * 5000])
def test_no_text_raises_and_faults_and_nulls_agree(kind, cells):
    result = parsed(cells, field_of(kind, sentinels=("NULL",)))
    main = result.columns["f"].to_list()
    for value, fault in zip(main, result.fault.to_list(), strict=True):
        assert fault is None or fault in FAULTS
        assert (value is None) or fault not in LOSING


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.CODE, Kind.DOSSIER_CODE, Kind.REGISTER_NUMBER, Kind.PERIOD])
@settings(max_examples=60)
@given(st.lists(NASTY, max_size=12))
@example(["00000000 0", "9.12345678E+8"])
def test_parsing_a_parsed_text_changes_nothing(kind, cells):
    once = parsed(cells, field_of(kind)).columns["f"].to_list()
    assert parsed(once, field_of(kind)).columns["f"].to_list() == once


@pytest.mark.parametrize(
    ("kind", "cell"), [(Kind.DOSSIER_CODE, "09 12 34 56 78"), (Kind.CODE, "9.12345678E+8"), (Kind.CODE, "0912345678.0")]
)
def test_a_number_of_a_person_becomes_no_code_by_being_read(kind, cell):
    result = parsed([cell, "H02.28-240614-0001"], field_of(kind))
    assert result.columns["f"].to_list() == [None, "H02.28-240614-0001"]
    assert result.fault.to_list() == [UNREADABLE, None]


@settings(max_examples=40)
@given(st.lists(NASTY, max_size=12), st.sampled_from(list(Kind)))
def test_a_cell_is_read_the_same_alone_and_in_a_column(cells, kind):
    together = parsed(cells, field_of(kind))
    alone = [parsed([cell], field_of(kind)) for cell in cells]
    assert together.columns["f"].to_list() == [one.columns["f"].to_list()[0] for one in alone]
    assert together.fault.to_list() == [one.fault.to_list()[0] for one in alone]


def test_the_input_column_is_not_changed():
    column = pl.Series("c", [" a ", "", "\u200bb"])
    parse_column(column, field_of(Kind.TEXT), feed="x/y", code_list=None, secret=SECRET)
    assert column.to_list() == [" a ", "", "\u200bb"]


def test_a_missing_code_list_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="danh mục"):
        parse_column(pl.Series(["1"]), field_of(Kind.CODE_LIST), feed="x/y", code_list=None, secret=SECRET)
