"""A workbook packed in another legal way is the same workbook: parts are found by relationships, XML is parsed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.one_file import DOSSIER_HEADERS, dossiers, read, workbook

Parts = dict[str, bytes]
FEED = "bo_chi_so_766/diem"


def _scores() -> bytes:
    """Per cent in one column, dates of the 1904 system, text shared and in line, a column that is empty on the left."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": True})
    sheet, percent = book.add_worksheet("Điểm & hạng"), book.add_format({"num_format": "0.00%"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ["ky", "ma_don_vi", "ma_chi_so", "diem", "thoi_diem_lay", "ty_le"])
    for row in (1, 2):
        sheet.write_row(row, 0, ["2024-06", "H02", f"1.{row}", "1"])
        sheet.write_datetime(row, 4, datetime(2024, 7, row), day)
        sheet.write_number(row, 5, 0.9, percent)
    book.close()
    return buffer.getvalue()


def _parts(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: Parts, spell: Callable[[str], str] = str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            entry = zipfile.ZipInfo("x")
            entry.filename = entry.orig_filename = spell(name)
            archive.writestr(entry, body)
    return buffer.getvalue()


def _renamed(parts: Parts, names: dict[str, str]) -> Parts:
    """Parts under other names, and the relationships that lead to them, from the root of the package."""
    made = {}
    for name in parts:
        if name.endswith(".rels"):
            for old, new in names.items():
                short = old.removeprefix("xl/").encode()
                parts[name] = re.sub(
                    rb'Target="(?:xl/)?' + re.escape(short) + rb'"', b'Target="/' + new.encode() + b'"', parts[name]
                )
        made[names.get(name, name)] = parts[name]
    return made


def _each(change: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    return lambda parts: {
        name: change(body) if name.startswith("xl/") and name.endswith(".xml") else body for name, body in parts.items()
    }


def _single_quotes(body: bytes) -> bytes:
    head, _, rest = body.partition(b"?>")
    return head + b"?>" + re.sub(rb'([\w:]+)="([^"\']*)"', rb"\1='\2'", rest)


def _prefixed(body: bytes) -> bytes:
    head, _, rest = body.partition(b"?>")
    rest = re.sub(rb"<(/?)(\w+)(?=[\s>/])", rb"<\1q:\2", rest)
    return head + b"?>" + rest.replace(b' xmlns="', b' xmlns:q="', 1)


def _utf16(body: bytes) -> bytes:
    text = re.sub(r"<\?xml.*?\?>", '<?xml version="1.0" encoding="UTF-16"?>', body.decode("utf-8"), count=1)
    return text.encode("utf-16")


BOOK, RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEET, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"
PACKAGINGS: dict[str, Callable[[Parts], bytes]] = {
    "as it came": _packed,
    "backslashes": lambda parts: _packed(parts, lambda name: name.replace("/", "\\")),
    "capitals": lambda parts: _packed(parts, str.upper),
    "endings in capitals": lambda parts: _packed(parts, lambda name: name.replace(".xml", ".XML")),
    "another folder": lambda parts: _packed(_renamed(parts, {SHEET: "noi/khac/t.xml"})),
    "sheets without an ending": lambda parts: _packed(_renamed(parts, {SHEET: "xl/worksheets/t"})),
    "everything renamed": lambda parts: _packed(
        _renamed(
            parts,
            {SHEET: "s.xml", STYLES: "k/kieu.xml", STRINGS: "c.xml", BOOK: "w/so.xml", RELS: "w/_rels/so.xml.rels"},
        )
    ),
    "styles elsewhere beside others": lambda parts: _packed(
        {**_renamed(parts, {STYLES: "xl/k/styles.xml"}), STYLES: b"<styleSheet/>"}
    ),
    "percent signs in names": lambda parts: _packed(_renamed(parts, {SHEET: "xl/worksheets/b%20a.xml"})),
    "single quotes": lambda parts: _packed(_each(_single_quotes)(parts)),
    "prefixes": lambda parts: _packed(_each(_prefixed)(parts)),
    "no references": lambda parts: _packed(_each(lambda body: re.sub(rb' r="[A-Z]*\d+"', b"", body))(parts)),
    "UTF-16": lambda parts: _packed(_each(_utf16)(parts)),
    "comments": lambda parts: _packed(
        _each(lambda body: body.replace(b"<row", b'<!-- <c r="A1"><v>7</v></c> --><row'))(parts)
    ),
    "blanks around equals": lambda parts: _packed(
        _each(lambda body: re.sub(rb'(<(?!\?)[^>]*?\w)="', rb'\1 = "', body))(parts)
    ),
    "no rels of the package": lambda parts: _packed({n: b for n, b in parts.items() if n != "_rels/.rels"}),
}


@pytest.mark.parametrize("packaging", PACKAGINGS)
def test_the_same_workbook_in_every_packaging(tmp_path: Path, packaging: str) -> None:
    found = read(tmp_path, FEED, "a.xlsx", PACKAGINGS[packaging](_parts(_scores())))
    assert found.column("ty_le") == [Decimal("0.9")] * 2
    assert found.column("thoi_diem_lay") == [datetime(2024, 7, 1), datetime(2024, 7, 2)]
    assert found.column("ma_chi_so") == ["1.1", "1.2"]
    assert found.sheets == ["Điểm & hạng"]


def test_a_part_that_is_missing_or_there_twice_refuses_the_workbook(tmp_path: Path) -> None:
    parts = _parts(_scores())
    with pytest.raises(FileRefusedError, match="thiếu phần"):
        read(tmp_path, FEED, "a.xlsx", _packed({n: b for n, b in parts.items() if n != SHEET}))
    with pytest.raises(FileRefusedError, match="cùng tên"):
        read(tmp_path, FEED, "a.xlsx", _packed({**parts, "XL/worksheets/SHEET1.xml": b"<worksheet/>"}))


def test_document_types_are_refused(tmp_path: Path) -> None:
    parts = _parts(_scores())
    parts[SHEET] = parts[SHEET].replace(
        b"<worksheet", b"<!DOCTYPE w [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><worksheet", 1
    )
    with pytest.raises(FileRefusedError, match="DOCTYPE"):
        read(tmp_path, FEED, "a.xlsx", _packed(parts))


def test_chart_sheets_are_passed_over_wherever_they_stand(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=T!$A$1:$A$2"})
    book.add_chartsheet("Biểu đồ").set_chart(chart)
    sheet = book.add_worksheet("T")
    for i, row in enumerate([DOSSIER_HEADERS, *dossiers()]):
        sheet.write_row(i, 0, row)
    book.close()
    assert read(tmp_path, "dvc/ho_so", "a.xlsx", buffer.getvalue()).sheets == ["T"]


def _edited(edit: Callable[[openpyxl.worksheet.worksheet.Worksheet], None], rows: int = 3) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [DOSSIER_HEADERS, *dossiers(rows)]:
        sheet.append(row)
    edit(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!"])
def test_an_error_cell_is_no_value_and_a_finding(tmp_path: Path, error: str) -> None:
    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for place in ("F2", "G3"):
            sheet[place].value = error
            sheet[place].data_type = "e"

    found = read(tmp_path, "dvc/ho_so", "a.xlsx", _edited(edit))
    assert (found.column("ngay_hen_tra")[0], found.column("chu_ho_so")[1]) == (None, None)
    assert sorted(found.faults) == [
        (2, "ngay_hen_tra", "khong_doc_duoc", False),
        (3, "chu_ho_so", "khong_doc_duoc", False),
    ]


def test_an_error_in_a_needed_field_sets_the_row_apart(tmp_path: Path) -> None:
    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["B2"].value, sheet["B2"].data_type = "#REF!", "e"

    found = read(tmp_path, "dvc/ho_so", "a.xlsx", _edited(edit))
    assert found.faults == [(2, "ma_ho_so", "khong_doc_duoc", True)]
    assert found.sound == [3, 4]


def test_a_formula_that_gives_empty_text_is_blank(tmp_path: Path) -> None:
    content = workbook({"T": [DOSSIER_HEADERS, *dossiers(1)]})
    parts = _parts(content)
    parts[SHEET] = re.sub(rb'<c r="F2"[^>]*>.*?</c>', b'<c r="F2" t="str"><f>IF(1,"","")</f><v></v></c>', parts[SHEET])
    found = read(tmp_path, "dvc/ho_so", "a.xlsx", _packed(parts))
    assert (found.column("ngay_hen_tra"), found.faults) == ([None], [])


def test_merged_cells_hold_for_every_record_of_their_range(tmp_path: Path) -> None:
    rows = [
        ["DANH SÁCH HỒ SƠ", *[None] * 6],
        DOSSIER_HEADERS,
        *dossiers(4),
        [None] * 7,
        ["Tổng số: 4 hồ sơ", *[None] * 6],
    ]
    for i in (3, 4):
        rows[i][2] = None
    rows[5][5] = None
    merged = {"T": [(0, 0, 0, 6), (2, 2, 4, 2), (4, 5, 5, 5), (7, 0, 8, 6)]}
    found = read(tmp_path, "dvc/ho_so", "a.xlsx", workbook({"T": rows}, merged))
    assert found.column("ma_don_vi") == ["H02.28"] * 4
    assert found.column("ngay_hen_tra")[2:] == [datetime(2024, 6, 13)] * 2
    assert (found.totals, found.sound) == ([4], [3, 4, 5, 6])


def test_per_cent_of_a_merged_cell_holds_too(tmp_path: Path) -> None:
    rows = [["ky", "ma_don_vi", "ma_chi_so", "diem", "thoi_diem_lay", "ty_le"]]
    rows += [["2024-06", "H02", f"1.{i}", "1", "2024-07-01", (0.9, "0%") if i == 1 else None] for i in (1, 2)]
    found = read(tmp_path, FEED, "a.xlsx", workbook({"T": rows}, {"T": [(1, 5, 2, 5)]}))
    assert found.column("ty_le") == [Decimal("0.9")] * 2


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    parts = _parts(_scores())
    content = _packed({"Q": b"", **parts}, lambda name: "" if name == "Q" else name)
    assert read(tmp_path, FEED, "a.xlsx", content).column("ma_chi_so") == ["1.1", "1.2"]
