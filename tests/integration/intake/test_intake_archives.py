"""A zip of files: each member is a file of its own; nothing is unpacked to a path."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from intake_exports import HEADERS, ROWS, csv_text, workbook

from pipelines.intake.limits import Limits

FEED = "dvc/ho_so"


def zipped(files: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _statuses(warehouse) -> dict[str, str]:
    return {item.path.removeprefix(f"{FEED}/"): item.status for item in warehouse.run().files}


def test_each_member_has_its_own_row_in_the_ledger(warehouse) -> None:
    bundle = zipped(
        {"T1/a.csv": csv_text(ROWS[:2]), "T2/b.xlsx": workbook({"T": [HEADERS, *ROWS[2:]]}), "c.csv": "một,hai\n"}
    )
    warehouse.put(FEED, "bo.zip", bundle)
    assert _statuses(warehouse) == {
        "bo.zip/T1/a.csv": "da_nap",
        "bo.zip/T2/b.xlsx": "da_nap",
        "bo.zip/c.csv": "tu_choi",
    }
    assert warehouse.sql("SELECT ten_tep, so_dong_nap FROM so_cai.tep ORDER BY 1") == [
        (f"{FEED}/bo.zip/T1/a.csv", 2),
        (f"{FEED}/bo.zip/T2/b.xlsx", 3),
        (f"{FEED}/bo.zip/c.csv", None),
    ]
    assert _statuses(warehouse) == {
        "bo.zip/T1/a.csv": "da_biet",
        "bo.zip/T2/b.xlsx": "da_biet",
        "bo.zip/c.csv": "tu_choi",
    }
    assert warehouse.sql("SELECT count(*) FROM so_cai.tep") == [(3,)]


def test_the_same_file_in_a_zip_and_beside_it_is_a_copy(warehouse) -> None:
    warehouse.put(FEED, "a.csv", csv_text())
    warehouse.put(FEED, "bo.zip", zipped({"a.csv": csv_text()}))
    assert _statuses(warehouse) == {"a.csv": "da_nap", "bo.zip/a.csv": "trung"}
    assert _statuses(warehouse) == {"a.csv": "da_biet", "bo.zip/a.csv": "da_biet"}


def test_a_known_zip_starts_no_reader(warehouse) -> None:
    warehouse.put(FEED, "bo.zip", zipped({"a.csv": csv_text()}))
    warehouse.run()
    starts = warehouse.shared.starts
    warehouse.shared.close()
    warehouse.run()
    assert warehouse.shared.starts == starts


def test_members_are_read_again_by_name_and_when_the_contract_changes(warehouse) -> None:
    contract = warehouse.contracts[FEED]
    warehouse.contracts[FEED] = replace(contract, fields=tuple(f for f in contract.fields if f.name != "chu_ho_so"))
    warehouse.put(FEED, "bo.zip", zipped({"a.csv": csv_text()}))
    warehouse.run()
    assert warehouse.sql("SELECT so_cot_la > 0 FROM so_cai.tep") == [(True,)]
    warehouse.contracts[FEED] = contract
    assert _statuses(warehouse) == {"bo.zip/a.csv": "da_nap"}
    assert _statuses(warehouse) == {"bo.zip/a.csv": "da_biet"}


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_zip_cut_off_is_refused_and_read_once_it_is_whole(warehouse, cut: float) -> None:
    whole = zipped({"a.csv": csv_text(), "b.csv": csv_text(ROWS[:1]) + "\n"})
    report = warehouse.run_one(FEED, "bo.zip", whole[: int(len(whole) * cut)])
    assert (report.status, "cắt giữa chừng" in str(report.reason)) == ("tu_choi", True)
    warehouse.put(FEED, "bo.zip", whole)
    assert _statuses(warehouse) == {"bo.zip/a.csv": "da_nap", "bo.zip/b.csv": "da_nap"}


def test_hostile_members_are_refused_in_words_and_the_others_are_loaded(warehouse, tmp_path: Path) -> None:
    warehouse.limits = replace(Limits(), member_bytes=2_000_000, ratio=100)
    link = zipfile.ZipInfo("lien_ket.csv")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../thoat.csv", csv_text(ROWS[:1]))
        archive.writestr("/etc/goc.csv", csv_text(ROWS[1:2]))
        archive.writestr("C:\\x\\may.csv", csv_text(ROWS[2:3]))
        archive.writestr("\x1b[31m[/red]\n'; DROP.csv", csv_text(ROWS[3:4]))
        archive.writestr("bom.csv", b"x;" * 5_000_000)
        archive.writestr("trong.zip", zipped({"a.csv": csv_text()}))
        archive.writestr("rong.csv", b"")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("~$a.xlsx", b"x")
        archive.writestr("__MACOSX/._a.csv", b"x")
    warehouse.put(FEED, "bo.zip", buffer.getvalue())
    found = {item.path.removeprefix(f"{FEED}/bo.zip/"): item for item in warehouse.run().files}
    words = {"bom.csv": "độc hại", "trong.zip": "tệp nén", "rong.csv": "rỗng", "lien_ket.csv": "Liên kết"}
    for name, word in words.items():
        assert found[name].status == "tu_choi"
        assert word in str(found[name].reason)
    loaded = {name for name, item in found.items() if item.status == "da_nap"}
    assert loaded == {"thoat.csv", "etc/goc.csv", "C:/x/may.csv", "_[31m[/red]_'; DROP.csv"}
    assert len(found) == len(words) + len(loaded)
    assert not list(tmp_path.rglob("thoat.csv"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_doubled_names_are_two_files(warehouse) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", csv_text(ROWS[:1]))
        archive.writestr("a.csv", csv_text(ROWS[:2]))
    warehouse.put(FEED, "bo.zip", buffer.getvalue())
    assert _statuses(warehouse) == {"bo.zip/a.csv": "da_nap", "bo.zip/a (2).csv": "da_nap"}


def test_a_zip_without_data_is_refused(warehouse) -> None:
    report = warehouse.run_one(FEED, "bo.zip", zipped({"thu_muc/": b"", ".DS_Store": b"x"}))
    assert (report.status, "không có tệp dữ liệu" in str(report.reason)) == ("tu_choi", True)
