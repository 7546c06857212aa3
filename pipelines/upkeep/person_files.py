"""Files that hold a number: text by lines, workbooks by the XML of their members, Parquet by its columns."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

_BLOCK = 1 << 22


@dataclass(frozen=True)
class Place:
    """A file and the rows in it (1-based, ``sheet!row`` where there are sheets); none known where only the file is."""

    file: Path
    rows: tuple[str, ...]


def search_files(folder: Path, digits: str, bare: str, only: tuple[str, ...] = ()) -> list[Place]:
    """Files below ``folder`` that hold ``digits``, or ``bare`` (leading zeros lost) as a number of its own, or that
    bear it in their path."""
    if not folder.is_dir():
        return []
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        if only and file.suffix.lower() not in only:
            continue
        pattern = _pattern(digits, bare)
        rows = _rows(file, pattern)
        if rows is None and pattern.search(os.fsencode(file.relative_to(folder))):
            rows = ()
        if rows is not None:
            found.append(Place(file, rows))
    return found


def holds(place: Path, needles: Sequence[bytes]) -> bool:
    """Whether a file, or one in the folder, holds one of ``needles``, in whatever company: no format is read."""
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    for path in files:
        with path.open("rb") as file:
            tail = b""
            while block := file.read(_BLOCK):
                window = tail + block
                if any(needle in window for needle in needles):
                    return True
                tail = block[-max(map(len, needles)) :]
    return False


def _pattern(digits: str, bare: str) -> re.Pattern[bytes]:
    wanted = f"{digits}|{bare}" if len(bare) >= 9 else digits
    return re.compile(rf"(?<![0-9])(?:{wanted})(?![0-9])".encode("ascii"))


def _rows(file: Path, pattern: re.Pattern[bytes]) -> tuple[str, ...] | None:
    """Rows of a text, () where the file has the number but rows cannot be told, None where it has it not."""
    if zipfile.is_zipfile(file):
        return () if any(pattern.search(part) for part in _members(file)) else None
    if file.suffix.lower() == ".parquet":
        return _parquet(file, pattern)
    text = file.read_bytes()
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.decode("utf-16", errors="replace").encode("utf-8")
    if not pattern.search(text):
        return None
    return tuple(str(number) for number, line in enumerate(text.split(b"\n"), start=1) if pattern.search(line))


def _members(file: Path) -> Iterator[bytes]:
    """Inflated members in blocks that overlap, so that a number on their seam is seen; a damaged zip ends early."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            try:
                with archive.open(name) as member:
                    tail = b""
                    while block := member.read(_BLOCK):
                        yield tail + block
                        tail = block[-32:]
            except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
                continue


def _parquet(file: Path, pattern: re.Pattern[bytes]) -> tuple[str, ...] | None:
    try:
        frame = pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError):
        return None
    text = frame.select(pl.concat_str(pl.all().cast(pl.String, strict=False), separator="\t", ignore_nulls=True))
    wanted = pattern.pattern.decode("ascii")
    digits = wanted[wanted.index("(?:") + 3 : wanted.index(")(?!")]
    hits = text.to_series().str.contains(rf"(?:^|[^0-9])(?:{digits})(?:[^0-9]|$)").arg_true()
    return tuple(str(row + 1) for row in hits.to_list()) or None
