"""Uniqueness told from changed rows and their kin is what a count over the whole relation gives, before and after."""

from __future__ import annotations

from collections import Counter

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.quality.kin import add_kin

Row = tuple[int, int | None, int | None]
FAR = "SELECT n, n, n FROM range(1000, 3000) r (n)"
"""Rows far from all others, so that the set stays a small part of the relation."""
KEYS = [["t.a", "t.b"], ["t.b"], ["t.khoa"]]

small = st.none() | st.integers(0, 30)
rows = st.lists(st.tuples(st.integers(0, 200), small, small), max_size=60)


def table(connection: duckdb.DuckDBPyConnection, name: str, content: Counter[Row]) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE {name} (khoa INTEGER, a INTEGER, b INTEGER)")
    connection.execute(
        f"INSERT INTO {name} SELECT {', '.join(['unnest(?::INTEGER[])'] * 3)}",
        [[row[n] for row in content.elements()] for n in (0, 1, 2)],
    )


def failing(connection: duckdb.DuckDBPyConnection, name: str, key: str) -> Counter[Row]:
    found = connection.execute(
        f"SELECT khoa, a, b FROM {name} WHERE NOT ({' OR '.join(f'{part} IS NULL' for part in key.split(', '))}) "
        f"QUALIFY count(*) OVER (PARTITION BY {key}) > 1"
    ).fetchall()
    return Counter((int(k), a, b) for k, a, b in found)


@settings(max_examples=50)
@given(stayed=rows, went=rows, came=rows)
def test_failing_rows_change_as_those_of_the_whole(stayed: list[Row], went: list[Row], came: list[Row]) -> None:
    with duckdb.connect() as connection:
        table(connection, "cu", Counter(stayed) + Counter(went))
        connection.execute(f"INSERT INTO cu {FAR}")
        table(connection, "moi", Counter(stayed) + Counter(came))
        connection.execute(f"INSERT INTO moi {FAR}")
        table(connection, "di", Counter(went))
        table(connection, "den", Counter(came))
        assert add_kin(connection, "moi", "khoa, a, b", KEYS, [], ("di", "den"))
        for key in ("a, b", "b", "khoa"):
            before, after = failing(connection, "cu", key), failing(connection, "moi", key)
            told = Counter(before)
            told.subtract(failing(connection, "di", key))
            told.update(failing(connection, "den", key))
            assert +told == after
            assert -told == Counter()


def test_too_large_a_set_or_rows_that_nobody_knows_leave_the_sides_alone() -> None:
    with duckdb.connect() as connection:
        everybody = Counter({(n, 1, 1): 1 for n in range(10)})
        table(connection, "moi", everybody)
        table(connection, "di", Counter())
        table(connection, "den", Counter({(3, 1, 1): 1}))
        assert not add_kin(connection, "moi", "khoa, a, b", KEYS, [], ("di", "den"))
        assert connection.execute("FROM den").fetchall() == [(3, 1, 1)]
        table(connection, "moi", Counter({(n, n, n): 1 for n in range(100)}))
        table(connection, "den", Counter({(3, 3, 999): 1}))
        assert not add_kin(connection, "moi", "khoa, a, b", KEYS, [], ("di", "den"))
        assert connection.execute("FROM den").fetchall() == [(3, 3, 999)]
        assert connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'ho_hang%'"
        ).fetchall() == [(0,)]
