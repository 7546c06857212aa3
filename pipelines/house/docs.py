"""``make docs``: everything that is written by the machine and kept under version control.

``python -m pipelines.house.docs [--check] [root]`` writes what follows from the contracts
(``contracts/generate``) and the glossary of names; ``--check`` writes nothing, names what is stale and exits 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts import generate
from pipelines.house.words import GLOSSARY, glossary


def stale(root: Path = PROJECT_ROOT) -> list[str]:
    """Paths below ``root`` that are not what contracts, words and dbt project say."""
    return [*generate.stale(root), *([GLOSSARY] if _glossary_is_stale(root) else [])]


def write(root: Path = PROJECT_ROOT) -> list[str]:
    """Make every stale path what it should be; gives these paths."""
    touched = generate.write(root)  # first: the glossary takes its examples from what is written here
    if _glossary_is_stale(root):
        (root / GLOSSARY).write_text(glossary(root), encoding="utf-8")
        touched.append(GLOSSARY)
    return touched


def _glossary_is_stale(root: Path) -> bool:
    path = root / GLOSSARY
    return not path.is_file() or path.read_text(encoding="utf-8") != glossary(root)


def main(arguments: list[str]) -> int:
    """Write or check below the folder given, else below the project; 1 when ``--check`` finds something stale."""
    folders = [argument for argument in arguments if argument != "--check"]
    root = Path(folders[0]) if folders else PROJECT_ROOT
    if "--check" in arguments:
        found = stale(root)
        sys.stdout.write("".join(f"cũ: {name} (chạy make docs)\n" for name in found) or "Không có tệp nào cũ.\n")
        return 1 if found else 0
    touched = write(root)
    sys.stdout.write("".join(f"đã ghi: {name}\n" for name in touched) or "Không có gì phải ghi lại.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
