"""Codes that a spreadsheet took for quantities: their digits given back where all of them are there, else destroyed.

A spreadsheet keeps fifteen digits of a number and shows long ones with an exponent. ``1.23456E+5`` still holds all of
``123456``; ``2.40605E+14`` has lost nine digits, and the last digits of an eighteen-digit number are not the system's.
Programs in Java write the exponent without a sign, from 7 on. A book ``01/2019`` becomes a month, ``Jan-19`` in csv.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import prod, ulp

import polars as pl

from pipelines.intake.values.result import DESTROYED, RESTORED, Scalar, map_unique, no_fault

_EXPONENT = re.compile(r"^([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,3})$")
_EXACT = 15
_LONGEST = 300
_CHANCE = 0.02
_CANDIDATE = (
    r"^(?:[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{1,3}|[0-9][.,][0-9]+[eE](?:[7-9]|[1-9][0-9]{1,2})"
    r"|[0-9]{16,}(?:[.,]0)?|[0-9]+[.,]0|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2})$"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LAST_OF_THIS_CENTURY = 29
"""Of two digits of a year, as spreadsheets read them."""


def give_back_digits(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """(codes as text, faults): ``123.0`` is ``123``; ``da_khoi_phuc`` where an exponent held all digits,
    ``so_bi_hong`` (value null) where digits are lost."""
    eaten = text.str.contains(_CANDIDATE)
    if not eaten.any():
        return text, no_fault(len(text))
    rows = eaten.fill_null(value=False).arg_true()
    part = text.gather(rows).str.replace(r"^([0-9]+)[.,]0$", "$1")
    long = part.filter(part.str.contains(r"^[0-9]{16,}$")).unique()
    rounded = _are_rounded(long.to_list())
    digits, notes = map_unique(part, lambda item: _read(item, rounded), pl.String())
    return text.clone().scatter(rows, digits), no_fault(len(text)).clone().scatter(rows, notes)


def _read(text: str, rounded: bool) -> Scalar:
    if text[:3] in _MONTHS:
        year = int(text[4:])
        return f"{_MONTHS.index(text[:3]) + 1:02d}/{(2000 if year <= _LAST_OF_THIS_CENTURY else 1900) + year}", RESTORED
    match = _EXPONENT.match(text)
    if match is None:
        return (None, DESTROYED) if rounded and len(text) > _EXACT else (text, None)
    fraction, exponent = match[2] or "", int(match[3])
    if len(fraction) < exponent or exponent >= _EXACT:
        return None, DESTROYED
    number = Decimal(f"{match[1]}.{fraction or '0'}").scaleb(exponent)
    return (str(int(number)), RESTORED) if number == number.to_integral_value() else (None, DESTROYED)


def _are_rounded(numbers: list[str]) -> bool:
    """Whether the digits beyond those that a number cell holds are made up in every one of ``numbers``.

    A column of codes that its system wrote as text has other digits there: that all of them end in zeros, or are
    whole doubles, would have to be chance, and a chance this small is none.
    """
    zeros = prod(0.1 ** (len(number) - _EXACT) for number in numbers)
    if zeros < _CHANCE and all(not number[_EXACT:].strip("0") for number in numbers):
        return True
    found = [_as_double(number) for number in numbers]
    return bool(found) and None not in found and prod(share for share in found if share is not None) < _CHANCE


def _as_double(digits: str) -> float | None:
    """Share of the integers of this size that a number cell can print; None where it cannot print this one."""
    if len(digits) > _LONGEST:
        return None
    number = float(digits)
    if int(digits) not in {int(number), int(Decimal(repr(number)))}:
        return None
    return min(1.0, 2 / ulp(number))
