"""dbt is told by unique id what to build: that and nothing else, and its manifest is as before."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.config.paths import DataPaths, data_paths
from pipelines.warehouse import build_plan, column_tests, dbt
from pipelines.warehouse.database import config_of, connect

_SEEDS = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'tham_chieu'"


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    paths = data_paths(tmp_path)
    paths.prepare()
    return paths


def test_exactly_what_was_named_is_built(paths: DataPaths) -> None:
    manifest = dbt.parse(paths)
    seed, tests = next(
        (name, tests)
        for name, tests in column_tests.tests_of(manifest, manifest["nodes"]).items()
        if manifest["nodes"][name]["resource_type"] == "seed" and len(tests) > 1
    )
    assert [node.unique_id for node in dbt.build_nodes(paths, {seed})] == [seed]
    assert {node.unique_id for node in dbt.build_nodes(paths, {seed, tests[0]})} == {seed, tests[0]}
    assert {node.unique_id for node in dbt.build_nodes(paths, {tests[1]})} == {tests[1]}
    assert not dbt.build_nodes(paths, set())


def test_the_manifest_is_left_as_it_was(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: list(node.tags) for name, node in dbt._parsed(paths).nodes.items()}
    chosen = sorted(before)[:3]

    def broken(*_: object, **__: object) -> None:
        assert all(dbt._WANTED in dbt._parsed(paths).nodes[name].tags for name in chosen)
        raise dbt.DbtError

    monkeypatch.setattr(dbt, "_invoke", broken)
    with pytest.raises(dbt.DbtError):
        dbt.build_nodes(paths, chosen)
    assert {name: list(node.tags) for name, node in dbt._parsed(paths).nodes.items()} == before


def test_dbt_is_given_what_is_built_and_what_that_rests_on(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = dbt._parsed(paths)
    known, mart = dict(whole.nodes), "model.kho06.tthc__ho_so"
    wanted = {mart, column_tests.tests_of(dbt.parse(paths), {mart})[mart][0]}
    given = []

    def noted(*_: object, manifest: Any, **__: object) -> Any:
        given.append(manifest)
        return SimpleNamespace(results=[])

    monkeypatch.setattr(dbt, "_invoke", noted)
    dbt.build_nodes(paths, wanted)
    [manifest] = given
    assert wanted < manifest.nodes.keys() < known.keys()
    assert manifest.nodes.keys() - wanted == build_plan.needed(dbt.parse(paths), {mart}) - wanted
    for node in manifest.nodes.values():
        assert manifest.nodes.keys() | manifest.sources.keys() >= set(node.depends_on_nodes)
        assert node is known[node.unique_id]
    assert not manifest.unit_tests and manifest.macros is whole.macros
    assert whole.nodes == known and whole.unit_tests


def test_dbt_works_in_the_file_that_is_held_open_within_the_limits_of_who_holds_it(paths: DataPaths) -> None:
    """DuckDB refuses whoever opens an open file by other settings."""
    seed = next(name for name, node in dbt.parse(paths)["nodes"].items() if node["resource_type"] == "seed")
    with connect(paths.warehouse_file, threads=1, memory_limit="1GB") as connection:
        [node] = dbt.build_nodes(paths, {seed}, config=config_of(1, "1GB"))
        assert node.ok
        assert connection.execute(_SEEDS).fetchall() == [(1,)]
        with pytest.raises(dbt.DbtError):
            dbt.build_nodes(paths, {seed}, config=config_of(2, "2GB"))
    with connect(paths.warehouse_file, threads=1, memory_limit="2GB") as connection:  # dbt holds nothing open
        assert connection.execute(_SEEDS).fetchall() == [(1,)]
