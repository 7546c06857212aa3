"""Small counts are hidden so that no solver finds them; every proof is a pair of tables that fit what is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.opendata.cells import TOP, Cells, Node, month_cells, together
from pipelines.opendata.protect import protect, protect_each
from tests.unit.opendata.attack import closest

LIMIT = 5
PARTS = ("truc_tuyen", "truc_tiep", "buu_chinh")
COUNT = st.one_of(st.just(0), st.integers(1, 6), st.integers(0, 60))


def cells_of(table: dict[str, dict[str, list[int]]], total: str | None = "tong") -> Cells:
    """``table``: parent → leaf → parts, below one tree."""
    leaves: dict[Node, dict[str, int]] = {}
    parents: dict[Node, Node] = {}
    for above, below in table.items():
        parents["cap", above] = TOP
        for leaf, counts in below.items():
            leaves["dv", leaf], parents["dv", leaf] = dict(zip(PARTS, counts, strict=True)), ("cap", above)
    return month_cells(leaves, parents, PARTS, total)


@st.composite
def one_tree(draw: st.DrawFn) -> Cells:
    table = {
        f"c{above}": {
            f"d{above}{leaf}": draw(st.lists(COUNT, min_size=3, max_size=3)) for leaf in range(draw(st.integers(1, 3)))
        }
        for above in range(draw(st.integers(1, 3)))
    }
    return cells_of(table, draw(st.sampled_from(["tong", None])))


@st.composite
def two_trees(draw: st.DrawFn) -> Cells:
    """Dossiers by agency and by procedure: the trees have their top in common."""
    dossiers = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2), COUNT), max_size=12))
    leaves: dict[Node, dict[str, int]] = {}
    for agency, procedure, part, count in dossiers:
        for node in (("dv", str(agency)), ("tt", str(procedure))):
            kept = leaves.setdefault(node, dict.fromkeys(PARTS, 0))
            kept[PARTS[part]] += count
    parents: dict[Node, Node] = {node: ("cap" if node[0] == "dv" else "lv", str(int(node[1]) % 2)) for node in leaves}
    return month_cells(leaves, {**parents, **dict.fromkeys(parents.values(), TOP)}, PARTS, "tong")


def shown_of(cells: Cells, hidden: frozenset[int]) -> tuple[dict[str, int | None], list[tuple[str, list[str]]]]:
    shown = {str(cell): None if at in hidden else cells.counts[at] for at, cell in enumerate(cells.names)}
    names = list(shown)
    return shown, [(names[whole], [names[part] for part in parts]) for whole, parts in cells.sums]


@settings(max_examples=25)
@given(st.one_of(one_tree(), two_trees()))
def test_no_solver_knows_a_hidden_count_closer_than_the_limit(cells: Cells) -> None:
    found = protect(cells, LIMIT)
    assert found.hidden >= {at for at, count in enumerate(cells.counts) if 0 < count < LIMIT}
    assert all(cells.counts[at] > 0 for at in found.hidden)
    assert closest(*shown_of(cells, found.hidden)) >= LIMIT - 1e-6


@settings(max_examples=25)
@given(two_trees())
def test_every_proof_is_two_tables_that_fit_what_is_shown(cells: Cells) -> None:
    found = protect(cells, LIMIT)
    assert found.proofs.keys() == found.hidden
    for at, (least, most) in found.proofs.items():
        assert most[at] - least[at] >= LIMIT
        for change in (least, most):
            counts = np.array(cells.counts) + change
            assert {int(moved) for moved in np.flatnonzero(change)} <= found.hidden
            assert all(counts[hidden] >= 1 for hidden in found.hidden)
            assert all(counts[whole] == sum(counts[part] for part in parts) for whole, parts in cells.sums)


def test_the_attacker_sees_through_a_table_where_only_small_counts_are_hidden() -> None:
    """Else the tests above would prove nothing."""
    cells = cells_of({"xa": {"a": [20, 3, 0], "b": [30, 10, 0]}})
    small = frozenset(at for at, count in enumerate(cells.counts) if 0 < count < LIMIT)
    assert closest(*shown_of(cells, small)) == 0


def test_a_sum_of_small_counts_is_no_small_count_itself() -> None:
    """Two agencies with one dossier each, hidden: their sum, 2, must not be told by the rest."""
    cells = cells_of({"xa": {"a": [20, 0, 0], "b": [1, 0, 0], "c": [1, 0, 0]}})
    found = protect(cells, LIMIT)
    assert ("dv", "a") in {cells.names[at][0] for at in found.hidden} or ("cap", "xa") in {
        cells.names[at][0] for at in found.hidden
    }


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert protect(cells_of({"xa": {"a": [20, 9, 0], "b": [30, 0, 5]}}), LIMIT).hidden == frozenset()


def test_the_whole_province_is_hidden_last() -> None:
    table = {"xa": {f"a{n}": [40 + n, 30, 2 + n] for n in range(9)}, "tinh": {f"b{n}": [50, 20, 9] for n in range(5)}}
    cells = cells_of(table)
    assert [cells.names[at] for at in protect(cells, LIMIT).hidden if cells.names[at][0] == TOP] == []


def test_one_dossier_in_the_whole_province_is_hidden_wherever_it_is_counted() -> None:
    cells = cells_of({"xa": {"a": [1, 0, 0]}})
    hidden = {cells.names[at] for at in protect(cells, LIMIT).hidden}
    assert hidden == {(node, part) for node in (TOP, ("cap", "xa"), ("dv", "a")) for part in ("tong", "truc_tuyen")}


def test_months_together_are_hidden_as_each_must_be() -> None:
    months = [cells_of({"xa": {"a": [20 + n, 3, n], "b": [30, 10, 0]}}) for n in range(4)]
    for cells, hidden in zip(months, protect_each(months, LIMIT), strict=True):
        assert closest(*shown_of(cells, hidden)) >= LIMIT - 1e-6
    assert len(together(months).names) == sum(len(cells.names) for cells in months)


def test_trees_that_count_differently_are_refused() -> None:
    leaves: dict[Node, dict[str, int]] = {("dv", "a"): {"truc_tuyen": 5}, ("tt", "b"): {"truc_tuyen": 6}}
    parents: dict[Node, Node] = {("dv", "a"): ("cap", "xa"), ("tt", "b"): ("lv", "x")}
    with pytest.raises(ValueError, match="add up"):
        month_cells(leaves, parents, ("truc_tuyen",), None)
