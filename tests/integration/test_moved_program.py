"""A data folder whose last parse was made by a program that stood in another folder, since removed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from pipelines.warehouse import dbt, parse_cache


def test_the_seeds_are_read_where_the_program_stands_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project, before = dbt.DBT_PROJECT, tmp_path / "truoc" / "dbt_project"
    shutil.copytree(project, before, ignore=shutil.ignore_patterns("target"))
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
