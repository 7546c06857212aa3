"""The same records come out the same, whatever format, character set and layout they arrive in."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import polars as pl
import pytest
from intake_exports import HEADERS, ROWS, TITLES, as_tcvn3, as_vni, as_windows_1258, csv_text, merged_workbook, workbook

STATES = """
    SELECT ma_ho_so, ma_don_vi, lower(chu_ho_so), so_dinh_danh, ngay_tiep_nhan, trang_thai, ly_do_tra_lai
    FROM tho.dvc__ho_so ORDER BY 1
"""
EXPECTED = [
    (
        "H02.01-250203-0001",
        "H02.01",
        "nguyễn thị ngọc ánh",
        "024190001234",
        datetime(2025, 2, 3, 7, 22),
        "da_tra_ket_qua",
        None,
    ),
    ("H02.01-250203-0002", "H02.01", "trần văn đức", "024190001235", datetime(2025, 2, 4, 8, 30), "dang_xu_ly", None),
    (
        "H02.02-250205-0001",
        "H02.02",
        "lê hữu phước",
        "127300374",
        datetime(2025, 2, 5, 9, 0),
        "khong_duoc_tiep_nhan",
        "Thiếu giấy tờ",
    ),
    (
        "H02.02-250206-0001",
        "H02.02",
        "phạm thùy dương",
        None,
        datetime(2025, 2, 6, 10, 15),
        "cong_dan_rut",
        "Tự nguyện rút hồ sơ",
    ),
    (
        "H02.03-250207-0001",
        "H02.03",
        "đỗ quỳnh trang",
        "024190001236",
        datetime(2025, 2, 7, 16, 45),
        "da_xu_ly_xong",
        None,
    ),
]
PLAIN = csv_text()
TITLED = csv_text(titles=TITLES, footer=["", "Tổng cộng: 5 hồ sơ", "NGƯỜI LẬP BIỂU"])
RECORDS = [dict(zip(HEADERS, row, strict=True)) for row in ROWS]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", PLAIN.encode()),
        ("a.csv", b"\xef\xbb\xbf" + TITLED.encode()),
        ("a.csv", csv_text(delimiter=",").encode()),
        ("a.txt", csv_text(delimiter="\t").encode()),
        ("a.csv", csv_text(delimiter="|").encode()),
        ("a.csv", b"\xff\xfe" + TITLED.encode("utf-16-le")),
        ("a.csv", b"\xfe\xff" + TITLED.encode("utf-16-be")),
        ("a.csv", TITLED.encode("utf-16-le")),
        ("a.csv", TITLED.encode("utf-16-be")),
        ("a.csv", as_windows_1258(TITLED)),
        ("a.csv", as_tcvn3(TITLED)),
        ("a.csv", as_vni(TITLED)),
        ("a.csv", as_tcvn3(PLAIN)),
        ("a.csv", as_vni(PLAIN)),
        ("a.csv", PLAIN.replace("\r\n", "\n").encode()),
        ("a.csv", PLAIN.replace("\r\n", "\r").encode()),
        ("a.csv", ("sep=;\r\n" + PLAIN).encode()),
        ("a.json", json.dumps(RECORDS).encode()),
        ("a.json", json.dumps({"data": RECORDS}, ensure_ascii=False).encode()),
        ("a.json", b"\xff\xfe" + json.dumps(RECORDS, ensure_ascii=False).encode("utf-16-le")),
        ("a.json", "\n".join(json.dumps(r, ensure_ascii=False) for r in RECORDS).encode()),
        ("a.jsonl", "\n\n".join(json.dumps(r, ensure_ascii=False) for r in RECORDS).encode()),
        ("a.xlsx", workbook({"Sheet1": [HEADERS, *ROWS]})),
        ("a.xlsx", workbook({"Sheet1": [HEADERS, *ROWS]}, first_row=7, first_column=3)),
        ("a.csv", workbook({"Sheet1": [HEADERS, *ROWS]})),
        ("a.xlsx", workbook({"T1": [HEADERS, *ROWS[:2]], "T2": [[], HEADERS[::-1], *(r[::-1] for r in ROWS[2:])]})),
    ],
)
def test_five_records_in_any_clothes(warehouse, name, content):
    report = warehouse.run_one("dvc/ho_so", name, content)
    assert report.status == "da_nap", report.reason
    assert (report.counts.read, report.counts.loaded) == (5, 5)
    assert warehouse.sql(STATES) == EXPECTED


def test_parquet_with_typed_columns_and_zones(warehouse):
    buffer = io.BytesIO()
    frame = pl.DataFrame(RECORDS, infer_schema_length=None).with_columns(
        pl.Series(
            "Ngày tiếp nhận",
            [datetime.strptime(str(r["Ngày tiếp nhận"]), "%d/%m/%Y %H:%M").replace(tzinfo=UTC) for r in RECORDS],
        ).dt.offset_by("-7h")
    )
    frame.write_parquet(buffer)
    report = warehouse.run_one("dvc/ho_so", "a.parquet", buffer.getvalue())
    assert report.status == "da_nap", report.reason
    assert warehouse.sql(STATES) == EXPECTED


def test_merged_header_titles_numbering_and_footer(warehouse):
    report = warehouse.run_one("dvc/ho_so", "tháng 2.xlsx", merged_workbook())
    assert report.status == "da_nap", report.reason
    assert (report.counts.read, report.counts.loaded, report.unknown_columns) == (5, 5, ())
    assert warehouse.sql("SELECT DISTINCT ngay_hen_tra FROM tho.dvc__ho_so") == [(datetime(2025, 3, 20),)]
    assert warehouse.sql("SELECT min(_dong), max(_dong) FROM tho.dvc__ho_so") == [(9, 13)]
    assert warehouse.sql("SELECT * EXCLUDE (ma_tep) FROM so_cai.trang_tinh") == [("Tháng 2", 7, 5, 5)]
    assert warehouse.sql("SELECT xuat_luc FROM so_cai.tep") == [(datetime(2025, 2, 28, 17),)]


def test_real_dates_serials_and_numbers_of_a_workbook(warehouse):
    rows = [
        ["H02.01-250203-0001", "H02.01", "A", 24190001234, datetime(2025, 2, 3, 7, 22), 10, None],
        ["H02.01-250203-0002", "H02.01", "B", "024190001235", 45691.3541666, "Đang xử lý", None],
    ]
    buffer = io.BytesIO()
    import xlsxwriter

    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet()
    for i, row in enumerate([HEADERS, *rows]):
        for j, cell in enumerate(row):
            if cell is not None:
                sheet.write(i, j, cell)
    book.close()
    warehouse.run_one("dvc/ho_so", "a.xlsx", buffer.getvalue())
    assert warehouse.sql(
        "SELECT so_dinh_danh, so_dinh_danh_goc, ngay_tiep_nhan FROM tho.dvc__ho_so ORDER BY ma_ho_so"
    ) == [
        ("024190001234", "24190001234", datetime(2025, 2, 3, 7, 22)),
        ("024190001235", None, datetime(2025, 2, 3, 8, 30)),
    ]


def test_formula_cells_are_text_and_hostile_names_are_names(warehouse):
    buffer = io.BytesIO()
    import xlsxwriter

    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [*HEADERS, '"); DROP TABLE so_cai.tep; --'])
    sheet.write_row(1, 0, [cell or "" for cell in ROWS[0]])
    sheet.write_formula(1, 2, '=HYPERLINK("http://vi-du.invalid/","Bấm")', None, "Bấm")
    sheet.write(1, 7, "'; DELETE FROM so_cai.tep; --")
    book.close()
    report = warehouse.run_one("dvc/ho_so", "x'; DROP TABLE tep; --.xlsx", buffer.getvalue())
    assert report.status == "da_nap"
    assert warehouse.sql("SELECT chu_ho_so FROM tho.dvc__ho_so") == [("Bấm",)]
    assert warehouse.sql("SELECT cot, goi_y FROM so_cai.cot_la") == [('"); DROP TABLE so_cai.tep; --', None)]
    assert "DELETE FROM" in warehouse.sql("SELECT _goc FROM tho.dvc__ho_so")[0][0]
