"""Cells of a workbook that are shown as per cent: what is stored is the fraction, what was meant is ``97,92%``."""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl

PercentCells = dict[int, frozenset[int]]
"""1-based sheet column → 1-based sheet rows of its number cells with a per-cent format."""

_BUILT_IN = {9, 10}
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^>]*>")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_LITERAL = re.compile(rb'(?:"|&quot;).*?(?:"|&quot;)|\\.')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_LONGEST_TAG = 4_096
_PLACE = re.compile(rb"^([A-Z]{1,3})([0-9]{1,7})$")
_TEXT_TYPES = {b"s", b"str", b"inlineStr", b"b", b"e", b"d"}
_NUMBER = re.compile(r"^-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$")


def percent_styles(styles: bytes) -> frozenset[bytes]:
    """Numbers of the cell styles (attribute ``s``) whose number format ends in a true ``%``."""
    codes = {
        found[b"numFmtId"]: found.get(b"formatCode", b"")
        for tag in _FORMAT.findall(styles)
        if b"numFmtId" in (found := dict(_ATTRIBUTE.findall(tag)))
    }
    shown = {str(number).encode() for number in _BUILT_IN}
    shown |= {number for number, code in codes.items() if b"%" in _LITERAL.sub(b"", code)}
    block = _CELL_FORMATS.search(styles)
    tags = _CELL_FORMAT.findall(block.group()) if block else []
    return frozenset(
        str(place).encode() for place, tag in enumerate(tags) if dict(_ATTRIBUTE.findall(tag)).get(b"numFmtId") in shown
    )


def percent_cells(sheet: bytes, styles: frozenset[bytes]) -> PercentCells:
    """The number cells of a worksheet part that carry one of ``styles``; only their tags are looked at."""
    found: dict[int, set[int]] = {}
    for style in styles:
        mark = b's="' + style + b'"'
        at = sheet.find(mark)
        while at >= 0:
            start = max(sheet.rfind(b"<", max(at - _LONGEST_TAG, 0), at), 0)
            match = _CELL.match(sheet, start, start + _LONGEST_TAG)
            at = sheet.find(mark, at + len(mark))
            attributes = dict(_ATTRIBUTE.findall(match[1])) if match else {}
            if attributes.get(b"s") != style or attributes.get(b"t") in _TEXT_TYPES:
                continue
            place = _PLACE.match(attributes.get(b"r", b""))
            if place:
                found.setdefault(_column(place[1]), set()).add(int(place[2]))
    return {column: frozenset(rows) for column, rows in found.items()}


def as_shown(text: pl.Series, rows: pl.Series, percent: frozenset[int]) -> pl.Series:
    """``0.9792`` of a per-cent cell as ``97.92%``; ``rows`` are the sheet rows of ``text``."""
    places = (rows.is_in(sorted(percent)) & text.is_not_null()).arg_true()
    if places.is_empty():
        return text
    return text.scatter(places, [_shown(item) for item in text.gather(places).to_list()])


def _shown(text: str) -> str:
    return f"{(Decimal(text) * 100).normalize():f}%" if _NUMBER.match(text) else text


def _column(letters: bytes) -> int:
    number = 0
    for code in letters:
        number = number * 26 + code - 64
    return number
