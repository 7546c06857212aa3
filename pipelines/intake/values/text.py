"""Text as it should have been typed: composed Unicode, no invisible characters, single spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import polars as pl

_PLAIN = r"\x20-\x7EÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
MAY_NEED_CLEANING = rf"[^{_PLAIN}]|  |\| | \|"
"""In cells between bars."""
_ONLY_COMPOSED = rf"^[{_PLAIN}]*$"
_AT_ONCE = 50_000
_INVISIBLE = r"[\p{Cf}\p{Cc}--\s]"
_SPACES = re.compile(r"[\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_RUNS = re.compile(r" +")
_WIDE = [chr(code) for code in range(0xFF01, 0xFF5F)]
"""Latin letters, digits and signs as East Asian keyboards type them (``Ｈ０２．１６``)."""
_OTHERWISE = ["Ð", "ð", *_WIDE]
_AS_MEANT = ["Đ", "đ", *(chr(ord(letter) - 0xFEE0) for letter in _WIDE)]
_LETTERS = str.maketrans(dict(zip(_OTHERWISE, _AS_MEANT, strict=True)))


def clean(text: pl.Series) -> pl.Series:
    """NFC; eth to đ, full-width letters to plain ones; zero-width, soft-hyphen and control characters out; every space
    one space; blank null.

    Case and diacritics stay: this is the form that is shown (docs/mess.md).
    """
    if _is_clean(text):
        return _blank_to_null(text)
    simple = text.str.contains(_ONLY_COMPOSED) & ~text.str.contains(r"^ | $|  ")
    rows = (~simple).fill_null(value=False).arg_true()
    if rows.is_empty():
        return _blank_to_null(text)
    part = (
        text.gather(rows)
        .str.normalize("NFC")
        .str.replace_many(_OTHERWISE, _AS_MEANT)
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(r"[\s\p{Z}]+", " ")
        .str.strip_chars(" ")
    )
    return _blank_to_null(text.clone().scatter(rows, part))


def _is_clean(text: pl.Series) -> bool:
    """Whether nothing in the column needs cleaning: one pattern over the joined cells, not one a cell."""
    joined = pl.concat_str(pl.lit("|"), pl.col("t").str.join("|"), pl.lit("|"))
    pieces = (text.slice(start, _AT_ONCE).to_frame("t") for start in range(0, len(text), _AT_ONCE))
    return not any(piece.select(joined.str.contains(MAY_NEED_CLEANING)).item() for piece in pieces)


def _blank_to_null(text: pl.Series) -> pl.Series:
    if not (text == "").any():
        return text
    return text.set(text == "", None)


def clean_one(text: str) -> str:
    """``clean`` of one text; blank gives ``''``."""
    if text.isascii() and text.isprintable():
        return _RUNS.sub(" ", text).strip(" ")
    composed = unicodedata.normalize("NFC", text).translate(_LETTERS)
    spaced = _SPACES.sub(" ", composed)
    kept = "".join(c for c in spaced if unicodedata.category(c) not in {"Cf", "Cc"})
    return _RUNS.sub(" ", kept).strip(" ")


def sentinel_key(text: str) -> str:
    """The form on which placeholders are compared: no spaces, no case, runs of commas as one."""
    return re.sub(r",+", ",", re.sub(r"\s+", "", clean_one(text)).casefold())


def is_sentinel(text: pl.Series, sentinels: tuple[str, ...], marks: Sequence[str] = ()) -> pl.Series | None:
    """Rows that hold one of the contract's placeholders (``gia_tri_gia``) or, letter by letter, one of ``marks``;
    false for null; None where no row does."""
    if not sentinels:
        found = text.is_in(marks) if marks else None
        return found.fill_null(value=False) if found is not None and found.any() else None
    keys = sorted({sentinel_key(item) for item in sentinels})
    longest = max(len(item) for item in (*keys, *sentinels)) * 4 + 16
    short = pl.when(pl.col("t").str.len_bytes() <= longest).then("t")
    compact = short.str.to_lowercase().str.replace_all(r"\s+", "").str.replace_all(r",+", ",")
    held = compact.is_in(keys) | pl.col("t").is_in(marks) if marks else compact.is_in(keys)
    found = text.to_frame("t").select(held.fill_null(value=False)).to_series()
    return found if found.any() else None
