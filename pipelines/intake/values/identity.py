"""Identity numbers: digits restored where one reading is possible, and a keyed hash in place of the number.

Rule R9: 12 digits, or the old 9. A spreadsheet that took the number for a quantity drops leading zeros, adds
``.0`` or writes an exponent; with digits lost the number is destroyed (docs/mess.md). A passport stays unread and
without a key; who is removed on request may have given nothing else (``read_passport``).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from decimal import Decimal

import polars as pl

from pipelines.contracts.normal_form import either_spelling
from pipelines.intake.values.result import (
    DESTROYED,
    RESTORED,
    UNREADABLE,
    ParsedColumn,
    map_unique,
)

_FULL = 12
_OLD = 9
_HASH_CHARACTERS = 32
_BLOCK = 64
_LABEL = re.compile(
    either_spelling(
        r"^(?:số\s*)?(?:cccd|cmnd|cmt|cc|đdcn|căn cước(?: công dân)?|định danh)\s*(?:số)?\s*:?\s*(?=[0-9])"
    ),
    re.I,
)
PASSPORT = r"[A-Za-z]{1,2}[ .\-]?[0-9](?:[ .\-]?[0-9]){6,7}"
"""A passport as it is printed: a letter (abroad also two), seven or eight digits."""
_DIGITS = r"[0-9](?:[ .\-]?[0-9]){8,11}"
SOME_NUMBER = f"(?:{_DIGITS}|{PASSPORT})"
"""Within a text, what may be the number of a person; no engine of regular expressions is asked for more."""
_NUMBERS = re.compile(rf"{_DIGITS}|(?<![0-9A-Za-z]){PASSPORT}(?![0-9A-Za-z])")
_EXPONENT = re.compile(r"^(\d)(?:[.,](\d+))?e\+?(\d{1,2})$", re.IGNORECASE)


def parse_identities(name: str, text: pl.Series, *, secret: bytes) -> ParsedColumn:
    """``name`` digits, ``name_goc`` the text as read where it differs, ``name_khoa`` keyed hash of the digits.

    Faults: ``da_khoi_phuc`` (zeros given back), ``so_bi_hong`` (exponent form with digits lost),
    ``khong_doc_duoc`` (another shape). The last two leave all but ``name_goc`` null.
    """
    plain = text.str.contains(r"^(?:[0-9]{12}|[0-9]{9})$").fill_null(value=False)
    value = text.set(~plain, None)
    fault = pl.Series("loi", [None], dtype=pl.String).new_from_index(0, len(text))
    rows = (text.is_not_null() & ~plain).arg_true()
    if not rows.is_empty():
        digits, notes = map_unique(text.gather(rows), read_identity, pl.String())
        value, fault = value.scatter(rows, digits), fault.scatter(rows, notes)
    as_read = text.set((text == value).fill_null(value=False), None)
    keyed = keyed_hashes(secret, value)
    columns = {f"{name}{suffix}": column for suffix, column in (("", value), ("_goc", as_read), ("_khoa", keyed))}
    return ParsedColumn({key: column.alias(key) for key, column in columns.items()}, fault)


def keyed_hash(secret: bytes, digits: str) -> str:
    """HMAC-SHA-256 of a number with the house's secret: 32 hexadecimal characters (SECURITY.md)."""
    return hmac.digest(secret, digits.encode("ascii"), "sha256").hex()[:_HASH_CHARACTERS]


def keyed_hashes(secret: bytes, digits: pl.Series) -> pl.Series:
    """``keyed_hash`` of every value, null for null.

    The two pads of RFC 2104 are hashed once and their states copied: a fifth of the time of a call a number.
    """
    block = (hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block)).copy
    hashes: list[str | None] = []
    for number in digits.to_list():
        if number is None:
            hashes.append(None)
            continue
        message, result = inner(), outer()
        message.update(number.encode("ascii"))
        result.update(message.digest())
        hashes.append(result.hexdigest()[:_HASH_CHARACTERS])
    return pl.Series(hashes, dtype=pl.String)


def read_passport(text: str) -> str | None:
    """The number of a passport, its letters as capitals, its groups joined; None where the text is none."""
    return re.sub(r"[ .\-]", "", text).upper() if re.fullmatch(PASSPORT, text) else None


def number_of_person(text: str) -> str | None:
    """The identity number or the passport that one cleaned text is."""
    return read_identity(text)[0] or read_passport(text)


def numbers_within(text: str) -> list[str]:
    """Every number of a person that a text may name, each on its own."""
    bare = (re.sub(r"[ .\-]", "", match[0]) for match in _NUMBERS.finditer(text))
    return [number for number in map(number_of_person, bare) if number is not None]


def read_identity(text: str) -> tuple[str | None, str | None]:
    """Digits and fault of one cleaned text."""
    bare = _LABEL.sub("", re.sub(r'^="([^"]*)"$', r"\1", text).lstrip("'").strip())
    compact = re.sub(r"^([0-9]+)[.,]0+$", r"\1", bare)
    if re.fullmatch(r"[0-9]+(?:[ .\-][0-9]{2,})+", compact):
        compact = re.sub(r"[ .\-]", "", compact)
    match = _EXPONENT.match(compact)
    if match:
        return _exponent(match[1], match[2] or "", int(match[3]))
    if not re.fullmatch(r"[0-9]+", compact):
        return None, UNREADABLE
    return _restore(compact)


def _exponent(first: str, fraction: str, exponent: int) -> tuple[str | None, str | None]:
    """``2.4190001234E+10`` holds all eleven digits; ``2.4190E+10`` has lost six."""
    if len(fraction) < exponent:
        return None, DESTROYED
    number = Decimal(f"{first}.{fraction or '0'}").scaleb(exponent)
    if number != number.to_integral_value():
        return None, UNREADABLE
    digits, fault = _restore(str(int(number)))
    return (digits, RESTORED) if digits is not None else (None, fault)


def _restore(digits: str) -> tuple[str | None, str | None]:
    """A spreadsheet drops every leading zero: 10 or 11 digits that still begin with one lost something else."""
    if len(digits) in (_OLD, _FULL):
        return digits, None
    if len(digits) in (10, 11) and not digits.startswith("0"):
        return digits.zfill(_FULL), RESTORED
    return None, UNREADABLE
