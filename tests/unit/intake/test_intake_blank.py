"""Blank cells and composed letters: the quick look at a column gives what a look at every cell would."""

from __future__ import annotations

import unicodedata

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.read.formats.blank import clean_text

PIECES = st.sampled_from(
    [
        "a",
        "Z",
        "7",
        "!",
        "~",
        " ",
        "\t",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\x01",
        "ế",
        "e\u0302\u0301",
        "Đ",
        "u\u031b",
        "–",
        "\u0323",
    ]
)
CELL = st.one_of(st.none(), st.lists(PIECES, max_size=4).map("".join))
COLUMNS = st.integers(1, 12).flatmap(
    lambda rows: st.lists(st.lists(CELL, min_size=rows, max_size=rows), min_size=1, max_size=3)
)


def _visible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char)[0] not in "ZC"


def _cleaned(cell: str | None, *, normalise: bool) -> str | None:
    if cell is None or not any(_visible(char) for char in cell):
        return None
    return unicodedata.normalize("NFC", cell) if normalise else cell


@given(COLUMNS, st.booleans())
def test_every_cell_is_cleaned_as_if_it_were_alone(columns: list[list[str | None]], normalise: bool) -> None:
    cells = pl.DataFrame({f"c{i}": pl.Series(column, dtype=pl.String) for i, column in enumerate(columns)})
    cleaned = clean_text(cells, normalise=normalise)
    for name, column in zip(cells.columns, columns, strict=True):
        assert cleaned[name].to_list() == [_cleaned(cell, normalise=normalise) for cell in column]


def test_a_slice_is_cleaned_like_the_whole() -> None:
    cells = pl.DataFrame({"c": ["e\u0302", "ế", "\u00a0", None, "u\u031b"]})
    assert clean_text(cells.slice(2), normalise=True)["c"].to_list() == [None, None, "ư"]
