"""Months of a block over the nights: a closed month is shown once and stands, see docs/du_lieu_mo.md.

It is shown anew only where no night compared with another tells of a few: what was hidden stays hidden, and every
count that is shown again is what it was on each earlier night, or differs from it by the limit or more. Then the
nights taken together tell no more than each by itself: any table that fits the one night may be true together with any
that fits the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.opendata.cells import TOP, Cell, Cells, Node, month_cells
from pipelines.opendata.declared import Block
from pipelines.opendata.figures import Figures
from pipelines.opendata.protect import ProtectionError, protect, protect_each

Shown = Mapping[Cell, int | None]
"""Count of every cell of a node that has a row, None where it is hidden. What has no row is nought."""


@dataclass(frozen=True)
class Month:
    """What is shown of a month: since which as-of day, and for the how-manieth time."""

    shown: Shown
    parents: Mapping[Node, Node]
    labels: Mapping[Node, str]
    since: date
    turn: int = 1


def open_months(
    block: Block,
    figures: Figures,
    before: Mapping[str, Month],
    earlier: Mapping[str, list[Shown]],
    *,
    limit: int,
    as_of: date,
) -> dict[str, Month]:
    """Every month to show: those of ``before`` (as they are, or anew) and the new ones of ``figures``.

    ``earlier``: what was shown of a month before it was shown anew.
    """
    months = dict(before)
    counted = {
        ky: month_cells(leaves, figures.parents, block.parts, block.total)
        for ky, leaves in sorted(figures.months.items())
    }
    new = {ky: cells for ky, cells in counted.items() if ky not in before}
    for (ky, cells), hidden in zip(new.items(), protect_each([*new.values()], limit), strict=True):
        months[ky] = _month(cells, hidden, figures, as_of)
    for ky, old in before.items():
        if ky in counted:
            anew = _anew(counted[ky], figures, old, earlier.get(ky, []), limit)
            if anew is not None:
                months[ky] = _month(counted[ky], anew, figures, as_of, old.turn + 1)
    return months


def _month(cells: Cells, hidden: frozenset[int], figures: Figures, as_of: date, turn: int = 1) -> Month:
    shown = {cell: None if at in hidden else cells.counts[at] for at, cell in enumerate(cells.names)}
    nodes = {node for node, _ in shown}
    return Month(
        shown,
        {node: figures.parents[node] for node in nodes if node != TOP},
        {node: figures.labels[node] for node in nodes if node in figures.labels},
        as_of,
        turn,
    )


def _anew(cells: Cells, figures: Figures, old: Month, earlier: Iterable[Shown], limit: int) -> frozenset[int] | None:
    """What to hide of a month that may be shown anew; None where it stands as it is."""
    counts = dict(zip(cells.names, cells.counts, strict=True))
    if not _differs(counts, old.shown) or any(_moves_little(counts, night, limit) for night in (*earlier, old.shown)):
        return None
    if any(figures.parents.get(node, parent) != parent for node, parent in old.parents.items()):
        return None
    index = {cell: at for at, cell in enumerate(cells.names)}
    kept = [cell for cell, count in old.shown.items() if count is None]
    if any(counts.get(cell, 0) == 0 for cell in kept):
        return None
    try:
        return protect(cells, limit, frozenset(index[cell] for cell in kept)).hidden
    except ProtectionError:
        return None


def _differs(counts: Mapping[Cell, int], shown: Shown) -> bool:
    return any(count is not None and counts.get(cell, 0) != count for cell, count in shown.items()) or any(
        count and cell not in shown for cell, count in counts.items()
    )


def _moves_little(counts: Mapping[Cell, int], night: Shown, limit: int) -> bool:
    """Whether a count that was shown that night, and might be shown again, differs by less than the limit."""
    return any(
        0 < abs(count - was) < limit
        for cell in {*counts, *night}
        for count, was in [(counts.get(cell, 0), night.get(cell, 0))]
        if was is not None and not 0 < count < limit
    )
