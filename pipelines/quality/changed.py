"""Rules over what changed: the rows of a relation that went and came since its rules were last counted.

A rule is *local* where the verdict on a row needs nothing but the row, the as-of day and tables that are as they were;
or the other rows of a key that is to be unique, or rows of another table that it looks up by a key: these are brought
in beside the changed ones, as they were and as they are (``kin``, ``looked_up``).
Its counts are those of the last run, less those of the rows that went, judged as of the day of then, plus those of the
rows that came, judged as of today; rows whose verdict only the day moved are among both. Whatever else is counted in
full. The changed rows come from the build (schema ``doi``); where it rebuilt a table whole, or a run was lost, nothing
is local.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from pipelines.quality.flags import flag, with_as_of
from pipelines.quality.kin import add_kin
from pipelines.quality.looked_up import Change, Views, narrow, note_change, over
from pipelines.quality.manifest import Manifest, nodes_of_tables
from pipelines.quality.model import AS_OF, CountCheck, Locator, Rule, UniqueCheck
from pipelines.warehouse.database import content_digest, literal, row_count
from pipelines.warehouse.schema import NOT_DBT

_TABLE = re.compile(r"^[a-z_]+\.[a-z0-9_]+$")
_NAME = re.compile(r"\b([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)\b")
_WORD = re.compile(r"\w+")
_OF_THE_NIGHT = re.compile(r"\bt\.(ngay_so_lieu|phien_ban)\b")


SMALL = 20_000
"""Rows of a relation: below, to count all of it costs less than the statements that gather what changed."""
SIDES = "doi_dem"
"""The database in which the changed rows stand while rules are counted, beside the warehouse."""


@dataclass(frozen=True)
class Sides:
    """Tables of ``SIDES``: rows of a relation that went (as they were) and came (as they are), with their kin."""

    gone: str
    came: str
    filled: frozenset[str]
    """Those of the two that hold a row: the other need not be there and is never asked."""
    views: Views = field(default_factory=Views)
    """What stands for changed tables that the rules look into."""

    def asked_now(self, rule: Rule) -> Rule:
        """The rule asked of the rows as they are."""
        return over(rule, self.came, self.views.now)

    def asked_before(self, rule: Rule) -> Rule:
        """The rule asked of the rows as they were."""
        return over(rule, self.gone, self.views.before)


@dataclass(frozen=True)
class Changes:
    """What of ``rules`` can be told from changed rows; ``base``: the run that they were last counted in."""

    base: int
    before: date
    local: frozenset[str]
    sides: dict[str, Sides]
    same: frozenset[str] = frozenset()
    """Rules that read nothing which changed, nor the as-of day where that did: counts and defects are those of then."""

    def is_local(self, rule: Rule) -> bool:
        """Whether the rule's counts are told from changed rows."""
        return rule.code in self.local

    def is_same(self, rule: Rule) -> bool:
        """Whether there is nothing to count."""
        return rule.code in self.same


NOTHING = Changes(0, date.min, frozenset(), {})
"""All rules are counted in full."""


@contextmanager
def sides_in(connection: duckdb.DuckDBPyConnection, file: Path | None, *, read_only: bool) -> Iterator[None]:
    """``file`` as the database ``SIDES`` of a connection: written where rules are counted, read where that is kept.

    Nothing without a file: then no rule may be local. Raises ``duckdb.Error``.
    """
    if file is None:
        yield
        return
    connection.execute(f"ATTACH {literal(str(file))} AS {SIDES} ({'READ_ONLY' if read_only else 'READ_WRITE'})")
    try:
        yield
    finally:
        connection.execute(f"DETACH {SIDES}")


def rule_text(rule: Rule) -> str:
    """The SQL that decides on a row."""
    if isinstance(rule.check, CountCheck):
        return f"{rule.check.total}|{rule.check.failed}|{rule.applies}"
    if isinstance(rule.check, UniqueCheck):
        return f"{rule.check.columns}|{rule.applies}"
    return flag(rule)


def rule_digest(rule: Rule) -> str:
    """Changes with the rule's SQL and DuckDB's version: counts of another text are no base."""
    return hashlib.sha256(f"{duckdb.__version__}|{rule.relation}|{rule_text(rule)}".encode()).hexdigest()


def ledger_digests(connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> dict[str, str]:
    """Digest of every ledger table that the SQL of ``rules`` names, by ``so_cai.name``: what they are counted over."""
    named = {table for rule in rules for table in _named_in(_sql_of(rule), {"so_cai"})}
    return {table: content_digest(connection, table) for table in sorted(named)}


def _sql_of(rule: Rule) -> str:
    """All SQL that a rule is counted by."""
    return f"{rule.relation} {rule_text(rule)}"


def _named_in(text: str, schemas: Collection[str]) -> set[str]:
    """Tables of ``schemas`` that SQL names; an alias is no schema."""
    return {f"{schema}.{name}" for schema, name in _NAME.findall(text) if schema in schemas}


def read_changes(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest | None,
    rules: Iterable[Rule],
    run_number: int,
    as_of: date,
) -> Changes:
    """What changed since the last counted run; makes the tables of ``Sides`` in an attached database ``SIDES``.

    Raises ``duckdb.Error``.
    """
    plan = connection.execute(
        "SELECT lan_nen, ngay_nen FROM so_cai.dung "
        "WHERE lan = ? AND ngay = ? AND NOT dang_dung AND lan_nen IS NOT NULL",
        [run_number, as_of],
    ).fetchall()
    if manifest is None or not plan:
        return NOTHING
    base, before = int(plan[0][0]), plan[0][1]
    counted = dict(
        connection.execute("SELECT ma_quy_tac, dau FROM so_cai.quy_tac_dem WHERE lan = ?", [base]).fetchall()
    )
    tables = _Tables(connection, manifest, base, run_number)
    by_relation: dict[str, list[Rule]] = {}
    known = [rule for rule in rules if counted.get(rule.code) == rule_digest(rule)]
    same = frozenset(rule.code for rule in known if _is_same(rule, tables, day_moved=before != as_of))
    for rule in known:
        if rule.code not in same and _is_local(rule, tables):
            by_relation.setdefault(rule.relation, []).append(rule)
    by_relation = {name: some for name, some in by_relation.items() if row_count(connection, name) >= SMALL}
    sides, local = {}, set()
    for number, (relation, together) in enumerate(sorted(by_relation.items())):
        found = _make_sides(connection, tables, relation, together, number, (before, as_of))
        if found is not None:
            sides[relation] = found
            local |= {rule.code for rule in together}
    return Changes(base, before, frozenset(local), sides, same)


def _is_same(rule: Rule, tables: _Tables, *, day_moved: bool) -> bool:
    text = _sql_of(rule)
    of_the_night = f"${AS_OF}" in text or _OF_THE_NIGHT.search(text) is not None
    named = tables.named_in(text)
    return bool(named) and all(map(tables.is_as_it_was, named)) and not (day_moved and of_the_night)


def _is_local(rule: Rule, tables: _Tables) -> bool:
    text = rule_text(rule)
    if isinstance(rule.check, UniqueCheck) and f"${AS_OF}" in text:
        return False
    words = set(_WORD.findall(text))
    return (
        _TABLE.match(rule.relation) is not None
        and tables.changed_rows(rule.relation) is not None
        and not _OF_THE_NIGHT.search(text)
        and not tables.own_columns(rule.relation) & words
        and all(
            tables.is_as_it_was(name)
            or (
                any(look.table == name for look in rule.look_ups)
                and tables.changed_rows(name) is not None
                and not tables.own_columns(name) & words
            )
            for name in tables.named_in(text)
        )
    )


class _Tables:
    """What the last build says of each table of the working warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, manifest: Manifest, base: int, run_number: int) -> None:
        self._connection = connection
        self._own: dict[str, set[str]] = {}
        self._nodes = nodes_of_tables(manifest)
        self._manifest = manifest
        self._schemas = NOT_DBT | {name.split(".")[0] for name in self._nodes}
        rows = connection.execute(
            "SELECT nut, doi_lan <= ?, toan_lan <= ? FROM so_cai.nut_dung WHERE lan = ? OR nut NOT LIKE 'model.%'",
            [base, base, run_number],
        ).fetchall()
        self._state = {str(node): (bool(same), bool(by_rows)) for node, same, by_rows in rows}
        self._counted_over = dict(
            connection.execute("SELECT bang, dau FROM so_cai.bang_dem WHERE lan = ?", [base]).fetchall()
        )
        self._is_still: dict[str, bool] = {}

    def named_in(self, text: str) -> set[str]:
        """Tables that a rule's SQL names."""
        return _named_in(text, self._schemas)

    def is_as_it_was(self, table: str) -> bool:
        """Whether the table holds what it held; of a view, the rows behind it, the night's own columns apart."""
        node = self._manifest["nodes"].get(self._nodes.get(table, ""))
        if node is not None and node["resource_type"] == "model" and node["config"].get("nhu"):
            return self._state.get(f"model.kho06.{node['config']['nhu']}", (False, False))[0]
        state = self._state.get(self._nodes.get(table, ""))
        return state[0] if state is not None else self._is_ledger_still(table)

    def _is_ledger_still(self, table: str) -> bool:
        """Whether a ledger table of which the build says nothing holds what the rules were last counted over."""
        if table not in self._counted_over:
            return False
        if table not in self._is_still:
            self._is_still[table] = content_digest(self._connection, table) == self._counted_over[table]
        return self._is_still[table]

    def own_columns(self, relation: str) -> set[str]:
        """Columns that a view over stored rows makes itself, the night's own apart: changed rows lack them."""
        node = self._manifest["nodes"].get(self._nodes.get(relation, ""))
        if node is None or not node["config"].get("nhu"):
            return set()
        if relation not in self._own:
            stored = self._manifest["nodes"][f"model.kho06.{node['config']['nhu']}"]
            shown, kept = (
                {str(row[0]) for row in self._connection.execute(f"DESCRIBE {place}").fetchall()}
                for place in (relation, f"{stored['schema']}.{stored['alias']}")
            )
            self._own[relation] = shown - kept - {"ngay_so_lieu", "phien_ban"}
        return self._own[relation]

    def columns(self, relation: str, named_in: str | None = None) -> str:
        """Columns of a relation that its changed rows have too, as SQL; of these, those that ``named_in`` names."""
        rows, own = self._connection.execute(f"DESCRIBE {relation}").fetchall(), self.own_columns(relation)
        words = None if named_in is None else set(_WORD.findall(named_in.lower()))
        return ", ".join(f'"{row[0]}"' for row in rows if row[0] not in own and (words is None or row[0] in words))

    def changed_rows(self, relation: str) -> str | None:
        """Select of the changed rows with ``_dau``, '' where there are none, None where nobody knows."""
        node = self._manifest["nodes"].get(self._nodes.get(relation, ""))
        if node is None or node["resource_type"] != "model":
            return None
        same_as = node["config"].get("nhu")
        if same_as:
            stored = self._manifest["nodes"][f"model.kho06.{same_as}"]
            inner = self._of_node(stored)
            return inner and f"select x.*, p.ngay_so_lieu, p.phien_ban from ({inner}) x cross join so_cai.tham_so p"
        return self._of_node(node)

    def _of_node(self, node: dict[str, object]) -> str | None:
        same, by_rows = self._state.get(str(node["unique_id"]), (False, False))
        if same:
            return ""
        return f"select * from doi.{node['schema']}__{node['alias']}" if by_rows else None


def _make_sides(  # noqa: PLR0917
    connection: duckdb.DuckDBPyConnection,
    tables: _Tables,
    relation: str,
    rules: Sequence[Rule],
    number: int,
    days: tuple[date, date],
) -> Sides | None:
    """``doi_…_di`` and ``doi_…_den``: changed rows, those whose verdict the as-of day alone has moved, and their kin.

    None where kin or what they look up could not be found.
    """
    gone_rows, came_rows = f"{SIDES}.doi_{number}_di", f"{SIDES}.doi_{number}_den"
    changed = tables.changed_rows(relation)
    moved = [rule for rule in rules if f"${AS_OF}" in _day_text(rule)] if days[0] != days[1] else []
    looked_up = _look_ups(connection, tables, rules, number)
    if not changed and not moved and not looked_up:
        return Sides(gone_rows, came_rows, frozenset())
    columns = tables.columns(relation)
    none = f"SELECT {columns} FROM {relation} LIMIT 0"
    came = f"SELECT {columns} FROM ({changed}) c WHERE _dau = 1" if changed else none
    gone = f"SELECT {columns} FROM ({changed}) c WHERE _dau = -1" if changed else none
    of_day = none
    if moved:
        differs = " OR ".join(
            f"({with_as_of(_day_text(rule), days[0])}) IS DISTINCT FROM ({with_as_of(_day_text(rule), days[1])})"
            for rule in moved
        )
        of_day = f"(SELECT {columns} FROM {relation} t WHERE {differs}) EXCEPT ALL ({came})"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE doi_ngay AS {of_day}")
    for table, rows in ((gone_rows, gone), (came_rows, came)):
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS ({rows}) UNION ALL (SELECT * FROM temp.doi_ngay)")
    connection.execute("DROP TABLE temp.doi_ngay")
    seeds = [seed for change in looked_up for seed in change.seeds()]
    if not add_kin(connection, relation, columns, _keys_of(rules), seeds, (gone_rows, came_rows)):
        return None
    views = narrow(connection, looked_up, (gone_rows, came_rows))
    if views is None:
        return None
    filled = {table for table in (gone_rows, came_rows) if connection.execute(f"FROM {table} LIMIT 1").fetchall()}
    return Sides(gone_rows, came_rows, frozenset(filled), views)


def _look_ups(
    connection: duckdb.DuckDBPyConnection, tables: _Tables, rules: Sequence[Rule], number: int
) -> list[Change]:
    """Changed tables that the rules look into, with the columns that these name: a whole row of them is wide."""
    names = dict.fromkeys(look.table for rule in rules for look in rule.look_ups if not tables.is_as_it_was(look.table))
    text = " ".join([*map(_sql_of, rules), *(look.key for rule in rules for look in rule.look_ups)])
    return [
        note_change(connection, name, tables.columns(name, text), changed, f"{SIDES}.doi_{number}_tra_{i}", rules)
        for i, name in enumerate(names)
        if (changed := tables.changed_rows(name))
    ]


def _keys_of(rules: Sequence[Rule]) -> list[list[str]]:
    """What rules of uniqueness ask to be unique, and what tells the defects of all apart."""
    keys = [[key_of_defect(rule.locator)] for rule in rules]
    keys += [[f"t.{column}" for column in r.check.columns] for r in rules if isinstance(r.check, UniqueCheck)]
    return [key for n, key in enumerate(keys) if key not in keys[:n]]


def _day_text(rule: Rule) -> str:
    if isinstance(rule.check, CountCheck):
        where = f"coalesce(({rule.applies}), false)" if rule.applies is not None else "true"
        return f"CASE WHEN {where} THEN concat({rule.check.total}, '/', {rule.check.failed}) END"
    return flag(rule)


def key_of_defect(where: Locator) -> str:
    """What tells a defect apart within its rule: the published key, else its place, over alias ``t``."""
    return (
        f"coalesce(cast({where.key} as varchar), concat(coalesce(cast({where.file} as varchar), ''), '/', "
        f"coalesce(cast({where.sheet} as varchar), ''), '/', coalesce(cast({where.row} as varchar), '')))"
    )
