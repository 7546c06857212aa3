"""Closed and open code lists: any accepted spelling to the canonical word."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from pipelines.contracts.model import CodeList
from pipelines.contracts.normal_form import in_school_forms, school_form, word_form
from pipelines.intake.values.result import NOT_IN_LIST, ParsedColumn, fault_where, fill_gaps, map_unique, no_fault

_NUMBER = re.compile(r"^0*([0-9]+)(?:[.,]0+)?$")
_NUMBERED = re.compile(r"^([0-9]+)\s*[-–.:)=]\s*(\D.*)$", re.DOTALL)
_NUMBER_BEFORE = re.compile(r"^[(\[]\s*([0-9]+)\s*[)\]]\s*(\D.*)$", re.DOTALL)
_LABELLED = re.compile(r"^(.*\D)\s*\(([0-9]+)\)$", re.DOTALL)


def parse_codes(name: str, text: pl.Series, code_list: CodeList, feed: str) -> ParsedColumn:
    """Canonical words of a closed list; what is not on it is null and ``ngoai_danh_muc``."""
    read = reader(code_list, feed)
    value, _ = map_unique(text, lambda item: (read(item), None), pl.String())
    if value.null_count() == text.null_count():
        return ParsedColumn({name: value.alias(name)}, no_fault(len(text)))
    fault = fault_where(text.is_not_null() & value.is_null(), NOT_IN_LIST)
    return ParsedColumn({name: value.alias(name)}, fault)


def canonical_where_listed(text: pl.Series, code_list: CodeList, feed: str) -> pl.Series:
    """Open list: the canonical word where the spelling is known, else the text itself."""
    read = reader(code_list, feed)
    return fill_gaps(map_unique(text, lambda item: (read(item), None), pl.String())[0], text)


def reader(code_list: CodeList, feed: str) -> Callable[[str], str | None]:
    """A function from cell text to canonical word or None.

    Compared on the normal form, ``xử lí`` as ``xử lý``; numbers by value (``1``, ``01`` and ``1.0`` are one, ``1.0`` is
    not ``10``); ``4 - Quá hạn`` and ``(4) Quá hạn`` are read where number and label agree.
    """
    words: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for spelling, code in code_list.spellings(feed).items():
        match = _NUMBER.match(spelling)
        if match:
            numbers[match[1]] = code
        else:
            words[word_form(spelling)] = code
    school = in_school_forms(words)

    def simple(text: str) -> str | None:
        match = _NUMBER.match(text)
        if match:
            return numbers.get(match[1])
        form = word_form(text)
        return words.get(form) or school.get(school_form(form))

    def read(text: str) -> str | None:
        code = simple(text)
        if code is not None:
            return code
        match = _NUMBERED.match(text) or _NUMBER_BEFORE.match(text)
        number, label = (match[1], match[2]) if match else (None, None)
        if match is None and (match := _LABELLED.match(text)):
            number, label = match[2], match[1]
        if number is None or label is None:
            return None
        code = simple(label.strip())
        return code if code is not None and simple(number) == code else None

    return read
