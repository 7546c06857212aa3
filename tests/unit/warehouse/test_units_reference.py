"""The frozen reference of administrative units: counts, no code without a date, successions without gaps (R6)."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse import units as unit_tables
from pipelines.warehouse.units_reference import (
    LAST_OLD_DAY,
    REFERENCE,
    Source,
    pairs,
    read_corrections,
    units,
    write,
)


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


UNITS = _rows("dvhc.csv")
PAIRS = _rows("dvhc_ke_thua.csv")
OLD = {(r["cap"], r["ma"]): r for r in UNITS if r["hieu_luc_den"]}
NEW = {(r["cap"], r["ma"]): r for r in UNITS if not r["hieu_luc_den"]}


def test_the_counts_are_those_of_the_resolutions_of_2025() -> None:
    found = Counter((r["cap"], r["hieu_luc_den"]) for r in UNITS)
    assert found == {
        ("tinh", "2025-06-30"): 63,
        ("huyen", "2025-06-30"): 696,
        ("xa", "2025-06-30"): 10_035,
        ("tinh", ""): 34,
        ("xa", ""): 3_321,
    }
    kinds = Counter(r["ten"].split()[0] for r in NEW.values() if r["cap"] == "xa")
    assert kinds == {"Xã": 2_621, "Phường": 687, "Đặc": 13}


def test_a_code_has_one_meaning_a_day() -> None:
    assert len(OLD) + len(NEW) == len(UNITS)
    assert all(not r["hieu_luc_tu"] for r in OLD.values())
    assert {r["hieu_luc_tu"] for r in NEW.values()} == {"2025-07-01"}


def test_codes_are_reused_with_other_meanings_so_only_the_date_tells() -> None:
    assert (OLD["xa", "07210"]["ten"], NEW["xa", "07210"]["ten"]) == ("Phường Hoàng Văn Thụ", "Phường Bắc Giang")
    assert (OLD["tinh", "24"]["ten"], NEW["tinh", "24"]["ten"]) == ("Tỉnh Bắc Giang", "Tỉnh Bắc Ninh")
    assert ("tinh", "27") not in NEW
    reused = [key for key in NEW if key in OLD]
    assert len(reused) > 3_300


def test_every_unit_has_a_parent_of_its_own_time() -> None:
    above = {"tinh": None, "huyen": "tinh", "xa": "huyen"}
    for (level, _), row in OLD.items():
        parent = above[level]
        assert (parent is None and not row["ma_cha"]) or (parent, row["ma_cha"]) in OLD
    for (level, _), row in NEW.items():
        assert (level == "tinh" and not row["ma_cha"]) or ("tinh", row["ma_cha"]) in NEW


def test_successions_join_units_of_both_times_and_leave_none_out() -> None:
    assert len(PAIRS) == 63 + 5 + 10_565
    assert all((p["cap"], p["ma_cu"]) in OLD and (p["cap_moi"], p["ma_moi"]) in NEW for p in PAIRS)
    assert {p["ngay"] for p in PAIRS} == {"2025-07-01"}
    before = {(p["cap"], p["ma_cu"]) for p in PAIRS}
    assert {key for key in OLD if key[0] != "huyen"} <= before
    assert {(p["cap_moi"], p["ma_moi"]) for p in PAIRS} == set(NEW)
    childless = {key for key in OLD if key[0] == "huyen"} - {("huyen", r["ma_cha"]) for r in OLD.values()}
    assert {key for key in before if key[0] == "huyen"} == childless
    assert len(childless) == 5


def test_a_whole_succession_has_one_successor_and_a_split_several() -> None:
    successors = Counter((p["cap"], p["ma_cu"]) for p in PAIRS)
    assert all((p["loai"] == "toan_bo") == (successors[p["cap"], p["ma_cu"]] == 1) for p in PAIRS)


def test_a_commune_stays_within_its_provinces_successor() -> None:
    """A cheap proof that no commune was taken for its namesake elsewhere."""
    province = {p["ma_cu"]: p["ma_moi"] for p in PAIRS if p["cap"] == "tinh"}
    strayed = [
        p
        for p in PAIRS
        if p["cap"] == "xa"
        and province[OLD["huyen", OLD["xa", p["ma_cu"]]["ma_cha"]]["ma_cha"]] != NEW["xa", p["ma_moi"]]["ma_cha"]
    ]
    assert strayed == []


def test_corrections_are_applied_dated_and_explained() -> None:
    notes = _rows("dvhc_dieu_chinh.csv")
    have = {(p["ma_cu"], p["ma_moi"]) for p in PAIRS if p["cap"] == "xa"}
    for note in notes:
        assert ((note["ma_cu"], note["ma_moi"]) in have) == (note["viec"] == "them")
        assert date.fromisoformat(note["ngay_ghi"]) > LAST_OLD_DAY
        assert note["ghi_chu"]
    assert Counter(note["viec"] for note in notes) == {"bo": 33, "them": 1}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A package of two old provinces that merged: one commune whole, one divided, an island district."""
    database = tmp_path / "dataset.db"
    connection = sqlite3.connect(database)
    connection.execute(
        "CREATE TABLE admin_units_legacy (provinceKey, districtKey, wardKey, provinceCode, districtCode, wardCode, "
        "province, district, ward)"
    )
    connection.executemany(
        "INSERT INTO admin_units_legacy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            ("a", "h", "x", "01", "001", "00001", "Tỉnh A", "Huyện H", "Xã  X"),
            ("a", "h", "y", "01", "001", "00002", "Tỉnh A", "Huyện H", "Xã Y"),
            ("b", "d", None, "02", "002", None, "Tỉnh B", "Huyện D", None),
        ],
    )
    connection.execute("CREATE TABLE admin_units (provinceKey, wardKey, provinceCode, wardCode, province, ward)")
    connection.executemany(
        "INSERT INTO admin_units VALUES ('a', ?, '01', ?, 'Tỉnh A', ?)",
        [("p", "00001", "Phường P"), ("q", "00005", "Xã Q"), ("k", "00009", "Đặc khu D")],
    )
    connection.commit()
    connection.close()
    mapping = {
        "DICT_PROVINCE": {"a": ["a", "b"]},
        "DICT_PROVINCE_WARD_NO_DIVIDED": {"a": {"p": ["a_h_x"], "k": ["b_d_"]}},
        "DICT_PROVINCE_WARD_DIVIDED": {"a": {"a_h_y": [{"newWardKey": "p"}, {"newWardKey": "q"}]}},
    }
    file = tmp_path / "goi.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(database, "vietnamadminunits/data/dataset.db")
        archive.writestr("vietnamadminunits/data/converter_2025.json", json.dumps(mapping))
    return file


def test_the_generator_reads_units_and_successions_from_a_wheel(wheel: Path, tmp_path: Path) -> None:
    source = Source(wheel)
    assert [(u.cap, u.ma, u.ten, u.ma_cha) for u in units(source) if u.hieu_luc_den] == [
        ("tinh", "01", "Tỉnh A", ""),
        ("tinh", "02", "Tỉnh B", ""),
        ("huyen", "001", "Huyện H", "01"),
        ("huyen", "002", "Huyện D", "02"),
        ("xa", "00001", "Xã X", "001"),
        ("xa", "00002", "Xã Y", "001"),
    ]
    assert [(p.cap, p.ma_cu, p.ma_moi, p.loai) for p in pairs(source, {})] == [
        ("huyen", "002", "00009", "toan_bo"),
        ("tinh", "01", "01", "toan_bo"),
        ("tinh", "02", "01", "toan_bo"),
        ("xa", "00001", "00001", "toan_bo"),
        ("xa", "00002", "00001", "mot_phan"),
        ("xa", "00002", "00005", "mot_phan"),
    ]
    (tmp_path / "dvhc_dieu_chinh.csv").write_text(
        "ma_cu,ma_moi,viec,ngay_ghi,ghi_chu\n00002,00001,bo,2026-11-22,thử\n", encoding="utf-8"
    )
    write(source, tmp_path)
    assert "xa,00002,xa,00005,2025-07-01,toan_bo\n" in (tmp_path / "dvhc_ke_thua.csv").read_text(encoding="utf-8")


def test_a_correction_that_no_longer_fits_the_source_is_refused(wheel: Path) -> None:
    with pytest.raises(ValueError, match="00001 → 00005"):
        pairs(Source(wheel), {("00001", "00005"): "bo"})


def test_corrections_are_read_by_pair() -> None:
    assert read_corrections(REFERENCE / "dvhc_dieu_chinh.csv")["09013", "09817"] == "them"


def test_the_reference_is_loaded_once_and_anew_when_a_file_changes(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "dvhc_dieu_chinh.csv").write_text("ma_cu,ma_moi,viec,ngay_ghi,ghi_chu\n", encoding="utf-8")
    write(Source(wheel), tmp_path)
    with duckdb.connect(":memory:") as connection:
        unit_tables.load(connection)
        unit_tables.load(connection)
        count = "SELECT (SELECT count(*) FROM dvhc.don_vi), (SELECT count(*) FROM dvhc.ke_thua)"
        assert connection.execute(count).fetchall() == [(len(UNITS), len(PAIRS))]
        unit_tables.load(connection, tmp_path)
        assert connection.execute(count).fetchall() == [(10, 6)]
        assert connection.execute("SELECT hieu_luc_tu FROM dvhc.don_vi WHERE ma = '00009'").fetchall() == [
            (date(2025, 7, 1),)
        ]
