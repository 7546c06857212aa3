"""What a title block and a footer say: export time, window, stated total (rule R8 and docs/mess.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import polars as pl

from pipelines.contracts.normal_form import plain
from pipelines.intake.values.timestamps import read_timestamps

_XUAT = (
    r"(?:ket xuat|trich xuat|(?<!de )(?<!san )(?<!dot )(?<!che )\bxuat"
    r"(?! (?:nhap|canh|khau|kho|trinh|hien|ban(?! ghi))\b)|\bin)"
)
"""Words of an export; a subject's “xuất” is none (``xuất nhập cảnh``, ``sản xuất``, ``xuất bản``)."""
_TAKEN = (
    r"(?:(?:thoi (?:diem|gian)|ngay) (?:(?:lay|thu thap|cap nhat) (?:so|du) lieu|(?:lay|thu thap|cap nhat)(?=\s*:))"
    r"|(?:so|du) lieu (?:duoc )?(?:lay|thu thap|cap nhat)(?: tu .{1,40}?)? (?:luc|ngay))"
)
_EXPORT = re.compile(
    rf"(?:{_TAKEN}|thoi (?:diem|gian) {_XUAT}|ngay(?: gio)? {_XUAT}|{_XUAT}(?: [a-z]+){{0,3}}? (?:luc|ngay)"
    r"|ket xuat|trich xuat)"
    r"\b(?=(?P<rest>.{0,80}))"
)
_HOURS = (
    r"(?<!\d)(?P<h>\d{1,2})\s*(?:[:h]|gio)\s*(?P<n>\d{2})?"
    r"\s*(?:(?:phut|[:']|p(?!\.?m))\s*(?P<s>\d{2})?(?:\.\d+)?)?(?!\d)"
)
_CLOCK = re.compile(rf"{_HOURS}(?:\s*(?P<half>[ap]\.?m|sa|ch|sang|chieu|toi(?! \d))\b)?")
_HALVES = {"sang": "SA", "chieu": "CH", "toi": "CH"}
_ANY_HOURS = re.sub(r"\?P<\w>", "?:", _HOURS)
_TO = rf"\b(?:den|toi)(?: het)?(?: luc)?(?:\s*{_ANY_HOURS})?(?:[\s,]*ngay)?\s*:?\s*"
_WINDOW = re.compile(rf"{_TO}(?=(?P<rest>.{{6,60}}))")
_FROM = re.compile(rf"\btu(?: luc\b| ngay\b|[\s:])*(?:{_ANY_HOURS}|\d{{1,2}}[/.\-]|$)")
_THEN_TO = re.compile(rf"[t\s,]*(?:{_ANY_HOURS})?(?:[\s,\-]*{_TO}\d|\s*[\-–]\s*\d{{1,2}}[/.\-]\d)")
_DATE = r"(?P<d>\d{1,2})\s*[/.\-]\s*(?P<m>\d{1,2})\s*[/.\-]\s*(?P<y>\d{4})"
_WORDED = r"(?:ngay\s*)?(?P<wd>\d{1,2})\s+thang\s+(?P<wm>\d{1,2})\s+nam\s+(?P<wy>\d{4})"
_ISO = r"(?P<iy>\d{4})[/.\-](?P<im>\d{1,2})[/.\-](?P<id>\d{1,2})"
_COMPACT = r"(?<!\d)(?P<cy>20\d{2})(?P<cm>\d{2})(?P<cd>\d{2})(?:(?P<ch>\d{2})(?P<cn>\d{2})(?P<cs>\d{2})?)?(?!\d)"
_SHORT = r"(?<![\d/])(?P<sd>\d{1,2})[/\-](?P<sm>\d{1,2})[/\-](?P<sy>\d{2})(?![\d/\-])"
_ANY_DATE = re.compile(f"{_DATE}|{_WORDED}|{_ISO}|{_COMPACT}|{_SHORT}")
_OPEN = r"(?P<od>\d{1,2})(?:\s*(?:[/.\-]|\bthang\b)\s*(?P<om>\d{1,2}))?(?![\d/.\-])"
_START = re.compile(
    rf"(?:{_ANY_DATE.pattern}|\btu(?: luc)?(?:\s*{_ANY_HOURS})?(?:[\s,]*ngay)?\s*:?\s*{_OPEN})"
    rf"[t\s,]*(?:{_ANY_HOURS})?[\s,;\-]*$"
)
"""The start of a window right before its end; month and year may stand only at the end (``từ ngày 01/8 đến …``)."""
_SERIAL = re.compile(r"(?<![\d/.\-])(?P<serial>[34567]\d{4}(?:\.\d+)?)(?![\d/\-])")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?(?:z|[+-]\d{2}(?::?\d{2})?)\b")

_COUNT = r"(?P<count>\d{1,3}(?:[.,\s]\d{3})+(?!\d)|\d+)"
_TOTAL_WORDS = (
    r"(?:tong so|tong cong|tong|cong|so luong|so dong|so ban ghi"
    r"|(?:grand )?total(?=\W*(?:\d|$))|(?:total )?(?:rows?|records?|count|r(?:ow|ecord) count)(?=\s*:))\b"
)
_ALL_WORDS = r"(?:co|gom) tat ca\b"
_ROWS = r"(?:ho so|ban ghi|dong|truong hop|phan anh|kien nghi)\b"
_MARKS = re.compile(r"^(?:[\s(\[*+\-–•>=.]|(?:\d{1,2}|[ivx]{1,4}|[a-h])\s*[.)]\s*(?!\d))+")
"""What may stand before the words of a line: bullets, brackets, numbering."""
_PERIODS = re.compile(
    rf"{_DATE}|{_WORDED}|{_ISO}|\bngay\s+\d{{1,2}}[/.\-]\d{{1,2}}\b"
    r"|(?<!\d)\d{1,2}(?::\d{2}){1,2}(?=\s*(?:[,:)]|ngay|den|toi|\d{1,2}[/.\-]))"
    r"|\b(?:thang\s+(?:0?[1-9]|1[0-2])(?:\s*[/.\-]\s*\d{4})?|quy\s+[1-4](?:\s*/\s*\d{4})?|nam\s+(?:19|20)\d\d)\b(?![.,]\d)"
    r"|\b(?:thang|quy|nam)\s*:\s*\d{1,4}(?=\s*[,;)])|\btuan\s+\d{1,2}\b|\b\d{1,2} thang\b(?! \d)"
)
_TOTAL = re.compile(
    rf"^(?:{_TOTAL_WORDS}|danh sach (?:nay |tren )?(?:co|gom)\b|{_ALL_WORDS}|so ho so\s*(?=:))(?P<rest>.*)"
)
_TOTAL_TITLE = re.compile(rf"\b(?:tong (?:so|cong)|{_ALL_WORDS})(?P<rest>.*)")
_UNIT = r"(?:\s+(?P<unit>[a-z][a-z ]{0,30}))?"
_COUNTS = (
    re.compile(rf"^(?P<what>.{{0,80}}?):\s*{_COUNT}{_UNIT}"),
    re.compile(rf"^(?P<what>.{{0,60}}?)(?<![\d.,]){_COUNT}\s+(?P<unit>{_ROWS})"),
    re.compile(rf"^(?P<what>[^0-9]{{0,60}}?){_COUNT}{_UNIT}"),
)
"""Where the count stands: after a colon, else before what is counted, else the first number."""
_IS_TOTAL = re.compile(
    rf"^(?:{_TOTAL_WORDS}"
    r"|(?:(?:so )?(?:mang|chuyen|truyen|ket chuyen) (?:sang|trang|tiep|qua)"
    r"|trang truoc (?:mang|chuyen) sang|luy ke|cong don)\b"
    rf"|danh sach (?:nay |tren )?(?:co|gom)\b.*\d|{_ALL_WORDS}\D{{0,5}}\d|so ho so\s*:)"
)
_TONED = re.compile(r"\W*(?:công|cống|cổng|kỳ|kỷ|kỹ)\b", re.IGNORECASE)
"""Words that only without their tone are those of a total or a signature: ``Công ty``, ``Kỳ Văn A``."""
_NO_SUM = re.compile(
    r"\W*(?:cong (?:ty|nhan|bo|an|dan|trinh|chung|chuc|khai|van|tac|cu|nghe|nghiep|thuong|doan|suat|vien|ich|su)"
    r"|cong (?:hoa|dong)|tong (?:cong ty|hop|cuc|bien tap|lanh su|giam doc|thau|dai|ke|lien doan)"
    r"|ky (?:quy|ket|gui|hop dong|lai)|ghi chu (?!so lieu|chung)[a-z]+|het (?!danh sach|bao cao|phu luc)[a-z]+)\b"
)
"""Names of firms, offices and procedures that begin as a line of totals, a signature or a note does."""
_FORM = re.compile(rf"^{_TOTAL_WORDS}(?:\W*{_ROWS})?\W*[a-z]*")
_COUNT_HEADER = re.compile(r"^(?:so luong|so ho so|so dong|so truong hop|tong so|tong cong|ty le|cong)\b.{0,20}$")
_WHOLE_DATE = re.compile(
    r"^(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}|\d{4}-\d{1,2}-\d{1,2})(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?$"
)
_IS_AVERAGE = re.compile(r"^(?:diem )?(?:trung binh|binh quan)\b")
_IS_WHOLE = re.compile(r"^(?:toan|ca) (?:tinh|thanh pho|huyen|xa|phuong|nganh|khoi|nuoc)\b")
_MONEY = re.compile(r"\b(?:phi|tien|le phi|thu|vnd)\b")
_PART = re.compile(r"\b(?:trang|mang sang|chuyen sang|truyen sang|luy ke|cong don|ky truoc|nhom|muc)\b")
_MONEY_UNIT = re.compile(r"\d\s*(?:đồng|đ|vnđ|vnd)\b", re.IGNORECASE)
_FOOTER = re.compile(
    r"^(?:\(?\s*(?:ky|da ky)\b|nguoi (?:lap|bao cao|tong hop|kiem tra|ky|xuat|in|ghi)|thu truong|lanh dao"
    r"|(?:pho )?(?:giam doc|truong phong|chu tich|chanh van phong|truong ban)\b|(?:kt|tm|tl|tuq|t/m|k/t)\s*\."
    r"|ke toan|noi nhan|ghi chu|luu y|xac nhan cua|can bo (?:lap|xuat)|don vi lap|phu trach|nguon\s*:|het\b"
    r"|\(?\d+ rows?\b"
    r"|-{2,}|={2,}|\*{2,}|trang \d+\s*(?:/|$)|bieu so|ngay (?:in|xuat)|thoi (?:diem|gian)|xuat luc|in luc)"
)
_SIGNATURE = re.compile(r"\bngay\s*[\d.…_]*\s*thang\s*[\d.…_]*\s*nam\b")


@dataclass(frozen=True)
class Window:
    """The days, both included, that a title says its table holds."""

    start: date
    end: date


def export_time(lines: Iterable[str]) -> datetime | None:
    """Export time in title lines: ``Thời điểm kết xuất: …``, ``Ngày xuất …``, ``Xuất lúc …``, ``Thời điểm lấy số
    liệu: …``; the latest found.

    A date without a time stands for the end of its day, as the end of a window does.
    """
    found = [_exported(match) for line in lines for match in _EXPORT.finditer(plain(line))]
    return max((moment for moment in found if moment is not None), default=None)


def window_end(lines: Iterable[str]) -> datetime | None:
    """End of the last day of the window in title lines (``Từ ngày … đến ngày …``), the latest found."""
    return max((_end_of_day(end) for end, _ in _ends(lines)), default=None)


def window(lines: Iterable[str]) -> Window | None:
    """The window in title lines that states its start too, the one that ends last; of one end the narrowest."""
    bounds = ((_start_of(_START.search(before), end), end) for end, before in _ends(lines))
    found = [Window(start.date(), end.date()) for start, end in bounds if start and start <= end]
    return max(found, key=lambda item: (item.end, item.start), default=None)


def joined(windows: Iterable[Window]) -> Window | None:
    """``windows`` as one that leaves no day between (a sheet a month is one window); None where they are not one."""
    whole: Window | None = None
    for item in sorted(windows, key=lambda item: (item.start, item.end)):
        if whole is None:
            whole = item
        elif whole.end + timedelta(days=1) < item.start:
            return None
        else:
            whole = Window(whole.start, max(item.end, whole.end))
    return whole


def is_total(first: str) -> bool:
    """Whether a row whose first cell reads ``first`` is a line of totals."""
    return _IS_TOTAL.match(_unmarked(first)) is not None and not _is_a_name(first)


def total_form(cells: Iterable[str]) -> str:
    """By what a line of totals is known again below the next group, whatever it counts: its first words."""
    match = _FORM.match(re.sub(r"\d[\d.,]*", "", _unmarked(" ".join(cells))))
    return match[0] if match else ""


def is_summary(first: str) -> bool:
    """Whether a row that holds nothing but numbers beside ``first`` sums up others: totals, averages."""
    return is_total(first) or _IS_AVERAGE.match(plain(first)) is not None


def is_whole(first: str) -> bool:
    """Whether ``first`` names all units together (``Toàn tỉnh``), as a row of sums does where a code should stand."""
    return _IS_WHOLE.match(_unmarked(first)) is not None


def is_count(cell: str) -> bool:
    """Whether a header cell heads a column of counts, as small tables of sums have it."""
    return _COUNT_HEADER.match(plain(cell)) is not None


def is_date(cell: str) -> bool:
    """Whether a cell is a date, with or without a time of day, and nothing else: no line of a footer is only that."""
    return _WHOLE_DATE.match(cell.strip()) is not None


def counted_words(cells: Sequence[str]) -> tuple[str, str]:
    """What a line of totals says it counts: the words before the number and the unit after it, in plain form."""
    match = _count_in(_TOTAL.match(_undated(cells)))
    return (match["what"].strip(" :."), (match["unit"] or "").strip()) if match else ("", "")


def is_footer(cell: str) -> bool:
    """Whether a cell is of a footer: signatures, place and date, notes, page numbers."""
    text = plain(cell)
    return (_FOOTER.match(text) is not None and not _is_a_name(cell)) or _SIGNATURE.search(text) is not None


def is_label(cell: str) -> bool:
    """Whether a cell of a footer announces the next one (``Ngày in:``)."""
    return cell.rstrip().endswith(":") and is_footer(cell)


def _is_a_name(text: str) -> bool:
    return _TONED.match(unicodedata.normalize("NFC", text)) is not None or _NO_SUM.match(plain(text)) is not None


def stated_total(cells: Sequence[str]) -> int | None:
    """The number of rows that a line of totals states, or None (e.g. a line of sums of money)."""
    if not cells:
        return None
    joined = " ".join(cells)
    match = _count_in(_TOTAL.match(_undated(cells)))
    if match is None or _MONEY.search(match["what"]) or _PART.search(match["what"]) or _MONEY_UNIT.search(joined):
        return None
    if not any(ch.isdigit() for ch in _undated(cells[:1])) and len(cells) > 2:
        return None
    return _whole(match["count"])


def stated_rows(cells: Sequence[str]) -> int | None:
    """The number of rows that a line of sums names as such (``Tổng cộng: 3 hồ sơ`` beside a sum of money), or None."""
    match = _TOTAL.match(_undated(cells))
    found = _COUNTS[1].match(match["rest"].lstrip(" :.")) if match else None
    if found is None or re.search(r"\d", found["what"]) or _MONEY.search(found["what"]) or _PART.search(found["what"]):
        return None
    return _whole(found["count"])


def stated_total_in_titles(lines: Iterable[str]) -> int | None:
    """A total stated above the table, e.g. ``Tổng số hồ sơ: 1.204``."""
    for line in lines:
        match = _count_in(_TOTAL_TITLE.search(_undated([line])), _COUNTS[:2])
        if match and not _MONEY.search(match["what"]) and not _MONEY_UNIT.search(line):
            return _whole(match["count"])
    return None


def _unmarked(text: str) -> str:
    return _MARKS.sub("", plain(text))


def _undated(cells: Iterable[str]) -> str:
    """A line without the numbers of its period, which count no rows (``Tổng số hồ sơ tháng 6: 1``)."""
    return _unmarked(" ".join(_PERIODS.sub(" ", plain(cell)) for cell in cells))


def _count_in(total: re.Match[str] | None, patterns: Sequence[re.Pattern[str]] = _COUNTS) -> re.Match[str] | None:
    found = (pattern.match(total["rest"]) for pattern in patterns) if total else ()
    return next((match for match in found if match), None)


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _exported(match: re.Match[str]) -> datetime | None:
    """The moment after words of an export, unless it is an end of a window (``xuất từ ngày … đến ngày …``)."""
    text = match["rest"]
    day = _ANY_DATE.search(text)
    if day and (_FROM.search(match[0] + text[: day.start()]) or _THEN_TO.match(text[day.end() :])):
        return None
    return _moment(text)


def _moment(text: str) -> datetime | None:
    zoned = _ZONED.search(text)
    if zoned:
        return _as_cell(zoned[0].upper())
    match = _ANY_DATE.search(text)
    if match is None:
        serial = _SERIAL.search(text)
        return _from_serial(serial["serial"]) if serial else None
    day = _date_of(match)
    if day is None:
        return None
    if match["ch"]:
        return _as_cell(match[0]) or _end_of_day(day)
    clock = _CLOCK.search(text[: match.start()] + " " + text[match.end() :].replace("t", " ", 1))
    if clock is None:
        return _end_of_day(day)
    half = (clock["half"] or "").replace(".", "")
    hours = f"{clock['h']}:{clock['n'] or '00'}:{clock['s'] or '00'} {_HALVES.get(half, half.upper())}"
    return _as_cell(f"{day:%d/%m/%Y} {hours}".strip()) or _end_of_day(day)


def _as_cell(text: str) -> datetime | None:
    """A moment read as cells are: 12-hour clocks, ``24:00`` and time zones mean the same in both."""
    moment: datetime | None = read_timestamps(pl.Series([text]), date_system_1904=False)[0]
    return moment


def _date_of(match: re.Match[str]) -> datetime | None:
    for kind in ("", "w", "i", "c", "s"):
        if match[f"{kind}y"]:
            year, month, day = (int(match[kind + part]) for part in "ymd")
            try:
                return datetime(year + 2000 if kind == "s" else year, month, day)
            except ValueError:
                return None
    return None


def _ends(lines: Iterable[str]) -> Iterator[tuple[datetime, str]]:
    """Each end of a window with the words before it; where a line begins with the end, those of the line above."""
    above = ""
    for line in lines:
        text = plain(line)
        for match in _WINDOW.finditer(text):
            day = _ANY_DATE.match(match["rest"])
            end = _date_of(day) if day else None
            if end is not None:
                yield end, text[: match.start()].strip(" (") or above
        above = text


def _start_of(match: re.Match[str] | None, end: datetime) -> datetime | None:
    """The start of a window that ends on ``end``: what it leaves out of month and year is the end's."""
    if match is None or not match["od"]:
        return _date_of(match) if match else None
    month = int(match["om"] or end.month)
    try:
        return datetime(end.year - (month > end.month), month, int(match["od"]))
    except ValueError:
        return None


def _from_serial(serial: str) -> datetime | None:
    moment = _as_cell(serial)
    return _end_of_day(moment) if moment and "." not in serial else moment


def _end_of_day(day: datetime) -> datetime:
    return datetime.combine(day.date(), time(23, 59, 59))
