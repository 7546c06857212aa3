"""A cell that holds the number 97.925 holds no 97 925, whatever the format; a text keeps the reading of a text."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.unit.intake.one_file import read, workbook
from tests.unit.intake.sheet_files import ods, spreadsheet_xml, xls

PRINTED = "bao_cao/so_lieu"
HEAD = ["Mã báo cáo", "Mã số liệu", "Chỉ tiêu", "Giá trị", "Đơn vị tính", "Tử số"]
VALUES = [97.925, 12.345, -1.204, 8.5, 45000, "97.925", "1.204"]
READ = ["97.925", "12.345", "-1.204", "8.5", "45000", "97925", "1204"]
FEES = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái", "Lệ phí"]


def _rows(values: list[Any]) -> list[list[Any]]:
    return [[f"BC-{i}", f"SL-{i}", "hs_tiep_nhan", value, "điểm", value] for i, value in enumerate(values)]


def _xlsx(rows: list[list[Any]]) -> bytes:
    return workbook({"A": [["", *HEAD], *(["", *row] for row in rows)]})


def _xls(rows: list[list[Any]]) -> bytes:
    return xls({"A": [HEAD, *rows]})


def _ods(rows: list[list[Any]]) -> bytes:
    def cell(value: Any) -> str:
        typed = 'string"' if isinstance(value, str) else f'float" office:value="{value}"'
        return f'<table:table-cell office:value-type="{typed}><text:p>{escape(str(value))}</text:p></table:table-cell>'

    return ods({"A": "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [HEAD, *rows])})


def _xml(rows: list[list[Any]]) -> bytes:
    def cell(value: Any) -> str:
        return f'<Cell><Data ss:Type="{"String" if isinstance(value, str) else "Number"}">{value}</Data></Cell>'

    return spreadsheet_xml("".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in [HEAD, *rows])).encode()


def _json(rows: list[list[Any]]) -> bytes:
    return json.dumps([dict(zip(HEAD, row, strict=True)) for row in rows]).encode()


def _json_envelope(rows: list[list[Any]]) -> bytes:
    pages = [{"trang": i, "ds": [dict(zip(HEAD, row, strict=True))]} for i, row in enumerate(rows)]
    return json.dumps(pages).encode()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.xlsx", _xlsx),
        ("a.xls", _xls),
        ("a.ods", _ods),
        ("a.xml", _xml),
        ("a.json", _json),
        ("a.json", _json_envelope),
    ],
)
def test_number_cells_keep_their_fraction(tmp_path: Path, name: str, make: Callable[[list[list[Any]]], bytes]) -> None:
    found = read(tmp_path, PRINTED, name, make(_rows(VALUES)))
    assert found.column("gia_tri") == found.column("tu_so") == [Decimal(text) for text in READ]
    assert [text.removesuffix(".0") for text in found.column("gia_tri_goc")] == [str(value) for value in VALUES]


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Decimal(12, 3), pl.String])
def test_numbers_of_parquet(tmp_path: Path, dtype: pl.DataType) -> None:
    numbers = pl.Series("Giá trị", ["97.925", "50.000", None]).cast(dtype)
    frame = pl.DataFrame({name: ["1", "2", "3"] for name in HEAD[:3]}).with_columns(numbers)
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    read_as = ["97925", "50000"] if dtype == pl.String else ["97.925", "50"]
    assert read(tmp_path, PRINTED, "a.parquet", buffer.getvalue()).column("gia_tri") == [*map(Decimal, read_as), None]


def test_number_that_a_workbook_stores_in_full_length(tmp_path: Path) -> None:
    found = read(tmp_path, PRINTED, "a.xlsx", _xlsx(_rows([0.1 * 3 + 97.625, 1.1 + 2.225])))
    assert found.column("gia_tri") == [Decimal("97.925"), Decimal("3.325")]


def test_amounts_of_number_cells(tmp_path: Path) -> None:
    rows = [[f"H02.16-240603-000{i}", "H02.16", "03/06/2024", "10", fee] for i, fee in enumerate([12.345, "12.345"])]
    found = read(tmp_path, "dvc/ho_so", "a.xlsx", workbook({"A": [FEES, *rows]}))
    assert found.column("phi_le_phi") == [Decimal("12.35"), Decimal("12345")]


def test_number_in_merged_cells_holds_for_every_row(tmp_path: Path) -> None:
    rows = [HEAD, *_rows([97.925, "", ""])]
    content = workbook({"A": rows}, {"A": [(1, 3, 3, 3)]})
    assert read(tmp_path, PRINTED, "a.xlsx", content).column("gia_tri") == [Decimal("97.925")] * 3


def test_no_separator_groups_thousands_in_a_row_of_per_cent(tmp_path: Path) -> None:
    lines = [";".join(HEAD), "B;1;x;97,925;%;1.204", "B;2;x;97.925; % ;1.204", "B;3;x;97.925;hồ sơ;1.204"]
    found = read(tmp_path, PRINTED, "a.csv", "\n".join([*lines, ""]))
    assert found.column("gia_tri") == [Decimal("97.925"), Decimal("97.925"), Decimal("97925")]
    assert found.column("gia_tri_goc") == ["97,925", "97.925", "97.925"]
    assert found.column("tu_so") == [Decimal(1204)] * 3
