"""The build by schema: order by lineage, each node once, and what a failure in one part stops in the next."""

from __future__ import annotations

from graphlib import CycleError
from typing import Any

import pytest

from pipelines.warehouse.build_plan import blocked, needed, parts, with_tests


def manifest(*nodes: tuple[str, str, str, list[str]]) -> dict[str, Any]:
    """(id, type, schema, parents); ``sau`` in an id tags it."""
    found = {
        name: {
            "resource_type": kind,
            "schema": schema,
            "name": name,
            "depends_on": {"nodes": parents},
            "tags": ["sau_cong"] if name.startswith("sau") else [],
        }
        for name, kind, schema, parents in nodes
    }
    children: dict[str, list[str]] = {}
    for name, _, _, parents in nodes:
        for parent in parents:
            children.setdefault(parent, []).append(name)
    return {"nodes": found, "child_map": children}


PROJECT = manifest(
    ("seed", "seed", "tham_chieu", []),
    ("stg_a", "model", "stg", ["source.a"]),
    ("stg_b", "model", "stg", ["source.b"]),
    ("int_a", "model", "trung_gian", ["stg_a", "seed"]),
    ("mart_a", "model", "tthc", ["int_a"]),
    ("mart_ab", "model", "tthc", ["int_a", "stg_b"]),
    ("mart_b", "model", "ho_tich", ["stg_b"]),
    ("sau_gate", "model", "van_hanh", ["seed"]),
    ("t_stg_a", "test", "kiem", ["stg_a"]),
    ("t_stg_a2", "test", "kiem", ["stg_a"]),
    ("t_int", "test", "kiem", ["int_a"]),
    ("t_both", "test", "kiem", ["stg_b", "int_a"]),
    ("t_sau", "test", "kiem", ["sau_gate"]),
)


def test_schemas_follow_the_lineage_and_a_test_its_last_table() -> None:
    found = parts(PROJECT, after="sau_cong")
    assert [part.schema for part in found] == ["stg", "tham_chieu", "ho_tich", "trung_gian", "tthc"]
    by_schema = {part.schema: part.nodes for part in found}
    assert by_schema["trung_gian"] == {"int_a", "t_int", "t_both"}
    assert by_schema["stg"] == {"stg_a", "stg_b", "t_stg_a", "t_stg_a2"}
    assert [part.before for part in found] == [0, 4, 5, 6, 9]
    assert {part.total for part in found} == {11}


def test_schemas_that_read_each_other_are_refused() -> None:
    knot = manifest(("a", "model", "x", []), ("b", "model", "y", ["a"]), ("c", "model", "x", ["b"]))
    with pytest.raises(CycleError):
        parts(knot, after="sau_cong")


def test_a_failed_model_stops_what_rests_on_it_and_its_tests() -> None:
    assert blocked(PROJECT, {"int_a"}) == {"mart_a", "mart_ab", "t_int", "t_both"}


def test_a_failed_test_stops_what_rests_on_its_table_but_not_its_other_tests() -> None:
    assert blocked(PROJECT, {"t_stg_a"}) == {"int_a", "mart_a", "mart_ab", "t_int", "t_both"}


def test_a_test_of_two_tables_stops_what_rests_on_both() -> None:
    assert blocked(PROJECT, {"t_both"}) == {"mart_ab"}


def test_nothing_failed_nothing_stopped() -> None:
    assert blocked(PROJECT, set()) == set()
    assert blocked(PROJECT, {"source.unknown"}) == set()


def test_what_a_mart_needs() -> None:
    assert needed(PROJECT, ["mart_ab"]) == {"mart_ab", "int_a", "stg_a", "stg_b", "seed"}


def test_a_part_of_a_night_takes_the_tests_that_look_at_nothing_else() -> None:
    by_schema = {part.schema: part for part in parts(PROJECT, after="sau_cong")}
    assert with_tests(PROJECT, by_schema["stg"], {"stg_a"}) == {"stg_a", "t_stg_a", "t_stg_a2"}
    assert with_tests(PROJECT, by_schema["trung_gian"], {"stg_a", "int_a"}) == {"int_a", "t_int"}
    assert with_tests(PROJECT, by_schema["ho_tich"], {"int_a"}) == set()
