"""Which counts are hidden so that none below the limit can be reckoned back; a method of our own, with its proof.

A count n with 0 < n < limit is hidden. Counts are bound by sums, so others must be hidden with it. Zeros are shown,
hence a hidden count is known to be at least 1. A hidden count is *safe* when there are two tables of whole numbers,
both with every shown count as it is and at least 1 in every hidden place, that differ in it by ``limit`` or more:
nobody who has only what is shown can know it closer than that, whatever he computes. ``protect`` hides more until
every hidden count is safe, and gives for each the changes (vectors that keep all sums) that prove it.

The changes are found by linear programs whose optimum costs least to hide (small counts of small units first); each
is rounded to whole numbers and checked by itself in exact arithmetic, so the proof does not rest on the solver. There
is always one: added to a leaf and to all that it is part of, ``limit`` changes no sum.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipelines.opendata.cells import Cells, together

_MODEST, _ANY = 2e3, 1e6
"""Rewards of a unit by which a count is made uncertain: worth hiding nodes within a tree; worth whatever it costs."""
_AT_ONCE = 4_000
"""Counts above 0 in one linear program: small months are solved together, since each costs milliseconds to set up."""
_WORTH_IT = 0.3
"""Share of the open counts that a further proof must make safe; below it, hiding more goes on."""
_OF_A_FAMILY = 3
"""Open counts of one family that are helped at once: more is faster and hides more."""
Change = NDArray[np.int64]


class ProtectionError(Exception):
    """No proof was found for a hidden count: nothing of this month may be shown."""


@dataclass(frozen=True)
class Protection:
    """``hidden``: indexes into the cells. ``proofs``: of each, two changes that keep all sums and shown counts."""

    hidden: frozenset[int]
    proofs: dict[int, tuple[Change, Change]]


def primaries(counts: Sequence[int], limit: int) -> frozenset[int]:
    """Counts that are too small to show."""
    return frozenset(at for at, count in enumerate(counts) if 0 < count < limit)


def protect(cells: Cells, limit: int, hidden: frozenset[int] = frozenset()) -> Protection:
    """What to hide of ``cells``, what is ``hidden`` already included (each of these must be above 0).

    Raises ``ProtectionError`` where a proof is not found.
    """
    begun = hidden | primaries(cells.counts, limit)
    if not begun:
        return Protection(frozenset(), {})
    search = _Search(cells, limit, set(begun))
    if any(cells.counts[at] < 1 for at in search.hidden):
        raise ProtectionError("a hidden count is zero now")
    while search.open():
        search.prove()
        if rest := search.open():
            search.widen(rest)
    return Protection(frozenset(search.hidden), {at: (search.least[at], search.most[at]) for at in search.hidden})


def protect_each(several: Sequence[Cells], limit: int) -> list[frozenset[int]]:
    """What to hide of each, where they have no sum in common. Raises ``ProtectionError``."""
    found: list[frozenset[int]] = []
    batch: list[Cells] = []
    for cells in several:
        if batch and sum(sum(map(bool, c.counts)) for c in [*batch, cells]) > _AT_ONCE:
            found += _protect_batch(batch, limit)
            batch = []
        batch.append(cells)
    return found + _protect_batch(batch, limit)


def _protect_batch(batch: Sequence[Cells], limit: int) -> list[frozenset[int]]:
    hidden = protect(together(batch), limit).hidden
    found, start = [], 0
    for cells in batch:
        end = start + len(cells.names)
        found.append(frozenset(at - start for at in hidden if start <= at < end))
        start = end
    return found


@dataclass
class _Search:
    """The state of a search; ``least`` and ``most``: the changes by which each hidden count moves furthest."""

    cells: Cells
    limit: int
    hidden: set[int]
    least: dict[int, Change] = field(default_factory=dict)
    most: dict[int, Change] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Not before something is hidden: half a second of import.
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        counts = np.array(self.cells.counts, dtype=np.int64)
        self.counts = counts
        self.whole = np.array([whole for whole, _ in self.cells.sums], dtype=np.int64)
        rows, columns, signs = [], [], []
        for at, (whole, parts) in enumerate(self.cells.sums):
            rows += [at] * (1 + len(parts))
            columns += [whole, *parts]
            signs += [-1, *([1] * len(parts))]
        self.sums = csr_array((signs, (rows, columns)), shape=(len(self.cells.sums), len(counts)), dtype=np.int64)
        _, self.part = connected_components(abs(self.sums.T) @ abs(self.sums), directed=False)

    def open(self) -> list[int]:
        """Hidden counts that are not proved safe yet."""
        return [at for at in sorted(self.hidden) if not self._is_safe(at)]

    def _is_safe(self, at: int) -> bool:
        least, most = self.least.get(at), self.most.get(at)
        return least is not None and most is not None and int(most[at]) - int(least[at]) >= self.limit

    def prove(self) -> None:
        """Move open counts by changes of hidden counts alone, up and then down, while that makes many safe."""
        for sign in (1, -1):
            while wanted := [at for at in self.open() if sign > 0 or self.counts[at] > self.limit]:
                self._take(self._change(wanted, sign, _ANY, new=False))
                if sum(map(self._is_safe, wanted)) < len(wanted) * _WORTH_IT:
                    break

    def widen(self, rest: list[int]) -> None:
        """Hide more, at the least cost, so that open counts can move: some of each family, else one at any cost."""
        families: dict[int, list[int]] = defaultdict(list)
        for at in sorted(rest, key=lambda at: (-self.cells.worth[at], -self.counts[at])):
            families[self.cells.groups[at]].append(at)
        wanted = sorted(at for family in families.values() for at in family[:_OF_A_FAMILY])
        self._take(self._change(wanted, 1, _MODEST, new=True))
        if any(map(self._is_safe, wanted)):
            return
        self._take(self._change(wanted[:1], 1, _ANY, new=True))
        if not self._is_safe(wanted[0]):
            raise ProtectionError("no change was found")

    def _take(self, change: Change) -> None:
        """Check a change in exact arithmetic, hide what it moves, keep it where a count moves further than before."""
        moved = np.flatnonzero(change)
        if (self.sums @ change).any() or (self.counts[moved] + change[moved] < 1).any():
            raise ProtectionError("a change breaks a sum")
        self.hidden.update(int(at) for at in moved)
        still = np.zeros_like(change)
        for at in map(int, moved):
            least, most = self.least.setdefault(at, still), self.most.setdefault(at, still)
            if change[at] > most[at]:
                self.most[at] = change
            if change[at] < least[at]:
                self.least[at] = change

    def _change(self, wanted: list[int], sign: int, reward: float, *, new: bool) -> Change:
        """The change that moves ``wanted`` by up to ``limit``, for a ``reward`` a unit; ``new``: of shown counts too.

        Variables: hidden counts; how far each wanted one gets (rewarded); then, of shown ones, up and down.
        """
        from scipy.optimize import linprog
        from scipy.sparse import csr_array, hstack

        parts = {int(self.part[at]) for at in wanted}
        hidden = [at for at in sorted(self.hidden) if self.part[at] in parts]
        place = {at: position for position, at in enumerate(hidden)}
        shown = (
            [at for at in map(int, np.flatnonzero(self.counts)) if self.part[at] in parts and at not in self.hidden]
            if new
            else []
        )
        touched = self.sums[np.isin(self.part[self.whole], [*parts])]
        free, costly = touched[:, hidden], touched[:, shown]
        none = csr_array((touched.shape[0], len(wanted)), dtype=np.int64)
        equal = hstack([free, none, costly, -costly], format="csr")
        cost = [self._cost(at) for at in shown]
        bounds = [
            *((1 - int(self.counts[at]), None) for at in hidden),
            *((0, self.limit) for _ in wanted),
            *((0, None) for _ in shown),
            *((0, int(self.counts[at]) - 1) for at in shown),
        ]
        # how far a wanted count gets is at most what its own variable says
        lines = np.arange(len(wanted))
        reach = csr_array(
            (
                np.concatenate([np.full(len(wanted), -sign), np.ones(len(wanted))]),
                (
                    np.concatenate([lines, lines]),
                    np.concatenate([[place[at] for at in wanted], len(hidden) + lines]).astype(int),
                ),
            ),
            shape=(len(wanted), len(bounds)),
        )
        solved = linprog(
            [*np.zeros(len(hidden)), *np.full(len(wanted), -reward), *cost, *cost],
            A_ub=reach, b_ub=np.zeros(len(wanted)), A_eq=equal, b_eq=np.zeros(equal.shape[0]), bounds=bounds,
            method="highs-ds",
        )  # fmt: skip
        if solved.x is None:
            raise ProtectionError(f"the solver gave up ({solved.status})")
        found = np.rint(solved.x).astype(np.int64)
        change: Change = np.zeros(len(self.counts), dtype=np.int64)
        change[hidden] = found[: len(hidden)]
        if shown:
            up, down = np.split(found[len(hidden) + len(wanted) :], 2)
            change[shown] = up - down
        return change

    def _cost(self, at: int) -> float:
        return self.cells.worth[at] * (1 + math.log2(1 + self.counts[at]))
