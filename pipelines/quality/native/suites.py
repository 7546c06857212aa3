"""Each rule of the book as one expectation of Great Expectations, grouped in suites, one a table; no value of the data.

What an expectation class of its own can say is said by it (nullity, set, range, pattern, pair, uniqueness), with the
rule's ``ap_dung`` as its row condition. The rest is SQL that returns one constant a failing row: a result can then hold
nothing but counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.quality.measure import flag, with_as_of
from pipelines.quality.model import CountCheck, RowCheck, Rule, Severity, UniqueCheck
from pipelines.quality.native.conditions import Argument, Filter, Shape, filters, shape

FAILING_ROWS = "ExpectFailingRowsWithinTolerance"
"""Our own kind of ``UnexpectedRowsExpectation``: see ``native.own_kinds``."""


@dataclass(frozen=True)
class Expectation:
    """One rule as an expectation: class of Great Expectations, its arguments, the rows it looks at."""

    rule: Rule
    kind: str
    arguments: dict[str, Argument]
    rows: tuple[Filter, ...] = ()
    threshold: float = 0.0
    severity: Severity = Severity.BLOCK


def suites(rules: Sequence[Rule], as_of: date) -> dict[str, list[Expectation]]:
    """Table → its expectations, both in order; every rule is in exactly one suite."""
    found: dict[str, list[Expectation]] = defaultdict(list)
    for rule in sorted(rules, key=lambda rule: (rule.table, rule.code)):
        found[rule.table].append(expectation(rule, as_of))
    return dict(found)


def expectation(rule: Rule, as_of: date) -> Expectation:
    """The rule as an expectation with threshold and severity of the as-of day."""
    strength = rule.threshold_on(as_of), rule.severity_on(as_of)
    said = _by_a_class(rule, as_of) if rule.relation == rule.table else None
    if said is None:
        failing, judged = _queries(rule)
        arguments = {
            "unexpected_rows_query": _for_gx(with_as_of(failing, as_of)),
            "judged_rows_query": _for_gx(with_as_of(judged, as_of)),
        }
        return Expectation(rule, FAILING_ROWS, arguments, (), *strength)
    found, rows = said
    return Expectation(rule, found.kind, found.arguments, rows, *strength)


def _by_a_class(rule: Rule, as_of: date) -> tuple[Shape, tuple[Filter, ...]] | None:
    rows = filters(with_as_of(rule.applies, as_of) if rule.applies is not None else None)
    found = None
    if isinstance(rule.check, RowCheck):
        found = shape(with_as_of(rule.check.condition, as_of))
    elif isinstance(rule.check, UniqueCheck):
        found = _unique(rule.check.columns)
    if found is None or rows is None:
        return None
    own = found.arguments.get("column")
    if found.kind not in _OF_NULLS:
        rows = tuple(item for item in rows if item != Filter(str(own), "not null"))  # nulls are passed over anyway
    return found, rows


_BATCH = "@bang@"
_OF_NULLS = {"ExpectColumnValuesToBeNull", "ExpectColumnValuesToNotBeNull"}


def _unique(columns: tuple[str, ...]) -> Shape:
    if len(columns) == 1:
        return Shape("ExpectColumnValuesToBeUnique", {"column": columns[0]})
    arguments: dict[str, Argument] = {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    return Shape("ExpectCompoundColumnsToBeUnique", arguments)


def _queries(rule: Rule) -> tuple[str, str]:
    """One constant row a failing row (or thing counted), and one a judged row (or thing counted)."""
    source = _from_batch(rule)
    if isinstance(rule.check, CountCheck):
        where = f" where coalesce(({rule.applies}), false)" if rule.applies is not None else ""

        def rows(counted: str) -> str:
            return f"select unnest(range(cast(coalesce(({counted}), 0) as bigint))) as thu from {source} t{where}"

        return rows(rule.check.failed), rows(rule.check.total)
    flags = f"(select {flag(rule)} as q from {source} t) x"
    return f"select 1 as dong_loi from {flags} where q = 0", f"select 1 as dong_xet from {flags} where q < 2"


def _from_batch(rule: Rule) -> str:
    """The rule's relation, with its own table named as Great Expectations wants it."""
    if rule.relation == rule.table:
        return f"(select * from {_BATCH})"
    return re.sub(rf"\b(from|join)\s+{re.escape(rule.table)}\b", rf"\1 (select * from {_BATCH})", rule.relation)


def _for_gx(sql: str) -> str:
    """Braces doubled but for the place of the batch, and colons kept from being read as names of parameters."""
    whole = sql.replace("{", "{{").replace("}", "}}").replace(_BATCH, "{batch}")
    return re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", whole)
