"""What a worksheet part says beside its values: merged ranges, cells shown in another way or with a fraction,
cells whose value is lost.

Parts written as Excel writes them are searched byte by byte; every other spelling of the same XML goes through a
parser, which takes twenty times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.fractions import STORED
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.cell_styles import CellStyles
from pipelines.intake.read.formats.extent import check_extent, check_rectangle, row_before
from pipelines.intake.read.formats.spelling import spelling_of
from pipelines.intake.read.formats.xml import Attributes, parse_xml
from pipelines.intake.sheet import ERROR_CELLS, NOT_COMPUTED, Mark, MarkedCells, Marking, Merge

_VALUE = re.compile(rb"<(?:v|is|t)\b[^>]*(?<!/)>")
_MERGE = re.compile(rb'<mergeCell\b[^>]*?\bref="\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)"')
_COLUMN_A = re.compile(rb'<c r="A\d+"[^>/]*>\s*<(?:v|is)\b[^>]*(?<!/)>(?!</v>)')
_CELL = re.compile(
    rb"<c\b([^>]*)>(?:<v>([^<]{0,20})</v>|<f\b.*?</f>\s*<v>([^<]{0,20})</v>|<f\b[^>]*/>\s*<v>([^<]{0,20})</v>)?", re.S
)
_FRACTION = re.compile(rb"<v>" + STORED.pattern.encode() + rb"</v>")
_FORMULA = re.compile(rb"<c\b([^>]*)>\s*<f\b(?:[^>]*/>|[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_PLACE = re.compile(rb"^([A-Z]{1,3})([0-9]{1,7})$")
_TEXT_TYPES = {b"s", b"str", b"inlineStr", b"b", b"e", b"d"}
_LONGEST_TAG = 4_096
_MOST_MERGES = 20_000
_LAST_COLUMN = 16_384
_LAST_ROW = 1_048_576

LostCells = dict[int, dict[int, str]]
"""1-based column → 1-based row → what stands for the lost value (``sheet.LOST``)."""


@dataclass(frozen=True)
class SheetFacts:
    """Of one worksheet part, rows and columns counted from 1.

    ``first_column``: leftmost column with a value; None where only the reader of cells can tell.
    """

    merged: tuple[Merge, ...] = ()
    first_column: int | None = None
    marks: dict[Mark, MarkedCells] = field(default_factory=dict)
    lost: LostCells = field(default_factory=dict)


def sheet_facts(body: bytes, styles: CellStyles, limits: Limits) -> SheetFacts:
    """The facts of a worksheet in UTF-8 or stated otherwise; ``styles``: the cell styles of note.

    Raises ``FileRefusedError`` where the used rectangle is absurd, ``BrokenXmlError``.
    """
    spelling = spelling_of(body)
    if not spelling.as_excel_writes:
        return _parsed(body, styles, limits)
    return _searched(body, styles, limits, has_formulas=spelling.has_formulas)


def _searched(body: bytes, styles: CellStyles, limits: Limits, *, has_formulas: bool) -> SheetFacts:
    values = _VALUE.search(body)
    if values is None and not has_formulas:
        return SheetFacts()
    if values is not None:
        last_value = max(body.rfind(end) for end in (b"</v>", b"</is>", b"</t>"))
        check_extent(body, row_before(body, values.start()), row_before(body, max(last_value, values.start())), limits)
    ranges = islice(_MERGE.finditer(body, max(body.rfind(b"</sheetData>"), 0)), _MOST_MERGES)
    merged = tuple((int(m[2]), _column(m[1]), int(m[4]), _column(m[3])) for m in ranges)
    lost = _lost_cells(body, has_formulas=has_formulas)
    first = 1 if not lost and _COLUMN_A.search(body) is not None else None
    marking = Marking()
    for mark, numbers in styles.items():
        _mark_styled(body, numbers, mark, marking)
    _mark_fractions(body, marking)
    return SheetFacts(merged, first, marking.cells(), lost)


def _mark_styled(body: bytes, styles: frozenset[str], mark: Mark, marking: Marking) -> None:
    """The number cells that carry one of ``styles``; only their tags are looked at."""
    for style in styles:
        for tag in _tags_with(body, b's="' + style.encode() + b'"'):
            attributes = dict(_ATTRIBUTE.findall(tag[1]))
            if attributes.get(b"s") == style.encode() and attributes.get(b"t") not in _TEXT_TYPES:
                _note(marking, mark, attributes.get(b"r", b""))


def _mark_fractions(body: bytes, marking: Marking) -> None:
    for value in _FRACTION.finditer(body):
        start = body.rfind(b"<c ", max(value.start() - _LONGEST_TAG, 0), value.start())
        cell = _CELL.match(body, start, value.end()) if start >= 0 else None
        attributes = dict(_ATTRIBUTE.findall(cell[1])) if cell else {}
        if attributes.get(b"t") not in _TEXT_TYPES:
            _note(marking, Mark.FRACTION, attributes.get(b"r", b""))


def _tags_with(body: bytes, mark: bytes) -> Iterator[re.Match[bytes]]:
    """Matches of ``_CELL`` for the cells whose tag holds ``mark``."""
    at = body.find(mark)
    while at >= 0:
        start = max(body.rfind(b"<", max(at - _LONGEST_TAG, 0), at), 0)
        match = _CELL.match(body, start, start + _LONGEST_TAG)
        if match:
            yield match
        at = body.find(mark, at + len(mark))


def _lost_cells(body: bytes, *, has_formulas: bool) -> LostCells:
    lost: LostCells = {}
    for match in _tags_with(body, b't="e"'):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        shown = next((text for text in match.groups()[1:] if text is not None), b"")
        if attributes.get(b"t") == b"e":
            _lose(lost, attributes.get(b"r", b""), error_text(shown.decode("utf-8", "replace")))
    for match in _FORMULA.finditer(body) if has_formulas else ():
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        if not match[1].endswith(b"/") and attributes.get(b"t") != b"str":
            _lose(lost, attributes.get(b"r", b""), NOT_COMPUTED)
    return lost


def error_text(shown: str) -> str:
    """``#REF!`` and the like as text that is told as lost; unknown errors too."""
    return ERROR_CELLS.get(shown.strip().upper(), ERROR_CELLS["#ERROR!"])


def _note(marking: Marking, mark: Mark, reference: bytes) -> None:
    place = _PLACE.match(reference)
    if place:
        marking.add(mark, _column(place[1]), int(place[2]))


def _lose(lost: LostCells, reference: bytes, text: str) -> None:
    place = _PLACE.match(reference)
    if place:
        lost.setdefault(_column(place[1]), {})[int(place[2])] = text


def _column(letters: bytes) -> int:
    number = 0
    for code in letters:
        number = number * 26 + code - 64
    return number


def _parsed(body: bytes, styles: CellStyles, limits: Limits) -> SheetFacts:
    sheet = _Worksheet(styles)
    parse_xml(body, sheet.start, sheet.end, sheet.text)
    if sheet.root != "worksheet":
        raise FileRefusedError("Một trang tính của tệp xlsx không phải trang tính. Hãy lưu lại dạng .xlsx rồi gửi lại.")
    if sheet.rows:
        check_rectangle(sheet.rows[1] - sheet.rows[0] + 1, sheet.columns[1] - sheet.columns[0] + 1, limits)
    first = sheet.columns[0] if sheet.rows and not sheet.lost else None
    return SheetFacts(tuple(sheet.merged), first, sheet.marking.cells(), sheet.lost)


class _Worksheet:
    """Handlers for a worksheet in any spelling: cells without a reference follow the one before."""

    def __init__(self, styles: CellStyles) -> None:
        self.root = ""
        self.merged: list[Merge] = []
        self.marking = Marking()
        self.lost: LostCells = {}
        self.rows: tuple[int, int] | None = None
        self.columns = (_LAST_COLUMN, 1)
        self._styles = styles
        self._row = self._column = 0
        self._cell: Attributes | None = None
        self._formula = self._in_value = self._filled = False
        self._value: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        self.root = self.root or name
        if name == "row":
            self._row = _within(attributes.get("r"), self._row + 1, _LAST_ROW)
            self._column = 0
        elif name == "c":
            self._open_cell(attributes)
        elif self._cell is not None and name == "f":
            self._formula = True
        elif self._cell is not None and name in {"v", "t"}:
            self._in_value = True
        elif name == "mergeCell" and len(self.merged) < _MOST_MERGES:
            self._merge(attributes.get("ref", ""))

    def _open_cell(self, attributes: Attributes) -> None:
        place = _PLACE.match(attributes.get("r", "").strip().replace("$", "").upper().encode("ascii", "replace"))
        if place:
            self._column, self._row = _column(place[1]), int(place[2])
        else:
            self._column += 1
        self._cell = attributes
        self._formula = self._filled = False
        self._value.clear()

    def text(self, data: str) -> None:
        if self._in_value:
            self._filled = True
            if len(self._value) < 4:
                self._value.append(data[:40])

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self._in_value = False
        elif name == "c" and self._cell is not None:
            self._close_cell(self._cell)
            self._cell = None

    def _close_cell(self, cell: Attributes) -> None:
        kind, row, column = cell.get("t", "n"), self._row, self._column
        if kind == "e":
            self.lost.setdefault(column, {})[row] = error_text("".join(self._value))
        elif self._formula and not self._filled and kind != "str":
            self.lost.setdefault(column, {})[row] = NOT_COMPUTED
        if kind == "n":
            style = cell.get("s", "0").strip()
            for mark, numbers in self._styles.items():
                if style in numbers:
                    self.marking.add(mark, column, row)
            if STORED.fullmatch("".join(self._value).strip()):
                self.marking.add(Mark.FRACTION, column, row)
        if not self._filled:
            return
        top, bottom = self.rows or (row, row)
        self.rows = (min(top, row), max(bottom, row))
        self.columns = (min(self.columns[0], column), max(self.columns[1], column))

    def _merge(self, reference: str) -> None:
        corners = [
            _PLACE.match(part.encode("ascii", "replace")) for part in reference.replace("$", "").upper().split(":")
        ]
        if len(corners) == 2 and corners[0] and corners[1]:
            first, last = corners[0], corners[1]
            self.merged.append((int(first[2]), _column(first[1]), int(last[2]), _column(last[1])))


def _within(text: str | None, otherwise: int, most: int) -> int:
    number = int(text) if text is not None and text.strip().isdecimal() and len(text) < 10 else otherwise
    if not 1 <= number <= most:
        raise FileRefusedError(f"Trang tính có dòng số {number}, quá giới hạn. Hãy lưu lại dạng .xlsx rồi gửi lại.")
    return number
