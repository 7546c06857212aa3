"""Pages of workbooks: a row shows its whole text in any program, a text is never a formula, a footer is as given."""

from __future__ import annotations

import io
import re
import zipfile

import xlsxwriter

from pipelines.sheets import OPTIONS, Column, fitting, head, height, lines_of, print_setup, styles_of, writer

COLUMNS = (Column("Việc", 20), Column("Số", 8))


def _xml(footer: str, text: str) -> str:
    place = io.BytesIO()
    with xlsxwriter.Workbook(place, {**OPTIONS, "in_memory": True}) as book:
        styles = styles_of(book)
        sheet = book.add_worksheet("Trang")
        print_setup(sheet, footer)
        head(sheet, styles, COLUMNS, 0)
        writer(sheet, styles, COLUMNS)(1, [text, 3])
    with zipfile.ZipFile(place) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


def test_a_row_is_as_high_as_its_longest_text() -> None:
    xml = _xml("x", "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai")
    (points,) = re.findall(r'<row r="2"[^>]* ht="([0-9.]+)"', xml)
    assert float(points) >= 3 * 15


def test_no_text_is_a_formula_and_one_too_long_is_shortened() -> None:
    assert "<f>" not in _xml("x", "=cmd|'/c calc'!A1")
    assert fitting("a" * 40_000).endswith("…") and len(fitting("a" * 40_000)) == 32_767


def test_a_footer_may_begin_with_a_digit_or_hold_an_ampersand() -> None:
    """“&8” sets the size; “06a” after it would make it 806."""
    found = re.findall(r"<oddFooter>(.*?)</oddFooter>", _xml("06a A & B", "x"))
    assert found == ["&amp;L&amp;8 06a A &amp;&amp; B&amp;R&amp;8 Trang &amp;P/&amp;N"]


def test_every_sheet_is_a4_landscape_and_one_page_wide() -> None:
    xml = _xml("x", "y")
    assert 'orientation="landscape"' in xml and 'paperSize="9"' in xml and 'fitToHeight="0"' in xml


def test_lines_and_heights() -> None:
    assert lines_of("a" * 50, 10) > 4
    assert lines_of("một\nhai", 40) == 2
    assert height([None, 5, "x"], [5, 5, 5]) < height(["x " * 40], [10])
    assert height(["x " * 5_000], [10]) == 409
