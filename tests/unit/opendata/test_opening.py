"""The open tables of a small publication: what is in them, what is not, and what stands from night to night."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Set
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipelines.config.open_data import OpenData
from pipelines.config.yaml_lines import ConfigError
from pipelines.opendata.declared import FILE, open_tables
from pipelines.opendata.opening import Opened, open_data
from tests.unit.opendata.publication import publish

AS_OF = date(2025, 12, 31)
SETTINGS = OpenData(lien_he="mo@tinh.gov.vn", dia_chi="https://mo.tinh.gov.vn/kho/")
GROWN = "UPDATE tthc.giai_quyet_thang SET truc_tuyen = truc_tuyen + 1 WHERE ky = '2025-10' AND ma_don_vi = 'H1'"


def opened(file: Path, before: Opened | None = None, *, as_of: date = AS_OF, held: Set[str] = frozenset()) -> Opened:
    old = {table.described.name: table.parquet for table in before.tables} if before else {}
    return open_data(file, old, settings=SETTINGS, as_of=as_of, held=held, threads=1, memory="500MB")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return opened(publish(tmp_path_factory.mktemp("dau")))


def rows(done: Opened, name: str) -> list[dict[str, str]]:
    text = done.files(SETTINGS)[f"mo/{name}.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_file_begins_as_excel_wants_and_can_be_read_back(first: Opened) -> None:
    files = first.files(SETTINGS)
    for table in first.tables:
        content = files[f"mo/{table.described.name}.csv"]
        assert content.startswith(b"\xef\xbb\xbf")
        assert next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == table.rows.column_names
        assert len(rows(first, table.described.name)) == table.rows.num_rows


def test_small_counts_are_empty_and_what_would_tell_them_too(first: Opened) -> None:
    agencies = {row["ma_don_vi"]: row for row in rows(first, "tiep_nhan_theo_don_vi") if row["ky"] == "2025-10"}
    procedures = {row["ma_tthc"]: row for row in rows(first, "tiep_nhan_theo_thu_tuc") if row["ky"] == "2025-10"}
    assert agencies["H1"]["nhan_moi"] == "129"
    assert agencies["H1"]["buu_chinh"] == "0"
    assert procedures["T2"]["nhan_moi"] == "63"
    transactions = {row["ma_don_vi"]: row for row in rows(first, "thanh_toan_theo_don_vi")}
    assert transactions["H3"]["that_bai"] == transactions["H3"]["so_giao_dich"] == ""
    assert "" in (
        transactions["H1"]["that_bai"],
        transactions["H2"]["so_giao_dich"],
        transactions["H2"]["ket_qua_khac"],
    )
    births = {row["ma_don_vi"]: row["khai_sinh"] for row in rows(first, "ho_tich_theo_don_vi")}
    assert births == {"H1": "30", "H2": "", "H3": ""}


def test_a_share_is_shown_where_its_counts_are(first: Opened) -> None:
    for row in rows(first, "giai_quyet_theo_don_vi"):
        base = [row[name] for name in ("truoc_han", "dung_han", "qua_han")]
        assert (row["ty_le_dung_va_truoc_han"] == "") == ("" in base or not any(map(int, base)))


def test_codes_outside_the_catalogues_are_one_row(first: Opened) -> None:
    assert {row["ma_don_vi"] for row in rows(first, "tiep_nhan_theo_don_vi")} == {"H1", "H2", "H3", "khong_ro"}
    assert {row["ma_tthc"] for row in rows(first, "tiep_nhan_theo_thu_tuc")} == {"T1", "T2", "khong_ro"}


def test_only_months_that_are_over_for_long_enough_are_open(first: Opened, tmp_path: Path) -> None:
    assert {row["ky"] for row in rows(first, "tiep_nhan_toan_tinh")} == {"2025-10", "2025-11"}
    day_before = opened(publish(tmp_path), as_of=date(2025, 12, 30))
    assert {row["ky"] for row in rows(day_before, "tiep_nhan_toan_tinh")} == {"2025-10"}


def test_points_made_of_few_dossiers_are_empty_and_with_them_the_total(first: Opened) -> None:
    assert {row["ma_chi_so"]: row["diem"] for row in rows(first, "diem_766_thanh_phan")} == {"2.1": "", "1.1": "9.5"}
    assert {row["nhom"]: row["diem"] for row in rows(first, "diem_766_nhom")} == {
        "tien_do": "",
        "cong_khai": "9.5",
        "tong": "",
    }


PETITIONS = (
    "INSERT INTO chi_so_766.muc_do_hai_long SELECT * REPLACE ('5.3' AS ma_chi_so, 8 AS tu_so, 13 AS mau_so) "
    "FROM chi_so_766.tien_do_giai_quyet WHERE ma_chi_so = '2.1'",
    "INSERT INTO chi_so_766.dinh_nghia SELECT * REPLACE ('5.3' AS ma_chi_so, 'hai_long' AS nhom) "
    "FROM chi_so_766.dinh_nghia WHERE ma_chi_so = '2.1'",
    "UPDATE tthc.pakn SET tiep_nhan = 13",
)
SCATTERED = (
    "INSERT INTO tthc.don_vi SELECT d.* REPLACE ('X' || n AS ma_don_vi) FROM tthc.don_vi d, range(9) r(n) "
    "WHERE ma_don_vi = 'H2'",
    "INSERT INTO tthc.pakn SELECT p.* REPLACE ('X' || n AS ma_don_vi, CASE n WHEN 0 THEN 5 ELSE 1 END AS tiep_nhan) "
    "FROM tthc.pakn p, range(9) r(n)",
    "DELETE FROM tthc.pakn WHERE ma_don_vi = 'H1'",
)


def component(done: Opened, code: str, ky: str = "2025-10") -> list[str]:
    found = rows(done, "diem_766_thanh_phan")
    return [row["diem"] for row in found if (row["ky"], row["ma_chi_so"]) == (ky, code)]


def test_a_point_does_not_give_back_the_hidden_count_it_is_a_share_of(tmp_path: Path) -> None:
    """8 of 13 petitions of nine communes, most with one: with the share, nothing else than 13 fits."""
    done = opened(publish(tmp_path / "a", *PETITIONS))
    assert [row["tiep_nhan"] for row in rows(done, "pakn_toan_tinh")] == ["13"]
    assert component(done, "5.3") == ["9.5"]
    done = opened(publish(tmp_path / "b", *PETITIONS, *SCATTERED))
    assert [row["tiep_nhan"] for row in rows(done, "pakn_toan_tinh")] == [""]
    assert component(done, "5.3") == [""]
    groups = {row["nhom"]: row["diem"] for row in rows(done, "diem_766_nhom")}
    assert groups["tong"] == ""


def test_points_of_a_month_wait_until_its_counts_are_open(tmp_path: Path) -> None:
    """A count that is hidden later would be given back by a point that was shown before it."""
    early = publish(tmp_path / "a", *PETITIONS, *SCATTERED)
    first = opened(early, held={"tthc.pakn"})
    assert rows(first, "diem_766_thanh_phan") == rows(first, "diem_766_nhom") == []
    done = opened(early, first)
    assert component(done, "5.3") == [""]
    assert component(done, "1.1") == ["9.5"]
    # Once open, a month has its points though the gate holds the counts again.
    later = opened(
        early, Opened(tuple(t for t in done.tables if "diem" not in t.described.name), ()), held={"tthc.pakn"}
    )
    assert component(later, "5.3") == [""]
    assert component(later, "1.1") == ["9.5"]


def test_catalogues_leave_out_what_is_internal_and_disarm_formulas(first: Opened) -> None:
    assert {row["ma_tthc"]: row["ten_tthc"] for row in rows(first, "danh_muc_thu_tuc")} == {
        "T1": "Khai sinh",
        "T2": "'=HYPERLINK(1)",
    }


def test_an_equal_night_gives_equal_bytes_whatever_the_day(first: Opened, tmp_path: Path) -> None:
    assert opened(publish(tmp_path), first, as_of=date(2026, 1, 5)).files(SETTINGS) == first.files(SETTINGS)


def test_a_few_late_dossiers_change_no_open_month(first: Opened, tmp_path: Path) -> None:
    assert opened(publish(tmp_path, GROWN), first).files(SETTINGS) == first.files(SETTINGS)


def test_a_new_month_changes_only_its_tables(first: Opened, tmp_path: Path) -> None:
    later = opened(publish(tmp_path), first, as_of=date(2026, 1, 31))
    changed = {t.described.name for t, old in zip(later.tables, first.tables, strict=True) if t.parquet != old.parquet}
    assert changed and all(name.startswith(("tiep_nhan", "giai_quyet")) for name in changed)
    assert [row for row in rows(later, "tiep_nhan_theo_cap") if row["ky"] < "2025-12"] == rows(
        first, "tiep_nhan_theo_cap"
    )


def test_what_was_shown_before_a_month_is_shown_anew_is_kept(first: Opened, tmp_path: Path) -> None:
    late = "INSERT INTO tthc.thanh_toan VALUES ('2025-10', 'H1', 'thanh_cong', 40)"
    second = opened(publish(tmp_path, late), first)
    assert [row["lan_chot"] for row in rows(second, "thanh_toan_toan_tinh")] == ["2"]
    kept = [row for row in rows(second, "chinh_sua") if row["khoa"] == "toan_tinh" and row["cot"] == "so_giao_dich"]
    assert [(row["bang"], row["lan_chot"], row["gia_tri"]) for row in kept] == [("thanh_toan_toan_tinh", "1", "134")]
    small = "INSERT INTO tthc.thanh_toan VALUES ('2025-10', 'H1', 'thanh_cong', 1)"
    third = opened(publish(tmp_path / "ba", small), second)
    assert rows(third, "thanh_toan_theo_don_vi") == rows(second, "thanh_toan_theo_don_vi")


def test_a_group_that_is_held_keeps_its_tables_and_the_catalogue_says_so(first: Opened, tmp_path: Path) -> None:
    late = "INSERT INTO tthc.thanh_toan VALUES ('2025-10', 'H1', 'thanh_cong', 40)"
    held = opened(publish(tmp_path, late), first, as_of=date(2026, 2, 1), held={"tthc.thanh_toan", "tthc.don_vi"})
    assert rows(held, "thanh_toan_theo_don_vi") == rows(first, "thanh_toan_theo_don_vi")
    assert rows(held, "tiep_nhan_theo_cap") == rows(first, "tiep_nhan_theo_cap")
    about = {
        dataset["dct:identifier"]: dataset["dct:description"]["@value"] for dataset in catalog(held)["dcat:dataset"]
    }
    assert "đang bị giữ lại" in about["thanh_toan_theo_don_vi"]
    assert "đang bị giữ lại" not in about["ho_tich_toan_tinh"]


def test_a_mart_that_was_never_published_has_no_table(tmp_path: Path) -> None:
    done = opened(publish(tmp_path, without=("tthc.pakn", "ho_tich.don_vi", "chi_so_766.tong_hop")))
    names = {table.described.name for table in done.tables}
    assert not any(name.startswith(("pakn", "ho_tich", "diem")) for name in names)
    assert "tiep_nhan_toan_tinh" in names


def test_a_mart_that_is_missing_later_leaves_what_was_open_as_it_was(first: Opened, tmp_path: Path) -> None:
    gone = ("tthc.danh_muc", "tthc.don_vi", "tthc.pakn")
    done = opened(publish(tmp_path, without=gone), first, as_of=date(2026, 2, 1))
    was = {table.described.name: table for table in first.tables}
    for name in ("danh_muc_thu_tuc", "danh_muc_don_vi", "pakn_toan_tinh"):
        (table,) = [table for table in done.tables if table.described.name == name]
        assert (table.rows, table.held) == (was[name].rows, True)
        assert table.parquet == was[name].parquet
        assert table.described.key == was[name].described.key
        assert [c.name for c in table.described.columns] == table.rows.column_names
    Draft202012Validator(PACKAGE).validate(package(done))


def test_a_block_whose_parts_do_not_make_its_total_stays_as_it_was(first: Opened, tmp_path: Path) -> None:
    wrong = "UPDATE tthc.giai_quyet_thang SET da_giai_quyet = da_giai_quyet + 9 WHERE ky = '2025-11'"
    done = opened(publish(tmp_path, wrong), first)
    assert done.remarks == (
        "Dữ liệu mở: khối giai_quyet, tháng 2025-11: các phần không cộng thành tổng. Bảng giữ như lần công bố trước.",
    )
    assert rows(done, "giai_quyet_theo_don_vi") == rows(first, "giai_quyet_theo_don_vi")


def test_a_catalogue_with_a_repeated_key_stays_as_it_was(first: Opened, tmp_path: Path) -> None:
    done = opened(
        publish(tmp_path, "INSERT INTO tthc.danh_muc SELECT * FROM tthc.danh_muc WHERE ma_tthc = 'T1'"), first
    )
    assert "không duy nhất" in done.remarks[0]
    assert rows(done, "danh_muc_thu_tuc") == rows(first, "danh_muc_thu_tuc")


# ---------------------------------------------------------------- descriptions
TEXT = {"type": "string", "minLength": 1}
PACKAGE = {
    "type": "object",
    "required": ["name", "title", "version", "created", "licenses", "sources", "resources"],
    "properties": {
        "name": {"type": "string", "pattern": "^[-a-z0-9._/]+$"},
        "created": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$"},
        "licenses": {"minItems": 1, "items": {"required": ["name", "path"]}},
        "contributors": {
            "minItems": 1,
            "items": {"required": ["title", "roles"], "properties": {"roles": {"type": "array"}}},
        },
        "resources": {
            "minItems": 1,
            "items": {
                "type": "object",
                "required": [
                    "name",
                    "path",
                    "type",
                    "title",
                    "description",
                    "format",
                    "mediatype",
                    "bytes",
                    "hash",
                    "schema",
                ],
                "properties": {
                    "name": {"type": "string", "pattern": "^[-a-z0-9._/]+$"},
                    "path": {"type": "string", "pattern": "^[a-z0-9_]+[.](csv|parquet)$"},
                    "type": {"const": "table"},
                    "bytes": {"type": "integer"},
                    "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
                    "schema": {
                        "required": ["fields", "primaryKey"],
                        "properties": {
                            "fields": {
                                "minItems": 1,
                                "items": {
                                    "required": ["name", "type", "title"],
                                    "properties": {
                                        "title": TEXT,
                                        "type": {"enum": ["string", "integer", "number", "boolean", "date"]},
                                    },
                                },
                            },
                            "missingValues": {"const": [""]},
                        },
                    },
                },
            },
        },
    },
}
"""What the profile of Data Package 2.0 asks for and what ours says besides, in our own words."""


def package(done: Opened) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.files(SETTINGS)["mo/datapackage.json"])
    return found


def catalog(done: Opened) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.files(SETTINGS)["mo/catalog.jsonld"])
    return found


def test_the_package_describes_every_file_as_it_is(first: Opened) -> None:
    import hashlib

    described = package(first)
    Draft202012Validator(PACKAGE).validate(described)
    files = first.files(SETTINGS)
    assert {f"mo/{resource['path']}" for resource in described["resources"]} == {
        name for name in files if name.endswith((".csv", ".parquet"))
    }
    for resource in described["resources"]:
        content = files[f"mo/{resource['path']}"]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if resource["format"] == "csv":
            table = rows(first, resource["name"])
            names = [field["name"] for field in resource["schema"]["fields"]]
            assert all([*row] == names for row in table)
            keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in table]
            assert len({*keys}) == len(keys)
            assert all(all(key) for key in keys)
    meaning = next(r for r in described["resources"] if r["name"] == "tiep_nhan_theo_cap")["schema"]["fields"]
    assert next(field for field in meaning if field["name"] == "truc_tuyen")["description"].startswith(
        "Nhận mới qua mạng."
    )


def test_the_catalogue_says_licence_rhythm_days_sizes_and_digests(first: Opened) -> None:
    found = catalog(first)
    assert found["@type"] == "dcat:Catalog"
    assert found["@id"] == "https://mo.tinh.gov.vn/kho/catalog.jsonld"
    assert found["dcat:contactPoint"]["vcard:hasEmail"] == {"@id": "mailto:mo@tinh.gov.vn"}
    files = first.files(SETTINGS)
    for dataset in found["dcat:dataset"]:
        assert dataset["dct:license"] == {"@id": SETTINGS.giay_phep.dia_chi}
        assert dataset["dct:issued"]["@value"] == dataset["dct:modified"]["@value"] == "2025-12-31"
        rhythm = dataset["dct:accrualPeriodicity"]["@id"].rsplit("/", 1)[1]
        assert rhythm == ("IRREG" if dataset["dct:identifier"].startswith("danh_muc") else "MONTHLY")
        for part in dataset["dcat:distribution"]:
            content = files["mo/" + part["dcat:downloadURL"]["@id"].rsplit("/", 1)[1]]
            assert part["dcat:byteSize"]["@value"] == str(len(content))
            assert len(part["spdx:checksum"]["spdx:checksumValue"]["@value"]) == 64


def test_the_list_is_checked(tmp_path: Path) -> None:
    wrong = tmp_path / "bang_mo.yaml"
    text = FILE.read_text(encoding="utf-8")
    wrong.write_text(
        text.replace("cay: [don_vi, thu_tuc]", "cay: [don_vi, rung]").replace("mau: [nhan_moi]", "mau: [a]")
    )
    with pytest.raises(ConfigError) as mistake:
        open_tables(wrong)
    assert "không có cây “rung”" in str(mistake.value)
    assert "cột “a” mà khối không có" in str(mistake.value)


def test_no_two_tables_have_one_name() -> None:
    listed = open_tables()
    ends = [
        (block.ma, level.bang)
        for block in listed.khoi
        for name in block.cay
        for level in (listed.cay[name].la, listed.cay[name].cha)
    ]
    assert len({*ends}) == len(ends)
