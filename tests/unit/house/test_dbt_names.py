"""Names of the dbt project that must be unique: two branches once brought one macro name, or one key, each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"


def test_macro_names_are_unique() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (PROJECT / "macros").rglob("*.sql")]
    names = Counter(name for text in texts for name in re.findall(r"{%-?\s*macro\s+(\w+)", text))
    assert [name for name, count in names.items() if count > 1] == []


def test_model_names_are_unique() -> None:
    names = Counter(path.stem for path in (PROJECT / "models").rglob("*.sql"))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_file_names_a_key_twice() -> None:
    """dbt keeps the last of two keys and drops the first: lists of what is wrong were judged as collapsed."""
    files = sorted((PROJECT / "models").rglob("*.yml"))
    nodes = {file.name: yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader) for file in files}
    assert nodes
    assert [f"{name}, {place}" for name, node in nodes.items() for place in repeated(node)] == []


def repeated(node: yaml.Node | None) -> Iterator[str]:
    """``line: key`` of every key that its mapping has named before."""
    if isinstance(node, yaml.MappingNode):
        seen = Counter(key.value for key, _ in node.value)
        yield from (f"{key.start_mark.line + 1}: {key.value}" for key, _ in node.value if seen[key.value] > 1)
        for _, value in node.value:
            yield from repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from repeated(value)
