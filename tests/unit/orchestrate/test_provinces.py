"""Several provinces in one deployment: keys, environment, queue and home; nothing of one reaches another."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from dagster import AssetKey, DagsterInstance, DagsterRunStatus, Definitions
from dagster._core.test_utils import create_run_for_test
from starlette.routing import Mount, Route

from pipelines.config.paths import DataPaths
from pipelines.config.provinces import Provinces
from pipelines.config.yaml_lines import ConfigError
from pipelines.job import Job, load_job
from pipelines.orchestrate.definitions import build_definitions
from pipelines.orchestrate.documents import routes_of
from pipelines.orchestrate.home import prepare_home, set_aside_if_broken
from pipelines.orchestrate.several.home import common_environment, environment_of, prepare_shared_home
from pipelines.orchestrate.specs import quality_url
from pipelines.orchestrate.tidy import purge_runs


@pytest.fixture
def provinces(tmp_path: Path) -> Provinces:
    folder = tmp_path / "t"
    return Provinces.model_validate({
        "thu_muc": folder / "chung",
        "cung_luc": 3,
        "tinh": [
            {"ma": "24", "ten": "Bắc Ninh", "du_lieu": folder / "24", "tep_khoa": folder / "khoa_24"},
            {
                "ma": "27", "ten": "<Tỉnh & khác>", "du_lieu": folder / "27", "tep_khoa": folder / "khoa_27",
                "cau_hinh": folder / "27.yaml",
            },
        ],
    })  # fmt: skip


def keys(definitions: Definitions) -> set[AssetKey]:
    return {spec.key for spec in definitions.resolve_all_asset_specs()}


def test_every_asset_and_check_begins_with_its_province(
    job: Job, definitions: Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHO_TINH", "24")
    theirs = build_definitions(job)
    assert keys(theirs) == {AssetKey(["tinh_24", *key.path]) for key in keys(definitions)}
    alone, checks = (
        {(key.asset_key, key.name) for key in found.resolve_asset_graph().asset_check_keys}
        for found in (definitions, theirs)
    )
    assert checks == {(AssetKey(["tinh_24", *key.path]), name) for key, name in alone}
    deps = {dep.asset_key for spec in theirs.resolve_all_asset_specs() for dep in spec.deps}
    assert {key.path[0] for key in deps} == {"tinh_24"}
    assert quality_url() == "/tinh/24/tai_lieu/chat_luong.html"


def test_a_province_is_given_its_own_folder_secret_and_settings(
    provinces: Provinces, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KHO_DATA", "KHO_KHOA_BI_MAT", "KHO_TEP_KHOA", "KHO_TINH"):
        monkeypatch.setenv(name, "của người khác")
    monkeypatch.setenv("KHO_ORCHESTRATION", "/etc/chung.yaml")
    home = provinces.thu_muc
    first, second = (environment_of(item, home) for item in provinces.tinh)
    assert (first["KHO_DATA"], first["KHO_TINH"]) == (str(provinces.tinh[0].du_lieu), "24")
    assert (first["KHO_ORCHESTRATION"], second["KHO_ORCHESTRATION"]) == (
        "/etc/chung.yaml",
        str(provinces.tinh[1].cau_hinh),
    )
    assert [env["KHO_TEP_KHOA"] for env in (first, second)] == [str(item.tep_khoa) for item in provinces.tinh]
    assert first["DAGSTER_HOME"] == second["DAGSTER_HOME"] == str(home)
    assert "của người khác" not in {*first.values(), *second.values(), *common_environment(home).values()}


def test_one_home_one_queue_a_location_each(provinces: Provinces) -> None:
    home = prepare_shared_home(provinces)
    locations = yaml.safe_load((home / "workspace.yaml").read_text(encoding="utf-8"))["load_from"]
    assert [item["grpc_server"]["location_name"] for item in locations] == ["tinh_24", "tinh_27"]
    runs = yaml.safe_load((home / "dagster.yaml").read_text(encoding="utf-8"))["concurrency"]["runs"]
    assert runs["max_concurrent_runs"] == 3
    assert [(limit["key"], limit["limit"]) for limit in runs["tag_concurrency_limits"]] == [("kho/tinh", 1)]
    assert home.stat().st_mode & 0o077 == 0


def test_the_operators_storage_takes_the_place_of_sqlite(provinces: Provinces) -> None:
    provinces.thu_muc.mkdir(parents=True)
    own = Path(__file__).parents[3] / "deploy" / "dagster" / "dagster_rieng.yaml"
    (provinces.thu_muc / "dagster_rieng.yaml").write_bytes(own.read_bytes())
    settings = yaml.safe_load((prepare_shared_home(provinces) / "dagster.yaml").read_text(encoding="utf-8"))
    assert "postgres" in settings["storage"]
    assert "event_log_storage" not in settings
    assert settings["concurrency"]["runs"]["max_concurrent_runs"] == 3


def test_a_command_of_one_province_leaves_the_home_of_all_alone(
    provinces: Provinces, data: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = prepare_shared_home(provinces)
    before = (home / "dagster.yaml").read_bytes()
    (home / "history").mkdir()
    (home / "history" / "runs.db").write_bytes(b"hong" * 1000)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with pytest.raises(ConfigError, match="DAGSTER_HOME"):
        prepare_home(load_job(data.root))
    assert set_aside_if_broken(load_job(data.root)) is None
    assert (home / "dagster.yaml").read_bytes() == before


def test_a_home_too_deep_for_a_socket_is_refused(provinces: Provinces) -> None:
    deep = provinces.model_copy(update={"thu_muc": provinces.thu_muc / ("sâu" * 30)})
    with pytest.raises(ConfigError, match="quá dài"):
        prepare_shared_home(deep)


def test_documents_of_each_province_have_an_address_of_their_own(provinces: Provinces) -> None:
    paths = [route.path for route in routes_of(provinces.tinh) if isinstance(route, Route | Mount)]
    assert len(paths) == len(set(paths))
    assert {"/tinh/", "/tinh/24/bang-dieu-hanh", "/tinh/27/van_ban"} <= set(paths)


@pytest.mark.parametrize(("code", "kept"), [("24", ["tinh_27"]), ("27", ["tinh_24"]), (None, [])])
def test_retention_takes_its_own_provinces_runs_only(
    job: Job, monkeypatch: pytest.MonkeyPatch, code: str | None, kept: list[str]
) -> None:
    if code:
        monkeypatch.setenv("KHO_TINH", code)
    with DagsterInstance.ephemeral() as storage:
        for location in ("tinh_24", "tinh_27"):
            create_run_for_test(storage, status=DagsterRunStatus.SUCCESS, tags={"kho/tinh": location})
        later = datetime.now() + timedelta(days=job.settings.luu_giu.nhat_ky_ngay + 2)
        removed = purge_runs(job, storage)(later, False)
        assert [run.tags["kho/tinh"] for run in storage.get_runs()] == kept
        assert len(removed) == 2 - len(kept)
