"""Parts of a table: every row is in one of them, and its bounds are what its name says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.publish import parts
from pipelines.publish.parts import parts_of

TEXTS = st.sampled_from(["2025-01", "2025-09", "2025-1", "2025", "", "2025-09x", "khong_ro", "2025-0\ud7ff"]) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9
)
DAYS = st.dates() | st.sampled_from([date(1, 1, 1), date(9999, 12, 31), date(2024, 12, 31), date(2025, 1, 1)])
MOMENTS = st.datetimes() | st.sampled_from([datetime(2024, 12, 31, 23, 59, 59, 999999), datetime(2025, 1, 1)])


@pytest.mark.parametrize("at_most", [1, 120])
@pytest.mark.parametrize(("kind", "values"), [("varchar", TEXTS), ("date", DAYS), ("timestamp", MOMENTS)])
@settings(max_examples=25)
@given(st.data())
def test_every_row_is_in_the_part_of_its_name(kind: str, values: Any, at_most: int, data: st.DataObject) -> None:
    rows = data.draw(st.lists(values | st.none(), min_size=1, max_size=12))
    with duckdb.connect() as connection, patch.object(parts, "_MONTHS", at_most):
        connection.execute(f"create table t (a {kind}, b integer)")
        for number, value in enumerate(rows):
            connection.execute("insert into t values (?, ?)", [value, number])
        found = parts_of(connection, "t", {"a": kind.upper(), "b": "INTEGER"}, "a")
        assert found is not None
        assert sum(found.rows.values()) == len(rows)
        for name, count in found.rows.items():
            within = connection.execute(f"select b from t where {found.among([name])} order by b").fetchall()
            named = connection.execute(f"select b from t where {found.name} = ? order by b", [name]).fetchall()
            assert within == named
            assert len(within) == count
        everything = connection.execute(f"select count(*) from t where {found.among(list(found.rows))}").fetchall()
        assert everything == [(len(rows),)]


def test_a_mark_tells_rows_values_types_and_nothing_of_their_order() -> None:
    def marks(rows: str, columns: dict[str, str]) -> list[str]:
        with duckdb.connect() as connection:
            connection.execute(f"create table t as {rows}")
            found = parts_of(connection, "t", columns, None)
            assert found is not None
            return list(found.marks.values())

    columns = {"a": "INTEGER", "b": "VARCHAR"}
    one = marks("select * from (values (1, 'x'), (2, null)) v(a, b)", columns)
    assert one == marks("select * from (values (2, null), (1, 'x')) v(a, b)", columns)
    others = [
        marks("select * from (values (1, 'x')) v(a, b)", columns),
        marks("select * from (values (1, 'x'), (2, '')) v(a, b)", columns),
        marks("select * from (values (2, 'x'), (1, null)) v(a, b)", columns),
        marks("select * from (values (1, 'x'), (2, null), (2, null)) v(a, b)", columns),
        marks("select * from (values (1, 'x'), (2, null)) v(a, b)", {"a": "BIGINT", "b": "VARCHAR"}),
    ]
    assert one not in others


@pytest.mark.parametrize(
    "kind", ["INTEGER[]", "STRUCT(a INTEGER)", "INTERVAL", "MAP(VARCHAR, INTEGER)", "DECIMAL(9,2)[]"]
)
def test_types_of_which_a_hash_does_not_tell_all_are_not_looked_at_in_parts(kind: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table t (a varchar, b {kind})")
        assert parts_of(connection, "t", {"a": "VARCHAR", "b": kind}, None) is None


def test_the_sign_of_a_zero_is_told() -> None:
    found = []
    for zero in ("0.0", "-0.0"):
        with duckdb.connect() as connection:
            connection.execute(f"create table t as select cast('{zero}' as double) as a, 'x' as b")
            found.append(parts_of(connection, "t", {"a": "DOUBLE", "b": "VARCHAR"}, None))
    assert found[0] != found[1]
