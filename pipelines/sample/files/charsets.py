"""Encoders of the charsets that old exports still use: TCVN3 (ABC), VNI and windows-1258.

Tables written here by hand: the generator must not share a table with the readers it tests.
TCVN3 has no capitals with tone marks (its fonts of capitals reuse the small letters): a capital with a tone
is written as the small letter, as real exports do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđ",
    range(0xA1, 0xAF),
)
_TCVN3_TONED = {
    "à": 0xB5, "ả": 0xB6, "ã": 0xB7, "á": 0xB8, "ạ": 0xB9, "ằ": 0xBB, "ẳ": 0xBC, "ẵ": 0xBD, "ắ": 0xBE,
    "ặ": 0xC6, "ầ": 0xC7, "ẩ": 0xC8, "ẫ": 0xC9, "ấ": 0xCA, "ậ": 0xCB, "è": 0xCC, "ẻ": 0xCE, "ẽ": 0xCF,
    "é": 0xD0, "ẹ": 0xD1, "ề": 0xD2, "ể": 0xD3, "ễ": 0xD4, "ế": 0xD5, "ệ": 0xD6, "ì": 0xD7, "ỉ": 0xD8,
    "ĩ": 0xDC, "í": 0xDD, "ị": 0xDE, "ò": 0xDF, "ỏ": 0xE1, "õ": 0xE2, "ó": 0xE3, "ọ": 0xE4, "ồ": 0xE5,
    "ổ": 0xE6, "ỗ": 0xE7, "ố": 0xE8, "ộ": 0xE9, "ờ": 0xEA, "ở": 0xEB, "ỡ": 0xEC, "ớ": 0xED, "ợ": 0xEE,
    "ù": 0xEF, "ủ": 0xF1, "ũ": 0xF2, "ú": 0xF3, "ụ": 0xF4, "ừ": 0xF5, "ử": 0xF6, "ữ": 0xF7, "ứ": 0xF8,
    "ự": 0xF9, "ỳ": 0xFA, "ỷ": 0xFB, "ỹ": 0xFC, "ý": 0xFD, "ỵ": 0xFE,
}  # fmt: skip

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_TONES = {_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT}
_VNI_PLAIN = {_ACUTE: 0xF9, _GRAVE: 0xF8, _HOOK: 0xFB, _TILDE: 0xF5, _DOT: 0xEF}
_VNI_CIRCUMFLEX = {"": 0xE2, _ACUTE: 0xE1, _GRAVE: 0xE0, _HOOK: 0xE5, _TILDE: 0xE3, _DOT: 0xE4}
_VNI_BREVE = {"": 0xEA, _ACUTE: 0xE9, _GRAVE: 0xE8, _HOOK: 0xFA, _TILDE: 0xFC, _DOT: 0xEB}
_VNI_SINGLE = {"đ": 0xF1, "í": 0xED, "ì": 0xEC, "ỉ": 0xE6, "ĩ": 0xF3, "ị": 0xF2, "ỵ": 0xEE, "ơ": 0xF4, "ư": 0xF6}
_UPPER_SHIFT = 0x20


def _split_tone(letter: str) -> tuple[str, str]:
    """``ấ`` → (``â``, acute)."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in parts if mark in _TONES), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts), tone


def _tcvn3_letter(letter: str) -> bytes:
    letters, codes = _TCVN3_LETTERS
    if letter in letters:
        return bytes([codes[letters.index(letter)]])
    code = _TCVN3_TONED.get(letter) or _TCVN3_TONED.get(letter.lower())
    if code is None:
        raise ValueError("chữ không có trong bảng mã TCVN3")
    return bytes([code])


def _vni_letter(letter: str) -> bytes:
    upper = letter.isupper()
    small = letter.lower()
    shift = _UPPER_SHIFT if upper else 0
    if small in _VNI_SINGLE:
        return bytes([_VNI_SINGLE[small] - shift])
    base, tone = _split_tone(small)
    if base in {"ơ", "ư"}:
        return bytes([_VNI_SINGLE[base] - shift, _VNI_PLAIN[tone] - shift])
    skeleton = unicodedata.normalize("NFD", base)[0]
    table = {"\u0302": _VNI_CIRCUMFLEX, "\u0306": _VNI_BREVE}.get(unicodedata.normalize("NFD", base)[1:])
    mark = (table or _VNI_PLAIN).get(tone)
    if mark is None:
        raise ValueError("chữ không có trong bảng mã VNI")
    head = skeleton.upper() if upper else skeleton
    return head.encode("ascii") + bytes([mark - shift])


def _by_letter(text: str, letter_bytes: Callable[[str], bytes]) -> bytes:
    known: dict[str, bytes] = {}
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        if letter < "\x80":
            out += letter.encode("ascii")
            continue
        if letter not in known:
            known[letter] = letter_bytes(letter)
        out += known[letter]
    return bytes(out)


def _windows_1258(text: str) -> bytes:
    out = []
    for letter in unicodedata.normalize("NFC", text):
        if letter < "\x80":
            out.append(letter)
        else:
            base, tone = _split_tone(letter)
            out.append(base + tone)
    return "".join(out).encode("cp1258")


def encode(text: str, charset: str) -> bytes:
    """``text`` in ``charset``: ``utf-8``, ``utf-8-sig``, ``utf-16`` (little endian with mark), ``cp1258``,
    ``tcvn3`` or ``vni``. Raises ``ValueError`` for a letter that the charset lacks."""
    if charset == "tcvn3":
        return _by_letter(text, _tcvn3_letter)
    if charset == "vni":
        return _by_letter(text, _vni_letter)
    if charset == "cp1258":
        return _windows_1258(text)
    if charset == "utf-16":
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(charset)
