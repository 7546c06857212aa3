"""A parse of the project is shared between data folders; where it cannot be, nothing fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from pipelines.warehouse import dbt, parse_cache
from tests.integration.small_project import small_project


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "kho06"


def written(file: Path, text: str, age: int = 0) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    os.utime(file, (1_700_000_000 - age, 1_700_000_000 - age))
    return file


def test_what_one_folder_parsed_another_is_given(tmp_path: Path, shared: Path) -> None:
    project = tmp_path / "project"
    parse_cache.keep(written(tmp_path / "a" / "parse", "first"), project)
    parse_cache.bring(tmp_path / "b" / "parse", project)
    assert (tmp_path / "b" / "parse").read_text() == "first"
    (kept,) = shared.iterdir()
    assert (kept.stat().st_mode & 0o777, shared.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_keeps_its_own_and_the_newer_one_is_shared(tmp_path: Path, shared: Path) -> None:
    project = tmp_path / "project"
    own = written(tmp_path / "b" / "parse", "own", age=50)
    parse_cache.keep(written(tmp_path / "a" / "parse", "first", age=20), project)
    parse_cache.bring(own, project)
    assert own.read_text() == "own"
    (kept,) = shared.iterdir()
    os.utime(kept, (1_700_000_000, 1_700_000_000))
    parse_cache.keep(own, project)
    assert kept.read_text() == "first"


def test_another_checkout_is_given_nothing(tmp_path: Path, shared: Path) -> None:
    parse_cache.keep(written(tmp_path / "a" / "parse", "first"), tmp_path / "project")
    parse_cache.bring(tmp_path / "b" / "parse", tmp_path / "other")
    assert not (tmp_path / "b" / "parse").exists()


def test_without_a_place_for_it_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(written(tmp_path / "file", "x")))
    parse_cache.keep(written(tmp_path / "a" / "parse", "first"), tmp_path)
    parse_cache.bring(tmp_path / "b" / "parse", tmp_path)
    assert not (tmp_path / "b" / "parse").exists()


def test_a_damaged_shared_parse_is_thrown_away(tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbt, "DBT_PROJECT", small_project(tmp_path / "project"))
    damaged = written(tmp_path / "a" / "parse", "not a parse")
    parse_cache.keep(damaged, dbt.DBT_PROJECT)
    paths = DataPaths(tmp_path / "data")
    paths.prepare()
    assert len(dbt._parse_from_scratch_if_broken(paths).nodes) == 2
    (kept,) = shared.iterdir()
    assert kept.read_bytes() != b"not a parse"
