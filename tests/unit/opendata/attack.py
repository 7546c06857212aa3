"""An outsider who has the open tables and a solver: what he can find out about counts that are left empty.

Written apart from what is tested, from what docs/du_lieu_mo.md tells everybody: totals are the sum of their parts, a
level adds up to the next, what has no row is nought, an empty count is 1 or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import linprog

Sum = tuple[str, Sequence[str]]
"""A cell and those whose sum it is."""


def equations(shown: Mapping[str, int | None], sums: Sequence[Sum]) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    """Column of each empty cell, coefficients and right-hand sides of what the sums say of the empty cells."""
    unknown = [cell for cell, count in shown.items() if count is None]
    place = {cell: at for at, cell in enumerate(unknown)}
    left, right = np.zeros((len(sums), len(unknown))), np.zeros(len(sums))
    for row, (whole, parts) in enumerate(sums):
        for cell, sign in [(whole, -1.0), *((part, 1.0) for part in parts)]:
            count = shown.get(cell, 0)
            if count is None:
                left[row, place[cell]] += sign
            else:
                right[row] -= sign * count
    return place, left, right


def intervals(
    shown: Mapping[str, int | None], sums: Sequence[Sum], wanted: Sequence[str] | None = None
) -> dict[str, tuple[float, float]]:
    """The narrowest range that can be said of each empty cell (of ``wanted``); infinite where nothing bounds it."""
    place, left, right = equations(shown, sums)
    used = np.abs(left).sum(axis=1) > 0
    assert not right[~used].any(), "what is shown contradicts itself"
    return {
        cell: (_end(left[used], right[used], place[cell], 1), _end(left[used], right[used], place[cell], -1))
        for cell in (place if wanted is None else wanted)
    }


def _end(left: np.ndarray, right: np.ndarray, at: int, sign: int) -> float:
    cost = np.zeros(left.shape[1])
    cost[at] = sign
    solved = linprog(cost, A_eq=left if len(left) else None, b_eq=right if len(left) else None, bounds=(1, None))
    if solved.status == 3:  # unbounded
        return np.inf * -sign
    assert solved.status == 0, solved.message
    return float(sign * solved.fun)


def closest(shown: Mapping[str, int | None], sums: Sequence[Sum]) -> float:
    """Width of the narrowest range of all empty cells; infinite where none is empty."""
    return min((high - low for low, high in intervals(shown, sums).values()), default=np.inf)


def moves(
    first: Mapping[str, int | None], second: Mapping[str, int | None], sums: Sequence[Sum]
) -> dict[str, tuple[float, float]]:
    """What can be said of the change of each cell by somebody who has the tables of two nights."""
    cells = sorted({*first, *second})
    shown = {f"1 {cell}": first.get(cell, 0) for cell in cells} | {f"2 {cell}": second.get(cell, 0) for cell in cells}
    both = [(f"{night} {whole}", [f"{night} {part}" for part in parts]) for night in "12" for whole, parts in sums]
    place, left, right = equations(shown, both)
    found = {}
    for cell in cells:
        cost, known = np.zeros(len(place)), 0
        for night, sign in (("1", -1), ("2", 1)):
            count = shown[f"{night} {cell}"]
            if count is None:
                cost[place[f"{night} {cell}"]] = sign
            else:
                known += sign * count
        found[cell] = (known + _least(left, right, cost), known - _least(left, right, -cost))
    return found


def _least(left: np.ndarray, right: np.ndarray, cost: np.ndarray) -> float:
    if not cost.any():
        return 0.0
    solved = linprog(cost, A_eq=left, b_eq=right, bounds=(1, None))
    if solved.status == 3:
        return -np.inf
    assert solved.status == 0, solved.message
    return float(solved.fun)


def month_of_block(
    tables: Mapping[str, Sequence[Mapping[str, object]]], parts: Sequence[str], total: str | None
) -> tuple[dict[str, int | None], list[Sum]]:
    """Cells and sums of one month from its published rows. ``tables``: column of codes ("" for the province) → rows.

    A row whose table has the column of another table belongs to its row of that name (an agency to its level); all
    others belong to the whole province.
    """
    measures = [*parts, *([total] if total else [])]
    shown: dict[str, int | None] = {}
    families: dict[tuple[str, str, str], list[str]] = {}
    for column, rows in tables.items():
        for row in rows:
            node = f"{column}={row[column]}" if column else "toan_tinh"
            above = next(
                (f"{other}={row[other]}" for other in tables if other and other != column and other in row), None
            )
            for measure in measures:
                value = row[measure]
                shown[f"{node} {measure}"] = None if value is None else int(str(value))
                if column:
                    families.setdefault((above or "toan_tinh", column, measure), []).append(f"{node} {measure}")
    sums: list[Sum] = [(f"{above} {measure}", parts_) for (above, _, measure), parts_ in families.items()]
    nodes = {cell.rsplit(" ", 1)[0] for cell in shown}
    sums += [(f"{node} {total}", [f"{node} {part}" for part in parts]) for node in sorted(nodes) if total]
    return shown, sums
