"""A workbook of defects as its owner sent it back: what he answered, found in whatever became of the sheets.

Columns may have been moved, renamed or deleted, rows sorted, filtered, added or copied; what a line is about is told
by the defect's key alone. A line that cannot be taken is told with sheet, row, column and what to do; the rest is
taken.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from pipelines.contracts.normal_form import normal_form
from pipelines.defects.answers import WORDS, Answer, Kind, read_kind
from pipelines.defects.workbook import ANSWER, KEY, REASON, WHOSE

LARGEST = 200_000_000
"""Bytes that a workbook may have once unpacked."""
REASON_CHARACTERS = 1_000
_DEFECT = re.compile(r"[0-9a-f]{32}")
_HEADER_ROWS = 20
_HEADERS = {
    ANSWER: ("traloi", "phanhoi", "ketquaxuly"),
    REASON: ("lydo", "ghichu", "giaitrinh"),
    WHOSE: ("thuocdonvi", "donvi", "donvidung", "donvisua"),
    KEY: ("maloi", "khoaloi"),
}


class ReadBackError(Exception):
    """The file is no workbook that can be read; a Vietnamese sentence without a value of it."""


@dataclass(frozen=True)
class Refused:
    """A line or sheet that was not taken: where, and what to do, in Vietnamese; no value of the data."""

    sheet: str
    row: int | None
    column: str
    what: str


@dataclass(frozen=True)
class ReadBack:
    """Answers, one a defect; lines not taken; lines of defects that nobody answered; digest of the file."""

    answers: tuple[Answer, ...]
    refused: tuple[Refused, ...]
    unanswered: int
    sha256: str


class Agencies:
    """Agencies by code or name as somebody types them."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """``names``: code → name, of every agency the list knows."""
        self._codes = {normal_form(code): code for code in names}
        self._named: dict[str, set[str]] = {}
        for code, name in names.items():
            self._named.setdefault(normal_form(name), set()).add(code)

    def code(self, text: str) -> str | None:
        """The one agency that ``text`` names, by code, by name, or as “tên (mã)”; null where none or several do."""
        inner = re.search(r"\(([^()]+)\)\s*$", text)
        for form in filter(None, (normal_form(text), normal_form(inner[1]) if inner else "")):
            if form in self._codes:
                return self._codes[form]
            if len(found := self._named.get(form, set())) == 1:
                return next(iter(found))
        return None


def read_back(file: Path, agencies: Agencies, known: frozenset[str]) -> ReadBack:
    """Read what was answered in ``file``; ``known``: keys of all defects the ledger has. Raises ``ReadBackError``."""
    try:
        data = file.read_bytes()
        _bounded(data)
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except OSError as failure:
        raise ReadBackError(f"không mở được tệp ({failure.strerror or type(failure).__name__}).") from None
    except (CalamineError, zipfile.BadZipFile, ValueError):
        raise ReadBackError(
            "không phải sổ xlsx đọc được (hỏng hoặc có mật khẩu); mở bằng Excel, lưu lại dạng .xlsx rồi thử lại."
        ) from None
    reading = _Reading(agencies, known)
    for name, rows in sheets:
        reading.sheet(name, [[_text(cell) for cell in row] for row in rows])
    if not reading.found:
        raise ReadBackError(
            f"không thấy trang nào có cột “{KEY}” và cột “{ANSWER}”; gửi lại đúng sổ do `kho defects --out` ghi ra."
        )
    return reading.outcome(hashlib.sha256(data).hexdigest())


def _bounded(data: bytes) -> None:
    """Raises ``ReadBackError`` for what unpacks to more than a workbook of defects ever does."""
    with zipfile.ZipFile(BytesIO(data)) as parts:
        if sum(item.file_size for item in parts.infolist()) > LARGEST:
            raise ReadBackError("tệp quá lớn sau khi giải nén; gửi lại đúng sổ do `kho defects --out` ghi ra.")


def _text(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


class _Reading:
    """Gathers answers over the sheets of one workbook."""

    def __init__(self, agencies: Agencies, known: frozenset[str]) -> None:
        self._agencies, self._known = agencies, known
        self._answers: dict[str, tuple[Answer, str, int]] = {}
        self._contradicted: set[str] = set()
        self._refused: list[Refused] = []
        self._seen: set[str] = set()
        self.found = False

    def outcome(self, sha256: str) -> ReadBack:
        answers = tuple(answer for key, (answer, _, _) in self._answers.items() if key not in self._contradicted)
        return ReadBack(answers, tuple(self._refused), len(self._seen - self._answers.keys()), sha256)

    def sheet(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        columns, header = _columns(rows)
        if KEY not in columns and ANSWER not in columns:
            return
        if ANSWER not in columns:
            self._refuse(name, header + 1, ANSWER, f"trang mất cột “{ANSWER}”; thêm lại cột rồi gửi lại sổ.")
            self.found = True
            return
        if KEY not in columns:
            if any(_cell(row, columns[ANSWER]) for row in rows[header + 1 :]):
                self._refuse(
                    name,
                    header + 1,
                    KEY,
                    f"trang mất cột “{KEY}” nên không biết trả lời về lỗi nào; trả lời trên sổ gốc.",
                )
                self.found = True
            return
        self.found = True
        for number, row in enumerate(rows[header + 1 :], start=header + 2):
            self._line(name, number, {title: _cell(row, position) for title, position in columns.items()})

    def _line(self, sheet: str, row: int, line: Mapping[str, str]) -> None:
        key = line[KEY].casefold()
        if _DEFECT.fullmatch(key):
            self._seen.add(key)
        answer, reason = line[ANSWER], line.get(REASON, "")[:REASON_CHARACTERS]
        whose = line.get(WHOSE, "")
        if not answer:
            if key and (reason or whose):
                choices = ", ".join(WORDS.values())
                self._refuse(sheet, row, ANSWER, f"có ghi chú nhưng chưa chọn trả lời; chọn một trong: {choices}.")
            return
        kind = read_kind(answer)
        if not key and kind is None:
            return  # a line somebody added: a total, a signature
        if not _DEFECT.fullmatch(key) or key not in self._known:
            why = "trống" if not key else "bị sửa, hoặc của một kho khác"
            self._refuse(sheet, row, KEY, f"mã lỗi {why}; chép lại mã từ sổ gốc hoặc trả lời trên sổ mới nhất.")
        elif kind is None:
            self._refuse(sheet, row, ANSWER, f"không hiểu trả lời; chọn một trong: {', '.join(WORDS.values())}.")
        elif kind is Kind.NO_FAULT and not reason:
            self._refuse(sheet, row, REASON, f"“{WORDS[kind]}” phải có lý do; ghi lý do vào cột “{REASON}”.")
        else:
            self._take(sheet, row, key, kind, reason or None, whose)

    def _take(self, sheet: str, row: int, key: str, kind: Kind, reason: str | None, whose: str) -> None:  # noqa: PLR0917
        agency = None
        if kind is Kind.NOT_OURS and whose:
            agency = self._agencies.code(whose)
            if agency is None:
                self._refuse(
                    sheet, row, WHOSE, "không có đơn vị này trong danh sách cơ quan; ghi mã đơn vị, ví dụ H05.101."
                )
                return
        answer = Answer(key, kind, reason, agency)
        before = self._answers.setdefault(key, (answer, sheet, row))
        if before[0] != answer and key not in self._contradicted:
            self._contradicted.add(key)
            at = f"dòng {before[2]} trang “{before[1]}”"
            self._refuse(sheet, row, ANSWER, f"cùng một lỗi được trả lời khác ở {at}; giữ một trả lời rồi gửi lại sổ.")

    def _refuse(self, sheet: str, row: int | None, column: str, what: str) -> None:
        self._refused.append(Refused(sheet, row, column, what))


def _cell(row: Sequence[str], position: int) -> str:
    return row[position] if position < len(row) else ""


def _columns(rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], int]:
    """Position of each column that matters and of the header row; by its title, else by what stands in it."""
    best: tuple[dict[str, int], int] = ({}, -1)
    for number, row in enumerate(rows[:_HEADER_ROWS]):
        named: dict[str, int] = {}
        for position, cell in enumerate(row):
            form = normal_form(cell)
            title = next((title for title, forms in _HEADERS.items() if form and form in forms), None)
            if title is not None:
                named.setdefault(title, position)
        if len(named) > len(best[0]):
            best = (named, number)
    named, header = best
    below = rows[header + 1 :]
    width = max((len(row) for row in below), default=0)
    for title, fits in ((KEY, _DEFECT.fullmatch), (ANSWER, read_kind)):
        if title not in named:
            hits = {
                position: sum(1 for row in below if fits(_cell(row, position)))
                for position in range(width)
                if position not in named.values()
            }
            most = max(hits, key=hits.__getitem__, default=-1)
            if hits.get(most):
                named[title] = most
    return named, header
