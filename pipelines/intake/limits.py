"""Bounds on what one file may ask of the machine (docs/mess.md: hostile content; all configurable)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of the intake; a file beyond one is refused, the run goes on.

    ``member_bytes`` and ``ratio`` bound one member of a workbook once unpacked; ``ratio_from_bytes`` is the
    size below which the ratio is not looked at (small sheets of one repeated word compress far). A file whose last
    change is younger than ``still_seconds`` is watched that long before it is taken.
    ``reader_memory_bytes`` and ``reader_seconds`` (of the processor) are what reading one file may take.
    """

    file_bytes: int = 4_000_000_000
    member_bytes: int = 300_000_000
    total_unpacked_bytes: int = 1_200_000_000
    ratio: int = 200
    ratio_from_bytes: int = 1_000_000
    members: int = 5_000
    columns: int = 2_000
    rows: int = 20_000_000
    cells: int = 400_000_000
    sheet_cells: int = 60_000_000
    text_bytes: int = 8_000_000_000
    cell_characters: int = 1_000_000
    json_depth: int = 64
    header_search_rows: int = 60
    batch_rows: int = 250_000
    still_seconds: float = 0
    reader_memory_bytes: int = 3_000_000_000
    reader_seconds: int = 300
    archive_files: int = 1_000
