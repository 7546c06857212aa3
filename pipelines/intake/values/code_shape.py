"""Codes that are no codes: a person's name, telephone, identity or passport number that slid into the column of a code.

Keys and codes are published, so what is not one must not become one (SECURITY.md).
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

from pipelines.contracts.model import Field, Kind, Sensitivity
from pipelines.intake.masking import IDENTITY, SUBSCRIBER, names_a_person, numbers_of_persons

CODES = frozenset({Kind.CODE, Kind.DOSSIER_CODE, Kind.REGISTER_NUMBER})
PERSONAL = frozenset({Sensitivity.PERSONAL, Sensitivity.SENSITIVE})
"""Fields that are never published may hold what they like."""
_SUSPECT = (
    r"[0-9]{9,12}|[0-9]{3,4} [0-9]{3} [0-9]{3}|@|\p{L}{2,}[ _.\-]+\p{L}{2,}"
    r"|(?:^|[^0-9A-Za-z])(?:84|0)(?:[ .\-/()]{0,2}[0-9]){8}|[０-９]"
    r"|[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĨĩŨũƠơƯưẠ-ỹ]"
    r"|(?i:cccd|cmnd|cmt|sdt|passport)|(?:^|[\s:])[A-Za-z] ?[0-9]{7,8}$"
)
"""What most codes do not have: only texts with it are looked at closely."""
_USUAL = r"^[A-Y][0-9]{2}(?:\.[0-9]{2})?-[0-9]{6}-[0-9]{4}$"
"""Dossiers of agencies ``.00`` to ``.09`` and ``.84`` begin like a telephone number, which has no group of six."""
_ACCENTED = re.compile(r"[^\W\d_a-zA-ZĐđ]")
"""A text in words is no code, but where registers are known to name the office (``bang_chu`` of the contract)."""
_RUN = re.compile(r"(?<![0-9])(?:[0-9]{9,12}|[0-9]{3,4} [0-9]{3} [0-9]{3,4})(?![0-9])")
_RUN_APART = re.compile(rf"(?<![0-9A-Fa-f])(?:0{SUBSCRIBER}|{IDENTITY}|0[1-9][0-9]{{7}})(?![0-9A-Fa-f])")
"""Telephone and identity numbers, in fields whose codes are long numbers, hexadecimal ones among them."""
_LABELLED = re.compile(
    r"(?<![^\W\d_])(?:cccd|cmnd|cmtnd|cmt|căn cước|định danh|hộ chiếu|passport|s[đd]t)"
    r"(?:\s*số)?[\s.:\-/#]{0,3}[a-z]{0,2} ?(?:[0-9][ .\-]?){7,}",
    re.IGNORECASE,
)
"""A number that says itself what it is, in fields of long numbers too."""
_PASSPORT = re.compile(r"(?:.*[\s:])?[A-Za-z] ?[0-9]{7,8}")
"""Alone, or after a code or a label (``HC: K7351023``)."""
_WORDS = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]{2,})+")
_MOST_WORDS = 4
"""Of a code with a number in it (``Quyển số 01/2019``); more are a sentence or an address."""
_POSTAL = re.compile(r"[A-Za-z]{2}[0-9]{9}[A-Za-z]{2}")
"""A postal item (UPU standard S10): its nine digits are nobody's number, whatever they begin with."""
_NO_WORDS = re.compile(r"(?:[A-Za-z](?![A-Za-z])|[^A-Za-z@'])*")
"""In ASCII: no two letters side by side, which every name and every label of a number has."""
_DOSSIER = re.compile(r"[0-9A-Za-zĐđ.\-_/#:\s‐‑‒–—―−]*[0-9][0-9A-Za-zĐđ.\-_/#:\s‐‑‒–—―−]*")


def misshapen(text: pl.Series, field: Field) -> pl.Series | None:
    """Boolean, where ``text`` (String) of a code field holds a person instead of a code; None where nowhere.

    Runs of 9–12 digits are numbers of persons, but in fields whose codes are such runs (``ma_so`` of the contract) only
    where they are a telephone or identity number. Words alone are no code where none is known to be in words.
    A letter and seven or eight digits is a passport, but where half of the column's codes or more are of that shape.
    """
    suspect = text.str.contains(_SUSPECT)
    if not suspect.any():
        return None
    asked = text.filter(suspect & ~text.str.contains(_USUAL)).unique().to_list()
    wrong = {item for item in asked if _is_no_code(item, field)}
    if passports := {item for item in asked if _PASSPORT.fullmatch(unicodedata.normalize("NFKC", item))}:
        wrong |= passports if _are_passports(text, passports, field) else set()
    return text.is_in(list(wrong)).fill_null(value=False) if wrong else None


def _are_passports(text: pl.Series, shaped: set[str], field: Field) -> bool:
    """Whether ``shaped`` slid into the column: who numbers so numbers all of his so, but machines as they like."""
    if field.numeric_code:
        return False
    return field.code_list is not None or 2 * int(text.is_in(list(shaped)).sum()) < len(text) - text.null_count()


def _is_no_code(text: str, field: Field) -> bool:
    text = unicodedata.normalize("NFKC", text)
    if text.strip().lower() in field.vocabulary:
        return False
    in_code = text.isascii() and _NO_WORDS.fullmatch(text) is not None
    if not in_code and ("@" in text or names_a_person(text) or _LABELLED.search(text)):
        return True
    if numbers_of_persons(text):
        return True
    if field.kind is Kind.DOSSIER_CODE and not _DOSSIER.fullmatch(text):
        return True
    accented = _ACCENTED.search(text) is not None
    in_words = not any(ch.isdigit() for ch in text) and (accented or _WORDS.fullmatch(text) is not None)
    if not field.code_in_words and (in_words or (accented and len(text.split()) > _MOST_WORDS)):
        return True
    if field.numeric_code:
        return not _POSTAL.fullmatch(text) and _RUN_APART.search(text) is not None
    return _RUN.search(text) is not None
