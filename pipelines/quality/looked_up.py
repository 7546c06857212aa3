"""Tables that a rule looks into, as they are and as they were, narrowed to what the changed rows look up.

A rule that looks a row up in another table by a key judges it by nothing else of that table. So of the rows that came,
and of those that went, it needs only the rows looked up with their keys, today's and those of the last count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from pipelines.quality.model import LookUp, ReferenceCheck, RowCheck, Rule
from pipelines.warehouse.database import row_count


@dataclass(frozen=True)
class Change:
    """How a table changed: its rows that went (``_dau`` -1) and came (1) are in the table ``rows``."""

    table: str
    columns: str
    rows: str
    look_ups: tuple[LookUp, ...]

    def seeds(self) -> list[tuple[str, str]]:
        """(expression over a row ``t``, select of the keys it must have) where what the row looks up has changed."""
        return [(own, f"SELECT {look.key} FROM {self.rows} d") for look in self.look_ups for own in look.of_row]


@dataclass(frozen=True)
class Views:
    """Tables that stand for a table looked into, by its name: as it is, as it was."""

    now: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)


def note_change(  # noqa: PLR0917
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, changed: str, rows: str, rules: Iterable[Rule]
) -> Change:
    """Make the table ``rows`` of ``changed`` (a select with ``_dau``). Raises ``duckdb.Error``."""
    connection.execute(f"CREATE OR REPLACE TABLE {rows} AS SELECT _dau, {columns} FROM ({changed}) c")
    looks = dict.fromkeys(look for rule in rules for look in rule.look_ups if look.table == table)
    return Change(table, columns, rows, tuple(looks))


def narrow(connection: duckdb.DuckDBPyConnection, changes: Sequence[Change], sides: tuple[str, str]) -> Views | None:
    """What the rows of ``sides`` look up, now and then.

    None where the changed rows are not those of the table, or it became empty or was. Raises ``duckdb.Error``.
    """
    now: dict[str, str] = {}
    before: dict[str, str] = {}
    for change in changes:
        new, old = f"{change.rows}_nay", f"{change.rows}_truoc"
        asked = " OR ".join(
            f"({look.key}) IN (SELECT {own} FROM {side} t WHERE ({own}) IS NOT NULL)"
            for look in change.look_ups
            for own in look.of_row
            for side in sides
        )
        came, gone = (f"SELECT {change.columns} FROM {change.rows} d WHERE _dau = {sign}" for sign in (1, -1))
        _make(connection, new, f"SELECT {change.columns} FROM {change.table} d WHERE {asked}")
        stayed = f"(FROM {new}) EXCEPT ALL ({came} AND ({asked}))"
        _make(connection, old, f"({stayed}) UNION ALL ({gone} AND ({asked}))")
        more = row_count(connection, f"({gone} AND ({asked}))") - row_count(connection, f"({came} AND ({asked}))")
        whole = row_count(connection, change.table)
        then = whole + row_count(connection, f"({gone})") - row_count(connection, f"({came})")
        if row_count(connection, new) + more != row_count(connection, old) or (whole > 0) != (then > 0):
            return None
        now[change.table], before[change.table] = new, old
    return Views(now, before)


def over(rule: Rule, relation: str, views: Mapping[str, str]) -> Rule:
    """The same rule asked of other rows, which look into ``views`` instead of the tables of these names."""
    check, applies = rule.check, rule.applies
    if isinstance(check, ReferenceCheck) and check.table in views:
        check = replace(check, table=views[check.table], whole=check.table)
    elif isinstance(check, RowCheck):
        check = RowCheck(_renamed(check.condition, views))
    return replace(
        rule, relation=relation, check=check, applies=_renamed(applies, views) if applies is not None else None
    )


def _renamed(sql: str, views: Mapping[str, str]) -> str:
    for table, view in views.items():
        sql = re.sub(rf"\b{re.escape(table)}\b", view, sql)
    return sql


def _make(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")
