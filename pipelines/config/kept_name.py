"""Names of files as the ledger keeps them once a person was removed: a mask where the number of that person stood.

``raw/`` is not touched, so a file goes on lying there under its whole name: the ledger must know it again, or the file
counts as a new one and is read again with everything that was removed.
"""

from __future__ import annotations

import re
from pathlib import Path

MASK = "•••"
_NUMBER = f"(?:[0-9]{{12}}|[0-9]{{9}}|[A-Za-z]{{1,2}}[0-9]{{7,8}}|{MASK})"
"""What the mask stands for, or the mask itself: a file in a zip may be kept masked where the zip is not."""


def without(number: str, text: str) -> str:
    """``text`` with a mask in place of ``number``."""
    return text.replace(number, MASK)


def same_place(kept: str, name: str) -> bool:
    """Whether the path ``name`` below ``raw/`` is the one that the ledger keeps as ``kept``."""
    return kept == name or (MASK in kept and _pattern(kept).fullmatch(name) is not None)


def within(kept: str, archive: str) -> bool:
    """Whether ``kept`` is the file of the path ``archive``, or a file in the zip there."""
    if MASK not in kept:
        return kept == archive or kept.startswith(f"{archive}/")
    return same_place("/".join(kept.split("/")[: archive.count("/") + 1]), archive)


def place_of(raw: Path, kept: str) -> Path:
    """Where the file lies below ``raw``; the path as kept where none fits."""
    place = raw / kept
    if MASK not in kept or place.exists():
        return place
    for part in kept.split("/"):
        raw = next((path for path in _children(raw) if same_place(part, path.name)), raw / part)
    return raw


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _pattern(kept: str) -> re.Pattern[str]:
    return re.compile(_NUMBER.join(re.escape(part) for part in kept.split(MASK)))
