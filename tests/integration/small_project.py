"""A dbt project of one seed and one model: what is true of a parse is true of this one, in a tenth of the time."""

from __future__ import annotations

from pathlib import Path

import yaml

from pipelines.config.paths import PROJECT_ROOT


def small_project(folder: Path) -> Path:
    """Write the project to ``folder``, with the real profile and flags; returns ``folder``."""
    real = PROJECT_ROOT / "dbt_project"
    settings = yaml.safe_load((real / "dbt_project.yml").read_text(encoding="utf-8"))
    kept = ("name", "version", "config-version", "profile", "model-paths", "seed-paths", "query-comment", "flags")
    files = {
        "dbt_project.yml": yaml.safe_dump({name: settings[name] for name in kept}),
        "profiles.yml": (real / "profiles.yml").read_text(encoding="utf-8"),
        "seeds/ma.csv": "ma,ten\n1,một\n",
        "models/dem.sql": "select count(*) as so from {{ ref('ma') }}",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
