"""A workbook of defects as its owner sent it back: what he answered, found in whatever became of the sheets.

Columns may have been moved, renamed or deleted, rows sorted, filtered, added or copied; what a line is about is told
by the defect's key alone. A line that cannot be taken is told with sheet, row, column and what to do; the rest is
taken.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.config.disk import why
from pipelines.contracts.normal_form import normal_form
from pipelines.defects.answers import WORDS, Answer, Kind, is_choice, read_kind
from pipelines.defects.workbook import ANSWER, KEY, REASON, WHOSE
from pipelines.intake.errors import FileRefusedError
from pipelines.intake.found.source import read_source
from pipelines.intake.laid_out.merged import hold_for_their_range
from pipelines.intake.limits import Limits
from pipelines.intake.read.reading import book_sheets
from pipelines.intake.sheet import LOST, RawSheet

LARGEST = 200_000_000
"""Bytes that a workbook may have once unpacked."""
_LIMITS = Limits(
    file_bytes=LARGEST, member_bytes=LARGEST, total_unpacked_bytes=LARGEST, columns=500, sheet_cells=30_000_000
)
_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?: 00:00(?::00(?:\.0+)?)?)?$")
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

    def __init__(self, names: Mapping[str, str], now: Mapping[str, str] | None = None) -> None:
        """``names``: code → name, of every agency the list knows; ``now``: code → code of the one that took over."""
        self._now = now or {}
        self._codes = {normal_form(code): code for code in names}
        self._named: dict[str, set[str]] = {}
        for code, name in names.items():
            self._named.setdefault(normal_form(name), set()).add(code)

    def codes(self, text: str) -> list[str]:
        """The agencies that ``text`` names, by code, by name, or as “tên (mã)”, “mã - tên”."""
        parts = (text, *re.findall(r"\(([^()]+)\)\s*$", text), *re.split(r"\s[-–—:]\s", text))
        for form in filter(None, map(normal_form, parts)):
            if form in self._codes:
                return [self._codes[form]]
        return sorted(next((self._named[f] for f in map(normal_form, parts) if f in self._named), set()))

    def are_one(self, code: str, other: str) -> bool:
        """Whether two codes are of one agency today."""
        return self._now.get(code, code) == self._now.get(other, other)


def read_back(file: Path, agencies: Agencies, known: Mapping[str, str | None]) -> ReadBack:
    """Read what was answered in ``file``. Raises ``ReadBackError``.

    ``known``: keys of all defects the ledger has, with the agency whose they are while nobody has handed them on.
    """
    try:
        source = read_source(file, _LIMITS)
        sheets = book_sheets(source, _LIMITS)
    except OSError as failure:
        raise ReadBackError(f"không mở được tệp: {why(failure)}.") from None
    except FileRefusedError as refusal:
        raise ReadBackError(f"{refusal} Nhận sổ do `kho defects --out` ghi ra, lưu dạng xlsx, xls hoặc ods.") from None
    reading = _Reading(agencies, known)
    for sheet in sheets:
        reading.sheet(sheet.name, *_lines(sheet))
    if not reading.found:
        raise ReadBackError(
            f"không thấy trang nào có cột “{KEY}” và cột “{ANSWER}”; gửi lại đúng sổ do `kho defects --out` ghi ra."
        )
    return reading.outcome(hashlib.sha256(source.data).hexdigest())


def _lines(sheet: RawSheet) -> tuple[list[int], list[list[str]]]:
    """Sheet rows with something in them and their cells; a merged cell holds for every line that it covers."""
    whole = hold_for_their_range(sheet, 0)
    filled = whole.cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    lines = [[_text(cell) for cell in row] for row in whole.cells.filter(filled).rows()]
    return [int(row) for row in whole.rows.filter(filled)], lines


def _text(cell: str | None) -> str:
    """One line of printable text; days, which the readers give as ISO, as an official writes them."""
    text = " ".join("".join(c if c.isprintable() else " " for c in cell or "").split())
    return _DAY.sub(r"\3/\2/\1", text)


class _Reading:
    """Gathers answers over the sheets of one workbook."""

    def __init__(self, agencies: Agencies, known: Mapping[str, str | None]) -> None:
        self._agencies, self._known = agencies, known
        self._answers: dict[str, tuple[Answer, str, int]] = {}
        self._contradicted: set[str] = set()
        self._refused: list[Refused] = []
        self._seen: set[str] = set()
        self.found = False

    def outcome(self, sha256: str) -> ReadBack:
        answers = tuple(answer for key, (answer, _, _) in self._answers.items() if key not in self._contradicted)
        return ReadBack(answers, tuple(self._refused), len(self._seen - self._answers.keys()), sha256)

    def sheet(self, name: str, numbers: Sequence[int], lines: Sequence[Sequence[str]]) -> None:
        """Take the answers of one sheet; ``numbers``: rows of ``lines`` as the sheet counts them."""
        columns, header = _columns(lines, self._known)
        at = numbers[header] if header >= 0 else None
        below = list(zip(numbers, lines, strict=True))[header + 1 :]
        if KEY in columns and ANSWER in columns:
            self.found = True
            for number, row in below:
                self._line(name, number, {title: _cell(row, places) for title, places in columns.items()})
        elif KEY in columns:
            self.found = True
            self._refuse(name, at, ANSWER, f"trang mất cột “{ANSWER}”; thêm lại cột rồi gửi lại sổ.")
        elif ANSWER in columns and any(_cell(row, columns[ANSWER]) for _, row in below):
            self.found = True
            what = f"trang mất cột “{KEY}” nên không biết trả lời về lỗi nào; trả lời trên sổ gốc."
            self._refuse(name, at, KEY, what)

    def _line(self, sheet: str, row: int, line: Mapping[str, str]) -> None:
        key = line[KEY].casefold()
        if _DEFECT.fullmatch(key):
            self._seen.add(key)
        answer, reason = line[ANSWER], line.get(REASON, "")[:REASON_CHARACTERS]
        whose = line.get(WHOSE)
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
        elif answer in LOST:
            self._refuse(sheet, row, ANSWER, "ô là công thức chưa có giá trị hoặc báo lỗi; gõ lại trả lời bằng chữ.")
        elif kind is None:
            self._refuse(sheet, row, ANSWER, f"không hiểu trả lời; chọn một trong: {', '.join(WORDS.values())}.")
        elif kind is Kind.NOT_OURS and whose is None:
            self._refuse(sheet, row, WHOSE, f"trang mất cột “{WHOSE}”; thêm lại cột (để trống nếu không rõ của ai).")
        elif kind is Kind.NO_FAULT and not reason:
            self._refuse(sheet, row, REASON, f"“{WORDS[kind]}” phải có lý do; ghi lý do vào cột “{REASON}”.")
        else:
            self._take(sheet, row, key, kind, reason or None, whose or "")

    def _take(self, sheet: str, row: int, key: str, kind: Kind, reason: str | None, whose: str) -> None:  # noqa: PLR0917
        agency = None
        if kind is Kind.NOT_OURS and whose:
            named = self._agencies.codes(whose)
            if len(named) != 1:
                why_not = f"có {len(named)} đơn vị tên này" if named else "không có đơn vị này trong danh sách cơ quan"
                self._refuse(sheet, row, WHOSE, f"{why_not}; ghi mã đơn vị, ví dụ H05.101.")
                return
            agency = named[0]
            own = self._known[key]
            if own is not None and self._agencies.are_one(own, agency):
                what = (
                    f"“{WORDS[kind]}” mà lại ghi chính đơn vị đang giữ lỗi; ghi đơn vị khác, để trống nếu không rõ của "
                    f"ai, hoặc chọn “{WORDS[Kind.MENDED]}”, “{WORDS[Kind.NO_FAULT]}”."
                )
                self._refuse(sheet, row, WHOSE, what)
                return
        answer = Answer(key, kind, reason, agency)
        before = self._answers.setdefault(key, (answer, sheet, row))
        if before[0] != answer and key not in self._contradicted:
            self._contradicted.add(key)
            at = f"dòng {before[2]} trang “{before[1]}”"
            self._refuse(sheet, row, ANSWER, f"cùng một lỗi được trả lời khác ở {at}; giữ một trả lời rồi gửi lại sổ.")

    def _refuse(self, sheet: str, row: int | None, column: str, what: str) -> None:
        self._refused.append(Refused(sheet, row, column, what))


def _cell(row: Sequence[str], places: Sequence[int]) -> str:
    """What the columns of one title say; where somebody made the column twice, all that they say differently."""
    return " / ".join(dict.fromkeys(text for place in places if place < len(row) and (text := row[place])))


def _columns(rows: Sequence[Sequence[str]], known: Collection[str]) -> tuple[dict[str, list[int]], int]:
    """Positions of each column that matters and place of the header row (-1: none); by title, else by what it holds.

    The workbook's own title goes before what others call it: a column of remarks that somebody put in is no reason.
    """
    best: tuple[dict[str, list[int]], int] = ({}, -1)
    for number, row in enumerate(rows[:_HEADER_ROWS]):
        forms = [normal_form(cell) for cell in row]
        named = {
            title: places
            for title, names in _HEADERS.items()
            if (places := next((at for name in names if (at := [i for i, f in enumerate(forms) if f == name])), None))
        }
        if len(named) > len(best[0]):
            best = (named, number)
    named, header = best
    for title, fits in ((KEY, lambda text: text.casefold() in known), (ANSWER, is_choice)):
        if title not in named and (title is KEY or KEY in named):
            place = _holding(rows[header + 1 :], fits, {place for places in named.values() for place in places})
            if place is not None:
                named[title] = [place]
    return named, header


def _holding(rows: Sequence[Sequence[str]], fits: Callable[[str], object], taken: set[int]) -> int | None:
    """The column, none of ``taken``, with the most cells that fit, where these are at least half of what it holds."""
    held: Counter[int] = Counter()
    hits: Counter[int] = Counter()
    for row in rows:
        for place, text in enumerate(row):
            if text and place not in taken:
                held[place] += 1
                hits[place] += bool(fits(text))
    most = max(hits, key=hits.__getitem__, default=None)
    return most if most is not None and hits[most] and 2 * hits[most] >= held[most] else None
