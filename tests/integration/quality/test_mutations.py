"""Violations planted by a seeded generator among clean rows: each is caught, and nothing else is."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.quality.defects import failing_rows
from pipelines.quality.flags import with_as_of
from pipelines.quality.measure import measure
from pipelines.quality.model import RowCheck, Rule
from pipelines.quality.rules import load_rules

AS_OF = date(2025, 9, 30)
FIXTURES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "rule_fixtures.yaml").read_text(encoding="utf-8"))
RULES = {rule.code: rule for rule in load_rules()}
CLEAN = 30


def _independent(rule: Rule) -> bool:
    """Rows are judged one by one: any mixture of good and bad rows keeps its verdicts."""
    simple = all(isinstance(FIXTURES[rule.code][side], list) for side in ("dat", "khong_dat"))
    alone = isinstance(rule.check, RowCheck) and "select" not in rule.check.condition
    return simple and alone and rule.relation == rule.table


MIXABLE = sorted(code for code in FIXTURES if _independent(RULES[code]))


def test_most_rules_can_be_tried_this_way() -> None:
    assert len(MIXABLE) >= 100


@pytest.mark.parametrize("code", MIXABLE)
def test_planted_violations_are_caught_and_clean_rows_are_not(
    empty_warehouse: duckdb.DuckDBPyConnection, code: str
) -> None:
    rule = RULES[code]
    source = random.Random(f"6:{code}")  # noqa: S311
    rows = [(source.choice(FIXTURES[code]["dat"]), False) for _ in range(CLEAN)]
    rows += [(source.choice(FIXTURES[code]["khong_dat"]), True) for _ in range(source.randint(1, 6))]
    source.shuffle(rows)
    empty_warehouse.begin()
    try:
        for number, (row, _) in enumerate(rows):
            placed = row | ({"_dong": number} if rule.table.startswith(("stg.", "tho.")) else {})
            names, marks = ", ".join(placed), ", ".join("?" for _ in placed)
            empty_warehouse.execute(f"insert into {rule.table} ({names}) values ({marks})", list(placed.values()))
        found = measure(empty_warehouse, [rule], AS_OF)[0]
        listed = [r for sql in failing_rows([rule]) for r in empty_warehouse.execute(with_as_of(sql, AS_OF)).fetchall()]
    finally:
        empty_warehouse.rollback()
    planted = [number for number, (_, bad) in enumerate(rows) if bad]
    assert (found.error, found.failed) == (None, len(planted))
    if rule.table.startswith(("stg.", "tho.")):
        assert sorted(row[5] for row in listed) == planted
