"""Counts, by DuckDB, of what each rule could be applied to, could judge, and found faulty.

One query a relation serves all its row rules; uniqueness is counted apart, because it needs a grouping of its own.
The staging tables are views that find the newest state of every key: each is computed once for all queries.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import duckdb

from pipelines.quality.changed import NOTHING, Changes
from pipelines.quality.flags import flag, with_as_of
from pipelines.quality.model import CountCheck, Rule, UniqueCheck


@dataclass(frozen=True)
class Measure:
    """Counts of one rule: rows it applies to, rows judged, rows failed; ``error`` where it could not be run."""

    code: str
    applicable: int = 0
    judged: int = 0
    failed: int = 0
    milliseconds: int = 0
    error: str | None = None


def row_query(rules: Sequence[Rule]) -> str:
    """One query over the relation shared by ``rules``: three counts a rule, in order."""
    inner: list[str] = []
    outer: list[str] = []
    for i, rule in enumerate(rules):
        if isinstance(rule.check, CountCheck):
            where = f"coalesce(({rule.applies}), false)" if rule.applies is not None else "true"
            inner.append(f"case when {where} then ({rule.check.total}) end as a{i}")
            inner.append(f"case when {where} then ({rule.check.failed}) end as b{i}")
            outer.append(f"coalesce(sum(a{i}), 0), coalesce(sum(a{i}), 0), coalesce(sum(b{i}), 0)")
        else:
            inner.append(f"{flag(rule)} as q{i}")
            outer.append(f"count(q{i}), count(q{i}) filter (where q{i} < 2), count(q{i}) filter (where q{i} = 0)")
    return f"select {', '.join(outer)} from (select {', '.join(inner)} from {rules[0].relation} t) x"


def unique_query(rule: Rule, check: UniqueCheck) -> str:
    """Applicable, judged and failed rows of a uniqueness rule."""
    names = ", ".join(f"t.{c}" for c in check.columns)
    whole = " and ".join(f"t.{c} is not null" for c in check.columns)
    applies = f"coalesce(({rule.applies}), false)" if rule.applies is not None else "true"
    return (
        "select coalesce(sum(n), 0), coalesce(sum(n) filter (where du), 0), "
        "coalesce(sum(n) filter (where du and n > 1), 0) from "
        f"(select {whole} as du, count(*) as n from {rule.relation} t where {applies} group by {names}, du) x"
    )


def measure(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], as_of: date, changes: Changes = NOTHING
) -> list[Measure]:
    """Measures of all ``rules``, one each; a rule whose SQL fails is reported as an error, never dropped.

    Local rules are counted from what changed (``changed``), all others in full. Error texts of DuckDB quote values of
    the data: only the class of the error is kept.
    """
    rules = list(rules)
    known = [r for r in rules if changes.is_local(r) or changes.is_same(r)]
    told, rest = _from_changes(connection, known, as_of, changes)
    codes = {rule.code for rule in known}
    return told + _in_full(connection, rest + [r for r in rules if r.code not in codes], as_of)


def _from_changes(
    connection: duckdb.DuckDBPyConnection, rules: list[Rule], as_of: date, changes: Changes
) -> tuple[list[Measure], list[Rule]]:
    """Measures from the last counts and the changed rows; the rules for which that could not be done."""
    if not rules:
        return [], []
    before = {
        str(code): (int(a), int(b), int(c))
        for code, a, b, c in connection.execute(
            "select ma_quy_tac, so_ap_dung, so_dong, so_loi from so_cai.quy_tac_dem where lan = ?", [changes.base]
        ).fetchall()
    }
    told = [Measure(r.code, *before[r.code]) for r in rules if changes.is_same(r)]
    failed: list[Rule] = []
    local = [r for r in rules if not changes.is_same(r)]
    for together in _counted_together(local):
        sides = changes.sides[together[0].relation]
        came, gone = (
            _run(connection, together, _query([asked(rule) for rule in together]), day)
            if table in sides.filled
            else [Measure(r.code) for r in together]
            for table, asked, day in (
                (sides.came, sides.asked_now, as_of),
                (sides.gone, sides.asked_before, changes.before),
            )
        )
        if came[0].error is not None or gone[0].error is not None:
            failed += together
            continue
        for new, old in zip(came, gone, strict=True):
            a, b, c = before[new.code]
            counts = (a + new.applicable - old.applicable, b + new.judged - old.judged, c + new.failed - old.failed)
            told.append(Measure(new.code, *counts, new.milliseconds + old.milliseconds))
    return told, failed


def _in_full(connection: duckdb.DuckDBPyConnection, rules: list[Rule], as_of: date) -> list[Measure]:
    jobs = _jobs(rules)
    with snapshots(connection, [sql for _, sql in jobs]) as replaced:
        return [m for group, sql in jobs for m in _measure_together(connection, group, replaced(sql), replaced, as_of)]


_Replace = Callable[[str], str]


def _jobs(rules: list[Rule]) -> list[tuple[list[Rule], str]]:
    """(rules, the one query that counts for all of them)."""
    return [(group, _query(group)) for group in _counted_together(rules)]


def _counted_together(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Rules that one query can count for: the row rules of a relation, a rule of uniqueness alone."""
    rules = sorted(rules, key=lambda rule: (rule.relation, rule.code))
    in_rows = [rule for rule in rules if not isinstance(rule.check, UniqueCheck)]
    groups = [list(group) for _, group in groupby(in_rows, key=lambda rule: rule.relation)]
    return groups + [[rule] for rule in rules if isinstance(rule.check, UniqueCheck)]


def _query(group: Sequence[Rule]) -> str:
    check = group[0].check
    return unique_query(group[0], check) if isinstance(check, UniqueCheck) else row_query(group)


@contextmanager
def snapshots(connection: duckdb.DuckDBPyConnection, queries: Sequence[str]) -> Iterator[_Replace]:
    """Compute each view that is read more than once a single time, with the columns that any query names.

    Yields the replacement of view names by those of the temporary tables, which are dropped at the end.
    """
    text = "\n".join(queries)
    words = set(re.findall(r"[a-z_][a-z0-9_]*", text))
    made: dict[str, str] = {}
    rows = connection.execute(
        "select v.schema_name || '.' || v.view_name, list(c.column_name order by c.column_index) "
        "from duckdb_views() v inner join duckdb_columns() c "
        "on c.database_name = v.database_name and c.schema_name = v.schema_name and c.table_name = v.view_name "
        # Marts that are views only put the night's day and name on a stored table: a copy would cost more.
        "where not v.internal and v.schema_name not in ('tthc', 'ho_tich', 'chi_so_766', 'doi_soat') "
        "group by all order by all"
    ).fetchall()
    for view, columns in rows:
        if len(re.findall(rf"\b{re.escape(view)}\b", text)) > 1:
            wanted = [name for name in columns if name in words] or columns[:1]
            name = f"anh_{len(made)}"
            body = ", ".join(f'"{column}"' for column in wanted)
            try:
                connection.execute(f"create or replace temp table {name} as select {body} from {view}")
            except duckdb.Error:
                # A view that cannot be computed is an error of each rule that reads it, found there.
                continue
            made[view] = name
    try:
        yield lambda sql: re.sub(
            r"\b[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*\b", lambda found: made.get(found[0], found[0]), sql
        )
    finally:
        for name in made.values():
            connection.execute(f"drop table if exists temp.{name}")


def _measure_together(
    connection: duckdb.DuckDBPyConnection, rules: list[Rule], sql: str, replaced: _Replace, as_of: date
) -> list[Measure]:
    measures = _run(connection, rules, sql, as_of)
    if len(rules) > 1 and measures[0].error is not None:
        # One faulty rule must not hide its neighbours: find it by running them one by one.
        measures = [m for rule in rules for m in _run(connection, [rule], replaced(row_query([rule])), as_of)]
    return measures


def _run(connection: duckdb.DuckDBPyConnection, rules: list[Rule], sql: str, as_of: date) -> list[Measure]:
    start = time.perf_counter()
    try:
        counts = [int(n) for n in connection.execute(with_as_of(sql, as_of)).fetchall()[0]]
    except duckdb.Error as error:
        text = f"không chạy được phép kiểm ({type(error).__name__})"
        return [Measure(rule.code, error=text) for rule in rules]
    share = int((time.perf_counter() - start) * 1000 / len(rules))
    return [
        Measure(rule.code, counts[3 * i], counts[3 * i + 1], counts[3 * i + 2], share) for i, rule in enumerate(rules)
    ]
