"""SpreadsheetML 2003: a workbook as one XML document, named ``.xml`` or ``.xls``."""

from __future__ import annotations

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.fractions import STORED
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.grid import Grid
from pipelines.intake.read.formats.percent import is_percent_format
from pipelines.intake.read.formats.sheet_facts import error_text
from pipelines.intake.read.formats.xml import Attributes, BrokenXmlError, parse_xml
from pipelines.intake.sheet import NOT_COMPUTED, Mark, RawSheet

_BROKEN = (
    "Tệp SpreadsheetML (XML) hỏng hoặc bị cắt giữa chừng, không đọc được. "
    "Hãy xuất lại tệp từ hệ thống nguồn, hoặc mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
)
_LAST = 1_048_576


def read_spreadsheet_xml(data: bytes, limits: Limits) -> list[RawSheet]:
    """Every worksheet with content, hidden ones too; raises ``FileRefusedError``."""
    book = _Book(limits)
    try:
        parse_xml(data.lstrip(b" \t\r\n"), book.start, book.end, book.text)
    except BrokenXmlError:
        raise FileRefusedError(_BROKEN) from None
    return book.sheets


class _Book:
    def __init__(self, limits: Limits) -> None:
        self.sheets: list[RawSheet] = []
        self._limits = limits
        self._date_1904 = False
        self._styles: dict[str, tuple[str | None, str | None]] = {}
        self._style = ""
        self._inside: str | None = None
        self._words: list[str] = []
        self._open_sheet("")

    def _open_sheet(self, name: str) -> None:
        self._grid = Grid(name, self._limits)
        self._hidden = False
        self._row, self._next_row = -1, 0
        self._next_column = 0
        self._cells: dict[int, str] = {}
        self._columns: dict[int, str] = {}
        self._next_styled = 0
        self._row_style: str | None = None
        self._cell: Attributes | None = None
        self._column = 0
        self._kind: str | None = None
        self._comment = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Style":
            self._style = attributes.get("ID", "")
            self._styles[self._style] = (None, attributes.get("Parent"))
        elif name == "NumberFormat":
            self._styles[self._style] = (attributes.get("Format", ""), self._styles.get(self._style, (None, None))[1])
        elif name == "Worksheet":
            self._open_sheet(attributes.get("Name", ""))
        elif name == "Column":
            self._style_columns(attributes)
        elif name == "Row":
            self._open_row(attributes)
        elif name == "Cell":
            self._open_cell(attributes)
        elif name == "Comment":
            self._comment = True
        elif name == "Data" and self._cell is not None and not self._comment:
            self._inside, self._words, self._kind = name, [], attributes.get("Type", "String")
        elif name in ("Visible", "Date1904"):
            self._inside, self._words = name, []
            self._date_1904 |= name == "Date1904"

    def _style_columns(self, attributes: Attributes) -> None:
        first = _number(attributes.get("Index"), self._next_styled + 1) - 1
        last = min(first + _number(attributes.get("Span"), 0), self._limits.columns)
        style = attributes.get("StyleID")
        if style:
            self._columns.update(dict.fromkeys(range(first, last + 1), style))
        self._next_styled = last + 1

    def _open_row(self, attributes: Attributes) -> None:
        self._row = _number(attributes.get("Index"), self._next_row + 1) - 1
        if self._row < self._next_row and attributes.get("Index"):
            raise FileRefusedError(_BROKEN)
        self._next_row = self._row + 1 + _number(attributes.get("Span"), 0)
        self._next_column = 0
        self._row_style = attributes.get("StyleID")

    def _open_cell(self, attributes: Attributes) -> None:
        self._cell, self._kind = attributes, None
        self._column = _number(attributes.get("Index"), self._next_column + 1) - 1
        across, down = _number(attributes.get("MergeAcross"), 0), _number(attributes.get("MergeDown"), 0)
        self._grid.merge(self._row, self._column, self._row + down, self._column + across)
        self._next_column = self._column + across + 1

    def text(self, data: str) -> None:
        if self._inside is not None:
            self._words.append(data)

    def end(self, name: str) -> None:
        if name == self._inside:
            self._inside = None
            if name == "Visible":
                self._hidden = "".join(self._words).strip() in ("SheetHidden", "SheetVeryHidden")
        elif name == "Comment":
            self._comment = False
        elif name == "Cell" and self._cell is not None:
            self._close_cell(self._cell)
            self._cell = None
        elif name == "Row":
            self._grid.add(self._row, self._cells)
            self._cells = {}
        elif name == "Worksheet":
            sheet = self._grid.sheet(hidden=self._hidden, date_1904=self._date_1904)
            if sheet is not None:
                self.sheets.append(sheet)

    def _close_cell(self, cell: Attributes) -> None:
        text = "".join(self._words) if self._kind is not None else ""
        if self._kind == "Error":
            text = error_text(text)
        elif self._kind is None or (self._kind != "String" and not text.strip()):
            text = NOT_COMPUTED if cell.get("Formula") else ""
        elif self._kind == "DateTime":
            text = text.strip().removesuffix(".000")
        elif self._kind == "Boolean":
            text = {"1": "true", "0": "false"}.get(text.strip(), text)
        elif self._kind == "Number" and self._is_percent(cell):
            self._grid.mark(Mark.PERCENT, self._row, self._column)
        elif self._kind == "Number" and STORED.fullmatch(text.strip()):
            self._grid.mark(Mark.FRACTION, self._row, self._column)
        self._cells[self._column] = text

    def _is_percent(self, cell: Attributes) -> bool:
        style = cell.get("StyleID") or self._row_style or self._columns.get(self._column) or "Default"
        for _ in range(10):
            code, parent = self._styles.get(style, (None, None))
            if code is not None or parent is None:
                return code is not None and (code == "Percent" or is_percent_format(code))
            style = parent
        return False


def _number(text: str | None, otherwise: int) -> int:
    number = int(text) if text is not None and text.strip().isdecimal() and len(text) < 10 else otherwise
    if number > _LAST:
        raise FileRefusedError(f"Trang tính có quá nhiều dòng (hơn {_LAST}). Hãy chia nhỏ tệp.")
    return number
