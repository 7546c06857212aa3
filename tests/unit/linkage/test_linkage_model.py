"""The model is used only when it is whole; clusters are named after their smallest record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.linkage.births import BIRTHS
from pipelines.linkage.deaths import DEATHS
from pipelines.linkage.decide import clusters
from pipelines.linkage.model import (
    LinkageError,
    assert_trained,
    load_limits,
    load_model,
    model_file,
    save_model,
    untrained,
)
from pipelines.linkage.register import Register

each_register = pytest.mark.parametrize("register", [BIRTHS, DEATHS], ids=lambda register: register.name)


@each_register
def test_every_level_of_every_comparison_of_the_shipped_model_is_trained(register: Register) -> None:
    model = load_model(register.default_file, register)
    assert [c["output_column_name"] for c in model["comparisons"]] == [c.name for c in register.comparisons]
    for comparison, described in zip(register.comparisons, model["comparisons"], strict=True):
        levels = [x for x in described["comparison_levels"] if not x.get("is_null_level")]
        assert len(levels) == len(comparison.levels) + 1
        assert all(0 < x["m_probability"] <= 1 and 0 < x["u_probability"] <= 1 for x in levels), comparison.name


def test_untrained_levels_are_named_and_refused() -> None:
    model = load_model(BIRTHS.default_file, BIRTHS)
    del model["comparisons"][1]["comparison_levels"][2]["m_probability"]
    with pytest.raises(LinkageError, match="ngay_sinh / khoảng giao nhau trong một tháng"):
        assert_trained(model, BIRTHS)
    with pytest.raises(LinkageError):
        assert_trained(untrained(DEATHS), DEATHS)


def test_model_of_other_comparisons_is_refused(tmp_path: Path) -> None:
    model = load_model(BIRTHS.default_file, BIRTHS)
    model["comparisons"][0]["comparison_levels"][1]["sql_condition"] = "ten_l = ten_r and true"
    file = tmp_path / "mo_hinh.json"
    file.write_text(json.dumps(model), encoding="utf-8")
    with pytest.raises(LinkageError, match="phiên bản khác"):
        load_model(file, BIRTHS)
    with pytest.raises(LinkageError):
        load_model(BIRTHS.default_file, DEATHS)


@each_register
def test_model_file_is_owner_only_and_the_provinces_own_wins(register: Register, tmp_path: Path) -> None:
    assert model_file(register, tmp_path) == register.default_file
    own = register.own_file(tmp_path)
    save_model(load_model(register.default_file, register), register, own)
    assert own.stat().st_mode & 0o777 == 0o600
    assert model_file(register, tmp_path) == own
    assert load_model(own, register) == load_model(register.default_file, register)


@each_register
def test_every_size_has_limits_and_the_list_is_wider_than_the_pairs(register: Register) -> None:
    limits = load_limits(register)
    for size in (1, 2_000, 200_000, 1_000_000, 20_000_000):
        limit = limits.for_size(size)
        assert 0 < limit.doubtful < min([limit.sure, *limit.by_kind.values()]) <= limit.sure < 1


def test_clusters_join_chains_and_are_named_after_the_smallest_record() -> None:
    assert clusters([("c", "d"), ("b", "c"), ("x", "y")]) == {"b": "b", "c": "b", "d": "b", "x": "x", "y": "x"}
    assert clusters([]) == {}
