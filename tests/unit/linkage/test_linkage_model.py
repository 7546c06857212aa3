"""The model is used only when it is whole; clusters are named after their smallest record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.linkage.decide import clusters
from pipelines.linkage.model import (
    DEFAULT_FILE,
    LinkageError,
    assert_trained,
    load_model,
    load_thresholds,
    model_file,
    save_model,
    untrained,
)


def test_default_model_is_fully_trained_and_of_this_code() -> None:
    load_model(DEFAULT_FILE)


def test_untrained_levels_are_named_and_refused() -> None:
    model = load_model(DEFAULT_FILE)
    del model["comparisons"][1]["comparison_levels"][2]["m_probability"]
    with pytest.raises(LinkageError, match="ngay_sinh / khoảng giao nhau trong một tháng"):
        assert_trained(model)
    with pytest.raises(LinkageError):
        assert_trained(untrained())


def test_model_of_other_comparisons_is_refused(tmp_path: Path) -> None:
    model = load_model(DEFAULT_FILE)
    model["comparisons"][0]["comparison_levels"][1]["sql_condition"] = "ten_l = ten_r and true"
    file = tmp_path / "mo_hinh.json"
    file.write_text(json.dumps(model), encoding="utf-8")
    with pytest.raises(LinkageError, match="phiên bản khác"):
        load_model(file)


def test_model_file_is_owner_only_and_the_provinces_own_wins(tmp_path: Path) -> None:
    assert model_file(tmp_path) == DEFAULT_FILE
    own = tmp_path / "mo_hinh_lien_ket.json"
    save_model(load_model(DEFAULT_FILE), own)
    assert own.stat().st_mode & 0o777 == 0o600
    assert model_file(tmp_path) == own
    assert load_model(own) == load_model(DEFAULT_FILE)


def test_every_size_has_limits_and_the_list_is_wider_than_the_pairs() -> None:
    thresholds = load_thresholds()
    for size in (1, 2_000, 200_000, 1_000_000, 20_000_000):
        limit = thresholds.for_size(size)
        assert 0 < limit.doubtful < limit.sure < 1


def test_clusters_join_chains_and_are_named_after_the_smallest_record() -> None:
    assert clusters([("c", "d"), ("b", "c"), ("x", "y")]) == {"b": "b", "c": "b", "d": "b", "x": "x", "y": "x"}
    assert clusters([]) == {}
