"""Cells of a workbook that are shown as per cent: what is stored is the fraction, what was meant is ``97,92%``."""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl

from pipelines.intake.read.formats.xml import Attributes, parse_xml

PercentCells = dict[int, frozenset[int]]
"""Column → rows of its number cells with a per-cent format, counted as the user of it says."""

_BUILT_IN = {"9", "10"}
_LITERAL = re.compile(r'".*?"|\\.|\[[^\]]*\]')
_NUMBER = re.compile(r"^-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$")


def is_percent_format(code: str) -> bool:
    """Whether a number format shows a true ``%``: not one in quotes, behind a backslash or in brackets."""
    return "%" in _LITERAL.sub("", code)


def percent_styles(styles: bytes) -> frozenset[str]:
    """Numbers of the cell styles (attribute ``s``) with a per-cent number format; raises ``BrokenXmlError``."""
    formats = _Formats()
    parse_xml(styles, formats.start, formats.end)
    shown = _BUILT_IN - formats.codes.keys()
    shown |= {number for number, code in formats.codes.items() if is_percent_format(code)}
    return frozenset(str(place) for place, number in enumerate(formats.cells) if number in shown)


class _Formats:
    """Number formats by id, and the id of each cell style in order."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.cells: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self.cells.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False


def as_shown(text: pl.Series, rows: pl.Series, percent: frozenset[int]) -> pl.Series:
    """``0.9792`` of a per-cent cell as ``97.92%``; ``rows`` are the sheet rows of ``text``."""
    places = (rows.is_in(sorted(percent)) & text.is_not_null()).arg_true()
    if places.is_empty():
        return text
    return text.scatter(places, [_shown(item) for item in text.gather(places).to_list()])


def _shown(text: str) -> str:
    return f"{(Decimal(text) * 100).normalize():f}%" if _NUMBER.match(text) else text
