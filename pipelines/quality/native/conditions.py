"""SQL conditions of the rule book read as syntax trees: which of them one column, a pair or a filter can say.

Only shapes whose meaning is the same row for row are taken, nulls included (a null is not judged); what is not
recognised stays SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlglot
from sqlglot import exp

Argument = Any
"""What an argument of an expectation is made of: text, number, truth value, moment, or a list of these."""


@dataclass(frozen=True)
class Filter:
    """One comparison by which rows are chosen; ``operator``: ``null``, ``not null``, ``in``, ``not in``, or a sign."""

    column: str
    operator: str
    value: Argument = None


@dataclass(frozen=True)
class Shape:
    """A condition that an expectation of Great Expectations says by itself: its class, and its arguments."""

    kind: str
    arguments: dict[str, Argument]


MATCH_REGEX = "ExpectColumnValuesToMatchRegexOnDuckdb"
"""Our own kind of ``ExpectColumnValuesToMatchRegex``: see ``native.own_kinds``."""

_SIGNS: dict[type[exp.Expr], str] = {
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.EQ: "==",
    exp.NEQ: "!=",
}
_MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "==", "!=": "!="}
_UNREADABLE = object()


def shape(condition: str) -> Shape | None:
    """The expectation that says ``condition``, null where none does."""
    tree = _parsed(condition)
    if tree is None:
        return None
    return _nullity(tree) or _membership(tree) or _regex(tree) or _range(tree) or _pair(tree)


def filters(condition: str | None) -> tuple[Filter, ...] | None:
    """The comparisons that ``condition`` joins by AND, null where it says more than that."""
    if condition is None:
        return ()
    tree = _parsed(condition)
    found = [_filter(part) for part in _conjuncts(tree)] if tree is not None else [None]
    return tuple(item for item in found if item is not None) if None not in found else None


def _parsed(condition: str) -> exp.Expr | None:
    try:
        return _bare(sqlglot.parse_one(condition, dialect="duckdb"))
    except sqlglot.errors.SqlglotError:
        return None


def _bare(tree: exp.Expr) -> exp.Expr:
    return _bare(tree.this) if isinstance(tree, exp.Paren) else tree


def _conjuncts(tree: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(tree, exp.And):
        yield from _conjuncts(_bare(tree.left))
        yield from _conjuncts(_bare(tree.right))
    else:
        yield tree


def _column(tree: exp.Expr | None) -> str | None:
    bare = isinstance(tree, exp.Column) and tree.table == "t"
    return tree.name if bare and tree is not None else None


def _day_of_column(tree: exp.Expr) -> str | None:
    """``x`` of ``cast(t.x as date)``."""
    return _column(tree.this) if isinstance(tree, exp.Cast) and tree.to.this is exp.DataType.Type.DATE else None


def _constant(tree: exp.Expr) -> Argument:
    tree = _bare(tree)
    if isinstance(tree, exp.Literal):
        return tree.this if tree.is_string else float(tree.this) if "." in tree.this else int(tree.this)
    if isinstance(tree, exp.Neg) and isinstance(tree.this, exp.Literal):
        return -_constant(tree.this)
    if isinstance(tree, exp.Boolean):
        return bool(tree.this)
    if isinstance(tree, exp.Cast) and tree.to.this is exp.DataType.Type.DATE and isinstance(tree.this, exp.Literal):
        return datetime.combine(date.fromisoformat(tree.this.this), time())
    return _UNREADABLE


def _constants(tree: exp.In) -> list[Argument] | None:
    values = [_constant(item) for item in tree.expressions]
    return values if values and _UNREADABLE not in values else None


def _nullity(tree: exp.Expr) -> Shape | None:
    name, wanted = _null_test(tree)
    if name is None:
        return None
    return Shape("ExpectColumnValuesToBeNull" if wanted else "ExpectColumnValuesToNotBeNull", {"column": name})


def _null_test(tree: exp.Expr) -> tuple[str | None, bool]:
    """(column, whether it must be null)."""
    if isinstance(tree, exp.Not):
        name, wanted = _null_test(_bare(tree.this))
        return name, not wanted
    if isinstance(tree, exp.Is) and isinstance(tree.expression, exp.Null):
        return _column(tree.this), True
    return None, True


def _membership(tree: exp.Expr) -> Shape | None:
    found = _filter(tree)
    if found is None or found.operator not in {"in", "not in", "==", "!="}:
        return None
    inside = found.operator in {"in", "=="}
    values = found.value if isinstance(found.value, list) else [found.value]
    return Shape(
        "ExpectColumnValuesToBeInSet" if inside else "ExpectColumnValuesToNotBeInSet",
        {"column": found.column, "value_set": values},
    )


def _regex(tree: exp.Expr) -> Shape | None:
    if not isinstance(tree, exp.RegexpFullMatch):
        return None
    name, pattern = _column(tree.this), tree.expression
    if name is None or not isinstance(pattern, exp.Literal) or tree.args.get("options"):
        return None
    return Shape(MATCH_REGEX, {"column": name, "regex": f"^(?:{pattern.this})$"})


def _range(tree: exp.Expr) -> Shape | None:
    """Bounds of one column: ``between``, one comparison, or two joined by AND."""
    bounds: dict[str, Argument] = {}
    names: set[str] = set()
    for part in _conjuncts(tree):
        found = _bounds(part)
        if found is None or set(found[1]) & set(bounds):
            return None
        names.add(found[0])
        bounds |= found[1]
    return Shape("ExpectColumnValuesToBeBetween", {"column": names.pop()} | bounds) if len(names) == 1 else None


def _bounds(tree: exp.Expr) -> tuple[str, dict[str, Argument]] | None:
    if isinstance(tree, exp.Between):
        name, low, high = _column(tree.this), _constant(tree.args["low"]), _constant(tree.args["high"])
        readable = name is not None and _UNREADABLE not in (low, high)
        return (name, {"min_value": low, "max_value": high}) if readable and name is not None else None
    day = _day_of_column(tree.left) if isinstance(tree, exp.LTE) else None
    if isinstance(tree, exp.LTE) and day is not None:
        value = _constant(tree.right)
        # The whole last day counts: before the beginning of the next one.
        is_day = isinstance(value, datetime)
        return (day, {"max_value": value + timedelta(days=1), "strict_max": True}) if is_day else None
    found = _comparison(tree)
    if found is None or found.operator not in {">", ">=", "<", "<="} or isinstance(found.value, str):
        return None
    side = "min" if found.operator.startswith(">") else "max"
    strict = {f"strict_{side}": True} if len(found.operator) == 1 else {}
    return found.column, {f"{side}_value": found.value} | strict


def _pair(tree: exp.Expr) -> Shape | None:
    sign = _SIGNS.get(type(tree))
    if sign is None or not isinstance(tree, exp.Binary):
        return None
    left, right = _column(tree.left), _column(tree.right)
    if left is None or right is None or sign == "!=":
        return None
    missing = {"ignore_row_if": "either_value_is_missing"}
    if sign == "==":
        return Shape("ExpectColumnPairValuesToBeEqual", {"column_A": left, "column_B": right} | missing)
    if sign.startswith("<"):
        left, right, sign = right, left, _MIRRORED[sign]
    arguments = {"column_A": left, "column_B": right, "or_equal": sign == ">="} | missing
    return Shape("ExpectColumnPairValuesAToBeGreaterThanB", arguments)


def _filter(tree: exp.Expr) -> Filter | None:
    name, wanted = _null_test(tree)
    if name is not None:
        return Filter(name, "null" if wanted else "not null")
    if _column(tree) is not None:
        return Filter(str(_column(tree)), "==", True)
    negated = isinstance(tree, exp.Not)
    inner = _bare(tree.this) if negated else tree
    if isinstance(inner, exp.In) and inner.expressions:
        name, values = _column(inner.this), _constants(inner)
        return Filter(name, "not in" if negated else "in", values) if name is not None and values else None
    if negated:
        name = _column(inner)
        return Filter(name, "==", False) if name is not None else None
    return _comparison(tree)


def _comparison(tree: exp.Expr) -> Filter | None:
    sign = _SIGNS.get(type(tree))
    if sign is None or not isinstance(tree, exp.Binary):
        return None
    left, right = tree.left, tree.right
    if _column(left) is None:
        left, right, sign = right, left, _MIRRORED[sign]
    name, value = _column(left), _constant(right)
    return Filter(name, sign, value) if name is not None and value is not _UNREADABLE else None
