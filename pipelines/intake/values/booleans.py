"""Yes and no in the spellings of forms, spreadsheets and interfaces."""

from __future__ import annotations

from functools import cache

import polars as pl

from pipelines.contracts.normal_form import normal_form
from pipelines.intake.values.result import ParsedColumn, fill_gaps, map_unique, unread

_TRUE = ("Có", "Đã có", "x", "1", "true", "Đúng", "Đã", "Rồi", "yes", "y", "t", "✓", "✔", "☑", "√", "v")
_FALSE = ("Không", "0", "false", "Sai", "Chưa", "no", "n", "f", "✗", "✘", "☐", "Không có", "Chưa có", "Ko")
_WORDS: dict[str, bool] = {
    **{normal_form(word): False for word in _FALSE},
    **{normal_form(word): True for word in _TRUE},
}
_SIGNS: dict[str, bool] = {**dict.fromkeys(_FALSE, False), **dict.fromkeys(_TRUE, True)}


_YES_BEFORE = ("có", "đã", "được", "đã được", "có được")
_NO_BEFORE = ("không", "chưa", "không có", "chưa có", "không được", "chưa được")


@cache
def named_booleans(headers: tuple[str, ...]) -> dict[str, bool]:
    """Yes and no said with the field's own words: ``Đã số hóa``, ``Số hóa``, ``Chưa số hóa hồ sơ`` under ``Số hóa``."""
    return {
        **dict.fromkeys(headers, True),
        **{f"{before} {name}": True for name in headers for before in _YES_BEFORE},
        **{f"{before} {name}": False for name in headers for before in _NO_BEFORE},
    }


def parse_booleans(
    name: str, text: pl.Series, *, blank_value: str | None, extra: dict[str, bool] | None = None
) -> ParsedColumn:
    """``name`` BOOLEAN; blank is null, or ``blank_value`` where the contract says so.

    ``extra`` are spellings of this field only (``2`` of ``DuocThanhToanTrucTuyen``). Raises ``ValueError`` if
    ``blank_value`` is no boolean.
    """
    own = _forms(tuple((extra or {}).items()))
    value, _ = map_unique(text, lambda item: (_read(item, own), None), pl.Boolean())
    fault = unread(text, value)
    if blank_value is not None:
        default = _read(blank_value, own)
        if default is None:
            raise ValueError(f"giá trị khi trống của “{name}” phải là có hoặc không")
        blank = pl.Series([default]).new_from_index(0, len(text)).set(text.is_not_null(), None)
        value = fill_gaps(value, blank)
    return ParsedColumn({name: value.alias(name)}, fault)


@cache
def _forms(words: tuple[tuple[str, bool], ...]) -> dict[str, bool]:
    """A field's own words in normal form; the same for every file."""
    return {normal_form(word): value for word, value in words}


def _read(text: str, own: dict[str, bool]) -> bool | None:
    sign = _SIGNS.get(text)
    if sign is not None:
        return sign
    form = normal_form(text.removesuffix(".0").removesuffix(",0"))
    if form in own:
        return own[form]
    return _WORDS.get(form) if form else None
