"""Tables one below the other on one sheet, concatenated files: each is read by its own header.

A header printed again as it was (page breaks) is no further table; ``layout`` drops it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.contracts.normal_form import normal_form
from pipelines.intake.headers.columns import HeaderIndex, is_ordinal, needed_fields
from pipelines.intake.headers.header import Header, find_header
from pipelines.intake.laid_out.layout import Cover, Table, lay_out
from pipelines.intake.laid_out.rows import NO_DIGIT
from pipelines.intake.limits import Limits
from pipelines.intake.sheet import RawSheet

_LEAST_FIELDS = 2


def lay_out_all(
    sheets: Sequence[RawSheet], contract: Contract, index: HeaderIndex, limits: Limits
) -> list[Table | Cover]:
    """Every table of every sheet in order, a sheet without one as its cover; raises ``FileRefusedError``."""
    return [
        lay_out(part, contract, index, limits) for sheet in sheets for part in tables_of(sheet, contract, index, limits)
    ]


def tables_of(sheet: RawSheet, contract: Contract, index: HeaderIndex, limits: Limits) -> Iterator[RawSheet]:
    """``sheet`` cut before every further header; whole where it has one header, or none."""
    start = 0
    if sheet.header is None and sheet.cells.height:
        header = find_header(sheet.cells.head(limits.header_search_rows).rows(), index, sheet.merged)
        if header is not None:
            for place in _further_headers(sheet, header, contract, index):
                yield sheet.part(start, place)
                start = place
    yield sheet.part(start, sheet.cells.height) if start else sheet


def _further_headers(sheet: RawSheet, header: Header, contract: Contract, index: HeaderIndex) -> list[int]:
    """Positions of rows below ``header`` that name fields of the feed otherwise than the header above them."""
    needed = {field.name for field in needed_fields(contract)}
    places = [c for c, cell in enumerate(header.cells) if cell.match is not None and cell.match.field in needed]
    if not places:
        return []
    column = sheet.cells.to_series(places[0])
    words = column.filter(column.str.contains(NO_DIGIT).fill_null(value=False)).unique()
    known = [text for text in words.to_list() if index.match([text])]
    filled = sheet.cells.select(pl.sum_horizontal(pl.all().is_not_null())).to_series() >= _LEAST_FIELDS
    candidates = ((column.is_in(known).fill_null(value=False) | column.is_null()) & filled).arg_true()
    found: list[int] = []
    above = [_forms(row) for row in sheet.cells[header.top : header.end].rows()]
    for place in candidates.to_list():
        if place < header.data:
            continue
        row = sheet.cells.row(place)
        if _is_header(row, index) and _forms(row) not in above:
            above = [_forms(row)]
            found.append(place)
    return found


def _forms(row: Sequence[str | None]) -> list[str]:
    forms = [normal_form(cell) if cell else "" for cell in row]
    while forms and not forms[-1]:
        forms.pop()
    return forms


def _is_header(row: Sequence[str | None], index: HeaderIndex) -> bool:
    """Whether nearly all cells name a field, and two fields at least."""
    cells = [cell for cell in row if cell and not is_ordinal(cell)]
    fields = {match.field for cell in cells if (match := index.match([cell]))}
    return len(fields) >= _LEAST_FIELDS and len(fields) * 2 > len(cells)
