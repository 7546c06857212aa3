"""The house in numbers, from the files alone: sizes, arrows against the flow, wordings a column, pins of the locks.

`python -m benchmarks.house` prints the table of `docs/benchmarks.md`; `--root DIR` measures another checkout.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
_REF = re.compile(r"ref\(\s*['\"](\w+)['\"]")


def functions(path: Path) -> Iterator[int]:
    """Lines of each function of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def columns(root: Path) -> Iterator[tuple[str, str]]:
    """Name and written description of every column of the models' YAML."""
    for path in (root / "dbt_project" / "models").rglob("*.yml"):
        document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for model in document.get("models", []):
            for column in model.get("columns", []):
                yield str(column["name"]), " ".join(str(column.get("description", "")).split())


def backward_arrows(root: Path) -> int:
    """Intermediates that read a mart."""
    models = root / "dbt_project" / "models"
    marts = {path.stem for path in (models / "marts").rglob("*.sql")}
    inner = [path.read_text(encoding="utf-8") for path in (models / "intermediate").rglob("*.sql")]
    return sum(1 for sql in inner for name in _REF.findall(sql) if name in marts)


def pins(lock: Path) -> int:
    """Pinned packages of a lock file; 0 where there is none."""
    lines = lock.read_text(encoding="utf-8").splitlines() if lock.is_file() else []
    return sum(1 for line in lines if re.match(r"[A-Za-z0-9_.\[\]-]+==", line))


def measures(root: Path) -> list[tuple[str, int]]:
    """Label and number, in the order of the table."""
    files = [path for path in (root / "pipelines").rglob("*.py") if "__pycache__" not in path.parts]
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in files]
    sizes = [size for path in files for size in functions(path)]
    rooms: dict[Path, int] = defaultdict(int)
    for path in files:
        rooms[path.parent] += 1
    wordings: dict[str, set[str]] = defaultdict(set)
    for name, text in columns(root):
        if "doc(" not in text:
            wordings[name].add(text)
    return [
        ("modules", len(files)),
        ("files over 300 lines", sum(1 for count in lines if count > 300)),
        ("longest file, lines", max(lines)),
        ("functions over 40 lines", sum(1 for size in sizes if size > 40)),
        ("longest function, lines", max(sizes)),
        ("most modules in one room", max(rooms.values())),
        ("arrows mart → intermediate", backward_arrows(root)),
        ("column names with several written wordings", sum(1 for texts in wordings.values() if len(texts) > 1)),
        ("written wordings of columns in all", sum(len(texts) for texts in wordings.values())),
        ("pins of the server's lock", pins(root / "requirements.lock")),
        ("pins of the developers' lock", pins(root / "requirements-dev.lock")),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT)
    options = parser.parse_args()
    for label, number in measures(options.root):
        print(f"| {label} | {number} |")


if __name__ == "__main__":
    main()
