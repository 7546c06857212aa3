"""A data folder whose last parse was made by a program that stood in another folder, since removed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from pipelines.warehouse import dbt, parse_cache
from tests.integration.small_project import small_project


def test_the_seeds_are_read_where_the_program_stands_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project, before = (small_project(tmp_path / place) for place in ("nay", "truoc"))
    paths = DataPaths(tmp_path / "data")
    paths.prepare()
    monkeypatch.setattr(dbt, "_last", dbt._Parse())
    monkeypatch.setattr(dbt, "DBT_PROJECT", before)
    dbt._parsed(paths)
    monkeypatch.setattr(dbt, "DBT_PROJECT", project)
    monkeypatch.setattr(dbt, "_last", dbt._Parse())
    shutil.rmtree(before)
    roots = {node.root_path for node in dbt._parsed(paths).nodes.values() if node.resource_type == "seed"}
    assert roots == {str(project)}
    assert parse_cache._place(project).exists()
