"""Names from outside made fit to be published: no identity or telephone number, no whole personal name.

Files, folders, sheets and headers are named by people, after people (``Nguyễn Văn An 024190001234.xlsx``); a table
without header has its first person where the header should be. The full text stays in the working warehouse.
"""

from __future__ import annotations

import itertools
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

_HIGHLAND = _words("giang thao sung vang mua lau hang chao lo lu ly phang trang sinh vu cha giap hau")
_HIGHLAND_MIDDLES = _words("a seo mi sin")
"""Of the northern highlands: ``Giàng A Páo``, ``Sùng Seo Dín``."""

_MIDDLES = _words("van thi duc huu ngoc dinh cong ba duy quoc the trong thanh xuan quang minh kim nhu hong thuy")
_MOST_WORDS = 5
_FEWEST_WORDS = 2
_AGENCY_WORDS = _words(
    "phuong xa tran huyen quan tinh duong pho thon xom truong so ubnd benh vien cho cau khu ap ban khoi doi"
)
_ENDINGS = _words("xlsx xls xlsm xlsb ods csv txt json jsonl parquet xml zip html")
_JOINED_MIDDLES = _words("van thi duc huu ngoc")
"""Middle names that make a personal name of words written as one: ``NguyenVanAn``."""

_ADDRESSED = re.compile(r"(?<!\w)(?:[ôÔ]ng|bà|anh|chị|cụ|cháu|[đĐ]/c|đồng chí) ((?:[^\W\d_]{2,} ?){2,4})")
_CENTRAL = re.compile(  # Ê Đê, Gia Rai, Cơ Ho: H'Blim Ayun, K'Brêu, Y Thông Niê, Rơ Châm H'Lan
    r"(?<!\w)(?<!Ea )(?<!Cư )(?<!Đưng )(?:[HK]['’ʼ](?!M[oô]ng)[^\W\d_]+(?: [^\W\d_]+){0,2}"
    r"|Y [^\W\d_]+ (?:ni[êe]|ml[ôo]|[êe]ban|ayun|kbu[ôo]r|kp[ăa]|ks[ơo]r|by[ăa]|knul|ktla|[êe]nu[ôo]l|siu)(?!\w)"
    r"|(?:rơ|rah) (?:châm|mah|lan|com)(?: [^\W\d_]+){1,2})",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"(?<![0-9A-Za-z])(?:\+?84|0)(?:[ .\-/()_]{0,2}[0-9]){8,11}(?![0-9])")
SUBSCRIBER = r"(?:[35789][0-9]{8}|2[0-9]{9})"
"""A telephone number after its 0 or 84: of a mobile, of a landline with its area."""
IDENTITY = r"0(?:0[1-9]|[1-9][0-9])[0-9]{9}"
"""A number of the Citizen Identity Database: a province (001–096), then nine digits."""
_PHONE = re.compile(rf"(?:0|84){SUBSCRIBER}")
_IDENTITY = re.compile(IDENTITY)
_DATE = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[/.\-_][0-9]{1,2}[/.\-_][0-9]{4}|[0-9]{4}[/.\-_][0-9]{1,2}[/.\-_][0-9]{1,2})(?![0-9])"
)
_FOREIGN = _words(
    "cong ban nghi hop bo viec luat ky cuoc de phong bai du hoi diem mon khoa ngay lich giam cuc vu tong nha le trung "
    "lop hoc chu nguoi cac ve va cua tren xet thu cap theo so don to giay qua den tu su"
)
"""Words before ``văn`` or ``thị`` that begin no name."""
_NUMBER = re.compile(r"(?<!\d)(?:\d{9,12}|\d{3,4}(?:[ .]\d{3}){2,3})(?!\d)")
_ACCOUNT = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{13,19}(?!\d)")
"""Numbers of bank accounts and cards; a day and its time, written as one, is none."""
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])[A-Z](?!(?:19|20)\d\d(?:0[1-9]|1[0-2]))[0-9]{7,8}(?![0-9A-Za-z])")
"""A letter and seven or eight digits; a letter and a day written as one is none."""
_ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_PLATE = re.compile(r"(?<![0-9A-Za-z.\-])[1-9][0-9][A-ZĐ][A-Z0-9]?[ .\-]?[0-9]{3}\.[0-9]{2}(?![0-9])")
_WORD = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(r"(?<=[^\W\d_])(?=[A-ZĐ][^\W\d_])")
_GAP = re.compile(r"^[ _.\-]{1,3}$")
_LONG_NUMBER = re.compile(r"\d{3,}|\d[/.\-]\d|@")
_MANY_DIGITS = 2
_LONGEST_HEADER = 80


def masked(text: str) -> str:
    """``text`` without whole personal names, mail addresses, plates, and numbers of persons and of accounts."""
    shown = _as_read(text)
    masks = _names(shown)
    for start, end in reversed(masks):
        shown = shown[:start] + MASK + shown[end:]
    bare = without_numbers(shown)
    return bare if masks or bare != shown else unicodedata.normalize("NFC", text)


def without_numbers(text: str) -> str:
    """``text`` (as it is read) without mail addresses, plates, accounts, passports, 9–12 digits, grouped too."""
    for start, end in reversed(numbers_of_persons(text)):
        text = text[:start] + MASK + text[end:]
    for pattern in (_ADDRESS, _PLATE, _PASSPORT, _NUMBER, _ACCOUNT):
        text = pattern.sub(MASK, text)
    return text


def without_contacts(text: str) -> str:
    """``text`` without mail addresses, telephone and identity numbers; amounts of money and the names in it stay."""
    shown = _as_read(text)
    spans = _apart([*numbers_of_persons(shown), *(match.span() for match in _ADDRESS.finditer(shown))])
    for start, end in reversed(spans):
        shown = shown[:start] + MASK + shown[end:]
    return shown if spans else text


def _as_read(text: str) -> str:
    """``text`` as the eye reads it: no invisible character, blanks of one kind, digits and letters of one width."""
    if text.isascii():
        return text
    text = "".join(ch for ch in text if unicodedata.category(ch) != "Cf")
    return unicodedata.normalize("NFKC", text)


def numbers_of_persons(text: str) -> list[tuple[int, int]]:
    """Where telephone and identity numbers stand that are written in groups: ``0912-345-678``, ``024 190 001 234``."""
    found = [match for match in _GROUPED.finditer(text) if _is_of_a_person(match[0])]
    if not found:
        return []
    days = [match.span() for match in _DATE.finditer(text)]
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
    return bool(_names(_as_read(text)))


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
    """Where whole personal names stand: a surname, then one to four words written as names; forms of address."""
    words = [
        (m.start() + a, m.start() + z, m[0][a:z], _bare(m[0][a:z]))
        for m in _WORD.finditer(text)
        for a, z in _parts(m[0])
    ]
    found: list[tuple[int, int]] = [match.span() for match in _CENTRAL.finditer(text)]
    for match in _ADDRESSED.finditer(text):
        size = _capitals(match[1])
        found += [(match.start(1), match.start(1) + size)] if size else []
    place = 0
    while place < len(words):
        size = _length(text, words, place)
        if size:
            found.append((words[place][0], words[place + size - 1][1]))
        place += max(size, 1)
    return _apart(found)


def _parts(word: str) -> list[tuple[int, int]]:
    """The word, or the words that are written as one: ``NguyenVanAn``."""
    cuts = [0, *(match.start() for match in _JOINT.finditer(word) if word[match.start() - 1].islower()), len(word)]
    bare = [_bare(word[start:end]) for start, end in itertools.pairwise(cuts)]
    named = any(
        first in _SURNAMES | _HIGHLAND | _PLACES_TOO and middle in _JOINED_MIDDLES
        for first, middle, _ in zip(bare, bare[1:], bare[2:], strict=False)
    )
    return list(itertools.pairwise(cuts)) if named else [(0, len(word))]


def _capitals(words: str) -> int:
    """How long the words are that begin ``words`` with capitals, two at least; 0 where fewer do."""
    size = count = 0
    for match in re.finditer(r"[^\W\d_]+", words):
        if not match[0][0].isupper():
            break
        size, count = match.end(), count + 1
    return size if count >= _FEWEST_WORDS else 0


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in their order, those that meet as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _length(text: str, words: list[tuple[int, int, str, str]], place: int) -> int:
    """How many words the name has that begins at ``place``; 0 where none does."""
    bare = words[place][3]
    known = bare in _SURNAMES | _PLACES_TOO or _is_of_the_highlands(words, place)
    if not known and not _is_told_by_its_middle(text, words, place):
        return 0
    run = place + 1
    while run < len(words) and run - place < _MOST_WORDS and _is_gap(text[words[run - 1][1] : words[run][0]]):
        if words[run][3] in _ENDINGS or (not words[run][2][:1].isupper() and words[place][2][:1].isupper()):
            break
        run += 1
    goes_on = run < len(words) and text[words[run - 1][1] : words[run][0]] == " " and run - place < _MOST_WORDS
    size = run - place
    middle = size > 2 and (words[place + 1][3] in _MIDDLES or _is_of_the_highlands(words, place))
    if middle:
        return size
    capital = all(word[2][:1].isupper() for word in words[place:run])
    if not capital or bare in _PLACES_TOO:
        return 0
    after_a_place = place > 0 and words[place - 1][3] in _AGENCY_WORDS
    if size >= 3:
        return 0 if after_a_place else size
    return size if size == 2 and not (after_a_place or goes_on or words[place][2].isupper()) else 0


def _is_gap(text: str) -> bool:
    """Whether it parts two words of a name; nothing does where they are written as one."""
    return not text or _GAP.match(text) is not None


def _is_of_the_highlands(words: list[tuple[int, int, str, str]], place: int) -> bool:
    """``Giàng A Páo``, ``THÀO SEO DÍN``, ``Giáp Ngọc Anh``: words as well, told by the middle name."""
    of_name = words[place : place + 3]
    if len(of_name) < 3 or of_name[0][3] not in _HIGHLAND or not all(word[2][:1].isupper() for word in of_name):
        return False
    return of_name[1][3] in _HIGHLAND_MIDDLES | _JOINED_MIDDLES and of_name[2][3] != "luoi"


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
