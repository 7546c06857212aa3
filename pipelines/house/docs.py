"""``make docs``: everything that is written by the machine and kept under version control.

``python -m pipelines.house.docs [--check] [root]`` writes what follows from the contracts
(``contracts/generate``), the exposure of all marts and the glossary of names; ``--check`` writes nothing, names what is
stale and exits 1.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts import generate
from pipelines.house.exposure import EXPOSURE, exposure
from pipelines.house.words import GLOSSARY, glossary


def stale(root: Path = PROJECT_ROOT) -> list[str]:
    """Paths below ``root`` that are not what contracts, words and dbt project say."""
    return [*generate.stale(root), *(name for name, make in _WRITTEN.items() if _is_stale(root / name, make(root)))]


def write(root: Path = PROJECT_ROOT) -> list[str]:
    """Make every stale path what it should be; gives these paths."""
    touched = generate.write(root)  # first: the glossary takes its examples from what is written here
    for name, make in _WRITTEN.items():
        text = make(root)
        if _is_stale(root / name, text):
            (root / name).write_text(text, encoding="utf-8")
            touched.append(name)
    return touched


_WRITTEN: dict[str, Callable[[Path], str]] = {EXPOSURE: exposure, GLOSSARY: glossary}


def _is_stale(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


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
