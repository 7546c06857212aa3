"""Names: what can be one name and a slip of it, and what is another name."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.linkage.names import REAL_WORDS, define_macros


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    define_macros(opened)
    opened.execute(f"set variable {REAL_WORDS} = ['thi', 'thu', 'van', 'anh', 'lan']")
    return opened


def holds(connection: duckdb.DuckDBPyConnection, macro: str, one: str, other: str) -> bool:
    both = [connection.execute(f"select {macro}(?, ?)", pair).fetchall()[0][0] for pair in ([one, other], [other, one])]
    assert both[0] == both[1]
    return bool(both[0])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("tran thi hoa", "tran thi hoa", True),
        ("tran thi hoa", "tran hoa thi", True),
        ("tran thi hoa", "tran thi hooa", True),
        ("tran thi hoa", "tran hoa", True),
        ("tran thi hoa", "tran thu ha hoa", True),
        ("tran thi hoa", "tran thi ngan", False),
        ("tran thi hoa", "tran ngoc hoa", False),
        ("tran thi hoa", "le thi hoa", False),
    ],
)
def test_parents_are_one_person_only_where_one_slip_explains_the_difference(
    connection: duckdb.DuckDBPyConnection, one: str, other: str, same: bool
) -> None:
    assert holds(connection, "lk_cung_nguoi", one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("trần văn hưng", "trần văn hùng", True),
        ("trần văn hùng", "trần văn hung", False),
        ("trần thị thưởng", "trần thị thương", False),
        ("trần văn đức", "trần văn dức", False),
        ("trần thị mỹ", "trần thị mĩ", False),
        ("trần thị hòa", "trần thị hoà", False),
    ],
)
def test_two_marked_names_are_two_names_where_no_loss_of_marks_makes_one_of_the_other(
    connection: duckdb.DuckDBPyConnection, one: str, other: str, differ: bool
) -> None:
    assert holds(connection, "lk_khac_dau", one, other) is differ


def test_two_words_that_many_bear_are_two_names(connection: duckdb.DuckDBPyConnection) -> None:
    assert holds(connection, "lk_hai_ten_that", "tran thi anh", "tran thu anh")
    assert not holds(connection, "lk_hai_ten_that", "tran thi anh", "tran tji anh")
    assert not holds(connection, "lk_hai_ten_that", "tran thi anh", "tran thi anh")
    assert not holds(connection, "lk_hai_ten_that", "tran anh", "tran thi anh")
