"""Documents open with the two commands; no file for people mixes Unicode forms."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEXTS = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("expectations/**/*.yaml"))]


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_two_commands_come_first(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line.strip()]
    assert lines[1].split()[:2] == ["make", "run"]
    assert lines[2].split()[:2] == ["make", "test"]


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_texts_are_composed_unicode(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.normalize("NFC", text) == text


def test_links_of_the_readmes_lead_somewhere() -> None:
    for name in ("README.md", "README.vi.md"):
        for part in (ROOT / name).read_text(encoding="utf-8").split("](")[1:]:
            target = part.split(")")[0]
            assert (ROOT / target).exists(), target
