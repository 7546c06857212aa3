"""Agencies of the sample province carry real codes of administrative units, each right for its time (R6)."""

from __future__ import annotations

import csv
from datetime import date

from pipelines.sample.world.geography import agencies
from pipelines.warehouse.units_reference import LAST_OLD_DAY, REFERENCE


def _read(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_every_agencys_code_meant_a_unit_of_its_level_and_time() -> None:
    known = {(row["ma"], bool(row["hieu_luc_den"])): row["ten"] for row in _read("dvhc.csv")}
    for row in agencies().iter_rows(named=True):
        name = known[row["ma_dvhc"], row["hieu_luc_den"] is not None]
        if row["cap"] != "tinh":
            assert name.casefold() in row["ten_don_vi"].casefold()


def test_communes_are_taken_over_by_the_commune_the_reference_names() -> None:
    successor = {row["ma_cu"]: row["ma_moi"] for row in _read("dvhc_ke_thua.csv") if row["cap"] == "xa"}
    rows = {row["ma_don_vi"]: row for row in agencies().iter_rows(named=True)}
    taken = [r for r in rows.values() if r["cap"] == "xa" and r["hieu_luc_den"] == LAST_OLD_DAY and r["thay_the_boi"]]
    assert len(taken) > 60
    for row in taken:
        heir = rows[row["thay_the_boi"]]
        assert heir["hieu_luc_tu"] == date(2025, 7, 1)
        assert heir["ma_dvhc"] == successor[row["ma_dvhc"]]
