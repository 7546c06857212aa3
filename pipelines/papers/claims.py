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
    r"(?<![\w.,/\-\[])(?P<number>-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?)(?![\d/])(?!\.\d)"
    rf"[\s\u00a0]*(?P<unit>{'|'.join(map(re.escape, _UNITS))})?(?:[\s\u00a0]*\([^()\[\]]*\)(?=[\s\u00a0]*\[))?"
    r"[\s\u00a0]*(?:\[(?P<code>[A-Z]{2}-[\w.\-]+)\])?"
)
_WHOLE_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_DATES = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{1,2}/\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
_AROUND = 90
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
        return Decimal(self.printed.replace(".", "").replace(",", "."))

    @property
    def half(self) -> Decimal:
        """Half a unit of its last printed digit."""
        return Decimal(5).scaleb(-len(self.printed.partition(",")[2]) - 1)


def read(file: Path) -> list[Claim]:
    """Every number of ``file`` with its unit; of a sheet of claims, its lines with what was confirmed.

    Raises ``AskedError``: no such file, another kind, damaged, or too many numbers.
    """
    if not file.is_file():
        raise AskedError(f"không có tệp {file}.")
    try:
        with zipfile.ZipFile(file) as package:
            if sum(part.file_size for part in package.infolist()) > _LARGEST:
                raise AskedError(f"{file} bung ra quá lớn; không phải báo cáo thường.")
        if file.suffix.lower() == ".docx":
            claims = [claim for place, *text in _document(file) for claim in found(place, *text)]
        elif file.suffix.lower() == ".xlsx":
            claims = _workbook(file)
        else:
            raise AskedError("chỉ đọc lại được báo cáo .docx hoặc .xlsx.")
    except (OpcError, CalamineError, zipfile.BadZipFile, KeyError, ValueError):
        raise AskedError(f"không đọc được {file}: tệp hỏng hoặc không đúng dạng.") from None
    if len(claims) > MOST:
        raise AskedError(f"{file} có hơn {MOST} con số; tách báo cáo rồi kiểm từng phần.")
    return claims


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


def _document(file: Path) -> Iterator[tuple[str, str, str]]:
    read_back = Document(str(file))
    for place, paragraph in enumerate(read_back.paragraphs, 1):
        yield f"đoạn {place}", paragraph.text, ""
    for number, table in enumerate(read_back.tables, 1):
        if SOURCES in table.rows[0].cells[-1].text:
            continue
        heads = [cell.text for cell in table.rows[0].cells]
        for row, line in enumerate(table.rows, 1):
            cells = [cell.text for cell in line.cells]
            for column, text in enumerate(cells, 1):
                about = [*heads[column - 1 : column], *cells[: min(2, column - 1)]] if row > 1 else []
                yield f"bảng {number}, dòng {row}, cột {column}", text, "; ".join(_words_of(about))


def _workbook(file: Path) -> list[Claim]:
    claims: list[Claim] = []
    with load_workbook(str(file)) as book:
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python()
            if rows and tuple(map(str, rows[0])) == HEADS:
                return [_confirmed(number, row) for number, row in enumerate(rows[1:], 2) if row[0] != RELATION]
            if rows and SOURCES in str(rows[0][-1]):
                continue
            heads: dict[int, str] = {}
            for row, line in enumerate(rows, 1):
                for column, value in enumerate(line, 1):
                    place = f"{name}, dòng {row}, cột {column}"
                    if isinstance(value, str):
                        claims += found(place, value)
                        if value and not found("", value):
                            heads[column] = value
                    elif isinstance(value, int | float) and not isinstance(value, bool):
                        label = _label([heads.get(column, ""), *line])
                        claims.append(Claim(place, label, _as_printed(value), "", window=_window(label)))
    return claims


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
