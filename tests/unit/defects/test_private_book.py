"""Workbooks with personal values: nothing of one that could not be written is left, in words that say why."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.config.disk import why
from pipelines.sheets import private_book


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As on a disk that is full: the system refuses what goes beyond."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(place: Path, **options: bool) -> None:
    with private_book(place, **options) as book:
        sheet = book.add_worksheet()
        for row in range(3000):
            sheet.write_string(row, 0, f"Nguyễn Văn {row}")


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}])
def test_a_workbook_beyond_the_disk_leaves_nothing_and_says_why(tmp_path: Path, options: dict[str, bool]) -> None:
    with no_file_larger_than(20_000), pytest.raises(OSError) as caught:
        fill(tmp_path / "so.xlsx", **options)
    assert why(caught.value) == "tệp quá lớn đối với ổ đĩa này"
    assert [file for file in tmp_path.rglob("*") if file.name != "so.xlsx"] == []


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}])
def test_what_the_writer_keeps_on_disk_is_beside_the_file(
    tmp_path: Path, options: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "khong_co"))
    fill(tmp_path / "so.xlsx", **options)
    assert [file.name for file in tmp_path.iterdir()] == ["so.xlsx"]
