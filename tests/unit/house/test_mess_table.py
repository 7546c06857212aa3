"""``docs/mess.md`` names a test for every mess: each named test exists, each line has one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[2]
TABLE = TESTS.parent / "docs" / "mess.md"
_NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_line_names_tests_that_exist() -> None:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(lines) >= 30
    for line in lines:
        named = _NAMED.findall(line)
        assert named, line
        missing = [
            f"{path}::{name}" for path, name in named if not (TESTS / path).is_file() or name not in _tests_in(path)
        ]
        assert not missing, missing
