"""libyaml reads what the parser in Python reads, line by line; what it cannot is refused, never a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.config.paths import PROJECT_ROOT
from pipelines.config.yaml_lines import ConfigError, _composed, load_yaml

BOOKS = sorted((PROJECT_ROOT / "expectations").rglob("*.yaml"))[:6]


def told(node: yaml.Node | None) -> Any:
    """Tags, values and places of a document."""
    if node is None:
        return None
    place = (node.tag, node.start_mark.line, node.start_mark.column)
    if isinstance(node, yaml.MappingNode):
        return place, [(told(key), told(value)) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return place, [told(item) for item in node.value]
    return place, node.value


@pytest.mark.parametrize("file", [*BOOKS, PROJECT_ROOT / "orchestration.yaml"], ids=lambda file: file.name)
def test_nodes_and_their_places_are_the_same(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert told(_composed(text)) == told(yaml.compose(text, Loader=yaml.SafeLoader))


@pytest.mark.parametrize("text", ["a: &x b\nc: *x\n", "", "# chỉ ghi chú\n", "a: |\n  dòng\n  nữa\n"])
def test_small_documents_too(text: str) -> None:
    assert told(_composed(text)) == told(yaml.compose(text, Loader=yaml.SafeLoader))


@pytest.mark.parametrize("text", ["[" * 50_000, "- " * 50_000 + "a", "{a: " * 50_000, "[" * 5_000 + "]" * 5_000])
def test_a_deep_nesting_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sau.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        load_yaml(file)


def test_a_mistake_keeps_the_line_of_the_parser_in_python(tmp_path: Path) -> None:
    file = tmp_path / "sai.yaml"
    file.write_text("a: 1\nb:\n  c: [1, 2\nd: 3\n", encoding="utf-8")
    with pytest.raises(yaml.MarkedYAMLError) as found:
        yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    with pytest.raises(ConfigError) as refused:
        load_yaml(file)
    mark = found.value.problem_mark
    assert mark is not None
    assert refused.value.mistakes[0][0] == mark.line + 1
