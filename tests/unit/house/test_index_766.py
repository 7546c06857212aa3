"""Bộ chỉ số 766: what the seeds say and what the models count are one list (rule R15)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from pipelines.contracts.loader import load_code_lists

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
ROLES = PROJECT / "models" / "intermediate" / "chi_so_766"


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def counters(group: str) -> set[str]:
    """Counters that the roles of a group name."""
    text = (ROLES / f"int_chi_so_766__vai_{group}.sql").read_text(encoding="utf-8")
    return set(re.findall(r"'([0-9]\.[0-9][a-z]?)'", text))


def test_every_counter_of_the_seed_is_counted_and_every_counted_one_is_in_the_seed() -> None:
    rows = seed("cach_dem_766")
    for group in {row["nhom"] for row in rows}:
        assert counters(group) == {row["cach_dem"] for row in rows if row["nhom"] == group}, group


def test_a_scored_component_is_counted_or_says_why_not() -> None:
    known = {(row["cach_dem"], row["nhom"]) for row in seed("cach_dem_766")}
    for row in seed("dinh_nghia_chi_so"):
        if row["quy_tac"] != "NONE":
            assert (row["cach_dem"], row["nhom"]) in known or row["ly_do_khong_dem"], row["ma_chi_so"]
            assert row["cum_tu"], row["ma_chi_so"]


def test_groups_of_the_seed_have_their_models() -> None:
    text = (PROJECT / "macros" / "nhom_766.sql").read_text(encoding="utf-8")
    body = text.split("macro nhom_766()")[1].split("endmacro")[0]
    assert dict(re.findall(r"'(\w+)': '(\w+)'", body)) == {row["nhom"]: row["bang"] for row in seed("nhom_chi_so")}


def test_the_portals_names_of_a_component_are_read_by_the_intake() -> None:
    words = load_code_lists()["chi_so_766"].spellings("bo_chi_so_766/diem")
    for row in seed("dinh_nghia_chi_so"):
        assert words[row["ma_chi_so"]] == row["ma_chi_so"]
        if row["ma_api"]:
            assert words[row["ma_api"]] == row["ma_chi_so"]
