"""Plain text of titles and footers, on which their wording is recognised; headers use the contracts' form."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Without diacritics and capitals, spaces collapsed, punctuation kept.

    ``Đ``, ``đ`` and eth (``Ð``, ``ð``) become ``d``; zero-width and other format characters go.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = "".join(ch for ch in decomposed if unicodedata.category(ch) not in {"Mn", "Cf"})
    return _SPACES.sub(" ", kept).strip().lower()
