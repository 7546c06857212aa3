"""What is learned of a worksheet before any reader opens it: by a search of its bytes, and by parsing it."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.limits import Limits
from pipelines.intake.read.formats import extent, sheet_facts, spelling
from pipelines.intake.read.formats.extent import widest_column
from pipelines.intake.read.formats.package import as_utf8
from pipelines.intake.sheet import Mark

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
    with patch.object(extent, "_BLOCK", block):
        found = widest_column(body.encode("utf-8"))
    assert found == max([26, *(_number(m) for m in re.findall(r'r="([A-Z]{2,3})', body))])


def test_empty_sheet_has_no_wide_column():
    assert widest_column(b"") == widest_column(b'r="A') == 26


STYLES = {Mark.PERCENT: frozenset({"1", "2"}), Mark.MONTH: frozenset({"12"}), Mark.YEAR: frozenset({"3"})}
NUMBERS = st.builds(
    '<c r="{}"{}{}><v>{}</v></c>'.format,
    st.just("{place}"),
    st.sampled_from(["", ' s="1"', ' s="12"', ' s="2"']),
    st.sampled_from(["", ' t="n"', ' t="s"']),
    st.sampled_from(["1", "97.925", "-97.924999999999997", "1204.5", "0.375"]),
)
ERRORS = st.builds(
    '<c r="{}" t="e"><v>{}</v></c>'.format, st.just("{place}"), st.sampled_from(["#REF!", "#N/A", "#LA!"])
)
FORMULAS = st.builds(
    '<c r="{}"{}>{}{}</c>'.format,
    st.just("{place}"),
    st.sampled_from(["", ' t="str"', ' s="1"']),
    st.sampled_from(["<f>A1+1</f>", '<f t="shared" si="0"/>']),
    st.sampled_from(["", "<v/>", "<v></v>", "<v>7</v>"]),
)
TEXTS = st.just('<c r="{place}" t="inlineStr"><is><t>s="2" t=</t></is></c>') | st.just('<c r="{place}" s="2"/>')
MERGES = st.lists(st.sampled_from(["A1:B2", "C3:C9", "$D$4:$E$4"]), max_size=3)


@given(
    rows=st.lists(st.lists(NUMBERS | ERRORS | FORMULAS | TEXTS, max_size=5), max_size=5),
    merges=MERGES,
    block=st.integers(1, 90),
)
def test_a_sheet_searched_and_the_same_sheet_parsed_say_the_same(rows, merges, block):
    lines = "".join(
        f'<row r="{i}">'
        + "".join(cell.replace("{place}", f"{chr(65 + j)}{i}") for j, cell in enumerate(row))
        + "</row>"
        for i, row in enumerate(rows, 1)
    )
    ranges = "".join(f'<mergeCell ref="{place}"/>' for place in merges)
    body = f"<worksheet><sheetData>{lines}</sheetData><mergeCells>{ranges}</mergeCells></worksheet>".encode()
    with patch.object(spelling, "_BLOCK", block):
        found = spelling.spelling_of(body)
    assert found == spelling.Spelling(as_excel_writes=True, has_formulas=b"<f" in body)
    searched = sheet_facts._searched(body, STYLES, Limits(), has_formulas=found.has_formulas)
    parsed = sheet_facts._parsed(body, STYLES, Limits())
    if searched != sheet_facts.SheetFacts():
        assert (searched.marks, searched.lost) == (parsed.marks, parsed.lost)
        assert searched.merged == parsed.merged
        assert searched.first_column in (None, parsed.first_column)


ROW = '<row r="3"><c r="B3" s="1"><v>0.9</v></c><c r="C3"><v>1</v></c></row>'
SHEET = f"<worksheet><sheetData>{ROW}</sheetData></worksheet>"


@pytest.mark.parametrize(
    "body",
    [
        SHEET,
        SHEET.replace('"', "'"),
        SHEET.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:worksheet", '<x:worksheet xmlns:x="a"'),
        SHEET.replace("B3", "b3"),
        SHEET.replace(' r="C3"', ""),
        SHEET.replace('<c r="B3"', '<c s="1" r="B3"').replace(' s="1"><v>0.9', "><v>0.9"),
        SHEET.replace('<c r="B3" s="1"', '<c\n r = "B3"\n s = "1"'),
        SHEET.replace("<sheetData>", '<!-- <c r="A9" s="1"><v>1</v></c> --><sheetData>'),
        SHEET.replace("<sheetData>", '<?x <c r="A9" s="1"><v>1</v></c> ?><sheetData>'),
        SHEET.replace("</row>", '<?x <c r="D9" s="1"><v>1</v></c> ?></row>'),
        SHEET.replace("0.9", "<![CDATA[0.9]]>"),
        '<?xml version="1.0" encoding="utf-16"?>' + SHEET,
    ],
)
def test_the_same_sheet_in_every_spelling(body):
    data = body.encode("utf-16" if "utf-16" in body else "utf-8")
    assert spelling.spelling_of(data).as_excel_writes == (body == SHEET)
    facts = sheet_facts.sheet_facts(as_utf8(data), STYLES, Limits())
    assert facts.marks == {Mark.PERCENT: {2: frozenset({3})}}
    assert facts.first_column in (None, 2)
