"""Cell styles of a workbook whose number format says more than the stored number."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.intake.read.formats.percent import LITERAL, is_percent_format
from pipelines.intake.read.formats.xml import Attributes, parse_xml
from pipelines.intake.sheet import Mark

_BUILT_IN = {"9": "0%", "10": "0.00%", "17": "mmm-yy"}


CellStyles = dict[Mark, frozenset[str]]
"""Mark → numbers of the styles (attribute ``s``) that give it."""


def _shows_month(code: str) -> bool:
    """Whether a number format shows month and year and no day: what a spreadsheet makes of a typed ``05/1975``."""
    letters = set(LITERAL.sub("", code).lower())
    return {"m", "y"} <= letters and not letters & {"d", "h", "s"}


def _shows_year(code: str) -> bool:
    """Whether a number format shows a year and nothing else."""
    letters = set(LITERAL.sub("", code).lower())
    return "y" in letters and not letters & {"d", "m", "h", "s"}


_SHOWN: dict[Mark, Callable[[str], bool]] = {
    Mark.PERCENT: is_percent_format,
    Mark.MONTH: _shows_month,
    Mark.YEAR: _shows_year,
}


def marks_of(code: str) -> list[Mark]:
    """What a number format says of the cells that have it."""
    return [mark for mark, shows in _SHOWN.items() if shows(code)]


def cell_styles(styles: bytes) -> CellStyles:
    """The styles of a part; raises ``BrokenXmlError``."""
    formats = _Formats()
    parse_xml(styles, formats.start, formats.end)
    codes = _BUILT_IN | formats.codes
    marks = [marks_of(codes.get(number, "")) for number in formats.cells]
    return {mark: frozenset(str(place) for place, given in enumerate(marks) if mark in given) for mark in _SHOWN}


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
