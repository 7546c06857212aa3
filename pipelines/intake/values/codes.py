"""Codes: kept as they are but for what machines add to them, and dossier codes in their one published form."""

from __future__ import annotations

import re

import polars as pl

from pipelines.intake.values.eaten import give_back_digits
from pipelines.intake.values.result import (
    AMBIGUOUS_CODE,
    ParsedColumn,
    Scalar,
    fill_gaps,
    map_unique,
    no_fault,
)

_AGENCY = r"[A-Y][0-9]{2}"
_TAIL = r"[0-9]{6}-[0-9A-Z]{4,8}"
_PUBLISHED = rf"^{_AGENCY}(?:\.[0-9A-Z]{{1,3}})*-{_TAIL}$"
_TWO_LEVELS = rf"^0{{2,3}}\.0{{1,2}}\.(?<unit>[0-9]{{2,3}})\.(?<root>{_AGENCY})-(?<tail>{_TAIL})$"
_LONG = re.compile(rf"^((?:[0-9]{{1,3}}\.)+)({_AGENCY})(?:-({_TAIL}))?$")
_LONG_AGENCY = re.compile(rf"^((?:[0-9]{{1,3}}\.){{2,}})({_AGENCY})$")
_UNIT_CODE = rf"{_AGENCY}(?:\.[0-9]{{1,3}})*|(?:[0-9]{{1,3}}\.){{2,}}{_AGENCY}"
_PROCEDURE_CODE = rf"[0-9]\.[0-9]{{6}}(?:\.[0-9]{{1,3}})*(?:\.{_AGENCY})?"
_CODE = rf"(?<code>(?i:{_UNIT_CODE}|{_PROCEDURE_CODE}))"
_NAMED = (
    rf"^[\[(]?{_CODE}(?:[\])]\s*[-–:]?\s*|\s*[-–—:|]\s*)\p{{L}}.+$",
    rf"^{_CODE}\s+\p{{L}}[^0-9]{{2,}}$",
    rf"^\p{{L}}.{{2,}}[\[(]{_CODE}[\])]$",
    rf"^{_CODE}\.$",
)
"""A code of an agency or a procedure in one cell with its name (``H02.16 - Sở Tư pháp``, ``Sở Tư pháp (H02.16)``)."""
_MARKED = (
    rf"^(?:[^0-9A-ZÀ-Ỹ]*|(?:MÃ|MA)?(?:HỒSƠ|HOSO|HS):)"
    rf"(?<code>(?:{_AGENCY}(?:\.[0-9A-Z]{{1,3}})*|(?:[0-9]{{1,3}}\.)+{_AGENCY})-{_TAIL})[^0-9A-Z_/\-]*$"
)
"""A dossier code behind a label or between marks (``HS: H02…``, ``"H02…"``, ``H02…*``): they would make another key."""
_POINT_LOST = r"^([0-9]),([0-9]{6})$"
_OTHER_SEPARATORS = re.compile(
    rf"^({_AGENCY})(?:[.\-_/]([0-9]{{2,3}}))?(?:[.\-_/]([0-9]{{2,3}}))?[.\-_/]([0-9]{{6}})[.\-_/]([0-9A-Z]{{4,8}})$"
)
"""A dossier code as it stands in names of files and links (``H02.16_240601_0001``)."""
_GROUPED = r"^[1-9][0-9]{0,2}(?:[.,][0-9]{3})+$"
"""A number with marks of thousands, in columns of numbers that are names (``1.204``, ``123,456,789``)."""
_DASHES = r"[‐‑‒–—―−]"


def parse_codes_as_text(name: str, text: pl.Series) -> ParsedColumn:
    """Codes (VARCHAR): the ``.0`` of a spreadsheet number goes, leading zeros and case stay.

    Agency identifiers are written in capitals, and their long spelling is turned round as in dossier codes. A name
    that stands beside a code of an agency or a procedure goes, and ``1,001193`` has the point of ``1.001193``.
    """
    text, eaten = give_back_digits(_in_one_spelling(text))
    value = without_name(text)
    odd = value.str.contains(rf"^(?i:{_AGENCY}(\.[0-9]{{1,3}})*|([0-9]{{1,3}}\.){{2,}}{_AGENCY})$")
    if odd.any():
        odd &= ~value.str.contains(rf"^{_AGENCY}(\.[0-9]{{1,3}})*$")
    if not odd.any():
        return ParsedColumn({name: value.alias(name)}, eaten)
    rows = odd.fill_null(value=False).arg_true()
    fixed, notes = map_unique(value.gather(rows), _agency, pl.String())
    value, fault = value.scatter(rows, fixed), no_fault(len(text)).scatter(rows, notes)
    return ParsedColumn({name: value.alias(name)}, fill_gaps(eaten, fault))


def _in_one_spelling(text: pl.Series) -> pl.Series:
    """Codes with plain hyphens (word processors put ``–`` and ``‑`` in their place), and numbers of documents and books
    without spaces around their slash and ``Số`` before them (``Số 123 / QĐ–UBND``)."""
    odd = text.str.contains(rf"{_DASHES}|[0-9] +/|[0-9]/ |^(?i:số|so)[ .:]+[0-9]+ *[/\-]")
    if not odd.any():
        return text
    rows = odd.fill_null(value=False).arg_true()
    part = (
        text.gather(rows)
        .str.replace_all(_DASHES, "-")
        .str.replace(r"^(?i:số|so)[ .:]+([0-9]+ *[/\-])", "$1")
        .str.replace(r"^([0-9]+) */ *", "$1/")
    )
    return text.scatter(rows, part)


def without_name(text: pl.Series) -> pl.Series:
    """Codes of agencies and procedures without the name that stands beside them in the cell."""
    named = text.str.contains(r"[ ,:|\[(]|\.$")
    if not named.any():
        return text
    rows = named.fill_null(value=False).arg_true()
    part = text.gather(rows)
    codes = [part.str.extract_groups(shape).struct.field("code") for shape in _NAMED]
    alone = pl.select(pl.coalesce(*(pl.lit(code) for code in codes), pl.lit(part))).to_series()
    return text.scatter(rows, alone.str.replace(_POINT_LOST, "$1.$2"))


def parse_register_numbers(name: str, text: pl.Series) -> ParsedColumn:
    """Numbers of registrations (VARCHAR): ``012``, ``12.0``, ``12/``, ``Số 12`` are ``12``; ``12A`` stays."""
    text, eaten = give_back_digits(text)
    value = (
        without_thousands(text.str.replace(r"^(?i:số|so)[\s.:]*([0-9])", "$1"))
        .str.replace(r"[\s/.,\-]+$", "")
        .str.replace(r"^0+([0-9])", "$1")
    )
    value = upper(value.set(value == "", None))
    return ParsedColumn({name: value.alias(name)}, eaten)


def parse_dossier_codes(name: str, text: pl.Series) -> ParsedColumn:
    """Dossier codes (VARCHAR) as ``H02.28-240614-0001``: agency, yyMMdd, running number of 4–8 characters.

    ``000.00.28.H02-240614-0001`` (read from right to left, groups of zeros dropped) is the same code. A long
    spelling that names more than two levels, or has zeros between two of them, can be read two ways: it is kept
    and reported as ``ma_mo_ho``. Codes of other shapes are kept. Source: TT 01/2018 Điều 19, QĐ 20/2020.
    """
    text, eaten = give_back_digits(text)
    value = upper(text.str.replace_all(_DASHES, "-").str.replace_all(" ", ""))
    odd = value.str.contains(r"^[^0-9A-Z]|[^0-9A-Z]$|:")
    if odd.any():
        marked = odd.fill_null(value=False).arg_true()
        value = value.scatter(marked, value.gather(marked).str.replace(_MARKED, "$code"))
    parts = value.str.extract_groups(_TWO_LEVELS).struct.unnest()
    turned = parts.select(pl.concat_str("root", pl.lit("."), "unit", pl.lit("-"), "tail")).to_series()
    turned = turned.set(parts["unit"].str.contains("^0+$").fill_null(value=False), None)
    value = value.to_frame("v").select(pl.coalesce(pl.lit(turned), pl.col("v"))).to_series()
    fault = no_fault(len(text))
    rows = (value.is_not_null() & ~value.str.contains(_PUBLISHED)).arg_true()
    if not rows.is_empty():
        fixed, notes = map_unique(value.gather(rows), _dossier, pl.String())
        value, fault = value.scatter(rows, fixed), fault.scatter(rows, notes)
    return ParsedColumn({name: value.alias(name)}, fill_gaps(eaten, fault))


def upper(text: pl.Series) -> pl.Series:
    """Capitals in composed Unicode (a few letters come apart when raised)."""
    raised = text.str.to_uppercase()
    return raised.str.normalize("NFC") if raised.str.contains(r"[^\x00-\x7F]").any() else raised


def without_thousands(text: pl.Series) -> pl.Series:
    """Numbers that are names, without their marks of thousands."""
    grouped = text.str.contains(_GROUPED)
    if not grouped.any():
        return text
    rows = grouped.fill_null(value=False).arg_true()
    return text.scatter(rows, text.gather(rows).str.replace_all(r"[.,]", ""))


def _dossier(text: str) -> Scalar:
    if apart := _OTHER_SEPARATORS.match(text):
        return f"{'.'.join(part for part in apart.groups()[:3] if part)}-{apart[4]}-{apart[5]}", None
    match = _LONG.match(text)
    if not match or match[3] is None:
        return text, None
    agency = turn_round(match[1], match[2])
    return (text, AMBIGUOUS_CODE) if agency is None else (f"{agency}-{match[3]}", None)


def _agency(text: str) -> Scalar:
    upper = text.upper()
    match = _LONG_AGENCY.match(upper)
    if not match:
        return upper, None
    agency = turn_round(match[1], match[2])
    return (upper, AMBIGUOUS_CODE) if agency is None else (agency, None)


def turn_round(groups: str, root: str) -> str | None:
    """``000.00.28.`` and ``H02`` → ``H02.28``; None where more than the group beside the root is not zero."""
    numbers = groups.rstrip(".").split(".")
    if any(int(number) for number in numbers[:-1]):
        return None
    return f"{root}.{numbers[-1]}" if int(numbers[-1]) else root
