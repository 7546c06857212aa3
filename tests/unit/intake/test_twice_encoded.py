"""UTF-8 read as windows-1252 and saved again: read as it was, or told; never loaded as it looks without a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.intake.one_file import DOSSIER_HEADERS, Outcome, dossiers, read, workbook
from tests.unit.intake.sheet_files import html

FEED = "dvc/ho_so"
NAMES = ["Đỗ Thị Hà", "NGUYỄN VĂN ÁI", "Lý Ích Tự"]
ROWS = [[*row[:6], name] for row, name in zip(dossiers(3), NAMES, strict=True)]
PLAIN = ["STT", "MaHoSo", "MaDonVi", "NgayTiepNhan", "TrangThai", "NgayHenTra", "ChuHoSo"]


def twice(text: str | None) -> str:
    """As Windows shows UTF-8 in its own set; bytes that the set does not assign stay control characters."""
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
        for byte in (text or "").encode("utf-8")
    )


def _lines(rows: list[list[str | None]], delimiter: str) -> str:
    return "".join(delimiter.join(cell or "" for cell in row) + "\n" for row in rows)


def _read_well(found: Outcome) -> None:
    assert found.column("chu_ho_so") == NAMES
    assert found.column("trang_thai") == ["dang_xu_ly"] * 3
    assert not found.faults


@pytest.mark.parametrize("mark", ["", "\ufeff", "ï»¿"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_whole_file(tmp_path: Path, delimiter: str, mark: str) -> None:
    text = mark + twice(_lines([[*DOSSIER_HEADERS], *ROWS], delimiter))
    _read_well(read(tmp_path, FEED, "a.csv", text))


def test_page_and_records(tmp_path: Path) -> None:
    _read_well(read(tmp_path, FEED, "a.xls", twice(html([DOSSIER_HEADERS, *ROWS]))))
    records = [dict(zip(DOSSIER_HEADERS, row, strict=True)) for row in ROWS]
    _read_well(read(tmp_path, FEED, "a.json", twice(json.dumps(records, ensure_ascii=False))))


def test_sheet_is_told_by_its_header(tmp_path: Path) -> None:
    book = workbook({"S": [[twice(cell) for cell in row] for row in [[*DOSSIER_HEADERS], *ROWS]]})
    _read_well(read(tmp_path, FEED, "a.xlsx", book))


@pytest.mark.parametrize("header", [PLAIN, DOSSIER_HEADERS])
def test_column_is_told_by_its_words(tmp_path: Path, header: list[str]) -> None:
    rows = [[*row[:6], twice(row[6])] for row in ROWS]
    _read_well(read(tmp_path, FEED, "a.csv", _lines([[*header], *rows], ";")))
    _read_well(read(tmp_path, FEED, "a.xlsx", workbook({"S": [header, *rows]})))


def test_column_that_lost_letters_is_a_finding(tmp_path: Path) -> None:
    rows = [[*row[:6], twice(row[6]).replace("\x90", "\ufffd")] for row in ROWS]
    found = read(tmp_path, FEED, "a.csv", _lines([[*PLAIN], *rows], ";"))
    assert {(row, field, reason) for row, field, reason, _ in found.faults} == {
        (row, "chu_ho_so", "nghi_sai_bang_ma") for row in (2, 3, 4)
    }
    assert found.doubts == [("chu_ho_so", "nghi_sai_bang_ma")]


@pytest.mark.parametrize("name", ["Nguy?n Th? H??ng", "Tr?n V?n ??c", "Nguyễn Thị H\ufffd\ufffdng"])
def test_letters_that_another_program_lost_are_a_finding(tmp_path: Path, name: str) -> None:
    rows = [[*row[:6], name if i == 0 else row[6]] for i, row in enumerate(ROWS)]
    found = read(tmp_path, FEED, "a.csv", _lines([[*PLAIN], *rows], ";"))
    assert found.column("chu_ho_so")[0] == name
    assert found.faults == [(2, "chu_ho_so", "nghi_sai_bang_ma", False)]
    assert found.doubts == [("chu_ho_so", "nghi_sai_bang_ma")]


def test_questions_and_addresses_are_no_lost_letters(tmp_path: Path) -> None:
    notes = ["Hồ sơ gì? Nộp ở đâu?", "https://dvc.gov.vn/?ma=1&b?c", "Có?", "(?)", "Bao giờ có?Sao lâu", *["Tốt"] * 9]
    rows = [[f"H02.28-240611-{i:04}", f"0{i % 9 + 1}/06/2024", note] for i, note in enumerate(notes)]
    found = read(tmp_path, "dvc/danh_gia", "a.csv", _lines([["Mã hồ sơ", "Thời điểm", "Ý kiến"], *rows], ";"))
    assert (found.column("y_kien"), found.doubts, found.faults) == (notes, [], [])
