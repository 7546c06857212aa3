"""The house as ARCHITECTURE.md draws it: who may import what, one way only; names; sizes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "pipelines"

ALLOWED: dict[str, set[str]] = {
    "config": set(),
    "progress": set(),
    "sheets": set(),
    "stopping": set(),
    "contracts": {"config"},
    "house": {"config", "contracts"},
    "warehouse": {"config", "contracts"},
    "turn": {"config", "stopping", "warehouse"},
    "intake": {"config", "contracts", "warehouse", "progress"},
    "linkage": {"config", "sheets"},
    "quality": {"config", "contracts", "warehouse"},
    "publish": {"config", "warehouse", "quality", "turn", "sheets"},
    "defects": {"config", "contracts", "intake", "quality", "sheets"},
    "sample": {"config", "contracts", "progress"},
    "index766": {"config", "publish"},
    "trace": {"config", "publish", "warehouse"},
    "dictionary": {"config", "contracts", "quality", "trace", "warehouse", "sheets"},
    "papers": {"config", "contracts", "publish", "warehouse", "sheets"},
    "questions": {"config", "publish", "sheets"},
    "pages": {"config", "contracts", "opendata", "publish", "warehouse", "sheets"},
    "opendata": {"config", "publish", "stopping", "warehouse"},
    "serving": {"config", "warehouse"},
    "outcome": {"config", "warehouse"},
    "upkeep": {"config", "contracts", "warehouse", "turn", "intake", "quality", "publish"},
    "job": {"config", "contracts", "intake", "quality", "warehouse"},
    "building": {"config", "job", "progress", "stopping", "turn", "warehouse"},
    "standing": {"job", "publish", "quality", "warehouse"},
    "nightly": {
        "building",
        "config",
        "contracts",
        "intake",
        "job",
        "linkage",
        "progress",
        "publish",
        "quality",
        "stopping",
        "turn",
        "warehouse",
    },
    "publishing": {
        "building",
        "config",
        "dictionary",
        "job",
        "nightly",
        "opendata",
        "pages",
        "progress",
        "publish",
        "quality",
        "serving",
        "standing",
        "stopping",
        "turn",
        "warehouse",
    },
    "telling": {"config", "pages", "publish", "upkeep", "warehouse"},
    "past": {"config", "job", "progress", "nightly", "publishing", "intake", "warehouse", "linkage", "publish"},
    "orchestrate": {
        "building",
        "publishing",
        "standing",
        "telling",
        "config",
        "contracts",
        "job",
        "nightly",
        "linkage",
        "warehouse",
        "quality",
        "intake",
        "publish",
        "progress",
        "stopping",
        "turn",
        "upkeep",
    },
    "cli": {
        "config",
        "defects",
        "progress",
        "contracts",
        "house",
        "intake",
        "sheets",
        "job",
        "nightly",
        "index766",
        "linkage",
        "opendata",
        "outcome",
        "pages",
        "papers",
        "past",
        "orchestrate",
        "publish",
        "publishing",
        "quality",
        "questions",
        "sample",
        "serving",
        "stopping",
        "trace",
        "turn",
        "upkeep",
        "warehouse",
    },
}
ONLY_IN: dict[str, set[str]] = {
    "dagster": {"orchestrate"},
    "great_expectations": {"quality"},
    "rich": {"cli"},
    "click": {"cli"},
    "dbt": {"warehouse"},
    "splink": {"linkage"},
    "docx": {"papers"},
    "docxtpl": {"papers"},
    "scipy": {"opendata"},
    "pandas": set(),
}

FILES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400
MAX_FUNCTION_LINES = 60


def layer(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every imported module, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def test_every_module_belongs_to_a_known_layer() -> None:
    assert {layer(path) for path in FILES} - {"__init__"} == set(ALLOWED)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    own = layer(path)
    if own == "__init__":
        return
    inside = {name.split(".")[1] for name in imports(path) if name.startswith("pipelines.")}
    assert inside - {own} <= ALLOWED[own]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_heavy_libraries_stay_where_they_belong(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(path)}
    for library, layers in ONLY_IN.items():
        assert library not in tops or layer(path) in layers, library


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name}: {length} lines"


def _undescribed(body: list[ast.stmt]) -> list[str]:
    """Public functions, classes and methods of public classes without a docstring."""
    found = []
    for node in body:
        named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if isinstance(node, named) and not node.name.startswith("_"):
            found += [] if ast.get_docstring(node) else [node.name]
            found += _undescribed(node.body) if isinstance(node, ast.ClassDef) else []
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_others_may_call_says_what_it_is(path: Path) -> None:
    assert _undescribed(ast.parse(path.read_text(encoding="utf-8")).body) == []


def test_nothing_in_the_product_needs_the_workplace() -> None:
    """No file under version control names a registry host or the specification's folder."""
    papers = [ROOT / "NOTICE", *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for path in [*FILES, *ROOT.glob("*.lock"), ROOT / "Makefile", ROOT / ".ci" / "run", *papers]:
        text = path.read_text(encoding="utf-8")
        assert "/work/" not in text
        assert "pythonhosted" not in text
        assert "pypi.org" not in text


ALONG_THE_WAY = ("found", "values", "headers", "read", "laid_out", "typed", "worker", "loaded")
"""Rooms of the intake in the order of a row; what is loose beside them is the vocabulary of all, and ``run``."""
SAMPLE_ROOMS = ("world", "files", "procedures", "registers", "directing", "indicators", "founding")


def _room(module: str, layer_name: str, rooms: tuple[str, ...]) -> str | None:
    parts = module.removeprefix(f"pipelines.{layer_name}.").split(".")
    return parts[0] if module.startswith(f"pipelines.{layer_name}.") and parts[0] in rooms else None


@pytest.mark.parametrize(("layer_name", "rooms"), [("intake", ALONG_THE_WAY), ("sample", SAMPLE_ROOMS)])
def test_rooms_take_from_earlier_rooms_only(layer_name: str, rooms: tuple[str, ...]) -> None:
    backwards = []
    for path in sorted((PACKAGE / layer_name).glob("*/**/*.py")):
        own = rooms.index(path.relative_to(PACKAGE / layer_name).parts[0])
        taken = {room for module in imports(path) if (room := _room(module, layer_name, rooms))}
        backwards += [(str(path), room) for room in taken if rooms.index(room) > own]
    assert backwards == []


@pytest.mark.parametrize("room", sorted({path.parent for path in FILES}), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_holds_what_one_can_see_at_once(room: Path) -> None:
    assert len(list(room.glob("*.py"))) <= 30
