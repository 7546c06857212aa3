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


def intervals(shown: Mapping[str, int | None], sums: Sequence[Sum]) -> dict[str, tuple[float, float]]:
    """The narrowest range that can be said of each empty cell; infinite where nothing bounds it."""
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
    used = np.abs(left).sum(axis=1) > 0
    assert not right[~used].any(), "what is shown contradicts itself"
    return {
        cell: (_end(left[used], right[used], at, 1), _end(left[used], right[used], at, -1))
        for cell, at in place.items()
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
    unknown = [cell for cell, count in shown.items() if count is None]
    place = {cell: at for at, cell in enumerate(unknown)}
    left, right = np.zeros((len(both), len(unknown))), np.zeros(len(both))
    for row, (whole, parts) in enumerate(both):
        for cell, sign in [(whole, -1.0), *((part, 1.0) for part in parts)]:
            count = shown.get(cell, 0)
            if count is None:
                left[row, place[cell]] += sign
            else:
                right[row] -= sign * count
    found = {}
    for cell in cells:
        cost, known = np.zeros(len(unknown)), 0
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
