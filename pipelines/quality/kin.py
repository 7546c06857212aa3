"""Rows whose verdict a changed row may have moved: all that share a unique key with it, however far.

A rule of uniqueness judges a row by others, and so may one that looks into another table. With its kin beside it a
changed row is judged as in the whole relation: the set is closed under every key that the rules ask to be unique and
under what tells a defect apart, so that each group of equal keys is in it whole, as it was and as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.warehouse.database import row_count

_NOW, _BEFORE = "ho_hang", "ho_hang_truoc"
_MOST = 0.2
"""Of a relation: a larger set costs more than the relation counted anew."""


def add_kin(  # noqa: PLR0917
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: str,
    keys: Sequence[Sequence[str]],
    seeds: Sequence[tuple[str, str]],
    sides: tuple[str, str],
) -> bool:
    """Add to ``sides`` (tables of the rows that went and came) the rows of ``relation`` that share a key.

    ``columns``: those of the sides. ``keys``: expressions over alias ``t`` that make a key together; one with a null
    in it is shared with nobody. ``seeds``: (expression over ``t``, select of values); rows that have one of the values
    are added too. False, and the sides are as they were, where the set grew too large, or the rows that came are not
    among those of the relation, so that nobody can say what went. Raises ``duckdb.Error``.
    """
    gone, came = sides
    most = row_count(connection, relation) * _MOST
    known, found, reached, alone = f"(FROM {came}) UNION ALL (FROM {gone})", -1, 0, row_count(connection, came)
    try:
        while found != reached:
            made = connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {_NOW} AS "
                f"SELECT {columns} FROM {relation} t WHERE {_shared(keys, seeds, known)}"
            )
            found = int(made.fetchall()[0][0])
            if found > most:
                return False
            known = f"(FROM {_NOW}) UNION ALL (FROM {gone})"
            # Whether kin reach further is asked of the keys alone: whole rows are read once, mostly.
            further = f"{relation} t WHERE {_shared(keys, seeds, known)}"
            reached = found if found == alone else row_count(connection, further)
        stayed = f"(FROM {_NOW}) EXCEPT ALL (FROM {came})"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {_BEFORE} AS ({stayed}) UNION ALL (FROM {gone})")
        went = row_count(connection, gone) - row_count(connection, came)
        if found + went != row_count(connection, _BEFORE):
            return False
        connection.execute(f"CREATE OR REPLACE TABLE {gone} AS FROM {_BEFORE}")
        connection.execute(f"CREATE OR REPLACE TABLE {came} AS FROM {_NOW}")
        return True
    finally:
        for table in (_NOW, _BEFORE):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _shared(keys: Sequence[Sequence[str]], seeds: Sequence[tuple[str, str]], known: str) -> str:
    """SQL that is true of a row ``t`` that shares a key with a row of ``known``, or has a value of a seed."""
    tests = [f"({_of(key)}) IN (SELECT {_of(key)} FROM ({known}) t WHERE {_whole(key)})" for key in keys]
    return " OR ".join([*tests, *(f"({own}) IN ({values})" for own, values in seeds)])


def _of(key: Sequence[str]) -> str:
    return ", ".join(key)


def _whole(key: Sequence[str]) -> str:
    return " AND ".join(f"({part}) IS NOT NULL" for part in key)
