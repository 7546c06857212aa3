"""A file is taken once it has stood still; one wait for all, none where nothing is fresh."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.intake.found.scan import FoundFile, scan
from pipelines.intake.found.stillness import still_being_written

NOW = 1_000_000.0


def _file(folder: Path, name: str, age: float) -> FoundFile:
    path = folder / name
    path.write_text("x")
    os.utime(path, (NOW - age, NOW - age))
    return FoundFile(path, name, "dvc/ho_so")


@pytest.mark.parametrize(
    ("ages", "waited"), [([10, 100], []), ([0.5, 10], [1.5]), ([0.5, 1.5, 0.1], [1.9]), ([-50], [2])]
)
def test_one_wait_for_all_that_are_young(tmp_path: Path, ages: list[float], waited: list[float]) -> None:
    found = [_file(tmp_path, f"{i}.csv", age) for i, age in enumerate(ages)]
    slept: list[float] = []
    assert still_being_written(found, 2, clock=lambda: NOW, sleep=slept.append) == set()
    assert slept == pytest.approx(waited)


@pytest.mark.parametrize("change", ["grow", "touch", "vanish"])
def test_file_that_changes_meanwhile_waits(tmp_path: Path, change: str) -> None:
    still, moving = _file(tmp_path, "a.csv", 1), _file(tmp_path, "b.csv", 1)

    def meanwhile(_: float) -> None:
        if change == "grow":
            moving.path.write_text("xx")
        elif change == "touch":
            os.utime(moving.path, (NOW, NOW))
        else:
            moving.path.unlink()

    assert still_being_written([still, moving], 2, clock=lambda: NOW, sleep=meanwhile) == {"b.csv"}


def test_no_wait_where_it_is_off(tmp_path: Path) -> None:
    assert still_being_written([_file(tmp_path, "a.csv", 0)], 0, clock=lambda: NOW, sleep=pytest.fail) == set()


@pytest.mark.parametrize(
    "name", ["a.csv.part", "a.xlsx.crdownload", "a.tmp", "a.csv.filepart", "a.csv.PARTIAL", "a.download", "~$a.xlsx"]
)
def test_partial_names_are_not_taken(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "dvc" / "ho_so"
    folder.mkdir(parents=True)
    (folder / name).write_text("x")
    found, left = scan(tmp_path, {"dvc/ho_so"})
    assert (found, [item.name for item in left]) == ([], [f"dvc/ho_so/{name}"])
