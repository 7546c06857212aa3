"""Numbers of a report that an office wrote, found in a docx or xlsx with their units: claims that a person confirms."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from docx import Document
from docx.opc.exceptions import OpcError
from docx.text.paragraph import Paragraph
from python_calamine import CalamineError, load_workbook

from pipelines.papers.desk import AskedError, clean

_UNITS = (
    "%",
    "hồ sơ",
    "điểm",
    "TTHC",
    "đơn vị",
    "dịch vụ",
    "trường hợp",
    "quyển",
    "cặp",
    "quyết định",
    "phản ánh, kiến nghị",
)
_NUMBER = re.compile(
    r"(?<![\w.,/\-\[])(?P<number>[\-−]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?)(?![\d/])(?!\.\d)"
    rf"[\s\u00a0]*(?P<unit>{'|'.join(map(re.escape, _UNITS))})?(?:[\s\u00a0]*\([^()\[\]]*\)(?=[\s\u00a0]*\[))?"
    r"[\s\u00a0]*(?:\[(?P<code>[A-Z]{2}-[\w.\-]+)\])?"
)
_WHOLE_NUMBER = re.compile(r"[\-−]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_DATES = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{1,2}/\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
_AROUND = 90
_ABOVE = 3  # paragraphs over a table that tell it from another of the same head
_LARGEST = 200_000_000
MOST = 20_000
SOURCES = "(kho sql)"  # head of the list of sources of our own papers: its numbers are no claims
RELATION = "quan hệ"
CONFIRMED = "Mã xác nhận"
HEADS = ("Chỗ", "Nguyên văn", "Kỳ nêu trong câu", "Số in", "Đơn vị tính", "Gợi ý",
         "Gợi ý là gì (chỉ tiêu; phạm vi; kỳ)", CONFIRMED, "Kết luận", "Kho tính", "Chênh lệch")  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A printed number: where, the words around it, its text (``98,80`` has two decimals), its unit, the code that
    stands beside it or that a person confirmed, and the days and months that its sentence names."""

    place: str
    words: str
    printed: str
    unit: str
    code: str = ""
    window: str = ""

    @property
    def value(self) -> Decimal:
        """The number; a share in %, as printed."""
        return Decimal(self.printed.replace(".", "").replace(",", ".").replace("−", "-"))

    @property
    def half(self) -> Decimal:
        """Half a unit of its last printed digit."""
        return Decimal(5).scaleb(-len(self.printed.partition(",")[2]) - 1)


@dataclass(frozen=True)
class Grid:
    """A table of a report: ``name`` begins the places of its cells, ``above`` is what stands over it; a cell that
    holds a number, not words, is empty."""

    name: str
    above: str
    rows: list[list[str]]

    def place(self, row: int, column: int) -> str:
        """Where a cell is, for people; both count from 0."""
        return f"{self.name}, dòng {row + 1}, cột {column + 1}"


@dataclass(frozen=True)
class Report:
    """What a file prints. ``is_sheet``: it is a sheet of claims that a person gave back."""

    claims: list[Claim]
    grids: list[Grid]
    is_sheet: bool = False


def read(file: Path) -> Report:
    """Every number of ``file`` with its unit; of a sheet of claims, its lines with what was confirmed.

    Raises ``AskedError``: no such file, another kind, damaged, or too many numbers.
    """
    if not file.is_file():
        raise AskedError(f"không có tệp {file}.")
    if file.suffix.lower() not in {".docx", ".xlsx"}:
        raise AskedError("chỉ đọc lại được báo cáo .docx hoặc .xlsx.")
    try:
        with zipfile.ZipFile(file) as package:
            if sum(part.file_size for part in package.infolist()) > _LARGEST:
                raise AskedError(f"{file} bung ra quá lớn; không phải báo cáo thường.")
        report = _document(file) if file.suffix.lower() == ".docx" else _workbook(file)
    except (OpcError, CalamineError, zipfile.BadZipFile, KeyError, ValueError):
        raise AskedError(f"không đọc được {file}: tệp hỏng hoặc không đúng dạng.") from None
    if len(report.claims) > MOST:
        raise AskedError(f"{file} có hơn {MOST} con số; tách báo cáo rồi kiểm từng phần.")
    return report


def found(place: str, text: str, label: str = "") -> list[Claim]:
    """Numbers in a text; dates and the bases in brackets behind a share are no claims of their own.

    ``label``: what a table says of the number: head of its column, first cell of its row.
    """
    window = _window(text)
    masked = _DATES.sub(lambda match: "x" * len(match.group()), text)
    claims = []
    for match in _NUMBER.finditer(masked):
        begin, end = max(0, match.start() - _AROUND), match.end("unit") if match["unit"] else match.end("number")
        words = clean(f"{label} | {text[begin : end + 20]}" if label else text[begin : end + 20])
        claims.append(Claim(place, words, match["number"], match["unit"] or "", match["code"] or "", window))
    return claims


def _document(file: Path) -> Report:
    claims: list[Claim] = []
    grids: list[Grid] = []
    above: list[str] = []
    for place, block in enumerate(Document(str(file)).iter_inner_content(), 1):
        if isinstance(block, Paragraph):
            claims += found(f"đoạn {place - len(grids)}", block.text)
            above = [*above, block.text.strip()][-_ABOVE:]
            continue
        rows = [[cell.text for cell in line.cells] for line in block.rows]
        grids.append(Grid(f"bảng {len(grids) + 1}", "\n".join(above), rows))
        above = []
        if SOURCES not in rows[0][-1]:
            claims += _of_table(grids[-1])
    return Report(claims, grids)


def _of_table(grid: Grid) -> Iterator[Claim]:
    heads = grid.rows[0]
    for row, cells in enumerate(grid.rows):
        for column, text in enumerate(cells):
            about = [*heads[column : column + 1], *cells[: min(2, column)]] if row else []
            yield from found(grid.place(row, column), text, "; ".join(_words_of(about)))


def _workbook(file: Path) -> Report:
    claims: list[Claim] = []
    grids: list[Grid] = []
    with load_workbook(str(file)) as book:
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python()
            if rows and tuple(map(str, rows[0])) == HEADS:
                lines = [_confirmed(number, row) for number, row in enumerate(rows[1:], 2) if row[0] != RELATION]
                return Report(lines, [], is_sheet=True)
            if rows and SOURCES in str(rows[0][-1]):
                continue
            grid = Grid(name, name, [[v if isinstance(v, str) else "" for v in line] for line in rows])
            if rows and len(rows[0]) > 1:  # else text, no table
                grids.append(grid)
            heads: dict[int, str] = {}
            for row, line in enumerate(rows):
                for column, value in enumerate(line):
                    place = grid.place(row, column)
                    if isinstance(value, str):
                        claims += found(place, value)
                        if value and not found("", value):
                            heads[column] = value
                    elif isinstance(value, int | float) and not isinstance(value, bool):
                        label = _label([heads.get(column, ""), *line])
                        claims.append(Claim(place, label, _as_printed(value), "", window=_window(label)))
    return Report(claims, grids)


def _confirmed(number: int, row: Sequence[object]) -> Claim:
    """A line of a sheet of claims. Raises ``AskedError`` where its number is none any more."""
    printed = _as_printed(row[3]) if isinstance(row[3], int | float) else str(row[3]).strip()
    if not is_number(printed):
        raise AskedError(f"trang kiểm, dòng {number}, cột “Số in”: không phải một con số viết như 1.234,5.")
    return Claim(str(row[0]), str(row[1]), printed, str(row[4]), str(row[7]).strip(), str(row[2]))


def is_number(text: str) -> bool:
    """Whether a text is a number as reports print it."""
    return bool(_WHOLE_NUMBER.fullmatch(text))


def _as_printed(value: float) -> str:
    """A number cell as a report prints it."""
    return f"{Decimal(str(value)):f}".replace(".", ",").removesuffix(",0")


def _label(line: Sequence[object]) -> str:
    """The words of a row and of the head of its column, by which a person knows what the number is of."""
    return str(clean("; ".join(_words_of(line))[: 2 * _AROUND]))


def _words_of(cells: Sequence[object]) -> list[str]:
    return list(dict.fromkeys(value for value in cells if isinstance(value, str) and value.strip()))


def _window(text: str) -> str:
    return "; ".join(dict.fromkeys(_DATES.findall(text)))
