"""Hostile files: read as text or refused, within bounded time; nothing executed, nothing dropped unseen."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import openpyxl
import pytest

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.one_file import DOSSIER_HEADERS, dossiers, read

FEED = "dvc/ho_so"
LONG = 300_000
TABLE = "Mã hồ sơ;Mã đơn vị;Ngày tiếp nhận;Trạng thái\nH02.28-240611-0001;H02.28;01/06/2024;4\n"


def test_formula_without_a_stored_value_is_lost_not_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(DOSSIER_HEADERS)
    for row in dossiers(2):
        sheet.append(row)
    sheet["G2"] = '=HYPERLINK("http://vi-du.invalid/","x")'
    sheet["E3"] = '=VLOOKUP("a",A1:B2,2)'
    buffer = io.BytesIO()
    book.save(buffer)
    found = read(tmp_path, FEED, "a.xlsx", buffer.getvalue())
    assert found.column("chu_ho_so") == [None, "Lê Văn An"]
    assert sorted(found.faults) == [
        (2, "chu_ho_so", "khong_doc_duoc", False),
        (3, "trang_thai", "khong_doc_duoc", True),
    ]


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", '=HYPERLINK("http://x.invalid","y")'])
def test_text_that_looks_like_a_formula_stays_the_text_it_is(tmp_path: Path, cell: str) -> None:
    record = {"MaHoSo": "H02.28-240611-0001", "MaDonVi": "H02.28", "NgayTiepNhan": "2024-06-01", "TrangThai": 4}
    found = read(tmp_path, FEED, "a.json", json.dumps([{**record, "ChuHoSo": cell}]))
    assert found.column("chu_ho_so") == [cell]


@pytest.mark.parametrize("piece", ["tổng số ", "ngày tháng ", "đến ngày 1", "1.234 ", "á", "(", "- "])
@pytest.mark.parametrize("place", ["title", "footer", "cell"])
def test_long_lines_of_the_words_that_are_looked_for_take_no_time(tmp_path: Path, piece: str, place: str) -> None:
    line = '"' + (piece * LONG)[:LONG] + '"'
    text = {"title": line + "\n" + TABLE, "footer": TABLE + line + "\n", "cell": TABLE + f";;{line};\n"}[place]
    started = time.monotonic()
    try:
        assert read(tmp_path, FEED, "a.csv", text).sound
    except FileRefusedError as refusal:
        assert len(str(refusal)) < 2_000
    assert time.monotonic() - started < 10


def test_document_of_many_keys_is_not_searched_for_records(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(FileRefusedError):
        read(tmp_path, FEED, "a.json", json.dumps({f"k{i}": [{"a": i}] for i in range(20_000)}))
    assert time.monotonic() - started < 10


def test_code_list_word_or_header_with_sql_and_markup_is_a_word(tmp_path: Path) -> None:
    header = '"); DROP TABLE so_cai.tep; -- <script>'
    quoted = '"' + header.replace('"', '""') + '"'
    text = TABLE.replace("Trạng thái", f"Trạng thái;{quoted}").replace(";4", ";4;x")
    found = read(tmp_path, FEED, "a.csv", text)
    assert (found.sound, found.unknown) == ([2], [header])
