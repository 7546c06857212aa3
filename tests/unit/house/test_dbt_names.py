"""Names of the dbt project that must be unique: two branches once brought one macro name each."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"


def test_macro_names_are_unique() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (PROJECT / "macros").rglob("*.sql")]
    names = Counter(name for text in texts for name in re.findall(r"{%-?\s*macro\s+(\w+)", text))
    assert [name for name, count in names.items() if count > 1] == []


def test_model_names_are_unique() -> None:
    names = Counter(path.stem for path in (PROJECT / "models").rglob("*.sql"))
    assert [name for name, count in names.items() if count > 1] == []
