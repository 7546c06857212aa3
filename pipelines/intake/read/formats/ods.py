"""OpenDocument spreadsheets (LibreOffice): every cell says its type itself."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import datetime
from functools import lru_cache

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.fractions import STORED
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.grid import Grid
from pipelines.intake.read.formats.inflate import inflate
from pipelines.intake.read.formats.seconds import nearest_second
from pipelines.intake.read.formats.sheet_facts import error_text
from pipelines.intake.read.formats.xml import Attributes, BrokenXmlError, parse_xml
from pipelines.intake.sheet import NOT_COMPUTED, Mark, RawSheet

_BROKEN = (
    "Tệp ods hỏng hoặc bị cắt giữa chừng, không đọc được. Hãy tải lại, hoặc mở bằng LibreOffice, lưu lại dạng .xlsx "
    "rồi gửi lại."
)
_LOCKED = "Tệp ods có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."
_OTHER = "Tệp OpenDocument này không phải bảng tính. Hãy gửi bảng tính dạng .ods hoặc .xlsx."
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_NUMBERS = frozenset({"float", "currency"})
_BESIDE = frozenset({"office:annotation", "table:shapes", "draw:frame", "draw:custom-shape", "table:tracked-changes"})
_SPACES = {"text:s": " ", "text:tab": " ", "text:line-break": "\n"}


def read_ods(data: bytes, limits: Limits) -> list[RawSheet]:
    """Every sheet with content, hidden ones too; raises ``FileRefusedError``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if len(entries) > limits.members:
                raise FileRefusedError(f"Tệp ods chứa quá nhiều phần ({len(entries)} > {limits.members}); không mở.")
            manifest = entries.get("META-INF/manifest.xml")
            if manifest is not None and b"encryption-data" in inflate(archive, manifest, limits)[0]:
                raise FileRefusedError(_LOCKED)
            content = inflate(archive, entries["content.xml"], limits)[0]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, NotImplementedError, ValueError):
        raise FileRefusedError(_BROKEN) from None
    except RecursionError:
        raise
    except RuntimeError:
        raise FileRefusedError(_LOCKED) from None
    return read_flat_ods(content, limits)


def read_flat_ods(content: bytes, limits: Limits) -> list[RawSheet]:
    """The same from ``content.xml``, or from a document in one XML file (``.fods``)."""
    book = _Document(limits)
    try:
        parse_xml(content, book.start, book.end, book.text, _name)
    except BrokenXmlError:
        raise FileRefusedError(_BROKEN) from None
    if not book.is_spreadsheet:
        raise FileRefusedError(_OTHER)
    return book.sheets


@lru_cache(maxsize=4096)
def _name(name: str) -> str:
    """``table:table-cell`` for its long name, whatever prefix the document uses."""
    space, _, local = name.rpartition(" ")
    parts = space.split(":")
    return f"{parts[-2]}:{local}" if len(parts) > 2 else local


class _Document:
    def __init__(self, limits: Limits) -> None:
        self.sheets: list[RawSheet] = []
        self.is_spreadsheet = False
        self._limits = limits
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._grid: Grid | None = None
        self._hidden = False
        self._beside = 0
        self._row = 0
        self._repeat = 1
        self._column = 0
        self._cells: dict[int, str] = {}
        self._marked: list[tuple[Mark, int]] = []
        self._cell: Attributes | None = None
        self._paragraphs = 0
        self._words: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if self._beside or name in _BESIDE:
            self._beside += 1
        elif name == "table:table" and self._grid is None:
            self._grid = Grid(attributes.get("table:name", ""), self._limits)
            self._hidden = attributes.get("table:style-name") in self._hidden_styles
            self._row = 0
        elif name == "table:table-row":
            self._repeat = _number(attributes.get("table:number-rows-repeated"))
            self._column, self._cells, self._marked = 0, {}, []
        elif name in _CELLS:
            self._cell, self._words, self._paragraphs = attributes, [], 0
        elif name == "text:p":
            self._paragraphs += 1
            self._words += ["\n"] if self._paragraphs > 1 else []
        elif name in _SPACES:
            self._words.append(_SPACES[name] * min(_number(attributes.get("text:c")), 100))
        elif name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "office:spreadsheet":
            self.is_spreadsheet = True

    def text(self, data: str) -> None:
        if self._cell is not None and self._paragraphs and not self._beside:
            self._words.append(data)

    def end(self, name: str) -> None:
        if self._beside:
            self._beside -= 1
        elif name in _CELLS and self._cell is not None:
            self._close_cell(self._cell)
            self._cell = None
        elif name == "table:table-row" and self._grid is not None:
            for mark, column in self._marked:
                for row in range(self._row, self._row + self._repeat):
                    self._grid.mark(mark, row, column)
            self._grid.add(self._row, self._cells, times=self._repeat)
            self._row += self._repeat
        elif name == "table:table" and self._grid is not None:
            sheet = self._grid.sheet(hidden=self._hidden)
            self.sheets += [sheet] if sheet is not None else []
            self._grid = None

    def _close_cell(self, cell: Attributes) -> None:
        repeat = _number(cell.get("table:number-columns-repeated"))
        text = self._value(cell)
        first = self._column
        self._column += repeat
        if self._grid is None:
            return
        right = first + _number(cell.get("table:number-columns-spanned")) - 1
        bottom = self._row + _number(cell.get("table:number-rows-spanned")) - 1
        self._grid.merge(self._row, first, bottom, right)
        if not text:
            return
        if self._column > self._limits.columns:
            raise FileRefusedError(
                f"Trang tính có quá nhiều cột ({self._column} > {self._limits.columns}). Hãy xóa cột thừa."
            )
        columns = range(first, self._column)
        self._cells.update(dict.fromkeys(columns, text))
        if cell.get("office:value-type") == "percentage":
            self._check_repeat()
            self._marked += [(Mark.PERCENT, column) for column in columns]
        elif cell.get("office:value-type") in _NUMBERS and STORED.fullmatch(text):
            self._check_repeat()
            self._marked += [(Mark.FRACTION, column) for column in columns]

    def _check_repeat(self) -> None:
        if self._row + self._repeat > self._limits.rows:
            raise FileRefusedError(f"Trang tính có quá nhiều dòng (hơn {self._limits.rows}). Hãy chia nhỏ tệp.")

    def _value(self, cell: Attributes) -> str:
        kind = cell.get("office:value-type")
        shown = "".join(self._words)
        if cell.get("calcext:value-type") == "error" or (cell.get("table:formula") and shown.startswith("Err:")):
            return error_text(shown)
        if kind in _NUMBERS or kind == "percentage":
            return cell.get("office:value", shown)
        if kind == "date":
            return _moment(cell.get("office:date-value", shown))
        if kind == "boolean":
            return cell.get("office:boolean-value", shown)
        if kind is None and not shown and cell.get("table:formula"):
            return NOT_COMPUTED
        return shown or cell.get("office:string-value", "")


def _moment(text: str) -> str:
    """An ISO moment to the nearest second: parts of one come of days kept as fractions."""
    whole, dot, _ = text.partition(".")
    if not dot:
        return text
    try:
        moment = datetime.fromisoformat(whole + "." + (text[len(whole) + 1 :] + "000000")[:6])
    except ValueError:
        return text
    return nearest_second(moment).isoformat()


def _number(text: str | None) -> int:
    return max(int(text), 1) if text is not None and text.isdecimal() and len(text) < 10 else 1
