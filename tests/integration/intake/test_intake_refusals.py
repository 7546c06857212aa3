"""Files that are refused whole: why, in words that say what to do, with the run going on."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from dataclasses import replace

import duckdb
import polars as pl
import pytest
from intake_exports import HEADERS, ROWS, TITLES, as_tcvn3, as_vni, csv_text, repacked, workbook

from pipelines.intake.limits import Limits

GOOD = workbook({"Sheet1": [HEADERS, *ROWS]})


def without(column: str) -> str:
    keep = [i for i, header in enumerate(HEADERS) if header != column]
    return csv_text([[r[i] for i in keep] for r in ROWS], [HEADERS[i] for i in keep])


def test_a_missing_required_column_is_named_with_all_unknown_ones(warehouse):
    text = without("Trạng thái").replace("Lý do trả lại", "Trạng thai hiện tại;Cột bịa", 1)
    report = warehouse.run_one("dvc/ho_so", "a.csv", text)
    assert report.status == "tu_choi"
    assert "“Trạng thái” (trang_thai)" in str(report.reason)
    assert "“Trạng thai hiện tại”" in str(report.reason)
    assert "“Cột bịa”" in str(report.reason)
    assert warehouse.sql("SELECT trang_thai, so_dong_doc, goc_ten FROM so_cai.tep") == [("tu_choi", None, "a")]
    assert warehouse.sql("SELECT count(*) FROM tho.dvc__ho_so") == [(0,)]


def mixed_charsets() -> bytes:
    return csv_text().encode() + as_tcvn3(csv_text()) + as_vni(csv_text())


def lying_archive() -> bytes:
    """A member that unpacks to more than its directory says."""
    content = repacked(GOOD, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + b" " * 4_000_000})
    data = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    struct.pack_into("<I", data, info.header_offset + 22, 10)
    place = data.find(b"xl/worksheets/sheet1.xml", info.header_offset + 60)
    struct.pack_into("<I", data, place - 46 + 24, 10)
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "rỗng"),
        ("a.csv", "một,hai\n1,2\n".encode(), "dòng tiêu đề"),
        ("a.csv", mixed_charsets(), "bảng mã"),
        ("a.csv", os.urandom(4000).replace(b"\0", b"\xff"), "bảng mã"),
        ("a.csv", b"\xff\xfe" + csv_text().encode("utf-16-le")[:-1], "bảng mã"),
        ("a.xlsx", GOOD[: len(GOOD) // 2], "hỏng"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "hỏng"),
        ("a.xlsx", repacked(GOOD, {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 3_000_000}), "độc hại"),
        ("a.xlsx", lying_archive(), ""),
        ("a.xlsx", repacked(GOOD, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}), ""),
        ("a.zip", repacked(GOOD, {})[:10], "hỏng"),
        ("a.pdf", b"%PDF-1.7", "Định dạng"),
        ("a.json", b'[{"Ma ho so": "1"', "cú pháp"),
        ("a.json", b'{"Ma ho so": "1"}\n{"Ma ho so": ', "cú pháp"),
        ("a.json", b'"abc"', "mảng"),
        ("a.json", b"[1, 2]", "phần tử"),
        ("a.json", b"[" * 100_000 + b"]" * 100_000, "tầng"),
        ("a.jsonl", (b'{"a":' * 5000) + b"1" + b"}" * 5000, "tầng"),
        ("a.parquet", b"PAR1" + b"\0" * 100 + b"PAR1", "parquet"),
    ],
)
def test_unreadable_files_are_refused_and_the_run_goes_on(warehouse, name, content, words):
    warehouse.put("dvc/ho_so", "zz tốt.csv", csv_text())
    report = warehouse.run_one("dvc/ho_so", name, content)
    assert report.status == "tu_choi", report
    assert words.lower() in str(report.reason).lower()
    assert warehouse.sql("SELECT count(*) FROM tho.dvc__ho_so") == [(5,)]
    again = warehouse.run()
    assert sorted(item.status for item in again.files) == ["da_biet", "tu_choi"]
    assert warehouse.sql("SELECT count(*), max(so_lan) FROM so_cai.tep") == [(2, 1)]


def test_a_refused_file_whose_bytes_are_loaded_under_another_name_is_a_copy(warehouse):
    warehouse.put("dvc/ho_so", "zz.csv", csv_text())
    assert warehouse.run_one("dvc/ho_so", "a.parquet", csv_text()).status == "trung"
    assert {item.status for item in warehouse.run().files} == {"da_biet"}


def test_the_loaded_one_of_equal_files_has_the_name_of_its_bytes_whatever_came_first(warehouse):
    warehouse.run_one("dvc/ho_so", "a.parquet", csv_text())
    warehouse.run_one("dvc/ho_so", "zz.csv", csv_text())
    named = warehouse.sql("SELECT ten_tep, trang_thai, length(ma_tep) FROM so_cai.tep ORDER BY 1")
    assert named == [("dvc/ho_so/a.parquet", "trung", 23), ("dvc/ho_so/zz.csv", "da_nap", 16)]
    assert warehouse.sql("SELECT DISTINCT length(_ma_tep) FROM tho.dvc__ho_so") == [(16,)]


def test_reasons_hold_no_cell(warehouse):
    secret = "Trần Thị Bí Mật"
    texts = {
        "a.csv": f"một;hai\n{secret};024190001234\n",
        "b.json": json.dumps([secret]),
        "c.csv": without("Trạng thái").replace("Trần Văn Đức", secret),
        "d.jsonl": json.dumps({"Mã hồ sơ": secret}, ensure_ascii=False) + "\n{" + secret,
    }
    for name, text in texts.items():
        report = warehouse.run_one("dvc/ho_so", name, text)
        assert report.status == "tu_choi"
        assert "Bí Mật" not in str(report.reason)
        assert "024190001234" not in str(report.reason)


def test_folders_that_are_no_feed_links_and_temporary_files(warehouse):
    outside = warehouse.paths.root / "ngoai.csv"
    outside.write_text(csv_text(), encoding="utf-8")
    warehouse.put("dvc/khong_co", "a.csv", csv_text())
    warehouse.put("dvc", "b.csv", csv_text())
    warehouse.put("dvc/ho_so", "~$mo.xlsx", b"x")
    warehouse.put("dvc/ho_so", ".gitkeep", b"")
    (warehouse.paths.raw / "dvc/ho_so/lien_ket.csv").symlink_to(outside)
    (warehouse.paths.raw / "dvc/ho_so/thu_muc").symlink_to(warehouse.paths.root)
    found = {item.path: item.status for item in warehouse.run().files}
    assert found == {
        "dvc/khong_co/a.csv": "tu_choi",
        "dvc/b.csv": "trung",
        "dvc/ho_so/~$mo.xlsx": "bo_qua",
        "dvc/ho_so/.gitkeep": "bo_qua",
        "dvc/ho_so/lien_ket.csv": "tu_choi",
        "dvc/ho_so/thu_muc": "tu_choi",
    } | {"dvc/b.csv": found["dvc/b.csv"], "dvc/khong_co/a.csv": found["dvc/khong_co/a.csv"]}
    assert {found["dvc/b.csv"], found["dvc/khong_co/a.csv"]} == {"tu_choi", "trung"}
    assert warehouse.sql("SELECT count(*) FROM tho.dvc__ho_so") == [(0,)]
    warehouse.run()
    assert warehouse.sql("SELECT count(*) FROM so_cai.tep") == [(4,)]


def test_absurd_extent_with_few_cells_is_bounded(warehouse):
    far = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>y</t></is></c></row></sheetData></worksheet>'
    )
    report = warehouse.run_one("dvc/ho_so", "a.xlsx", repacked(GOOD, {"xl/worksheets/sheet1.xml": far}))
    assert report.status == "tu_choi"
    assert "trải rộng" in str(report.reason)
    declared = far.replace(b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>y</t></is></c></row>', b"")
    report = warehouse.run_one("dvc/ho_so", "b.xlsx", repacked(GOOD, {"xl/worksheets/sheet1.xml": declared}))
    assert "dòng tiêu đề" in str(report.reason)


def test_a_far_styled_blank_cell_does_no_harm(warehouse):
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    report = warehouse.run_one("dvc/ho_so", "a.xlsx", repacked(GOOD, {"xl/worksheets/sheet1.xml": far}))
    assert (report.status, report.counts.loaded) == ("da_nap", 5)


def test_limits_are_configurable(warehouse):
    warehouse.limits = replace(Limits(), columns=5)
    buffer = io.BytesIO()
    pl.DataFrame({f"c{i}": ["x"] for i in range(9)}).write_parquet(buffer)
    for name, content in {"a.xlsx": GOOD, "b.csv": csv_text().encode(), "c.parquet": buffer.getvalue()}.items():
        assert "quá nhiều cột" in str(warehouse.run_one("dvc/ho_so", name, content).reason)


def test_a_cell_beyond_the_limit_refuses_the_file(warehouse):
    warehouse.limits = replace(Limits(), cell_characters=100)
    text = csv_text([[*ROWS[0][:6], "x" * 500]])
    assert "ô dài quá mức" in str(warehouse.run_one("dvc/ho_so", "a.csv", text).reason)


def test_a_data_sheet_without_a_required_column_refuses_the_workbook(warehouse):
    short = [HEADERS[:-2], *(r[:-2] for r in ROWS)]
    report = warehouse.run_one("dvc/ho_so", "a.xlsx", workbook({"T1": [HEADERS, *ROWS], "T2": short}))
    assert report.status == "tu_choi"
    assert "“T2”" in str(report.reason)


def test_code_lists_on_a_second_sheet_are_no_data(warehouse):
    notes = [["Mã", "Trạng thái", "Ghi chú"], ["1", "Mới đăng ký", ""], ["2", "Được tiếp nhận", ""]]
    report = warehouse.run_one(
        "dvc/ho_so", "a.xlsx", workbook({"T1": [*([t] for t in TITLES), HEADERS, *ROWS], "Ghi chu": notes})
    )
    assert (report.status, report.counts.read) == ("da_nap", 5)


def test_an_unforeseen_failure_refuses_the_file_without_its_text_and_is_tried_again(warehouse, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise ValueError("Trần Thị Bí Mật")

    warehouse.put("dvc/ho_so", "a.csv", csv_text())
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.intake.run.conform", fail)
        report = warehouse.run().files[0]
    assert report.status == "tu_choi"
    assert "ValueError" in str(report.reason)
    assert "Bí Mật" not in str(report.reason)
    assert warehouse.run().files[0].status == "da_nap"


def test_memory_spent_in_a_commit_is_no_fault_of_the_file(warehouse, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise duckdb.TransactionException("Failed to commit: could not allocate block of size 256.0 KiB")

    warehouse.put("dvc/ho_so", "a.csv", csv_text())
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.intake.run.conform", fail)
        with pytest.raises(duckdb.TransactionException):
            warehouse.run()
    assert warehouse.sql("SELECT count(*) FROM so_cai.tep") == [(0,)]
    assert warehouse.run().files[0].status == "da_nap"


def test_what_cannot_be_opened_is_named_until_it_can_be(warehouse, monkeypatch):
    """A file of another user, and a whole folder of one."""
    closed = warehouse.put("dvc/ho_so", "khoa.csv", csv_text())
    folder = warehouse.put("dvc/ho_so/dong", "x.csv", csv_text(ROWS[:2])).parent
    warehouse.put("dvc/ho_so", "zz.csv", csv_text(ROWS[:3]))
    from pipelines.intake import run
    from pipelines.intake.found import scan

    read, walk = run.sha256_of, os.walk

    def refuse(path):
        if path == closed:
            raise PermissionError(13, "x", str(path))
        return read(path)

    def step_over(top, onerror, **options):
        for current, folders, names in walk(top, **options):
            if "dong" in folders:
                folders.remove("dong")
                onerror(PermissionError(13, "x", str(folder)))
            yield current, folders, names

    with monkeypatch.context() as patch:
        patch.setattr(run, "sha256_of", refuse)
        patch.setattr(scan.os, "walk", step_over)
        for _ in range(2):
            found = {item.path: item for item in warehouse.run().files}
            assert "quyền đọc" in str(found["dvc/ho_so/khoa.csv"].reason)
            assert "thư mục" in str(found["dvc/ho_so/dong/"].reason)
            assert found["dvc/ho_so/zz.csv"].status in {"da_nap", "da_biet"}
        assert warehouse.sql("SELECT count(*) FROM so_cai.tep WHERE trang_thai = 'tu_choi'") == [(2,)]
    statuses = {item.path: item.status for item in warehouse.run().files}
    assert statuses == {"dvc/ho_so/khoa.csv": "da_nap", "dvc/ho_so/dong/x.csv": "da_nap", "dvc/ho_so/zz.csv": "da_biet"}
    assert warehouse.sql("SELECT ten_tep FROM so_cai.tep WHERE ten_tep LIKE '%/'") == []


def test_file_in_the_folder_of_another_feed_is_told_where_it_belongs(warehouse):
    report = warehouse.run_one("dvc/thanh_toan", "ho_so.csv", csv_text())

    assert report.status == "tu_choi"
    assert "hãy chuyển nó vào raw/dvc/ho_so/" in (report.reason or "")
