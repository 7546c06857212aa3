"""Every mart group has a name in words: pages show it instead of the code."""

from __future__ import annotations

import re

from pipelines.config.mart_groups import GROUPS
from pipelines.config.paths import PROJECT_ROOT

MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"


def test_every_group_has_a_name() -> None:
    schemas = {folder.name for folder in MARTS.iterdir() if folder.is_dir()}
    own = {
        name
        for file in MARTS.rglob("*.yml")
        for name in re.findall(r"^\s+nhom_mart: (\w+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert schemas | own <= GROUPS.keys()
