"""Thousands and millions of đồng that a sheet says its amounts are in: in a header, below it, or above the table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.contracts.model import Contract, Kind
from pipelines.contracts.normal_form import plain
from pipelines.intake.headers.columns import ColumnMap, HeaderCell

_DONG = r"(?:vn )?(?:dong|vnd|d)\b"
_UNIT = re.compile(
    rf"(?:\b(?P<word>nghin|ngan|trieu|ty|ti)\s|(?<![\d.,])(?P<digits>1[.,\s]?000(?:[.,\s]?000)?))\s*{_DONG}"
)
_PLAIN_UNIT = re.compile(rf"(?:^|[(\[:,;]\s*){_DONG}")
_OF_ALL = re.compile(r"\b(?:don vi(?: tinh)?|dvt)\s*[:(]")
_WORDS = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}


def money_units(
    contract: Contract,
    columns: ColumnMap,
    headers: Sequence[HeaderCell],
    below: Sequence[Sequence[str | None]],
    above: Sequence[str],
) -> dict[int, int]:
    """Column of money → đồng that one of its units is, where it is not one.

    ``below``: rows of the header after its names (numbering, units); ``above``: the lines over the table. What
    stands nearest to the column holds: its header, then the rows below, then ``Đơn vị tính: …`` above.
    """
    everywhere = next((unit for line in above if _OF_ALL.search(plain(line)) and (unit := _unit(line))), 1)
    found = {}
    for field in contract.fields:
        column = columns.fields.get(field.name)
        if field.kind is not Kind.MONEY or column is None:
            continue
        said = [headers[column].text, *(row[column] or "" for row in below if column < len(row))]
        unit = next((unit for text in said if (unit := _unit(text))), everywhere)
        if unit != 1:
            found[column] = unit
    return found


def _unit(text: str) -> int | None:
    """Đồng in the unit that a text names, or None where it names none."""
    words = plain(text)
    match = _UNIT.search(words)
    if match is None:
        return 1 if _PLAIN_UNIT.search(words) else None
    return _WORDS[match["word"]] if match["word"] else int(re.sub(r"\D", "", match["digits"]))
