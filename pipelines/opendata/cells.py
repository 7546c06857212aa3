"""Counts that hang together by sums: the cells of one month of one block of tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Node = tuple[str, str]
"""(column, value): ``("ma_don_vi", "H02.10")``, ``("cap", "xa")``; ``TOP`` is the whole province."""
TOP: Node = ("", "")
Cell = tuple[Node, str]
"""A node and a measure."""
Parents = Mapping[Node, Node]
_MIDDLE, _WHOLE, _TOTAL = 20.0, 400.0, 4.0
"""What a node above leaves is worth, what the whole province is; how much more a total is worth than its parts."""


@dataclass(frozen=True)
class Cells:
    """Counts with every sum that an outsider knows to hold among them; see ``month_cells``.

    ``sums``: (whole, its parts), as indexes into ``names``. ``worth``: how much is lost by hiding a cell of this kind,
    a part of a leaf being 1. ``groups``: cells that are added up together have one group.
    """

    names: tuple[Cell, ...]
    counts: tuple[int, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    worth: tuple[float, ...]
    groups: tuple[int, ...]


def month_cells(
    leaves: Mapping[Node, Mapping[str, int]], parents: Parents, parts: Sequence[str], total: str | None
) -> Cells:
    """The cells of a month: every node × (``parts`` and, where there is one, ``total``, their sum).

    ``leaves``: parts of each leaf. ``parents``: of every leaf the node above it, of which the parent is ``TOP``. Leaves
    of several columns (agencies, procedures) are several trees below the one ``TOP``; each adds up to it. Raises
    ``ValueError`` where they do not.
    """
    values = _added_up(leaves, parents, parts)
    measures = [*parts, *([total] if total else [])]
    names = [(node, measure) for node in values for measure in measures]
    index = {cell: at for at, cell in enumerate(names)}
    counts = [
        sum(values[node].values()) if measure == total else values[node].get(measure, 0) for node, measure in names
    ]
    children = _children(values, parents)
    sums: list[tuple[int, tuple[int, ...]]] = []
    groups = list(range(len(names)))
    for node in values if total else ():
        sums.append((index[node, str(total)], tuple(index[node, part] for part in parts)))
    for (node, _), below in children.items():
        for measure in measures:
            family = tuple(index[child, measure] for child in below)
            sums.append((index[node, measure], family))
            for member in family:
                groups[member] = family[0]
    worth = [_worth(node, node in leaves) * (_TOTAL if measure == total else 1) for node, measure in names]
    return Cells(tuple(names), tuple(counts), tuple(sums), tuple(worth), tuple(groups))


def _worth(node: Node, is_leaf: bool) -> float:
    return _WHOLE if node == TOP else 1 if is_leaf else _MIDDLE


def together(several: Sequence[Cells]) -> Cells:
    """Cells that have no sum in common as one; those of each keep their order."""
    names: list[Cell] = []
    counts: list[int] = []
    sums: list[tuple[int, tuple[int, ...]]] = []
    worth: list[float] = []
    groups: list[int] = []
    for cells in several:
        start = len(names)
        names += cells.names
        counts += cells.counts
        worth += cells.worth
        sums += [(start + whole, tuple(start + part for part in parts)) for whole, parts in cells.sums]
        groups += [start + group for group in cells.groups]
    return Cells(tuple(names), tuple(counts), tuple(sums), tuple(worth), tuple(groups))


def _added_up(
    leaves: Mapping[Node, Mapping[str, int]], parents: Parents, parts: Sequence[str]
) -> dict[Node, dict[str, int]]:
    """Parts of every node; the whole province by each of its trees, which must agree."""
    middle: dict[Node, dict[str, int]] = defaultdict(lambda: dict.fromkeys(parts, 0))
    tops: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(parts, 0))
    for leaf, counted in leaves.items():
        above, tree = middle[parents[leaf]], tops[leaf[0]]
        for part in parts:
            above[part] += counted.get(part, 0)
            tree[part] += counted.get(part, 0)
    found = [*tops.values()]
    if any(other != found[0] for other in found[1:]):
        raise ValueError("trees of one block do not add up to the same")
    top = found[0] if found else dict.fromkeys(parts, 0)
    return {TOP: top, **dict(sorted(middle.items())), **{leaf: {**leaves[leaf]} for leaf in sorted(leaves)}}


def _children(nodes: Iterable[Node], parents: Parents) -> dict[tuple[Node, str], list[Node]]:
    """(Node, column of its children) → children: the whole province is divided in several ways."""
    found: dict[tuple[Node, str], list[Node]] = defaultdict(list)
    for node in nodes:
        if node != TOP:
            found[parents.get(node, TOP), node[0]].append(node)
    return found
