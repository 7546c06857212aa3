"""How far to the right the cells of a worksheet reach, before any reader opens it."""

from __future__ import annotations

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.readers import workbook_guard
from pipelines.intake.readers.percent import percent_cells
from pipelines.intake.readers.workbook_guard import widest_column

REFERENCES = st.from_regex(r"[A-Z]{1,3}[0-9]{1,3}", fullmatch=True)
PARTS = st.lists(
    REFERENCES.map(lambda place: f'<c r="{place}" t="s"><v>1</v></c>')
    | st.sampled_from(['<row r="12">', '<f>"ABC"</f>', ' t="AB1"', "<v>ABCD</v>", '"', 'r="', "Ă"]),
    max_size=30,
)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@given(parts=PARTS, block=st.integers(1, 60))
def test_widest_column_is_that_of_the_references(parts, block):
    body = "".join(parts)
    with patch.object(workbook_guard, "_BLOCK", block):
        found = widest_column(body.encode("utf-8"))
    assert found == max([26, *(_number(m) for m in re.findall(r'r="([A-Z]{2,3})', body))])


def test_empty_sheet_has_no_wide_column():
    assert widest_column(b"") == widest_column(b'r="A') == 26


CELLS = st.builds(
    '<{}c r="{}" {} {}>{}'.format,
    st.sampled_from(["", "x:"]),
    REFERENCES,
    st.sampled_from(['s="1"', 's="2"', "s = '2'", 's="12"', ""]),
    st.sampled_from(['t="s"', 't="n"', "", 's="2"']),
    st.sampled_from(["<v>1</v></c>", '<v>s="2"</v>', ""]),
)


@given(parts=st.lists(CELLS | st.sampled_from(['<row s="2">', ' s="2"', '<col s="1"/>']), max_size=20))
def test_percent_cells_are_those_whose_tag_has_the_style(parts):
    sheet, styles = "".join(parts).encode(), frozenset({b"1", b"2"})
    expected: dict[int, set[int]] = {}
    for tag in re.findall(rb"<(?:\w+:)?c\b([^>]*)>", sheet):
        attributes = dict(re.findall(rb'([\w:]+)\s*=\s*"([^"]*)"', tag))
        if attributes.get(b"s") in styles and attributes.get(b"t") != b"s":
            column, row = re.fullmatch(r"([A-Z]+)([0-9]+)", attributes[b"r"].decode()).groups()
            expected.setdefault(_number(column), set()).add(int(row))
    assert percent_cells(sheet, styles) == {column: frozenset(rows) for column, rows in expected.items()}
