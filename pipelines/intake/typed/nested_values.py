"""Objects where a value should stand, as interfaces send codes with their names: ``{"ma": "H02.16", "ten": "…"}``.

Text and listed words take the name, for numbers of other systems mean something else; codes take the code. An object
that holds neither is no value, and a finding. Exports of MongoDB wrap values by their type (``{"$date": …}``). A list
of one is its one value, a list of several is none, but for the parts of a moment (``[2024,6,3,8,15]``).
"""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from pipelines.contracts.model import DAYS, Field, Kind
from pipelines.contracts.normal_form import normal_form
from pipelines.intake.sheet import NOT_COMPUTED
from pipelines.intake.values.result import map_unique

_NAMES = ("ten", "name", "hoten", "hovaten", "fullname", "tendaydu", "label", "text", "title", "mota", "display")
_CODES = ("ma", "code", "so", "value", "giatri", "id", "key")
_BY_NAME = frozenset({Kind.TEXT, Kind.CODE_LIST, Kind.BOOLEAN})
_NESTED = r"^(?:\{.*\}|\[.*\])$"
_NUMBERS = r"^\[[0-9, ]+\]$"
_TYPED = "$"
_DEEPEST = 3


def without_objects(raw: pl.Series, field: Field) -> pl.Series:
    """``raw`` (values of json or parquet) with the value that each object or list holds; lost where it holds none."""
    nested = raw.str.contains(f"(?s){_NESTED}")
    if not nested.any():
        return raw
    if field.kind in DAYS:
        nested &= ~raw.str.contains(_NUMBERS)
    objects = nested.fill_null(value=False).arg_true()
    order = (*_NAMES, *_CODES) if field.kind in _BY_NAME else (*_CODES, *_NAMES)
    values = map_unique(raw.gather(objects), lambda text: (_of_text(text, order), None), pl.String())[0]
    return raw.scatter(objects, values)


def _of_text(text: str, order: tuple[str, ...]) -> str | None:
    try:
        held = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return text
    return _value(held, order, _DEEPEST) if isinstance(held, dict | list) else text


def _value(held: Any, order: tuple[str, ...], depth: int) -> str | None:
    """The text of ``held``; None where it is nothing, the mark of what is lost where it is not known which."""
    if held is None or held in ({}, []):
        return None
    if isinstance(held, bool):
        return "true" if held else "false"
    if not isinstance(held, dict | list):
        return str(held)
    if depth == 0:
        return NOT_COMPUTED
    if isinstance(held, list):
        return _value(held[0], order, depth - 1) if len(held) == 1 else NOT_COMPUTED
    if len(held) == 1 and next(iter(held)).startswith(_TYPED):
        return _value(next(iter(held.values())), order, depth - 1)
    by_name = {normal_form(key): value for key, value in held.items()}
    found = [by_name[key] for key in order if by_name.get(key) not in (None, "")]
    return _value(found[0], order, depth - 1) if found else NOT_COMPUTED
