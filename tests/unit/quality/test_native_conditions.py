"""Which conditions of the rule book an expectation says by itself, and which stay SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from pipelines.quality.native.conditions import MATCH_REGEX, Filter, filters, shape

BETWEEN = "ExpectColumnValuesToBeBetween"
PAIR = "ExpectColumnPairValuesAToBeGreaterThanB"
MISSING = {"ignore_row_if": "either_value_is_missing"}


@pytest.mark.parametrize(
    ("condition", "kind", "arguments"),
    [
        ("t.a is not null", "ExpectColumnValuesToNotBeNull", {"column": "a"}),
        ("(t.a is null)", "ExpectColumnValuesToBeNull", {"column": "a"}),
        ("t.a in ('x', 'y')", "ExpectColumnValuesToBeInSet", {"column": "a", "value_set": ["x", "y"]}),
        ("t.a not in ('x')", "ExpectColumnValuesToNotBeInSet", {"column": "a", "value_set": ["x"]}),
        ("t.a = 'x'", "ExpectColumnValuesToBeInSet", {"column": "a", "value_set": ["x"]}),
        ("t.a <> 'x'", "ExpectColumnValuesToNotBeInSet", {"column": "a", "value_set": ["x"]}),
        ("t.a", "ExpectColumnValuesToBeInSet", {"column": "a", "value_set": [True]}),
        ("not t.a", "ExpectColumnValuesToBeInSet", {"column": "a", "value_set": [False]}),
        ("regexp_full_match(t.a, '[0-9]{3}')", MATCH_REGEX, {"column": "a", "regex": "^(?:[0-9]{3})$"}),
        ("t.a between 1 and 5", BETWEEN, {"column": "a", "min_value": 1, "max_value": 5}),
        ("t.a >= 0 and t.a < 1.5", BETWEEN, {"column": "a", "min_value": 0, "max_value": 1.5, "strict_max": True}),
        ("0 < t.a", BETWEEN, {"column": "a", "min_value": 0, "strict_min": True}),
        ("t.a >= -1", BETWEEN, {"column": "a", "min_value": -1}),
        (
            "cast(t.a as date) <= (DATE '2025-12-31')",
            BETWEEN,
            {"column": "a", "max_value": datetime(2026, 1, 1), "strict_max": True},
        ),
        ("t.a <= t.b", PAIR, {"column_A": "b", "column_B": "a", "or_equal": True} | MISSING),
        ("t.a > t.b", PAIR, {"column_A": "a", "column_B": "b", "or_equal": False} | MISSING),
        ("t.a = t.b", "ExpectColumnPairValuesToBeEqual", {"column_A": "a", "column_B": "b"} | MISSING),
    ],
)
def test_conditions_that_an_expectation_says(condition: str, kind: str, arguments: dict[str, Any]) -> None:
    found = shape(condition)
    assert found is not None
    assert (found.kind, found.arguments) == (kind, arguments)


@pytest.mark.parametrize(
    "condition",
    [
        "t.a is not null or t.b is not null",
        "t.a >= 0 and t.b >= 0",
        "t.a >= 0 and t.a >= 1",
        "coalesce(t.a >= 0, true)",
        "cast(t.a as date) >= cast(t.b as date)",
        "cast(t.a as date) < DATE '2025-12-31'",
        "regexp_full_match(trim(t.a), 'x')",
        "regexp_matches(t.a, 'x')",
        "t.a in (select d.a from s.t d)",
        "d.a is not null",
        "t.a >= 'x'",
        "t.a <> t.b",
        "case when t.a then",
    ],
)
def test_conditions_that_stay_sql(condition: str) -> None:
    assert shape(condition) is None


def test_filters_are_comparisons_joined_by_and() -> None:
    assert filters(None) == ()
    assert filters("t.a is not null and t.b in ('x', 'y') and t.c > 0 and not t.d") == (
        Filter("a", "not null"),
        Filter("b", "in", ["x", "y"]),
        Filter("c", ">", 0),
        Filter("d", "==", False),
    )
    assert filters("t.a is not null or t.b = 1") is None
    assert filters("coalesce(t.a, '') <> 'x' and t.b = 1") is None
