"""Whether a worksheet is spelled as Excel spells it, so that a search of its bytes finds what a parser would."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

_BLOCK = 1 << 18
_AHEAD = 8
_BLANK, _BANG, _QUOTE, _SINGLE, _LESS = (ord(sign) for sign in " !\"'<")
_EQUALS, _MARK, _A, _C, _F, _R = (ord(sign) for sign in "=?Acfr")
_DECLARATION = re.compile(rb"\A\s*(?:\xef\xbb\xbf)?<\?xml\b[^>]*\?>")
_ODD = re.compile(rb"<[!?]|=\s*'|\s=|=\s")
_ROOT = re.compile(rb"<worksheet[\s>]")
_OTHER_SET = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8)", re.IGNORECASE)


@dataclass(frozen=True)
class Spelling:
    """``as_excel_writes``: no prefix, comment, instruction or single quote, no blank beside an equals sign, UTF-8,
    and every cell begins with its reference (``<c r="A1"``)."""

    as_excel_writes: bool
    has_formulas: bool


def spelling_of(body: bytes) -> Spelling:
    """Of a worksheet part; the cells are compared byte by byte over blocks that fit a cache, once."""
    start, end = body.find(b"<sheetData"), body.rfind(b"</sheetData>")
    head = body[: max(start, 0)]
    odd = start < 0 or end < start or _ROOT.search(head) is None or b"\0" in body[:64]
    if odd or _OTHER_SET.search(body[:200]) or _ODD.search(_DECLARATION.sub(b"", head)) or _ODD.search(body, end):
        return Spelling(as_excel_writes=False, has_formulas=True)
    codes = np.frombuffer(body, dtype=np.uint8)[start : end + _AHEAD]
    formulas = False
    for place in range(0, len(codes), _BLOCK):
        block = codes[place : place + _BLOCK + _AHEAD]
        first, second = block[: -_AHEAD or None], block[1 : 1 - _AHEAD]
        tags = first == _LESS
        equals = second == _EQUALS
        odd = (
            (tags & ((second == _BANG) | (second == _MARK))).any()
            or (equals & (first <= _BLANK)).any()
            or (equals[:-1] & ((second[1:] <= _BLANK) | (second[1:] == _SINGLE))).any()
        )
        cells = np.flatnonzero(tags & (second == _C))
        expected = ((2, _BLANK), (3, _R), (4, _EQUALS), (5, _QUOTE))
        if odd or any((block[cells + ahead] != code).any() for ahead, code in expected):
            return Spelling(as_excel_writes=False, has_formulas=True)
        if (block[cells + 6] - _A >= 26).any():
            return Spelling(as_excel_writes=False, has_formulas=True)
        formulas = formulas or bool((tags & (second == _F)).any())
    return Spelling(as_excel_writes=True, has_formulas=formulas)
