"""``docs/mess.md`` names a test for every mess, ``docs/do_ben.md`` for every fault: each one exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
DOCS = TESTS.parent / "docs"
_NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("table", "least"), [("mess.md", 30), ("do_ben.md", 20)])
def test_every_line_names_tests_that_exist(table: str, least: int) -> None:
    lines = [line for line in (DOCS / table).read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(lines) >= least
    for line in lines:
        named = _NAMED.findall(line)
        assert named, line
        missing = [
            f"{path}::{name}" for path, name in named if not (TESTS / path).is_file() or name not in _tests_in(path)
        ]
        assert not missing, missing
