"""Legacy Vietnamese character sets as strict decoders: TCVN3 (ABC), VNI and windows-1258.

Each raises ``UnicodeDecodeError`` for a byte, or a pair of bytes, that the set does not know; results are NFC.
Tables: TCVN 5712:1993 VN3 for TCVN3; the VNI-Win two-byte scheme (letter, then mark) for VNI.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable

_UNDEFINED = "\ufffe"
_TYPOGRAPHY = {
    0x85: "…",
    0x91: "‘",
    0x92: "’",
    0x93: "“",
    0x94: "”",
    0x95: "•",
    0x96: "–",
    0x97: "—",
    0xA0: "\u00a0",
}

_TCVN3 = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờở",
    0xEC: "ỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}


def _tcvn3_table() -> str:
    table = [chr(i) if i < 0x80 else _UNDEFINED for i in range(256)]
    for code, char in _TYPOGRAPHY.items():
        table[code] = char
    for start, letters in _TCVN3.items():
        for offset, letter in enumerate(letters):
            table[start + offset] = letter
    return "".join(table)


_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
}
_VNI_SYMBOLS = "«»°±²³·¼½¾§©®"


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = {}

    def put(first: str, mark: str, letter: str) -> None:
        composed = unicodedata.normalize("NFC", letter)
        for second in (mark, mark.upper()):
            pairs[first + second] = composed
            pairs[first.upper() + second] = composed.upper()

    for mark, tone in _VNI_TONES.items():
        for vowel in "aeouy":
            put(vowel, mark, vowel + tone)
        put("ô", mark, "ơ" + tone)
        put("ö", mark, "ư" + tone)
    for mark, tone in _VNI_CIRCUMFLEX.items():
        for vowel in "aeo":
            put(vowel, mark, vowel + "\u0302" + tone)
    for mark, tone in _VNI_BREVE.items():
        put("a", mark, "ă" + tone)
    for sign, letter in _VNI_SINGLE.items():
        pairs[sign] = letter
        pairs[sign.upper()] = letter.upper()
    for mark, tone in _VNI_TONES.items():
        # Seen in documents beside the one-byte í and ì; a mark has no other meaning.
        put("i", mark, "i" + tone)
    for symbol in _VNI_SYMBOLS:
        pairs[symbol] = symbol
    return pairs


_VNI_PAIRS = _vni_pairs()
_VNI_MARKS = "".join({*_VNI_TONES, *_VNI_CIRCUMFLEX, *_VNI_BREVE})
_VNI_TOKEN = re.compile(f"[aeiouyôöAEIOUYÔÖ][{_VNI_MARKS}{_VNI_MARKS.upper()}]|[\u00a1-\u00ff]")
_VNI_BYTES = "".join(chr(i) if i < 0x80 or i > 0xA0 else _TYPOGRAPHY.get(i, _UNDEFINED) for i in range(256))
_TCVN3_BYTES = _tcvn3_table()

_RUN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_TWO_CAPITALS = re.compile(r"[A-Z][^\W\d_a-z]*[A-Z]")


def _by_table(data: bytes, table: str) -> str:
    text, _ = codecs.charmap_decode(data, "strict", table)  # type: ignore[arg-type]  # a string is a table too
    return text


def decode_tcvn3(data: bytes) -> str:
    """TCVN3 text in NFC; capital accented letters, which TCVN3 lacks, are rebuilt in words of capitals."""
    return restore_capitals(_by_table(data, _TCVN3_BYTES))


def restore_capitals(text: str) -> str:
    """Raise the small accented letters inside words written in capitals (``NGUYễN`` → ``NGUYỄN``).

    A word with two or more ASCII capitals and no small ASCII letter is in capitals. So are the one-letter
    capitals beside it (``LÊ`` in ``LÊ VĂN``) where no word of the run has a small ASCII letter; ``Lê Hà``
    and ``Mã TTHC`` stay as they are.
    """
    return _RUN.sub(_restore_run, text)


def _restore_run(match: re.Match[str]) -> str:
    run = match.group()
    if run.isascii() or not _TWO_CAPITALS.search(run):
        return run
    words = run.split(" ")
    has_small = [any("a" <= ch <= "z" for ch in word) for word in words]
    in_capitals = [
        not small and _TWO_CAPITALS.search(word) is not None for word, small in zip(words, has_small, strict=True)
    ]
    accented = sum(1 for word, capital in zip(words, in_capitals, strict=True) if capital and not word.isascii())
    whole = not any(has_small) and (accented > 0 or sum(in_capitals) > 1)
    return " ".join(
        word.upper() if whole or capital else word for word, capital in zip(words, in_capitals, strict=True)
    )


def decode_vni(data: bytes) -> str:
    """VNI text in NFC."""
    text = _by_table(data, _VNI_BYTES)

    def letter(match: re.Match[str]) -> str:
        found = _VNI_PAIRS.get(match.group())
        if found is None:
            raise UnicodeDecodeError("vni", b"", 0, 1, "not a letter of this character set")
        return found

    return _VNI_TOKEN.sub(letter, text)


def decode_windows_1258(data: bytes) -> str:
    """windows-1258 text in NFC (its combining tone marks joined with their letters)."""
    return unicodedata.normalize("NFC", data.decode("cp1258", "strict"))


LEGACY: dict[str, Callable[[bytes], str]] = {
    "windows-1258": decode_windows_1258,
    "TCVN3": decode_tcvn3,
    "VNI": decode_vni,
}
"""Decoders by the name used in messages."""
