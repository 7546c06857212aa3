"""Large tables in parts, the rows of one month each: a part that did not change is neither built nor kept again.

Whether it changed is told by its mark: how many rows it has and two sums of hashes of them, in whatever order they
lie. Stamps that are the same in every row stand outside. Two parts of one mark have the same rows of the same columns
and types; that a row should become another of the same hash by chance is one in 2^64. DuckDB's hash does not tell
all values of nested types and intervals apart, so a table with such a column is one that is not looked at in parts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date

import duckdb

from pipelines.warehouse.database import identifier, literal, row_count

STAMPS = ("ngay_so_lieu", "phien_ban")
LARGE = 100_000
"""Rows from which a table is looked at in parts: below, to write it costs less."""
_MONTHS = 120
"""At most of a table; one of more is divided by years."""
_PLAIN = re.compile(
    r"BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?(INT|INTEGER)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|DATE|TIMESTAMP.*|TIME|UUID|BLOB"
)
_MONTH, _YEAR = 7, 4
_SURROGATES = 0xD800


@dataclass(frozen=True)
class Parts:
    """How a table is divided: ``length`` characters of ``column`` name a part, 0: it is one part.

    ``is_day``: the column is a day or a moment; ``stamps``: those that are the same in every row, with their value as
    text; ``marks``, ``rows`` of each part by its name, in order.
    """

    column: str
    length: int
    is_day: bool
    stamps: Mapping[str, str | None]
    marks: Mapping[str, str]
    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """Rows of the table."""
        return sum(self.rows.values())

    @property
    def name(self) -> str:
        """SQL of the name of the part that a row is in."""
        return f"coalesce(left(CAST({identifier(self.column)} AS VARCHAR), {self.length}), '')" if self.length else "''"

    def among(self, names: Sequence[str]) -> str:
        """SQL that is true of the rows of these parts, at least one."""
        return " OR ".join(map(self._within, names))

    def _within(self, name: str) -> str:
        """As bounds where that is the same: DuckDB passes over what lies outside without reading it."""
        bounds = None
        if self.length and len(name) == self.length:
            bounds = _of_days(name) if self.is_day else _of_texts(name)
        if bounds is None:
            return f"{self.name} = {literal(name)}"
        kind, column = "DATE " if self.is_day else "", identifier(self.column)
        return f"({column} >= {kind}{literal(bounds[0])} AND {column} < {kind}{literal(bounds[1])})"


def _of_days(name: str) -> tuple[str, str] | None:
    """First day of the month or year, and the first one after it."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", name) or not 1 <= int(name[:4]) < MAXYEAR:
        return None
    year, month = int(name[:4]), int(name[5:] or 1)
    after = date(year + 1, 1, 1) if len(name) == _YEAR or month == 12 else date(year, month + 1, 1)
    return date(year, month, 1).isoformat(), after.isoformat()


def _of_texts(name: str) -> tuple[str, str] | None:
    """All texts that begin with ``name``: DuckDB has them in the order of their code points."""
    after = ord(name[-1]) + 1
    return (name, name[:-1] + chr(after)) if after < _SURROGATES else None


def stamps_of(connection: duckdb.DuckDBPyConnection, place: str, columns: Sequence[str]) -> dict[str, str | None]:
    """Stamps that hold one value in every row, as text; none of a table of stamps only."""
    constants: dict[str, str | None] = {}
    for name in STAMPS:
        if name not in columns:
            continue
        column = identifier(name)
        rows, filled, least, most = connection.execute(
            f"SELECT count(*), count({column}), min({column})::VARCHAR, max({column})::VARCHAR FROM {place}"
        ).fetchall()[0]
        if rows == filled and least == most:
            constants[name] = least
    return constants if len(constants) < len(columns) else {}


def parts_of_large(
    connection: duckdb.DuckDBPyConnection, place: str, columns: Mapping[str, str], month_of: str | None
) -> Parts | None:
    """``parts_of`` of a table of ``LARGE`` rows or more, None of a smaller one. Raises ``duckdb.Error``."""
    large = row_count(connection, place) >= max(LARGE, 1)
    return parts_of(connection, place, columns, month_of) if large else None


def parts_of(
    connection: duckdb.DuckDBPyConnection, place: str, columns: Mapping[str, str], month_of: str | None
) -> Parts | None:
    """The parts of ``place`` as they are; None where a column's type forbids it.

    ``columns``: names and types in order. Raises ``duckdb.Error``.
    """
    stamps = stamps_of(connection, place, list(columns))
    own = {name: sql_type for name, sql_type in columns.items() if name not in stamps}
    if not all(_PLAIN.fullmatch(sql_type) for sql_type in own.values()):
        return None
    length = _MONTH if month_of in own else 0
    divided = Parts(month_of or "", length, own.get(month_of or "") in {"DATE", "TIMESTAMP"}, stamps, {}, {})
    cells = [identifier(name) for name in own]
    cells += [f"signbit({identifier(name)})" for name, sql_type in own.items() if sql_type in {"FLOAT", "DOUBLE"}]
    counted = connection.execute(
        "SELECT phan, count(*), sum(dau::HUGEINT), sum(hash(dau)::HUGEINT) "
        f"FROM (SELECT {divided.name} AS phan, hash({', '.join(cells)}) AS dau FROM {place}) GROUP BY 1"
    ).fetchall()
    if len(counted) > _MONTHS:
        length = _YEAR
    sums: dict[str, tuple[int, int, int]] = {}
    for part, *more in counted:
        before = sums.get(str(part)[:length], (0, 0, 0))
        sums[str(part)[:length]] = (before[0] + more[0], before[1] + more[1], before[2] + more[2])
    about = f"{duckdb.__version__}|{list(own.items())}"
    marks = {part: _mark(about, sums[part]) for part in sorted(sums)}
    return replace(divided, length=length, marks=marks, rows={part: sums[part][0] for part in marks})


def _mark(about: str, sums: tuple[int, int, int]) -> str:
    return hashlib.sha256(f"{about}|{sums}".encode()).hexdigest()[:32]
