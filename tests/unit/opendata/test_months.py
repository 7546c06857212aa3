"""Months over the nights: a month stands, or is shown anew where no comparison of nights tells of a few."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.opendata.cells import TOP, Node, month_cells
from pipelines.opendata.declared import Block
from pipelines.opendata.figures import Figures
from pipelines.opendata.months import Month, Shown, open_months
from tests.unit.opendata.attack import closest, moves

LIMIT = 5
KY = "2025-10"
FIRST, SECOND, THIRD = date(2025, 12, 1), date(2025, 12, 2), date(2025, 12, 3)
BLOCK = Block.model_validate(
    {
        "ma": "thu",
        "ten": "Thử",
        "mo_ta": "Thử",
        "nguon": "a.b",
        "tong": {"cot": "tong", "cong": ["x", "y"], "ten": "Tổng"},
        "phan": [{"cot": "x", "cong": "x", "ten": "X"}, {"cot": "y", "cong": "y", "ten": "Y"}],
        "cay": ["don_vi"],
        "ty_le": [],
    }
)
Counts = dict[str, tuple[int, int]]


def figures(counts: Counts, above: dict[str, str] | None = None) -> Figures:
    """One month; the agency's level is the first letter of its code."""
    parents: dict[Node, Node] = {}
    for code in counts:
        cap: Node = ("cap", (above or {}).get(code, code[0]))
        parents |= {("dv", code): cap, cap: TOP}
    leaves = {("dv", code): {"x": x, "y": y} for code, (x, y) in counts.items() if x or y}
    return Figures({KY: leaves}, parents, {("dv", code): code.upper() for code in counts})


def nights(*counts: Counts) -> list[Month]:
    """What is shown of the month on nights that follow one another."""
    shown: list[Month] = []
    earlier: list[Shown] = []
    for night, given_counts in enumerate(counts):
        before = {KY: shown[-1]} if shown else {}
        now = open_months(
            BLOCK, figures(given_counts), before, {KY: earlier}, limit=LIMIT, as_of=date(2025, 12, 1 + night)
        )[KY]
        if shown and now.turn > shown[-1].turn:
            earlier.append(shown[-1].shown)
        shown.append(now)
    return shown


BIG = {"a1": (100, 50), "a2": (80, 40), "a3": (3, 20), "b1": (60, 30), "b2": (2, 50)}


def test_a_month_that_is_open_stands_when_a_few_dossiers_come_late() -> None:
    first, second = nights(BIG, {**BIG, "a1": (101, 50)})
    assert second == first


def test_a_month_is_shown_anew_when_a_whole_file_came_late() -> None:
    first, second = nights(BIG, {**BIG, "c1": (40, 20)})
    assert second.turn == 2
    assert (second.since, first.since) == (SECOND, FIRST)
    assert second.shown[TOP, "tong"] == sum(x + y for x, y in BIG.values()) + 60


def test_nights_that_add_up_to_a_small_change_are_kept_apart() -> None:
    """From 100 to 106 and on to 101: each step is large, the first and the last night differ by one dossier."""
    first, second, third = nights(BIG, {**BIG, "a1": (106, 50)}, {**BIG, "a1": (101, 50)})
    assert (first.turn, second.turn) == (1, 2)
    assert third == second


def test_what_was_hidden_stays_hidden_though_it_has_grown() -> None:
    first, second = nights(BIG, {**BIG, "b2": (2 + 30, 50), "c1": (40, 20)})
    assert second.turn == 2
    hidden = {cell for cell, count in first.shown.items() if count is None}
    assert (("dv", "b2"), "x") in hidden
    assert hidden <= {cell for cell, count in second.shown.items() if count is None}


def test_a_month_stands_when_a_hidden_count_is_nought_now() -> None:
    """A hidden count is known to be 1 or more; shown anew it would lie or tell."""
    first, second = nights(BIG, {**BIG, "b2": (0, 50), "c1": (40, 20)})
    assert second == first


def test_a_month_stands_when_an_agency_changed_its_level() -> None:
    before = {KY: nights(BIG)[0]}
    moved = figures({**BIG, "c1": (40, 20)}, {"a1": "b"})
    assert open_months(BLOCK, moved, before, {}, limit=LIMIT, as_of=SECOND) == before


def test_a_month_that_the_mart_no_longer_has_stands() -> None:
    before = {"2020-01": nights(BIG)[0]}
    assert open_months(BLOCK, figures(BIG), before, {}, limit=LIMIT, as_of=SECOND)["2020-01"] == before["2020-01"]


COUNT = st.one_of(st.just(0), st.integers(1, 7), st.integers(0, 80))
CHANGE = st.sampled_from([0, 0, 0, 1, -1, 3, 5, 6, -6, 30])
CODES = ("a1", "a2", "a3", "b1", "b2")


@st.composite
def two_nights(draw: st.DrawFn) -> tuple[Counts, Counts]:
    first = {code: (draw(COUNT), draw(COUNT)) for code in CODES}
    few = draw(st.booleans())
    second = {
        code: (
            max(0, x + (draw(CHANGE) if not few or code == "a1" else 0)),
            max(0, y + (draw(CHANGE) if not few else 0)),
        )
        for code, (x, y) in first.items()
    }
    return first, second | ({"c1": (draw(COUNT), draw(COUNT))} if draw(st.booleans()) else {})


def named(month: Month) -> dict[str, int | None]:
    return {str(cell): count for cell, count in month.shown.items()}


@settings(max_examples=15)
@given(two_nights())
def test_two_nights_tell_of_no_count_and_of_no_change_below_the_limit(counts: tuple[Counts, Counts]) -> None:
    together = figures(dict.fromkeys((*CODES, "c1"), (1, 1)))
    cells = month_cells(together.months[KY], together.parents, BLOCK.parts, BLOCK.total)
    names = [str(cell) for cell in cells.names]
    sums = [(names[whole], [names[part] for part in parts]) for whole, parts in cells.sums]
    first, second = map(named, nights(*counts))
    assert closest(first, sums) >= LIMIT - 1e-6
    if second == first:
        return
    assert closest(second, sums) >= LIMIT - 1e-6
    for low, high in moves(first, second, sums).values():
        assert high - low >= LIMIT - 1e-6 or (abs(high - low) < 1e-6 and (abs(low) < 1e-6 or abs(low) >= LIMIT - 1e-6))
