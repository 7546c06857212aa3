"""YAML whose every value knows its line, so that a mistake is reported with file, line and what was expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Location = tuple[str | int, ...]


class _QuickLoader(yaml.composer.Composer, yaml.CSafeLoader):
    """libyaml tells the events, Python makes nodes of them: libyaml's own way overflows the stack on a deep nesting."""

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        self.anchors = {}


class ConfigError(Exception):
    """One or more mistakes in a file an operator edits; ``str()`` is the Vietnamese report, one line a mistake."""

    def __init__(self, path: Path, mistakes: list[tuple[int | None, str]]) -> None:
        self.path = path
        self.mistakes = mistakes
        lines = [f"{path}:{line}: {text}" if line else f"{path}: {text}" for line, text in mistakes]
        super().__init__("\n".join(lines))


@dataclass
class LocatedYaml:
    """A parsed document (``data``) and the 1-based line of every value, by its path of keys and indexes."""

    path: Path
    data: Any
    lines: dict[Location, int] = field(default_factory=dict)

    def line(self, location: Location) -> int | None:
        """Line of ``location``, or of its nearest known parent."""
        while location:
            if location in self.lines:
                return self.lines[location]
            location = location[:-1]
        return self.lines.get(())


def load_yaml(path: Path) -> LocatedYaml:
    """Read ``path``; raises ``ConfigError`` if it is missing, not UTF-8, not YAML, or repeats a key."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(path, [(None, "không tìm thấy tệp này.")]) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigError(path, [(None, "không đọc được tệp; cần tệp văn bản mã UTF-8.")]) from None
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        message = "sai cú pháp YAML; kiểm tra thụt dòng, dấu hai chấm và dấu nháy ở dòng này hoặc ngay trước nó."
        raise ConfigError(path, [(line, message)]) from None
    except yaml.YAMLError:
        raise ConfigError(path, [(None, "sai cú pháp YAML hoặc có ký tự lạ.")]) from None
    except RecursionError:
        raise ConfigError(path, [(None, "các khóa lồng vào nhau quá sâu; viết lại gọn hơn.")]) from None
    lines: dict[Location, int] = {}
    mistakes: list[tuple[int | None, str]] = []
    data = _build(node, (), lines, mistakes) if node is not None else None
    if mistakes:
        raise ConfigError(path, mistakes)
    return LocatedYaml(path, data, lines)


def _composed(text: str) -> yaml.Node | None:
    """Read by libyaml, in a third of the time; what it refuses is put to the parser in Python, whose error counts."""
    try:
        return _node(_QuickLoader(text))
    except yaml.YAMLError:
        return _node(yaml.SafeLoader(text))


def _node(loader: Any) -> yaml.Node | None:
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _build(node: yaml.Node, at: Location, lines: dict[Location, int], mistakes: list[tuple[int | None, str]]) -> Any:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            line = key_node.start_mark.line + 1
            if key in result:
                mistakes.append((line, f"khóa “{key}” bị lặp; bỏ bớt một."))
            lines[(*at, key)] = line
            result[key] = _build(value_node, (*at, key), lines, mistakes)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*at, i), lines, mistakes) for i, child in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    constructor = yaml.constructor.SafeConstructor()
    return constructor.construct_object(node, deep=True)
