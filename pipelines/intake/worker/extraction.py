"""From the bytes of one file to its tables of text: read, laid out, chosen. Runs in the worker process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from pipelines.contracts.model import CodeList, Contract
from pipelines.intake.found.source import Member, Source
from pipelines.intake.headers.columns import HeaderIndex
from pipelines.intake.laid_out import titles
from pipelines.intake.laid_out.layout import Cover, Table
from pipelines.intake.laid_out.sheet_choice import data_tables, left_aside, refuse_headless
from pipelines.intake.laid_out.stacked import lay_out_all
from pipelines.intake.limits import Limits
from pipelines.intake.read.fonts import recode_columns
from pipelines.intake.read.formats.archive import members_of, unpacked
from pipelines.intake.read.formats.kinds import Kind, kind_of
from pipelines.intake.read.reading import sheets_of
from pipelines.intake.typed.conform import conform
from pipelines.intake.typed.date_order import with_date_orders
from pipelines.intake.values.result import ODD_TEXT

_NO_SECRET = b""
"""A headless sheet is told by which of its rows would be set apart: no hash of it leaves the worker."""


@dataclass(frozen=True)
class Extract:
    """The tables of a file, and what its titles say of its time (naive Vietnam time).

    ``note``: which sheets were left aside, a Vietnamese sentence. ``window``: the days that the titles say it holds.
    """

    tables: list[Table]
    exported: datetime | None
    note: str | None
    window: titles.Window | None = None


@dataclass(frozen=True)
class Archive:
    """A zip of files: each member is a file of its own."""

    members: tuple[Member, ...]


def extract(
    source: Source,
    contract: Contract,
    index: HeaderIndex,
    code_lists: Mapping[str, CodeList],
    limits: Limits,
    *,
    member: int | None,
) -> Extract | Archive:
    """What ``source`` holds, or its ``member`` (0-based) where it is a zip; raises ``FileRefusedError``."""
    if member is not None:
        source = unpacked(source, member, limits)
    elif kind_of(source) is Kind.ARCHIVE:
        return Archive(members_of(source, limits))
    return tables_of(source, contract, index, code_lists, limits)


def tables_of(
    source: Source, contract: Contract, index: HeaderIndex, code_lists: Mapping[str, CodeList], limits: Limits
) -> Extract:
    """The data tables of one file, hidden sheets first: the row met last is the one that counts (rule R8)."""
    sheets = sheets_of(source, contract, index, limits)
    sheets.sort(key=lambda sheet: not sheet.hidden)
    parts = lay_out_all(sheets, contract, index, limits)
    chosen = data_tables(parts, contract)
    tables = with_date_orders([in_one_charset(table) for table in chosen], contract)
    refuse_headless(parts, tables[0], lambda table: conform(table, contract, code_lists, _NO_SECRET).rows["_xau"])
    exported = max((p.exported for p in parts if p.exported), default=None)
    end = max((p.window_end for p in parts if p.window_end), default=None)
    note = left_aside(parts, chosen)
    return Extract([_without_sheet(table) for table in tables], exported or end, note, _window(parts, chosen))


def _window(parts: Iterable[Table | Cover], chosen: Sequence[Table]) -> titles.Window | None:
    """The days that the titles say the file holds: of all its sheets, or of none."""
    stated = [table.window is not None for table in chosen]
    if any(stated) and not all(stated):
        return None
    return titles.joined(part.window for part in parts if part.window)


def in_one_charset(table: Table) -> Table:
    """``table`` with every column in Unicode whose words show its font; a doubt for those that show it in part."""
    cells, suspect = recode_columns(table.cells)
    if not suspect and cells is table.cells:
        return table
    doubts = tuple((name, ODD_TEXT) for name, place in table.columns.fields.items() if place in suspect)
    return replace(table, cells=cells, suspect=suspect, doubts=(*table.doubts, *doubts))


def _without_sheet(table: Table) -> Table:
    """``table`` without the cells around it: they have told what they can, and would be carried twice."""
    empty = replace(table.sheet, cells=pl.DataFrame(), rows=pl.Series("dong", [], dtype=pl.Int64), widths=None)
    return replace(table, sheet=empty)
