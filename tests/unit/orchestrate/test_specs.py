"""What the web UI shows of the night before any run: held by a snapshot, and the promises behind it."""

from __future__ import annotations

from datetime import timedelta

from dagster import AssetKey, Definitions, TimeWindowPartitionsDefinition

from pipelines.job import Job
from pipelines.orchestrate.definitions import JOB_NAME, PAST_JOB
from pipelines.quality.manifest import UNGATED_GROUPS
from tests.unit.orchestrate.snapshot import FILE, text


def test_all_specs_are_those_of_the_snapshot(definitions: Definitions) -> None:
    assert text(definitions) == FILE.read_text(encoding="utf-8"), "after a wanted change: make specs"


def test_nothing_in_the_graph_is_a_stub(definitions: Definitions) -> None:
    """Whatever an asset rests on is made by the night or is a folder that files arrive in."""
    graph = definitions.resolve_asset_graph()
    specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs()}
    rests_on = {dep.asset_key for spec in specs.values() for dep in spec.deps}
    assert rests_on <= specs.keys()
    outside = {key for key in specs if not graph.get(key).is_materializable}
    assert {key.path[0] for key in outside} == {"raw"}
    pairs = specs[AssetKey(["so_cai", "cap_trung"])]
    assert {dep.asset_key.path[0] for dep in pairs.deps} == {"trung_gian"}
    assert specs[AssetKey(["dvhc", "don_vi"])].code_version


def test_every_asset_says_whose_it_is_what_it_is_and_by_which_code(definitions: Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert spec.owners, spec.key
        assert spec.kinds, spec.key
        assert spec.code_version, spec.key
        assert spec.description, spec.key


def test_freshness_is_the_rhythm_that_was_promised(definitions: Definitions, job: Job) -> None:
    specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs()}
    for contract in job.contracts.values():
        policy = specs[AssetKey(["tho", contract.table])].freshness_policy
        assert policy is not None
        window = policy.fail_window.to_timedelta()  # type: ignore[attr-defined]
        assert window == timedelta(days=job.settings.nguon[contract.feed].nhip_ngay)


def test_the_run_page_shows_the_real_steps(definitions: Definitions, job: Job) -> None:
    steps = [key.removeprefix("dem.") for key in _step_keys(definitions)]
    assert steps[0] == "chuan_bi"
    assert steps[-1] == "ket_luan"
    feeds = [f"nap__{contract.table}" for contract in job.contracts.values()]
    assert steps[1 : len(feeds) + 1] == feeds
    for before, after in (("lien_ket", "dung__stg"), ("dung__tthc", "quy_tac"), ("cong__tthc", "cong_bo")):
        assert steps.index(before) < steps.index(after)
    assert not UNGATED_GROUPS & {step.removeprefix("cong__") for step in steps}


def _step_keys(definitions: Definitions) -> list[str]:
    from dagster._core.execution.api import create_execution_plan

    plan = create_execution_plan(definitions.resolve_job_def(JOB_NAME))
    return [step.key for level in plan.get_steps_to_execute_by_level() for step in level]


def test_a_past_day_is_a_partition_that_asks_for_that_day(definitions: Definitions) -> None:
    job = definitions.resolve_job_def(PAST_JOB)
    assert job.partitioned_config is not None
    days = job.partitioned_config.partitions_def
    assert isinstance(days, TimeWindowPartitionsDefinition)
    assert str(days.timezone) == "Asia/Ho_Chi_Minh"
    config = job.partitioned_config.get_run_config_for_partition_key("2025-09-30")
    assert config["ops"]["dem"]["ops"]["chuan_bi"]["config"]["ngay_so_lieu"] == "2025-09-30"


def test_the_plain_night_has_no_partition_and_asks_for_no_day(definitions: Definitions) -> None:
    assert definitions.resolve_job_def(JOB_NAME).partitions_def is None
    (schedule,) = definitions.schedules or []
    assert schedule.job_name == JOB_NAME
