"""A selection in the web UI as what a run does: the whole night, a feed, a mart group, single models."""

from __future__ import annotations

from dagster import AssetKey, Definitions

from pipelines.orchestrate.night_run import Plan
from pipelines.orchestrate.scope import WHOLE, Scope, scope_of


def scope(plan: Plan, definitions: Definitions, *keys: str) -> Scope:
    every = definitions.resolve_asset_graph().materializable_asset_keys
    selected = {AssetKey.from_user_string(key) for key in keys} or every
    return scope_of(selected, every, plan.contracts, plan.manifest)


def test_everything_is_the_whole_night(plan: Plan, definitions: Definitions) -> None:
    assert scope(plan, definitions) == WHOLE
    assert WHOLE.words is None
    assert WHOLE.publishes


def test_one_feed_is_read_and_nothing_built(plan: Plan, definitions: Definitions) -> None:
    found = scope(plan, definitions, "tho/dvc__ho_so")
    assert found == Scope(frozenset({"dvc/ho_so"}), frozenset(), frozenset(), link=False)
    assert not found.publishes
    assert found.words == "nguồn dvc/ho_so"


def test_one_published_table_stands_for_its_group_and_all_it_rests_on(plan: Plan, definitions: Definitions) -> None:
    found = scope(plan, definitions, "kho/ho_tich/so_hoa")
    assert found.groups == {"ho_tich"}
    assert found.feeds == frozenset()
    assert found.link, "the group rests on the pairs of linkage"
    assert found.models is not None
    schemas = {plan.manifest["nodes"][unique_id]["schema"] for unique_id in found.models}
    assert {"stg", "trung_gian", "ho_tich"} <= schemas
    assert not schemas & {"tthc", "doi_soat", "chi_so_766", "van_hanh", "chat_luong"}
    assert scope(plan, definitions, "cong/ho_tich") == found


def test_a_group_without_registers_needs_no_linkage(plan: Plan, definitions: Definitions) -> None:
    assert not scope(plan, definitions, "cong/tthc").link


def test_models_alone_are_built_and_not_published(plan: Plan, definitions: Definitions) -> None:
    found = scope(plan, definitions, "tthc/ho_so")
    assert not found.publishes
    assert found.models is not None
    assert [plan.manifest["nodes"][name]["name"] for name in found.models] == ["tthc__ho_so"]
