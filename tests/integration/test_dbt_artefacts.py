"""What dbt keeps between runs may be damaged, deleted or read by a second process: it is made again, never half."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner, dbtRunnerResult

from pipelines.config.paths import DataPaths, data_paths
from pipelines.warehouse import dbt
from tests.integration.small_project import small_project


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataPaths]:
    paths = data_paths(tmp_path_factory.mktemp("kho"))
    paths.prepare()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(dbt, "DBT_PROJECT", small_project(tmp_path_factory.mktemp("dbt")))
        patch.setattr(dbt, "_last", dbt._Parse())
        dbt.parse(paths)
        yield paths


@pytest.mark.parametrize("name", ["manifest.json", "manifest.dau", "partial_parse.msgpack"])
@pytest.mark.parametrize("content", [b"", b"\x00\xff{", None])
def test_a_damaged_artefact_is_made_again(
    parsed: DataPaths, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes | None
) -> None:
    place = parsed.dbt_target / name
    if content is None:
        place.unlink(missing_ok=True)
    else:
        place.write_bytes(content)
    if name == "partial_parse.msgpack":
        monkeypatch.setattr(dbt._last, "manifest", None)  # a new process
        (parsed.dbt_target / "manifest.dau").unlink()
    assert dbt.parse(parsed)["nodes"]
    assert dbt.read_manifest(parsed)["nodes"]


def test_a_manifest_of_these_very_files_is_not_written_again(
    parsed: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    dbt.parse(parsed)
    dbt._parsed(parsed)
    before = (parsed.dbt_target / "manifest.json").stat().st_ino
    monkeypatch.setattr(dbt._last, "manifest", None)  # a new process
    assert dbt._parsed(parsed).nodes
    assert (parsed.dbt_target / "manifest.json").stat().st_ino == before


def test_a_deleted_model_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "dbt"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").touch()
    (project / "profiles.yml").touch()
    (project / "models" / "a.sql").write_text("select 1", encoding="utf-8")
    monkeypatch.setattr(dbt, "DBT_PROJECT", project)
    before = dbt._sources_mark()
    (project / "models" / "a.sql").unlink()
    assert dbt._sources_mark() != before


def test_a_reader_never_sees_half_a_manifest(parsed: DataPaths) -> None:
    manifest = dbt._parsed(parsed)

    def write() -> bool:
        for _ in range(4):
            dbt._keep_manifest(parsed, manifest, dbt._sources_mark())
        return True

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while not writing.done():
            assert dbt._kept_manifest(parsed, None) is not None
        assert writing.result()


def test_who_asks_to_stop_while_dbt_parses_is_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """dbt hands an interrupt back as a failure, which would look like a damaged cache: parsed again, and on it went."""
    paths = data_paths(tmp_path)
    paths.prepare()
    asked: list[list[str]] = []

    def interrupted(_: dbtRunner, arguments: list[str]) -> dbtRunnerResult:
        asked.append(arguments)
        (paths.dbt_target / "partial_parse.msgpack").touch()
        return dbtRunnerResult(success=False, exception=KeyboardInterrupt())

    monkeypatch.setattr(dbt._last, "manifest", None)
    monkeypatch.setattr(dbtRunner, "invoke", interrupted)
    with pytest.raises(KeyboardInterrupt):
        dbt.parse(paths)
    assert len(asked) == 1
    assert (paths.dbt_target / "partial_parse.msgpack").exists()
