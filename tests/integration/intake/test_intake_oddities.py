"""Oddities of real exports: strange names, per-cent cells, answers one a line, text of old fonts."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
import xlsxwriter
from intake_exports import HEADERS, ROWS, as_tcvn3, as_vni, csv_text, workbook

from pipelines.intake.values.numbers import read_decimal

NAMES = "SELECT lower(chu_ho_so) FROM tho.dvc__ho_so ORDER BY ma_ho_so"
RIGHT_NAMES = [((row[2] or "").lower(),) for row in ROWS]


def _answer(period: str, score: str) -> dict[str, object]:
    metrics = [{"code": "1.1", "numerator": "9", "denominator": "10", "ratio": "90", "score": score, "maxScore": "2"}]
    return {"departmentCode": "H02", "timeType": "month", "ky": period, "metrics": metrics}


def test_file_whose_name_begins_with_two_dots_is_read(warehouse) -> None:  # type: ignore[no-untyped-def]
    report = warehouse.run_one("dvc/ho_so", "..\\..\\x'; DROP TABLE tep; --.csv", csv_text())
    assert (report.status, report.counts.loaded) == ("da_nap", len(ROWS))


@pytest.mark.parametrize("name", [".ho_so.csv", "._ho_so.csv", "~$ho_so.xlsx"])
def test_hidden_and_lock_files_are_left_alone_and_reported_once(warehouse, name) -> None:  # type: ignore[no-untyped-def]
    warehouse.put("dvc/ho_so", name, csv_text())
    reports = [item for item in warehouse.run().files if item.path == f"dvc/ho_so/{name}"]
    assert [(item.status, bool(item.reason)) for item in reports] == [("bo_qua", True)]


def _score_sheet(first_column: int = 0) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Điểm")
    built_in = book.add_format({"num_format": "0.00%"})
    custom = book.add_format({"num_format": '#,##0.0 "phần" %'})
    no_percent = book.add_format({"num_format": '0.00" %"'})
    headers = ["ky", "ma_don_vi", "ma_chi_so", "ty_le", "diem", "thoi_diem_lay"]
    for column, text in enumerate(headers):
        sheet.write(0, first_column + column, text)
    cells = [(0.9792, built_in), (0.5, custom), (97.92, None), (97.92, no_percent), ("97,92%", built_in)]
    for row, (value, style) in enumerate(cells, start=1):
        for column, text in enumerate(["2024-06", "H02", f"1.{row}", None, "1", "2024-07-01"]):
            if text is not None:
                sheet.write_string(row, first_column + column, text)
        sheet.write(row, first_column + 3, value, style)
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize("first_column", [0, 3])
def test_cells_formatted_as_per_cent_are_fractions(warehouse, first_column) -> None:  # type: ignore[no-untyped-def]
    warehouse.run_one("bo_chi_so_766/diem", "diem.xlsx", _score_sheet(first_column))
    found = [row[0] for row in warehouse.sql("SELECT ty_le FROM tho.bo_chi_so_766__diem ORDER BY _dong")]
    assert found == [Decimal(text) for text in ("0.9792", "0.5", "0.9792", "0.9792", "0.9792")]


def test_per_cent_text_reads_as_its_number() -> None:
    assert read_decimal("97.92%", percent_sign=True) == Decimal("97.92")


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\n\n"])
def test_answers_of_the_portal_one_a_line_are_all_read(warehouse, separator) -> None:  # type: ignore[no-untyped-def]
    lines = separator.join(json.dumps(_answer(f"2026-0{month}", f"1.{month}")) for month in (1, 2, 3))
    report = warehouse.run_one("bo_chi_so_766/diem", "nhieu_ky.jsonl", lines + "\n")
    assert report.status == "da_nap", report.reason
    assert warehouse.sql("SELECT ky, diem FROM tho.bo_chi_so_766__diem WHERE ma_chi_so LIKE '1%' ORDER BY 1") == [
        (f"2026-0{month}", Decimal(f"1.{month}")) for month in (1, 2, 3)
    ]


def _font_text(text: str | None, charset: str) -> str | None:
    """What a spreadsheet stores when Vietnamese was typed in a font of an old character set."""
    return None if text is None else {"TCVN3": as_tcvn3, "VNI": as_vni}[charset](text).decode("cp1252", "replace")


@pytest.mark.parametrize("charset", ["TCVN3", "VNI"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_font_text_of_a_whole_file_is_told_by_its_header(warehouse, charset, form) -> None:  # type: ignore[no-untyped-def]
    headers = [_font_text(text, charset) or "" for text in HEADERS]
    rows = [[_font_text(cell, charset) for cell in row] for row in ROWS]
    content = csv_text(rows, headers) if form == "csv" else workbook({"Trang 1": [headers, *rows]})
    report = warehouse.run_one("dvc/ho_so", f"cu.{form}", content)
    assert report.status == "da_nap", report.reason
    assert warehouse.sql(NAMES) == RIGHT_NAMES
    assert report.counts.quarantined == 0


@pytest.mark.parametrize("charset", ["TCVN3", "VNI"])
def test_font_text_of_one_column_is_told_by_its_words(warehouse, charset) -> None:  # type: ignore[no-untyped-def]
    rows = [[_font_text(cell, charset) if place == 2 else cell for place, cell in enumerate(row)] for row in ROWS]
    warehouse.run_one("dvc/ho_so", "cot_cu.xlsx", workbook({"Trang 1": [HEADERS, *rows]}))
    assert warehouse.sql(NAMES) == RIGHT_NAMES


def _with_names(names: list[str]) -> list[list[str | None]]:
    return [[*row[:2], name, *row[3:]] for row, name in zip(ROWS, names, strict=True)]


def test_column_that_mixes_both_is_left_and_listed(warehouse) -> None:  # type: ignore[no-untyped-def]
    names = ["NguyÔn ThÞ H¬ng", "Trần Văn Đức", "Lª V¨n ThuËn", "NguyÔn ThÞ Thñy", "Phạm Thùy Dương"]
    rows = _with_names(names)
    warehouse.run_one("dvc/ho_so", "lan.xlsx", workbook({"Trang 1": [HEADERS, *rows]}))
    assert warehouse.sql(NAMES) == [(name.lower(),) for name in names]
    found = warehouse.sql("SELECT DISTINCT cot, ly_do FROM so_cai.loi_gia_tri WHERE ly_do = 'nghi_sai_bang_ma'")
    assert found == [("chu_ho_so", "nghi_sai_bang_ma")]


def test_names_of_other_languages_are_no_font_text(warehouse) -> None:  # type: ignore[no-untyped-def]
    names = ["Müller Jörg", "Françoise Lefèvre", "Søren Kierkegård", "Nguyễn Văn A", "Zoë Brontë"]
    rows = _with_names(names)
    warehouse.run_one("dvc/ho_so", "nuoc_ngoai.xlsx", workbook({"Trang 1": [HEADERS, *rows]}))
    assert warehouse.sql(NAMES) == [(name.lower(),) for name in names]
    assert warehouse.sql("SELECT * FROM so_cai.loi_gia_tri WHERE ly_do = 'nghi_sai_bang_ma'") == []


def test_sheet_left_aside_is_named_in_the_ledger(warehouse) -> None:  # type: ignore[no-untyped-def]
    other = [["Mã đơn vị", "Trạng thái", "Số hồ sơ"], ["H02.28", "Đang xử lý", "4"]]
    content = workbook({"Tổng hợp": other, "Dữ liệu": [HEADERS, *ROWS]})
    report = warehouse.run_one("dvc/ho_so", "a.xlsx", content)
    assert report.counts.loaded == 5
    [(note,)] = warehouse.sql("SELECT ly_do FROM so_cai.tep WHERE trang_thai = 'da_nap'")
    assert "“Tổng hợp” (1 dòng)" in note
    assert report.reason == note
