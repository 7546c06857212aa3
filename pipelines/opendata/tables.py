"""Open tables: their columns, their rows as Arrow, the bytes of their files, and the reading back of these."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.publish.formats import csv_bytes

FOLDER = "mo"
_FIRST, _LAST = b"phat_hanh", b"cap_nhat"
TEXT, WHOLE, NUMBER, TRUTH, DAY = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32()


@dataclass(frozen=True)
class Column:
    """A column: its name, title, Arrow type; ``about``: what it means where the title does not say all."""

    name: str
    title: str
    kind: pa.DataType
    about: str = ""


@dataclass(frozen=True)
class Described:
    """What a table is, whatever its rows. ``sources``: marts it is made of."""

    name: str
    title: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class OpenTable:
    """A table to publish; ``parquet`` is what stands already where nothing in it changed.

    ``issued`` and ``modified`` are as-of days: of its first publication, and of the last that changed it. ``held``: its
    mart is held back by a gate, so that it is as it was.
    """

    described: Described
    rows: pa.Table
    issued: date
    modified: date
    held: bool
    parquet: bytes

    @cached_property
    def csv(self) -> bytes:
        """The rows as CSV: UTF-8 with a byte-order mark."""
        columns = [column.to_pylist() for column in self.rows.columns]
        return csv_bytes(self.rows.column_names, zip(*columns, strict=True))


def arrow(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows by column name as a table of these columns."""
    given = list(rows)
    return pa.table(
        {column.name: pa.array([row.get(column.name) for row in given], column.kind) for column in columns},
        schema=pa.schema([(column.name, column.kind) for column in columns]),
    )


def finished(described: Described, rows: pa.Table, old: pa.Table | None, *, as_of: date, held: bool) -> OpenTable:
    """The table with its days and its Parquet file; equal rows keep the days of ``old``, and so give equal bytes."""
    same = old is not None and old.equals(rows)
    issued = _day(old, _FIRST) or as_of
    modified = (_day(old, _LAST) if same else None) or as_of
    stamps = {_FIRST: issued.isoformat().encode(), _LAST: modified.isoformat().encode()}
    place = io.BytesIO()
    pq.write_table(rows.replace_schema_metadata(stamps), place, compression="zstd")
    return OpenTable(described, rows, issued, modified, held, place.getvalue())


def _day(table: pa.Table | None, name: bytes) -> date | None:
    found = (table.schema.metadata or {}).get(name) if table is not None else None
    return date.fromisoformat(found.decode()) if found else None


def read_back(content: bytes) -> pa.Table:
    """The table of a Parquet file; raises ``pa.ArrowException`` where it is damaged."""
    # Arrow's threads would hold the Python object: one that lets go of it while Python ends aborts the process.
    return pq.read_table(io.BytesIO(content), use_threads=False)


def days_of(table: pa.Table) -> tuple[date, date]:
    """First and last publication of a table that was read back; raises ``ValueError`` where it does not say."""
    first, last = _day(table, _FIRST), _day(table, _LAST)
    if first is None or last is None:
        raise ValueError("an open table without its days")
    return first, last
