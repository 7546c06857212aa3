"""Which character set a text file is written in: told for certain, or the file is refused (docs/mess.md)."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.read import twice_encoded
from pipelines.intake.read.charsets import LEGACY
from pipelines.intake.read.vietnamese_words import COMMON_WORDS, is_plausible

CountHeaders = Callable[[str], int]
"""How many known headers of the feed the beginning of a text shows."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 2_000_000
_HEAD = 200_000
_BAD_SHARE = 0.05
_BLOCK = 1 << 18

DOUBTFUL_CHARSET = "bang_ma_chua_chac"
"""Finding on a file whose character set its few accented words leave open."""

_CANNOT_TELL = (
    "Không xác định được bảng mã của tệp: không đọc trọn tệp được theo UTF-8, UTF-16, windows-1258, TCVN3 hay VNI. "
    "Hãy xuất lại tệp theo mã UTF-8 rồi gửi lại."
)
_NO_HEADER = (
    "Không xác định được bảng mã của tệp: không bảng mã nào cho ra dòng tiêu đề có cột đã biết. "
    "Hãy kiểm tra dòng tiêu đề, xuất lại tệp theo mã UTF-8 rồi gửi lại."
)


@dataclass(frozen=True)
class Decoded:
    """Text in NFC and the name of the set it was written in; ``sure`` is false where words were too few to tell."""

    text: str
    charset: str
    sure: bool = True


@dataclass(frozen=True)
class _Candidate:
    charset: str
    text: str
    headers: int
    known: int
    bad_share: float


def decode(data: bytes, count_headers: CountHeaders) -> Decoded:
    """The text of ``data``; raises ``FileRefusedError`` where its character set cannot be told.

    A byte order mark decides, then strict UTF-8 (made UTF-8 twice, perhaps), then UTF-16 without a mark. The legacy
    sets are told apart by strict decoding of the whole file, by the header cells they make readable, by letters and
    vowel groups that Vietnamese does not have, and by common words. Where those leave a draw (one odd word in a file
    of codes) the most plausible is taken and is not ``sure``: the whole file is a finding.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name, name.upper())
    wide = unmarked_utf16(data)
    if wide is not None:
        return _strict(data, wide, wide.upper())
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data, count_headers)
    once = twice_encoded.undone(text) if twice_encoded.shows_in(data) else None
    return Decoded(once or _nfc(text), "UTF-8")


def to_utf8(data: bytes, count_headers: CountHeaders) -> tuple[bytes, bool]:
    """(``data`` as UTF-8 in NFC, whether its set is sure); raises as ``decode`` does, which is spared where the
    bytes are that already."""
    marked = data.startswith(codecs.BOM_UTF8)
    if marked or not (any(data.startswith(mark) for mark, _ in _BOMS) or unmarked_utf16(data)):
        body = data[len(codecs.BOM_UTF8) :] if marked else data
        if _is_composed_utf8(body) and not twice_encoded.shows_in(body):
            return body, True
    found = decode(data, count_headers)
    return found.text.encode("utf-8"), found.sure


def _is_composed_utf8(data: bytes) -> bool:
    """Whether ``data`` is for certain UTF-8 and in NFC: characters below U+0300, of the block U+1E00–1EFF (the
    composed letters of Vietnamese) and U+2002–203F (dashes, quotation marks) only; false where it takes a closer look.
    """
    if data.isascii():
        return True
    codes = np.frombuffer(data, dtype=np.uint8)
    for start in range(0, len(codes), _BLOCK):
        block = codes[start : start + _BLOCK + 2]
        if len(block) < _BLOCK + 2:
            block = np.append(block, np.zeros(2, dtype=np.uint8))
        first, second, third = block[:-2], block[1:-1], block[2:]
        doubtful = np.count_nonzero(first >= 0xCC)
        letters = np.count_nonzero((first == 0xE1) & (second - 0xB8 < 4))
        if doubtful != letters:
            signs = np.count_nonzero((first == 0xE2) & (second == 0x80) & (third >= 0x82))
            if doubtful != letters + signs:
                return False
    ends = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _strict(data: bytes, name: str, label: str) -> Decoded:
    try:
        return Decoded(_nfc(data.decode(name)), label)
    except UnicodeDecodeError:
        raise FileRefusedError(
            f"Đầu tệp ghi bảng mã {label} nhưng nội dung không đúng bảng mã đó (tệp hỏng hoặc bị cắt). "
            "Hãy xuất lại tệp theo mã UTF-8 rồi gửi lại."
        ) from None


def _nfc(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def unmarked_utf16(data: bytes) -> str | None:
    """Which UTF-16 a text without a byte order mark is in; None where it is in none."""
    head = data[:4096]
    if len(data) % 2 or len(head) < 4:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > half * 0.4 and head[0::2].count(0) < half * 0.05:
        return "utf-16-le"
    if head[0::2].count(0) > half * 0.4 and head[1::2].count(0) < half * 0.05:
        return "utf-16-be"
    return None


def _legacy(data: bytes, count_headers: CountHeaders) -> Decoded:
    candidates = []
    for charset, decoder in LEGACY.items():
        try:
            text = decoder(data)
        except UnicodeDecodeError:
            continue
        known, bad_share = judge(text)
        candidates.append(_Candidate(charset, text, count_headers(text[:_HEAD]), known, bad_share))
    if not candidates:
        raise FileRefusedError(_CANNOT_TELL)
    plausible = [c for c in candidates if c.bad_share <= _BAD_SHARE] or candidates
    best_headers = max(c.headers for c in plausible)
    if best_headers == 0:
        raise FileRefusedError(_NO_HEADER)
    ranked = sorted((c for c in plausible if c.headers == best_headers), key=lambda c: (-c.known, c.bad_share))
    best, others = ranked[0], [c for c in ranked[1:] if c.text != ranked[0].text]
    told = not others or best.known >= 2 * others[0].known + 2
    return Decoded(best.text, best.charset, sure=told and best.bad_share <= _BAD_SHARE)


def judge(text: str) -> tuple[int, float]:
    """(occurrences of common words, share of words that cannot be Vietnamese), of words with accented letters."""
    sample = text if len(text) <= _SAMPLE else text[: _SAMPLE // 2] + text[-_SAMPLE // 2 :]
    counts = Counter(word.lower() for word in _WORD.findall(sample) if not word.isascii())
    total = sum(counts.values())
    if total == 0:
        return 0, 0.0
    known = sum(count for word, count in counts.items() if word in COMMON_WORDS)
    bad = sum(count for word, count in counts.items() if not is_plausible(word))
    return known, bad / total
