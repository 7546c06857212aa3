"""The normal form on which headers and titles are compared (spec ``feeds``: Unicode line of the mess table)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Without diacritics and capitals, spaces collapsed, punctuation kept: for titles and footers.

    ``Đ``, ``đ`` and eth (``Ð``, ``ð``) become ``d``; zero-width and other format characters go.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = "".join(ch for ch in decomposed if unicodedata.category(ch) not in {"Mn", "Cf"})
    return _SPACES.sub(" ", kept).strip().lower()


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Letters ``a``–``z`` and digits only: ``Mã hồ sơ``, ``MA HO SO`` and ``MaHoSo`` are one header."""
    return _NOT_WORD.sub("", plain(text))
