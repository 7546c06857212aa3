"""A file in ``raw/`` is known again under the name that the ledger keeps, with a mask for a number or without."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.kept_name import place_of, same_place, within


@pytest.mark.parametrize(
    ("kept", "name", "same", "inside"),
    [
        ("a/b/c.csv", "a/b/c.csv", True, True),
        ("a/b/c.zip/x.csv", "a/b/c.zip", False, True),
        ("a/b/c.csv", "a/b/c.cs", False, False),
        ("a/b/c.csv", "a/b/c.csv/x", False, False),
        ("a/b/c •••.csv", "a/b/c 036212345678.csv", True, True),
        ("a/b/c •••.csv", "a/b/c 123456789.csv", True, True),
        ("a/b/c •••.csv", "a/b/c An.csv", False, False),
        ("a/b/c •••.zip/x.csv", "a/b/c 036212345678.zip", False, True),
    ],
)
def test_which_file_is_meant(kept: str, name: str, same: bool, inside: bool) -> None:
    assert (same_place(kept, name), within(kept, name)) == (same, inside)


def test_where_the_file_lies(tmp_path: Path) -> None:
    file = tmp_path / "a" / "c 036212345678" / "x.csv"
    file.parent.mkdir(parents=True)
    file.touch()
    assert place_of(tmp_path, "a/c •••/x.csv") == file
    assert not place_of(tmp_path, "a/c •••/y.csv").exists()
