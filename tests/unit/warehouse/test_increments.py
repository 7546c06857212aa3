"""What changed between two exports of the inputs, and which months Spark writes again for it."""

import re
from dataclasses import replace
from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from pipelines.warehouse import increments
from pipelines.warehouse.dbt import DBT_PROJECT
from pipelines.warehouse.increments import Change, State

RAW = "source.kho06.tho.ho_so"
BEFORE = State(7, 6, date(2025, 12, 30), True, "a", {"seed.kho06.lich": "1:1"}, {RAW: Change.NONE})
NOW = State(8, 7, date(2025, 12, 31), True, "a", {"seed.kho06.lich": "1:1"}, {RAW: Change.KEYS})


def test_the_keys_of_the_one_night_between_are_what_changed() -> None:
    assert increments.changes(BEFORE, NOW) == {"seed.kho06.lich": Change.NONE, RAW: Change.KEYS}


@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        (None, NOW, "nothing stands"),
        (replace(BEFORE, run=6), NOW, "a night lies between"),
        (replace(BEFORE, settled=False), NOW, "raw rows were touched before the first export"),
        (BEFORE, replace(NOW, settled=False), "raw rows were touched after the last build"),
        (BEFORE, replace(NOW, base_run=None), "the last build was whole"),
        (BEFORE, replace(NOW, run=None), "no build has gone through"),
        (BEFORE, replace(NOW, raw={RAW: Change.WHOLE}), "the last build saw more than keys"),
    ],
)
def test_what_is_not_known_by_keys_may_be_all(before: State | None, now: State, why: str) -> None:
    assert increments.changes(before, now)[RAW] is Change.WHOLE, why


def test_the_same_night_exported_again_changes_nothing_and_a_small_input_by_its_digest() -> None:
    again = replace(NOW, digests={"seed.kho06.lich": "2:9", "source.kho06.so_cai.moi": "0:0"})
    assert increments.changes(NOW, again) == {
        "seed.kho06.lich": Change.WHOLE,
        "source.kho06.so_cai.moi": Change.WHOLE,
        RAW: Change.NONE,
    }
    assert increments.changes(NOW, NOW) == {"seed.kho06.lich": Change.NONE, RAW: Change.NONE}
    assert NOW.name == replace(NOW).name != again.name


def macros() -> dict[str, str]:
    text = (DBT_PROJECT / "macros" / "theo_thang.sql").read_text(encoding="utf-8")
    return {found[1]: found[0] for found in re.findall(r"(\{% macro (\w+).*?\{%-? endmacro %\})", text, re.DOTALL)}


def sql(name: str, *values: object) -> str:
    """A query of ``theo_thang.sql`` as dbt would write it."""
    template = Environment(autoescape=False).from_string(macros()[name])  # noqa: S701
    return str(getattr(template.module, name)(*values))


ROWS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["2025-06", "2025-07", "2025-08", "khong"]),
        st.sampled_from(["x", "y", None]),
    ),
    max_size=12,
)


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[int, str, str | None]]) -> None:
    connection.execute(f"CREATE TABLE {table} (ma INTEGER, gia_tri VARCHAR, thang_luu VARCHAR)")
    for key, month, value in rows:
        connection.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", [key, value, month])


@given(stands=ROWS, becomes=ROWS, more=st.sets(st.integers(0, 5)))
def test_months_written_again_give_what_a_whole_build_gives(
    stands: list[tuple[int, str, str | None]], becomes: list[tuple[int, str, str | None]], more: set[int]
) -> None:
    """Keys in ``more`` are touched without a change; a key may have several rows, and rows may move between months."""
    touched = {
        key for key in range(6) if sorted(map(str, of(stands, key))) != sorted(map(str, of(becomes, key)))
    } | more
    with duckdb.connect() as connection:
        fill(connection, "cu", stands)
        fill(connection, "moi", [row for row in becomes if row[0] in touched])
        connection.execute("CREATE TABLE khoa AS SELECT unnest(?::INTEGER[]) AS khoa", [sorted(touched)])
        old = "select * from cu where ma in (select khoa from khoa)"
        connection.execute(f"CREATE TABLE doi AS {sql('cau_khac', 'moi', old)}")
        left = dict(connection.execute(sql("cau_thang", "cu", "doi")).fetchall())
        assert set(left) == {month for month in months(stands, becomes) if differs(stands, becomes, month)}
        if left:
            rows = connection.execute(sql("cau_thay", "cu", "moi", "ma", "khoa", sorted(left))).fetchall()
            for month, count in left.items():
                assert [row[2] for row in rows].count(month) == count
            kept = [(key, value, month) for key, month, value in stands if month not in left]
            assert sorted(map(str, kept + rows)) == sorted(str((key, value, month)) for key, month, value in becomes)


def of(rows: list[tuple[int, str, str | None]], key: int) -> list[tuple[int, str, str | None]]:
    return [row for row in rows if row[0] == key]


def months(*tables: list[tuple[int, str, str | None]]) -> set[str]:
    return {month for rows in tables for _, month, _ in rows}


def differs(first: list[tuple[int, str, str | None]], second: list[tuple[int, str, str | None]], month: str) -> bool:
    return sorted(str(row) for row in first if row[1] == month) != sorted(str(row) for row in second if row[1] == month)
