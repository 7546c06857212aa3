"""Amounts given in thousands or millions of đồng come out in đồng, wherever the sheet says so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.intake.one_file import read, workbook

FEED = "dvc/phi"
KEYS = ["Mã TTHC", "Kênh nộp", "Số văn bản", "Hiệu lực từ"]
ROW = ["1.001", "Trực tuyến", "12/NQ-HĐND", "01/01/2026"]


def _amount(
    tmp_path: Path, heading: str, amount: str | float, *, above: tuple[str, ...] = (), below: str = ""
) -> Decimal:
    rows: list[list[str | float]] = [[line] for line in above]
    rows.append([*KEYS, heading])
    if below:
        rows.append(["", "", "", "", below])
    found = read(tmp_path, FEED, "phi.xlsx", workbook({"S": [*rows, [*ROW, amount]]}))
    assert found.faults == []
    (value,) = found.column("muc_thu")
    assert isinstance(value, Decimal)
    return value


@pytest.mark.parametrize(
    ("heading", "amount", "dong"),
    [
        ("Mức thu (nghìn đồng)", "50", 50_000),
        ("Mức thu (ngàn đồng)", 50.5, 50_500),
        ("Mức thu\n(1.000 đồng)", "50", 50_000),
        ("Mức thu (1000đ)", "50", 50_000),
        ("Mức thu (ĐVT: triệu đồng)", "1,5", 1_500_000),
        ("Mức thu (1.000.000 đồng)", "1,5", 1_500_000),
        ("Mức thu (tỷ đồng)", "0,002", 2_000_000),
        ("Mức thu (đồng)", "50.000", 50_000),
        ("Mức thu", "50.000", 50_000),
        ("Mức thu (nghìn đồng)", "50.000 đồng", 50_000),
        ("Mức thu (nghìn đồng)", "50.000đ", 50_000),
    ],
)
def test_header(tmp_path: Path, heading: str, amount: str | float, dong: int) -> None:
    assert _amount(tmp_path, heading, amount) == dong


def test_row_of_units_and_line_above(tmp_path: Path) -> None:
    assert _amount(tmp_path, "Mức thu", "50", below="(nghìn đồng)") == 50_000
    assert _amount(tmp_path, "Mức thu", "50", above=("BIỂU MỨC THU", "Đơn vị tính: 1.000 đồng")) == 50_000
    assert _amount(tmp_path, "Mức thu", "50", above=("(ĐVT: nghìn đồng)",)) == 50_000


def test_what_stands_nearest_to_the_column_holds(tmp_path: Path) -> None:
    assert _amount(tmp_path, "Mức thu (đồng)", "50000", above=("Đơn vị tính: nghìn đồng",)) == 50_000
    assert _amount(tmp_path, "Mức thu (triệu đồng)", "5", above=("Đơn vị tính: nghìn đồng",)) == 5_000_000


def test_sums_named_above_the_table_are_no_unit(tmp_path: Path) -> None:
    assert _amount(tmp_path, "Mức thu", "50000", above=("Thu nộp ngân sách 1 tỷ đồng", "Đơn vị: Sở Tư pháp")) == 50_000


def test_amount_that_no_longer_fits_is_a_finding(tmp_path: Path) -> None:
    rows = [[*KEYS, "Mức thu (tỷ đồng)"], [*ROW, "99999999999"]]
    found = read(tmp_path, FEED, "phi.xlsx", workbook({"S": rows}))
    assert found.faults == [(2, "muc_thu", "khong_doc_duoc", True)]
