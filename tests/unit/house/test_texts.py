"""Documents open with the two commands; no file for people mixes Unicode forms."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from pipelines.config.official_rules import in_words

ROOT = Path(__file__).resolve().parents[3]
TEXTS = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("expectations/**/*.yaml"))]

FOR_OFFICIALS = [
    *sorted((ROOT / "docs" / "cau_hoi").rglob("*.sql")),
    *(file for folder in ("nhap_mon", "van_hanh") for file in sorted((ROOT / "docs" / folder).glob("*.md"))),
    *(ROOT / "docs" / f"{name}.md" for name in ("bang_dieu_hanh", "bao_cao_goc", "bi", "du_lieu_mo", "van_ban")),
]


@pytest.mark.parametrize("path", FOR_OFFICIALS, ids=lambda p: str(p.relative_to(ROOT)))
def test_officials_read_the_titles_of_rules_not_their_codes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert in_words(text) == text


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
