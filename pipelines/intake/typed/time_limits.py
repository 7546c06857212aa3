"""Time limits that a catalogue prints with their unit: in the number's cell, or in its header.

``05 (năm) ngày làm việc kể từ ngày nhận đủ hồ sơ`` is 5 working days, ``Trong ngày`` is a limit without a number. What
stands in a column of units holds before both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl

from pipelines.contracts.model import CodeList, Contract
from pipelines.contracts.normal_form import either_spelling
from pipelines.intake.laid_out.layout import Table
from pipelines.intake.values.code_lists import reader
from pipelines.intake.values.result import map_unique
from pipelines.intake.values.text import clean_one

_UNITS = {"thoi_han": "don_vi_thoi_han"}
"""Field of a number → field of its unit, a closed list."""

_SAME_DAY = "trong_ngay"
_LIMIT = re.compile(
    rf"^(?:{either_spelling('không quá|tối đa|trong(?: thời hạn| vòng)?')} +)?(?P<number>\d{{1,3}})"
    r"\s*(?:\([^()\d]{1,20}\))?\s*(?P<unit>[^\d(),;:/]{0,25}?)"
    rf"\s*(?:[(,;]?\s*{either_spelling('kể từ|tính từ|từ khi|từ ngày|sau khi')}\b[^\d]{{0,200}})?\.?$",
    re.IGNORECASE,
)
_HINT = re.compile(r"[(\[]([^()\[\]]{2,25})[)\]]")

Unit = Callable[[str], str | None]


def written_units(table: Table, contract: Contract, code_lists: Mapping[str, CodeList]) -> dict[str, pl.Series]:
    """Cells to read instead of those of the table: field → text, of numbers and of their units."""
    found: dict[str, pl.Series] = {}
    for number, unit in _UNITS.items():
        column = table.columns.fields.get(number)
        listed = contract.by_name[unit].code_list if unit in contract.by_name else None
        if column is None or listed is None:
            continue
        read = reader(code_lists[listed], contract.feed)
        text = table.cells.to_series(column)
        if not _names_a_unit(table.headers[column].text, read) and not text.str.contains(r"\p{L}").any():
            continue
        found |= _apart(table, number, unit, read)
    return found


def _names_a_unit(header: str, read: Unit) -> str | None:
    return next((code for hint in _HINT.findall(header) if (code := read(hint.strip()))), None)


def _apart(table: Table, number: str, unit: str, read: Unit) -> dict[str, pl.Series]:
    places = table.columns.fields
    text = table.cells.to_series(places[number])
    own = _names_a_unit(table.headers[places[number]].text, read)
    numbers = map_unique(text, lambda cell: (_number(cell, read), None), pl.String())[0]
    units = map_unique(text, lambda cell: (_unit(cell, read) or own, None), pl.String())[0]
    if unit in places:
        units = table.cells.to_series(places[unit]).zip_with(table.cells.to_series(places[unit]).is_not_null(), units)
    return {number: numbers, unit: units}


def _number(cell: str, read: Unit) -> str | None:
    """The number of a limit, nothing where the unit says all, else the cell as it stands."""
    match = _LIMIT.match(clean_one(cell))
    if match and (not match["unit"] or read(match["unit"])):
        return match["number"]
    return None if read(clean_one(cell)) == _SAME_DAY else cell


def _unit(cell: str, read: Unit) -> str | None:
    match = _LIMIT.match(clean_one(cell))
    if match:
        return read(match["unit"]) if match["unit"] else None
    code = read(clean_one(cell))
    return code if code == _SAME_DAY else None
