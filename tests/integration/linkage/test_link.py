"""Linkage on a working warehouse: kinds, twins and siblings, the nightly against the rebuild, the review list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from benchmarks.linkage_deaths import register as deaths
from benchmarks.linkage_register import register as births
from pipelines.config.paths import DataPaths
from pipelines.contracts.loader import load_contracts
from pipelines.linkage import decide
from pipelines.linkage.births import BIRTHS
from pipelines.linkage.deaths import DEATHS
from pipelines.linkage.link import link
from pipelines.linkage.model import LinkageError
from pipelines.linkage.review import write_review
from pipelines.warehouse.schema import create_tables

COMMON: dict[str, Any] = {
    "noi_dang_ky": "H02.21.01", "nguon": "so_hoa", "loai_dang_ky": "dung_han", "so_dinh_danh": None,
    "ngay_dang_ky_tu": date(2001, 4, 2), "ngay_dang_ky_den": date(2001, 4, 2), "gioi_tinh": "nu",
    "ho_ten": "Lục Thị Thửmộtz Hằng", "ngay_sinh_tu": date(2001, 3, 5), "ngay_sinh_den": date(2001, 3, 5),
    "me_ho_ten": "Giáp Thị Thửhaiz", "me_ngay_sinh_tu": date(1975, 1, 1), "me_ngay_sinh_den": date(1975, 12, 31),
    "cha_ho_ten": "Lục Văn Thửbaz", "cha_ngay_sinh_tu": date(1970, 1, 1), "cha_ngay_sinh_den": date(1970, 12, 31),
    "so": "1", "quyen_so": "01/2001", "trang_so": "1", "so_dinh_danh_goc": None,
}  # fmt: skip
LATER = {"ngay_dang_ky_tu": date(2019, 5, 6), "ngay_dang_ky_den": date(2019, 5, 6), "nguon": "dien_tu"}
OTHER_DAY = {"ngay_sinh_tu": date(2003, 8, 21), "ngay_sinh_den": date(2003, 8, 21)}
YEAR = {"ngay_sinh_tu": date(2001, 1, 1), "ngay_sinh_den": date(2001, 12, 31)}
RECORDS: dict[str, dict[str, Any]] = {
    "goc": {},
    "dang_ky_lai": {**LATER, "loai_dang_ky": "dang_ky_lai", "ho_ten": "LỤC THỊ THỬMỘTZ HANG", **YEAR},
    "hai_noi": {**LATER, "nguon": "so_hoa", "noi_dang_ky": "H02.22.01"},
    "cap_lai": {**LATER, "loai_dang_ky": "cap_ban_chinh"},
    "dien_tu": {"nguon": "dien_tu", "so": "7"},
    "sinh_doi": {"ho_ten": "Lục Thị Thửmộtz Hạnh", "so": "2"},
    "em": {**OTHER_DAY, "ho_ten": "Lục Thị Thửmộtz Hằng", "so": "9"},
    "em_ten_khac": {**OTHER_DAY, "ho_ten": "Lục Thị Thửmộtz Hằngg", "so": "10"},
}
SILENT: Callable[[str, int, int], None] = lambda *_: None  # noqa: E731


DEATH: dict[str, Any] = {
    **{k: v for k, v in COMMON.items() if not k.startswith(("me_", "cha_"))},
    "ho_ten": "Thân Văn Thửchínz", "gioi_tinh": "nam", "ngay_sinh_tu": date(1940, 1, 1),
    "ngay_sinh_den": date(1940, 12, 31), "ngay_chet_tu": date(2001, 3, 30), "ngay_chet_den": date(2001, 3, 30),
    "noi_chet": "Tại nhà", "nguyen_nhan": "Tuổi già",
}  # fmt: skip
SAME_DAY = {"ngay_sinh_tu": date(1940, 6, 7), "ngay_sinh_den": date(1940, 6, 7)}
DEATHS_OF: dict[str, dict[str, Any]] = {
    "tu_goc": {},
    "tu_dien_tu": {"nguon": "dien_tu", "so": "8"},
    "tu_hai_noi": {**LATER, "nguon": "so_hoa", "noi_dang_ky": "H02.22.01", **SAME_DAY},
    "tu_dang_ky_lai": {**LATER, "loai_dang_ky": "dang_ky_lai", "ho_ten": "THAN VAN THỬCHÍNZ"},
    # died together with the first: a brother, another given name
    "tu_anh": {"ho_ten": "Thân Văn Hùng", "ngay_sinh_tu": date(1938, 1, 1), "ngay_sinh_den": date(1938, 12, 31)},
    "tu_trung_ten": {
        "noi_dang_ky": "H02.23.01", "ngay_chet_tu": date(2004, 9, 9), "ngay_chet_den": date(2004, 9, 9),
        "ngay_sinh_tu": date(1955, 2, 2), "ngay_sinh_den": date(1955, 2, 2), "ho_ten": "Thân Văn Thửchínz",
    },
}  # fmt: skip


def fill(
    paths: DataPaths,
    rows: dict[str, dict[str, Any]],
    padding: int,
    dead: dict[str, dict[str, Any]] | None = None,
) -> None:
    """The record views as tables: ``rows`` and ``dead`` among ``padding`` synthetic records each."""
    paths.working.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        create_tables(connection, load_contracts().values())
        connection.execute("create schema if not exists trung_gian")
        given = ((BIRTHS.view, COMMON, births, rows), (DEATHS.view, DEATH, deaths, dead or {}))
        for view, common, generate, records in given:
            columns = ["ma_ban_ghi", "_khoa", *common]
            connection.register("nen", generate(3_000).head(padding if records or not dead else 0).to_arrow())
            held = {str(row[0]) for row in connection.execute("describe nen").fetchall()}
            chosen = ", ".join(c if c in held else f"'1' as {c}" for c in columns)
            connection.execute(f"create or replace table trung_gian.{view} as select {chosen} from nen")
            marks = ", ".join("?" for _ in columns)
            for key, fields in records.items():
                row = {"ma_ban_ghi": key, "_khoa": key, **common, **fields}
                connection.execute(f"insert into trung_gian.{view} values ({marks})", [row[c] for c in columns])


def pairs(paths: DataPaths) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
        return connection.execute("from so_cai.cap_trung order by all").fetchall()


def kinds(paths: DataPaths) -> dict[tuple[str, str], str]:
    """Sure pairs among the records of this test, with their kind."""
    own = {*RECORDS, *DEATHS_OF}
    return {(row[1], row[2]): row[3] for row in pairs(paths) if row[1] in own and row[2] in own and row[6]}


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> DataPaths:
    paths = DataPaths(tmp_path_factory.mktemp("lien_ket"))
    fill(paths, RECORDS, 2_500, DEATHS_OF)
    reports = link(paths, tell=SILENT)
    assert reports["khai_sinh"].records == reports["khai_sinh"].compared == 2_500 + len(RECORDS)
    assert reports["khai_tu"].records == reports["khai_tu"].compared == 2_500 + len(DEATHS_OF)
    return paths


def test_kinds_are_told_apart_by_facts(linked: DataPaths) -> None:
    found = kinds(linked)
    assert found[("dang_ky_lai", "goc")] == "dang_ky_lai"
    assert found[("goc", "hai_noi")] == "hai_noi"
    assert found[("cap_lai", "goc")] == "cap_lai_ban_chinh"
    assert found[("dien_tu", "goc")] == "giay_va_dien_tu"


def test_kinds_of_deaths_are_told_apart_by_facts(linked: DataPaths) -> None:
    found = kinds(linked)
    assert found[("tu_dien_tu", "tu_goc")] == "giay_va_dien_tu"
    assert found[("tu_goc", "tu_hai_noi")] == "hai_noi"
    assert found[("tu_dang_ky_lai", "tu_goc")] == "dang_ky_lai"


def test_those_who_died_together_and_namesakes_are_never_pairs(linked: DataPaths) -> None:
    found = kinds(linked)
    assert any(one in DEATHS_OF for one, _ in found)
    for one, other in found:
        assert not {one, other} & {"tu_anh", "tu_trung_ten"}


def test_pairs_are_of_one_register(linked: DataPaths) -> None:
    found = pairs(linked)
    assert {register for register, *_ in found} == {"khai_sinh", "khai_tu"}
    for register, one, other, *_ in found:
        assert not {one, other} & set(DEATHS_OF if register == "khai_sinh" else RECORDS)


def test_the_later_of_two_registrations_is_in_force(linked: DataPaths) -> None:
    again = next(row for row in pairs(linked) if row[1:3] == ("dang_ky_lai", "goc"))
    assert again[5] == "dang_ky_lai"


def test_twins_and_siblings_are_never_pairs(linked: DataPaths) -> None:
    found = kinds(linked)
    assert any(one in RECORDS for one, _ in found)
    for one, other in found:
        assert not {one, other} & {"sinh_doi", "em", "em_ten_khac"}


def test_one_cluster_holds_all_records_of_one_person(linked: DataPaths) -> None:
    with duckdb.connect(str(linked.warehouse_file), read_only=True) as connection:
        of = dict(connection.execute("select ma_ban_ghi, ma_cum from so_cai.cum_trung").fetchall())
    assert {of[key] for key in ("goc", "dang_ky_lai", "hai_noi", "cap_lai", "dien_tu")} == {"cap_lai"}


def test_result_holds_no_personal_value(linked: DataPaths) -> None:
    assert "thửmộtz" not in str(pairs(linked)).lower()


def test_nightly_increment_gives_what_a_rebuild_gives(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    early = {key: RECORDS[key] for key in ("goc", "sinh_doi", "hai_noi")}
    fill(paths, early, 2_000)
    link(paths, tell=SILENT)
    assert set(kinds(paths)) == {("goc", "hai_noi")}
    changed = {**RECORDS, "hai_noi": {"ho_ten": "Vi Thị Thửtưz Oanh", "me_ho_ten": "Nông Thị Thửnămz"}}
    fill(paths, changed, 2_500)
    report = link(paths, tell=SILENT)["khai_sinh"]
    assert report.compared == 500 + len(RECORDS) - 2
    step_by_step = pairs(paths)
    assert not any("hai_noi" in pair for pair in kinds(paths))
    assert link(paths, tell=SILENT)["khai_sinh"].compared == 0
    assert pairs(paths) == step_by_step
    assert link(paths, full=True, tell=SILENT)["khai_sinh"].compared == 2_500 + len(RECORDS)
    assert pairs(paths) == step_by_step


def test_a_large_register_keeps_no_candidate_that_no_name_could_lift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = DataPaths(tmp_path)
    fill(paths, RECORDS, 2_500)
    every = link(paths, tell=SILENT)["khai_sinh"]
    before = pairs(paths)
    monkeypatch.setattr(decide, "_LARGE", 1_000)
    fewer = link(paths, tell=SILENT)["khai_sinh"]
    assert fewer.compared == every.records
    assert 0 < fewer.candidates < every.candidates
    assert pairs(paths) == before
    fill(paths, RECORDS, 3_000)
    night = link(paths, tell=SILENT)["khai_sinh"]
    assert 0 < night.compared < every.records < night.records
    increment = pairs(paths)
    monkeypatch.setattr(decide, "_LARGE", 100_000)
    assert link(paths, tell=SILENT)["khai_sinh"].compared == night.records
    assert pairs(paths) == increment


def test_empty_register_gives_no_pairs(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    fill(paths, {}, 0)
    assert link(paths, tell=SILENT)["khai_sinh"].pairs == 0
    fill(paths, {"goc": {}}, 0)
    assert link(paths, tell=SILENT)["khai_sinh"].records == 1


def sheet(file: Path, title: str) -> list[dict[str, Any]]:
    """Rows of one sheet by column title."""
    titles, *rows = openpyxl.load_workbook(file)[title].iter_rows(values_only=True)
    return [dict(zip([str(t) for t in titles], row, strict=True)) for row in rows]


def test_review_list_is_owner_only_and_of_the_unit_alone(linked: DataPaths, tmp_path: Path) -> None:
    out = tmp_path / "ra_soat.xlsx"
    count = write_review(linked, "H02.22.01", out)
    assert out.stat().st_mode & 0o777 == 0o600
    rows = {title: sheet(out, title) for title in ("Khai sinh", "Khai tử")}
    assert sum(len(of) for of in rows.values()) == 2 * count
    for of in rows.values():
        by_pair: dict[Any, set[Any]] = {}
        for row in of:
            by_pair.setdefault(row["Cặp"], set()).add(row["Nơi đăng ký"])
        assert by_pair
        assert all("H02.22.01" in units for units in by_pair.values())
    assert {"Họ tên", "Ngày sinh", "Số", "Quyển", "Trang", "Mẹ", "Cha", "Số định danh"} <= set(rows["Khai sinh"][0])
    assert {"Ngày chết", "Nơi chết", "Nguyên nhân", "Kết luận của công chức"} <= set(rows["Khai tử"][0])
    with pytest.raises(LinkageError, match="đã có"):
        write_review(linked, "H02.22.01", out)


def test_review_list_of_a_new_unit_holds_the_pairs_of_the_merged_commune(linked: DataPaths, tmp_path: Path) -> None:
    before, after = tmp_path / "truoc.xlsx", tmp_path / "sau.xlsx"
    assert write_review(linked, "H02.99.99", before) == 0
    with duckdb.connect(str(linked.warehouse_file)) as connection:
        connection.execute(
            "create table trung_gian.int_tthc__don_vi_hien_nay as"
            " select 'H02.22.01' as ma_don_vi, 'H02.99.99' as ma_don_vi_hien_nay"
        )
    try:
        assert write_review(linked, "H02.99.99", after) >= 2
    finally:
        with duckdb.connect(str(linked.warehouse_file)) as connection:
            connection.execute("drop table trung_gian.int_tthc__don_vi_hien_nay")


def test_review_list_holds_the_pairs_of_one_key_too(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    one_key = {"mot": {"_khoa": "k"}, "hai": {"_khoa": "k", "ho_ten": "Lục Thị Thửmộtz Hoa", "nguon": "dien_tu"}}
    fill(paths, one_key, 0)
    link(paths, tell=SILENT)
    assert write_review(paths, "H02.21.01", tmp_path / "ra_soat.xlsx") == 1
    assert {row["Loại"] for row in sheet(tmp_path / "ra_soat.xlsx", "Khai sinh")} == {"Bản giấy và bản điện tử"}
