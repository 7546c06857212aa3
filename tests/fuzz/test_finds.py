"""Every input that once broke a reader, and the seeds the fuzzers start from, read or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_input_is_read_or_refused_with_a_reason(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())
