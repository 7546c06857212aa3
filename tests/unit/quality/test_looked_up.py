"""A rule asked of changed rows, with what they look up now and then, fails as many as it does over the whole tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import duckdb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.quality.flags import flag
from pipelines.quality.kin import add_kin
from pipelines.quality.looked_up import narrow, note_change, over
from pipelines.quality.model import Check, Dimension, LookUp, ReferenceCheck, RowCheck, Rule, Severity

Row = tuple[int, int | None]
REFERENCE: Check = ReferenceCheck("ma", "s.tra", "ma")
NO_LATER: Check = RowCheck("not exists (select 1 from s.tra x where x.ma = t.ma and x.khoa > t.khoa)")
ALONE: Check = RowCheck(
    "t.ma is not null and t.ma not in "
    "(select x.ma from s.tra x where x.ma is not null group by x.ma having count(*) > 2)"
)

codes = st.none() | st.integers(0, 12)
rows = st.lists(st.tuples(st.integers(0, 60), codes), max_size=40)


def rule(check: Check) -> Rule:
    made = Rule(
        "X_DUNG_01", Dimension.CORRECT, "s.xet", ("ma",), "", Severity.WARN, 0.0, "", "", check, "s.xet"
    )  # fmt: skip
    return made if check is REFERENCE else replace(made, looked_up=(LookUp("s.tra", "d.ma", ("t.ma",)),))


FAR = "INSERT INTO s.xet SELECT n, n FROM range(1000, 2500) r (n)"
"""Rows far from all others, so that what is looked at stays a small part of the relation."""


def table(connection: duckdb.DuckDBPyConnection, name: str, content: Counter[Row]) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE {name} (khoa INTEGER, ma INTEGER)")
    connection.execute(
        f"INSERT INTO {name} SELECT unnest(?::INTEGER[]), unnest(?::INTEGER[])",
        [[row[n] for row in content.elements()] for n in (0, 1)],
    )


def outcomes(connection: duckdb.DuckDBPyConnection, asked: Rule) -> Counter[int | None]:
    return Counter(q for (q,) in connection.execute(f"SELECT {flag(asked)} FROM {asked.relation} t").fetchall())


@settings(max_examples=25)
@given(stayed=rows, went=rows, came=rows, look_stayed=rows, look_went=rows, look_came=rows)
def test_outcomes_change_as_those_of_the_whole(  # noqa: PLR0917
    stayed: list[Row], went: list[Row], came: list[Row], look_stayed: list[Row], look_went: list[Row],
    look_came: list[Row],
) -> None:  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA s")
        for check in (REFERENCE, NO_LATER, ALONE):
            asked = rule(check)
            table(connection, "s.xet", Counter(stayed) + Counter(went))
            connection.execute(FAR)
            table(connection, "s.tra", Counter(look_stayed) + Counter(look_went))
            before = outcomes(connection, asked)
            table(connection, "s.xet", Counter(stayed) + Counter(came))
            connection.execute(FAR)
            table(connection, "s.tra", Counter(look_stayed) + Counter(look_came))
            after = outcomes(connection, asked)
            table(connection, "di", Counter(went))
            table(connection, "den", Counter(came))
            table(connection, "tra_di", Counter(look_went))
            table(connection, "tra_den", Counter(look_came))
            changed = "SELECT -1 AS _dau, * FROM tra_di UNION ALL SELECT 1, * FROM tra_den"
            change = note_change(connection, "s.tra", "khoa, ma", changed, "doi_tra", [asked])
            assert add_kin(connection, "s.xet", "khoa, ma", [["t.khoa"]], change.seeds(), ("di", "den"))
            views = narrow(connection, [change], ("di", "den"))
            emptied = bool(look_stayed + look_went) != bool(look_stayed + look_came)
            assert (views is None) == emptied
            assume(views is not None)
            assert views is not None
            told = Counter(before)
            told.subtract(outcomes(connection, over(asked, "di", views.before)))
            told.update(outcomes(connection, over(asked, "den", views.now)))
            assert +told == after
            assert -told == Counter()


def test_changed_rows_that_the_table_does_not_hold_tell_nothing() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA s")
        table(connection, "s.tra", Counter({(1, 1): 1, (2, 2): 1}))
        table(connection, "di", Counter())
        table(connection, "den", Counter({(1, 1): 1}))
        asked = rule(REFERENCE)
        change = note_change(
            connection, "s.tra", "khoa, ma", "SELECT 1 AS _dau, 9 AS khoa, 1 AS ma", "doi_tra", [asked]
        )
        assert narrow(connection, [change], ("di", "den")) is None
