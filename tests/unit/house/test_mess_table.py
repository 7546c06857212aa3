"""``docs/mess.md`` names a test for every mess, ``docs/do_ben.md`` for every fault, or a trial: each one exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
DOCS = TESTS.parent / "docs"
_NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
_TRIAL = re.compile(r"`python -m tests\.(endurance\.\w+)`")


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("table", "least"), [("mess.md", 30), ("do_ben.md", 60)])
def test_every_line_names_tests_that_exist(table: str, least: int) -> None:
    first, _, _ = (DOCS / table).read_text(encoding="utf-8").partition("\n## ")
    lines = [line for line in first.splitlines() if line.startswith("| ")][1:]
    assert len(lines) >= least
    for line in lines:
        named, trials = _NAMED.findall(line), _TRIAL.findall(line)
        assert named or trials, line
        assert all((TESTS / f"{trial.replace('.', '/')}.py").is_file() for trial in trials), line
        missing = [
            f"{path}::{name}" for path, name in named if not (TESTS / path).is_file() or name not in _tests_in(path)
        ]
        assert not missing, missing
