"""Names from outside made fit to be published: no identity or telephone number, no whole personal name.

Files, folders, sheets and headers are named by people, after people (``Nguyễn Văn An 024190001234.xlsx``); a table
without header has its first person where the header should be. The full text stays in the working warehouse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.config.kept_name import MASK
from pipelines.contracts.normal_form import is_enumerated

if TYPE_CHECKING:  # the process that reads files needs the words, not the database
    import duckdb

    from pipelines.contracts.model import Contract


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SURNAMES = _words(
    "nguyen tran le pham huynh hoang vu vo dang bui do ngo duong dinh trinh doan phan truong luong dao vuong ta chu "
    "thai tang trieu quach phung khuc kieu mac nghiem giang luu ton"
)
_PLACES_TOO = _words("ho ha cao mai lam ly to hua tong chau thach an bach dam ong phi la quan thi van ninh")
"""Surnames that are other words as well: only a middle name makes a personal name of what follows."""

_MIDDLES = _words("van thi duc huu ngoc dinh cong ba duy quoc the trong thanh xuan quang minh kim nhu hong thuy")
_MOST_WORDS = 5
_AGENCY_WORDS = _words(
    "phuong xa tran huyen quan tinh duong pho thon xom truong so ubnd benh vien cho cau khu ap ban khoi doi"
)
_ENDINGS = _words("xlsx xls xlsm xlsb ods csv txt json jsonl parquet xml zip html")
_GROUPED = re.compile(r"(?<![0-9A-Za-z])(?:\+?84|0)(?:[ .\-/()]{0,2}[0-9]){8,11}(?![0-9])")
SUBSCRIBER = r"(?:[35789][0-9]{8}|2[0-9]{9})"
"""A telephone number after its 0 or 84: of a mobile, of a landline with its area."""
IDENTITY = r"0(?:0[1-9]|[1-9][0-9])[0-9]{9}"
"""A number of the Citizen Identity Database: a province (001–096), then nine digits."""
_PHONE = re.compile(rf"(?:0|84){SUBSCRIBER}")
_IDENTITY = re.compile(IDENTITY)
_DATE = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}|[0-9]{4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,2})(?![0-9])"
)
_FOREIGN = _words(
    "cong ban nghi hop bo viec luat ky cuoc de phong bai du hoi diem mon khoa ngay lich giam cuc vu tong nha le trung "
    "lop hoc chu nguoi cac ve va cua tren xet thu cap theo so don to giay qua den tu su"
)
"""Words before ``văn`` or ``thị`` that begin no name."""
_NUMBER = re.compile(r"(?<!\d)(?:\d{9,12}|\d{3,4}(?:[ .]\d{3}){2,3})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"^[ _.\-]{1,3}$")
_LONG_NUMBER = re.compile(r"\d{3,}|\d[/.\-]\d|@")
_MANY_DIGITS = 2
_LONGEST_HEADER = 80


def masked(text: str) -> str:
    """``text`` without runs of 9–12 digits (grouped by blanks or points too) and without whole personal names."""
    text = unicodedata.normalize("NFC", text)
    for found in (_names, numbers_of_persons):
        for start, end in reversed(found(text)):
            text = text[:start] + MASK + text[end:]
    return _NUMBER.sub(MASK, text)


def numbers_of_persons(text: str) -> list[tuple[int, int]]:
    """Where telephone and identity numbers stand that are written in groups: ``0912-345-678``, ``024 190 001 234``."""
    days = [match.span() for match in _DATE.finditer(text)]
    found = (match for match in _GROUPED.finditer(text) if _is_of_a_person(match[0]))
    return [m.span() for m in found if not any(m.start() < end and start < m.end() for start, end in days)]


def _is_of_a_person(text: str) -> bool:
    """By its digits and by how they are grouped: codes are numbers with hyphens too."""
    groups = re.findall(r"[0-9]+", text)
    digits = "".join(groups)
    sizes = [len(group) for group in groups]
    if _IDENTITY.fullmatch(digits):
        return min(sizes) >= 3
    if not _PHONE.fullmatch(digits):
        return False
    plain = len(groups) <= 2 and sizes[0] in {2, 3, 4, len(digits)}
    return plain or all(2 <= size <= 4 for size in sizes)


def names_a_person(text: str) -> bool:
    """Whether a whole personal name stands in ``text``."""
    return bool(_names(unicodedata.normalize("NFC", text)))


def looks_like_header(text: str) -> bool:
    """Whether an unknown header may be echoed: words, at most a number of two digits, and no person."""
    if not text or len(text) > _LONGEST_HEADER or masked(text) != text or _LONG_NUMBER.search(text):
        return False
    digits = sum(ch.isdigit() for ch in text)
    return any(ch.isalpha() for ch in text) and (digits <= _MANY_DIGITS or is_enumerated(text))


def refresh(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract] = ()) -> None:
    """Table ``so_cai.ten_hien``: what is shown instead of each text that must not be published as it is.

    Texts are the names of files and sheets, the reasons, and the fields that a contract publishes masked (``che``).
    """
    fields = "".join(
        f' UNION SELECT "{field.name}" FROM tho.{contract.table}'
        for contract in contracts
        for field in contract.fields
        if field.masked
    )
    texts = connection.execute(
        "SELECT ten_tep FROM so_cai.tep UNION SELECT ly_do FROM so_cai.tep WHERE ly_do IS NOT NULL "
        "UNION SELECT ten_tep FROM so_cai.tep_cho "
        "UNION SELECT trang_tinh FROM so_cai.trang_tinh UNION SELECT trang_tinh FROM so_cai.dong_cach_ly" + fields
    ).fetchall()
    found = [
        [text, shown] for (text,) in texts if text and (shown := masked(text)) != unicodedata.normalize("NFC", text)
    ]
    connection.execute("DELETE FROM so_cai.ten_hien")
    if found:
        connection.executemany("INSERT INTO so_cai.ten_hien (goc, hien) VALUES (?, ?)", found)


def _names(text: str) -> list[tuple[int, int]]:
    """Where whole personal names stand: a surname, then one to four words written as names are."""
    words = [(m.start(), m.end(), m.group(), _bare(m.group())) for m in _WORD.finditer(text)]
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        size = _length(text, words, place)
        if size:
            found.append((words[place][0], words[place + size - 1][1]))
        place += max(size, 1)
    return found


def _length(text: str, words: list[tuple[int, int, str, str]], place: int) -> int:
    """How many words the name has that begins at ``place``; 0 where none does."""
    bare = words[place][3]
    if bare not in _SURNAMES | _PLACES_TOO and not _is_told_by_its_middle(text, words, place):
        return 0
    run = place + 1
    while run < len(words) and run - place < _MOST_WORDS and _GAP.match(text[words[run - 1][1] : words[run][0]]):
        if words[run][3] in _ENDINGS or (not words[run][2][:1].isupper() and words[place][2][:1].isupper()):
            break
        run += 1
    goes_on = run < len(words) and text[words[run - 1][1] : words[run][0]] == " " and run - place < _MOST_WORDS
    size = run - place
    middle = size > 2 and words[place + 1][3] in _MIDDLES
    if middle:
        return size
    capital = all(word[2][:1].isupper() for word in words[place:run])
    if not capital or bare in _PLACES_TOO:
        return 0
    after_a_place = place > 0 and words[place - 1][3] in _AGENCY_WORDS
    if size >= 3:
        return 0 if after_a_place else size
    return size if size == 2 and not (after_a_place or goes_on or words[place][2].isupper()) else 0


def _is_told_by_its_middle(text: str, words: list[tuple[int, int, str, str]], place: int) -> bool:
    """``Giáp Văn Minh``, ``VI THI LAN``: whatever the surname, ``Văn`` or ``Thị`` stands between capital words."""
    of_name = words[place : place + 3]
    if len(of_name) < 3 or of_name[0][3] in _AGENCY_WORDS | _FOREIGN or not all(w[2][:1].isupper() for w in of_name):
        return False
    middle = of_name[1][2].casefold()
    return middle in {"văn", "thị"} or (middle in {"van", "thi"} and text.isascii())


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold().replace("đ", "d"))
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch))
