"""Linkage on a working warehouse: kinds, twins and siblings, the nightly against the rebuild, the review list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from benchmarks.linkage_register import register
from pipelines.config.paths import DataPaths
from pipelines.contracts.loader import load_contracts
from pipelines.linkage.link import RECORD_VIEW, link
from pipelines.linkage.model import LinkageError
from pipelines.linkage.review import write_review
from pipelines.warehouse.schema import create_tables

COMMON: dict[str, Any] = {
    "noi_dang_ky": "H02.21.01", "nguon": "so_hoa", "loai_dang_ky": "dung_han", "so_dinh_danh": None,
    "ngay_dang_ky_tu": date(2001, 4, 2), "ngay_dang_ky_den": date(2001, 4, 2), "gioi_tinh": "nu",
    "ho_ten": "Lục Thị Thửmộtz Hằng", "ngay_sinh_tu": date(2001, 3, 5), "ngay_sinh_den": date(2001, 3, 5),
    "me_ho_ten": "Giáp Thị Thửhaiz", "me_ngay_sinh_tu": date(1975, 1, 1), "me_ngay_sinh_den": date(1975, 12, 31),
    "cha_ho_ten": "Lục Văn Thửbaz", "cha_ngay_sinh_tu": date(1970, 1, 1), "cha_ngay_sinh_den": date(1970, 12, 31),
    "so": "1", "quyen_so": "01/2001", "trang_so": "1",
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


def fill(paths: DataPaths, rows: dict[str, dict[str, Any]], padding: int) -> None:
    """The record view as a table: ``rows`` among ``padding`` synthetic records."""
    paths.working.mkdir(parents=True, exist_ok=True)
    columns = ["ma_ban_ghi", "_khoa", *COMMON]
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        create_tables(connection, load_contracts().values())
        connection.execute("create schema if not exists trung_gian")
        connection.register("nen", register(3_000).head(padding).to_arrow())
        connection.execute(
            f"create or replace table trung_gian.{RECORD_VIEW} as select {', '.join(columns[:-3])},"
            " '1' as so, '1' as quyen_so, '1' as trang_so from nen"
        )
        for key, fields in rows.items():
            row = {"ma_ban_ghi": key, "_khoa": key, **COMMON, **fields}
            marks = ", ".join("?" for _ in columns)
            connection.execute(
                f"insert into trung_gian.{RECORD_VIEW} values ({marks})", [row[column] for column in columns]
            )


def pairs(paths: DataPaths) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
        return connection.execute("from so_cai.cap_trung order by all").fetchall()


def kinds(paths: DataPaths) -> dict[tuple[str, str], str]:
    """Sure pairs among the records of this test, with their kind."""
    return {(row[1], row[2]): row[3] for row in pairs(paths) if row[1] in RECORDS and row[2] in RECORDS and row[6]}


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> DataPaths:
    paths = DataPaths(tmp_path_factory.mktemp("lien_ket"))
    fill(paths, RECORDS, 2_500)
    report = link(paths, tell=SILENT)
    assert report.records == report.compared == 2_500 + len(RECORDS)
    return paths


def test_kinds_are_told_apart_by_facts(linked: DataPaths) -> None:
    found = kinds(linked)
    assert found[("dang_ky_lai", "goc")] == "dang_ky_lai"
    assert found[("goc", "hai_noi")] == "hai_noi"
    assert found[("cap_lai", "goc")] == "cap_lai_ban_chinh"
    assert found[("dien_tu", "goc")] == "giay_va_dien_tu"


def test_the_later_of_two_registrations_is_in_force(linked: DataPaths) -> None:
    again = next(row for row in pairs(linked) if row[1:3] == ("dang_ky_lai", "goc"))
    assert again[5] == "dang_ky_lai"


def test_twins_and_siblings_are_never_pairs(linked: DataPaths) -> None:
    for one, other in kinds(linked):
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
    report = link(paths, tell=SILENT)
    assert report.compared == 500 + len(RECORDS) - 2
    step_by_step = pairs(paths)
    assert not any("hai_noi" in pair for pair in kinds(paths))
    assert link(paths, tell=SILENT).compared == 0
    assert pairs(paths) == step_by_step
    assert link(paths, full=True, tell=SILENT).compared == 2_500 + len(RECORDS)
    assert pairs(paths) == step_by_step


def test_empty_register_gives_no_pairs(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    fill(paths, {}, 0)
    assert link(paths, tell=SILENT).pairs == 0
    fill(paths, {"goc": {}}, 0)
    assert link(paths, tell=SILENT).records == 1


def test_review_list_is_owner_only_and_of_the_unit_alone(linked: DataPaths, tmp_path: Path) -> None:
    out = tmp_path / "ra_soat.xlsx"
    count = write_review(linked, "H02.22.01", out)
    assert out.stat().st_mode & 0o777 == 0o600
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) == 1 + 2 * count
    assert count >= 1
    by_pair: dict[Any, set[Any]] = {}
    for row in rows[1:]:
        by_pair.setdefault(row[0], set()).add(row[3])
    assert all("H02.22.01" in units for units in by_pair.values())
    with pytest.raises(LinkageError, match="đã có"):
        write_review(linked, "H02.22.01", out)
