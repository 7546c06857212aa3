"""Files that hold a number: text by lines, workbooks and Parquet by the intake's readers, zips member by member.

A file of which not all could be looked at (damaged, locked, beyond a limit, of a form that packs its text) is said to
be so: that nothing was found in it means nothing.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.intake.errors import FileRefusedError, refusing
from pipelines.intake.found.source import Source, read_source
from pipelines.intake.limits import Limits
from pipelines.intake.read.encoding import unmarked_utf16
from pipelines.intake.read.formats.inflate import inflate
from pipelines.intake.read.formats.kinds import Kind, kind_of, packs_its_text
from pipelines.intake.read.formats.parquet import read_parquet
from pipelines.intake.read.reading import book_sheets
from pipelines.intake.sheet import RawSheet

_BLOCK = 1 << 22
_DEEPEST = 4
"""Zips in one another that are opened: a workbook in a zip is two, and may hold another."""
_PACKAGES = (Kind.OOXML, Kind.ODS)
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LINES = (".jsonl", ".ndjson")
_NOT_WHOLE = "Không mở được một phần của tệp."
"""Never shown: only that a part could not be looked at is."""


@dataclass(frozen=True)
class Place:
    """A file and the rows in it (1-based, ``sheet!row`` where there are sheets, after the member's path in a zip);
    none known where only the file is."""

    file: Path
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Searched:
    """``places`` hold the number; of ``unread`` files (or folders) not all could be looked at."""

    places: list[Place]
    unread: list[Path]


def search_files(
    folder: Path, number: str, eaten: Sequence[str], limits: Limits, only: tuple[str, ...] = ()
) -> Searched:
    """Files below ``folder`` that hold ``number`` (also in groups) or one of ``eaten`` (what a spreadsheet makes of
    it) as a number of its own, or that bear it in their path. ``limits`` bound what one file may unpack to."""
    places: list[Place] = []
    files, unread = _files(folder)
    for file in files:
        if only and file.suffix.lower() not in only:
            continue
        search = _Search(number, eaten, limits)
        try:
            if file.stat().st_size:
                search.look(read_source(file, limits))
        except (FileRefusedError, OSError):
            search.whole = False
        search.look_at_name(os.fsencode(file.relative_to(folder)))
        if search.hit:
            places.append(Place(file, tuple(dict.fromkeys(search.rows))))
        if not search.whole:
            unread.append(file)
    return Searched(places, sorted(unread))


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


def _files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Files below ``folder`` in order, links left out; folders that cannot be read."""
    files: list[Path] = []
    closed: list[Path] = []

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            closed.append(Path(error.filename or folder))

    for current, _, names in os.walk(folder, onerror=note, followlinks=False):
        paths = (Path(current) / name for name in names)
        files += [path for path in paths if path.is_file() and not path.is_symlink()]
    return sorted(files), closed


def in_groups(number: str) -> str:
    """A pattern of the number, its letters capital or small, with one blank, point or hyphen between any two signs."""
    return r"[ .\-]?".join(f"[{sign}{sign.lower()}]" if sign.isalpha() else sign for sign in number)


class _Search:
    """One file, with all that is packed in it: whether the number was seen, in which rows, and whether all was."""

    def __init__(self, number: str, eaten: Sequence[str], limits: Limits) -> None:
        wanted = "|".join([in_groups(number), *map(re.escape, eaten)])
        beside = "0-9" if number.isdigit() else "0-9A-Za-z"
        self._bytes = re.compile(rf"(?<![{beside}])(?:{wanted})(?![{beside}])".encode("ascii"))
        self._text = rf"(?:^|[^{beside}])(?:{wanted})(?:[^{beside}]|$)"
        self._limits = limits
        self._unpacked = 0
        self._members = 0
        self.hit = False
        self.rows: list[str] = []
        self.whole = True

    def look(self, source: Source, where: str = "", depth: int = 0) -> None:
        """The file and what is in it; ``where``: the path of the member in the zip."""
        try:
            kind = kind_of(source)
        except FileRefusedError:
            kind = None
        if kind is Kind.ARCHIVE or source.data.startswith(_ZIP) or zipfile.is_zipfile(io.BytesIO(source.data)):
            self._archive(source, where, depth, kind)
        if kind in (*_PACKAGES, Kind.BIFF, Kind.PARQUET):
            self._sheets(source, where, kind)
        if kind in (Kind.BIFF, Kind.PARQUET):
            self._binary(source.data)
        elif kind not in (*_PACKAGES, Kind.ARCHIVE):
            self._plain(source, where, kind)

    def look_at_name(self, name: bytes) -> None:
        """A path that bears the number is a place of it."""
        self.hit = self.hit or self._bytes.search(name) is not None

    def _archive(self, source: Source, where: str, depth: int, kind: Kind | None) -> None:
        if depth == _DEEPEST:
            self.whole = False
            return
        try:
            with refusing(_NOT_WHOLE):
                archive = zipfile.ZipFile(io.BytesIO(source.data))
        except FileRefusedError:
            self.whole = False
            return
        with archive:
            for member, data in self._inflated(archive):
                if kind not in _PACKAGES:
                    self.look(Source(member, data), f"{where}/{member}" if where else member, depth + 1)
                elif data.startswith(_ZIP):  # a workbook in a workbook
                    self.look(Source(member, data), where, depth + 1)
                else:  # parts that are no cells: comments, headers, properties; pictures hold no digits
                    self._binary(data)

    def _inflated(self, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
        for entry in archive.infolist():
            self.look_at_name(entry.filename.encode("utf-8", "replace"))
            if entry.is_dir():
                continue
            self._members += 1
            if self._unpacked > self._limits.total_unpacked_bytes or self._members > self._limits.members:
                self.whole = False
                return
            try:
                with refusing(_NOT_WHOLE):
                    data, size = inflate(archive, entry, self._limits)
            except FileRefusedError:
                self.whole = False
                continue
            self._unpacked += size
            yield entry.filename, data

    def _sheets(self, source: Source, where: str, kind: Kind | None) -> None:
        """Cells as the intake reads them: numbers in digits, text whatever its parts and its character set."""
        try:
            with refusing(_NOT_WHOLE):
                parquet = kind is Kind.PARQUET
                sheets = [read_parquet(source.data, self._limits)] if parquet else book_sheets(source, self._limits)
        except FileRefusedError:
            self.whole = False
            return
        for sheet in sheets:
            rows = self._rows_of(sheet)
            self.hit = self.hit or bool(rows)
            self.rows += [label(where, sheet.name, row) for row in rows]

    def _rows_of(self, sheet: RawSheet) -> list[int]:
        if not sheet.cells.width:
            return []
        lines = sheet.cells.select(pl.concat_str(pl.all(), separator="\t", ignore_nulls=True)).to_series()
        return sheet.rows.filter(lines.str.contains(self._text).fill_null(value=False)).to_list()

    def _binary(self, data: bytes) -> None:
        """Digits as they stand, and as UTF-16 has them."""
        found = self._bytes.search(data) or (b"\0" in data and self._bytes.search(data.replace(b"\0", b"")))
        self.hit = self.hit or bool(found)

    def _plain(self, source: Source, where: str, kind: Kind | None) -> None:
        """A text by its lines; other bytes as they are, of which not all can have been seen."""
        data = source.data
        wide = "utf-16" if data.startswith(_UTF16) else unmarked_utf16(data)
        if wide is not None:
            data = data.decode(wide, errors="replace").encode("utf-8")
        if packs_its_text(data) or b"\0" in data:
            self.whole = False
            self._binary(data)
            return
        if self._bytes.search(data) is None:
            return
        self.hit = True
        if kind in (None, Kind.CSV) or source.extension in _LINES:  # of other forms a row is not a line
            lines = enumerate(data.splitlines(), start=1)
            self.rows += [label(where, "", number) for number, line in lines if self._bytes.search(line)]


def label(where: str, sheet: str, row: int) -> str:
    """The row as it is listed; ``where``: the path of the member in a zip, ``""`` or ``"."`` of a file of its own."""
    place = "/".join(part for part in (where, sheet) if part not in ("", "."))
    return f"{place}!{row}" if place else str(row)
