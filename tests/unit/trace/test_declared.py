"""Every figure of every mart has a way back, or says in Vietnamese why not."""

from __future__ import annotations

import csv
import re

import duckdb
import pytest

from pipelines.config.paths import PROJECT_ROOT
from pipelines.trace.declared import Records, Trail, filled, published_names, trail_of

MODELS = {path.stem for path in (PROJECT_ROOT / "dbt_project" / "models").rglob("*.sql")}
NAMES = published_names()


def trail(table: str) -> Trail:
    found = trail_of(table)
    assert found is not None
    return found


def relations(of: Trail) -> list[str]:
    records: list[Records] = [*of.figures.values(), *([of.itself] if of.itself else [])]
    tables = [place.table for one in records for place in one.places] + [one.table for one in records]
    return tables + [beside.table for beside in of.beside]


@pytest.mark.parametrize("table", NAMES)
def test_every_number_is_traced_or_says_why_not(table: str) -> None:
    assert trail(table).silent() == []


@pytest.mark.parametrize("table", NAMES)
def test_what_is_said_is_about_columns_that_are_there_and_reasons_are_sentences(table: str) -> None:
    of = trail(table)
    assert {*of.figures, *of.untraced} <= set(of.numbers)
    assert not {*of.figures} & {*of.untraced}
    for reason in [*of.untraced.values(), *([of.reason] if of.reason else [])]:
        assert re.fullmatch(r"[A-ZĐÂÊÔĂƯƠ0-9].{8,}\.", reason), reason


@pytest.mark.parametrize("table", NAMES)
def test_relations_named_are_in_the_project(table: str) -> None:
    for name in relations(trail(table)):
        schema, relation = name.split(".")
        known = relation if schema in {"stg", "trung_gian"} else f"{schema}__{relation}"
        assert schema == "so_cai" or known in MODELS, name


@pytest.mark.parametrize("table", NAMES)
def test_conditions_are_single_expressions(table: str) -> None:
    of = trail(table)
    for one in of.figures.values():
        for condition in (*one.joins, one.condition, one.key, one.weight or "1"):
            duckdb.SQLExpression(condition)


@pytest.mark.parametrize("table", NAMES)
def test_every_count_has_a_unit(table: str) -> None:
    assert all(one.unit for one in trail(table).figures.values())


def test_a_table_outside_the_marts_has_no_trail() -> None:
    assert trail_of("so_cai.tep") is None
    assert trail_of("../x.y") is None
    assert trail_of("tthc.ho_so; drop table x") is None


def test_words_are_written_out_in_order() -> None:
    said = {"voi": {"a": "d.x + 1", "b": "{a} > o.y"}}
    assert filled("not {b}", said) == "not ((d.x + 1) > o.y)"


def test_a_column_left_out_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("marts")
    (folder / "a").mkdir()
    (folder / "a" / "a__b.yml").write_text(
        "models:\n  - name: a__b\n    config: {meta: {truy_vet: {bang: a.c, cot: {x: 'd.x'}}}}\n"
        "    columns:\n      - {name: x, data_type: bigint}\n      - {name: y, data_type: 'decimal(9,2)'}\n",
        encoding="utf-8",
    )
    found = trail_of("a.b", folder)
    assert found is not None
    assert found.silent() == ["y"]


def _counted(from_dossiers: bool) -> set[str]:
    """Metrics that the dictionary says the warehouse counts, from dossiers or from other tables."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "chi_tieu.csv").open(encoding="utf-8") as file:
        return {
            row["ma_chuan"]
            for row in csv.DictReader(file)
            if row["nguon_mart"] and (row["nguon_mart"] in ("tthc.bieu_giai_quyet", "tthc.ho_so")) == from_dossiers
        }


def test_every_metric_that_a_target_can_be_of_has_a_way_back() -> None:
    condition = trail("dieu_hanh.chi_tieu").figures["tu_so"].condition
    assert len(_counted(from_dossiers=True)) > 20
    assert _counted(from_dossiers=True) == set(re.findall(r"when '(\w+)' then", condition))


def test_every_metric_of_another_table_is_counted_from_it() -> None:
    """Only what the dictionary says is counted has a source in the macro, and the other way round."""
    macro = (PROJECT_ROOT / "dbt_project" / "macros" / "chi_tieu_khac.sql").read_text(encoding="utf-8")
    assert _counted(from_dossiers=False) == set(re.findall(r"^ {12}'(\w+)': \[", macro, re.MULTILINE))
