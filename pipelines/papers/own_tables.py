"""Figures in the tables of a paper that the warehouse itself made, bound to their codes again.

A paragraph prints the code of each figure; a table has no room for them. The paper is made once more with the codes in
its cells (of the same template), and a cell of the report is the figure of the cell that has the same head and the same
words in its row. Where the words differ nothing is bound: such a number waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.papers.claims import Claim, Grid, Report, is_number

_CODE = re.compile(r"\[([A-Z]{2}-[\w.\-]+)\]$")
_Key = tuple[tuple[int, ...], tuple[str, ...]]
"""Columns that hold figures, and the words of the others."""


def bound(report: Report, own: Report) -> list[Claim]:
    """Claims of ``report``, those in tables like those of ``own`` with their codes; ``own`` is the paper with codes.

    Numbers within words that the paper itself writes at that place (``Đề án 06``) are no claims.
    """
    codes: dict[str, str] = {}
    for grid in report.grids:
        codes |= dict(_cells(grid, own.grids))
    cells = {grid.place(row, column) for grid in own.grids for row, line in enumerate(grid.rows)
             for column in range(len(line))}  # fmt: skip
    said = {(claim.words, claim.printed) for claim in own.claims if not claim.code and claim.place not in cells}
    claims = []
    for claim in report.claims:
        if claim.code:
            claims.append(claim)
        elif claim.place in codes:
            code = codes[claim.place]
            claims += [replace(claim, code=code)] if code else []
            if code:  # another number that was typed into the cell is a claim of its own
                del codes[claim.place]
        elif (claim.words, claim.printed) not in said:
            claims.append(claim)
    return claims


def _cells(grid: Grid, owns: Sequence[Grid]) -> Iterator[tuple[str, str]]:
    """Places of a table's cells with the code of the figure that stands there, or without where it is the paper's own
    words; none where it is no table of the paper."""
    fits = [own for own in owns if grid.rows[: _head(own)] == own.rows[: _head(own)]]
    if len(fits) > 1:
        fits = [own for own in fits if own.above == grid.above]
    if len(fits) != 1:
        return
    own, begin = fits[0], _head(fits[0])
    lines: dict[_Key, list[list[str]]] = {}
    for line in own.rows[begin:]:
        columns = tuple(column for column, text in enumerate(line) if _CODE.search(text))
        lines.setdefault((columns, _label(line, columns)), []).append(line)
    for row, line in enumerate(grid.rows):
        found = [own.rows[row]] if row < begin else _same(line, lines)
        for column, text in enumerate(found[0] if len(found) == 1 else ()):
            code = _CODE.search(text)
            if code or text == line[column]:
                yield grid.place(row, column), code[1] if code else ""


def _head(own: Grid) -> int:
    """Rows before the first that holds a figure; one where none does."""
    return next((row for row, line in enumerate(own.rows) if any(map(_CODE.search, line))), 1)


def _same(line: list[str], lines: dict[_Key, list[list[str]]]) -> list[list[str]]:
    """Rows of the paper's own table with the same words."""
    shapes = dict.fromkeys(columns for columns, _ in lines)
    return [own for columns in shapes for own in lines.get((columns, _label(line, columns)), [])
            if len(own) == len(line)]  # fmt: skip


def _label(line: Sequence[str], columns: tuple[int, ...]) -> tuple[str, ...]:
    """The words of a row: neither its figures nor its running number."""
    return tuple(text for column, text in enumerate(line) if column not in columns and not is_number(text))
