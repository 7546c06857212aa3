"""Large tables in parts, the rows of one month each: a part that did not change is neither built nor kept again.

Whether it changed is told by its mark: how many rows it has and two sums of hashes of them, in whatever order they
lie. Stamps that are the same in every row stand outside. Two parts of one mark have the same rows of the same columns
and types; that others should have it by chance is as likely as for a digest of 128 bits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.warehouse.database import identifier, literal

STAMPS = ("ngay_so_lieu", "phien_ban")
LARGE = 100_000
"""Rows from which a table is looked at in parts: below, to write it costs less."""
_MOST = 120
"""Months of a table; one of more is divided by years."""
_MONTH, _YEAR = 7, 4


@dataclass(frozen=True)
class Parts:
    """How a table is divided: ``length`` characters of ``column`` name a part, 0: it is one part; ``marks``, ``rows``
    of each part by its name, in order."""

    column: str
    length: int
    marks: Mapping[str, str]
    rows: Mapping[str, int]

    @property
    def name(self) -> str:
        """SQL of the name of the part that a row is in."""
        return f"coalesce(left(CAST({identifier(self.column)} AS VARCHAR), {self.length}), '')" if self.length else "''"

    def among(self, names: Sequence[str]) -> str:
        """SQL that is true of the rows of these parts, at least one."""
        return f"{self.name} IN ({', '.join(map(literal, names))})"


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


def parts_of(
    connection: duckdb.DuckDBPyConnection, place: str, own: Sequence[tuple[str, str]], month_of: str | None
) -> Parts:
    """The parts of ``place`` as they are; ``own``: name and type of its columns but for the stamps, in order.

    Raises ``duckdb.Error``.
    """
    length = _MONTH if month_of in {name for name, _ in own} else 0
    divided = Parts(month_of or "", length, {}, {})
    names = [identifier(name) for name, _ in own]
    counted = connection.execute(
        f"SELECT {divided.name} AS phan, count(*), sum(hash({', '.join(names)})::HUGEINT), "
        f"sum(hash({', '.join(reversed(names))})::HUGEINT) FROM {place} GROUP BY 1"
    ).fetchall()
    if len(counted) > _MOST:
        length = _YEAR
    sums: dict[str, tuple[int, int, int]] = {}
    for part, *more in counted:
        before = sums.get(str(part)[:length], (0, 0, 0))
        sums[str(part)[:length]] = (before[0] + more[0], before[1] + more[1], before[2] + more[2])
    about = f"{duckdb.__version__}|{own}"
    return Parts(
        divided.column,
        length,
        {part: _mark(about, sums[part]) for part in sorted(sums)},
        {part: sums[part][0] for part in sorted(sums)},
    )


def _mark(about: str, sums: tuple[int, int, int]) -> str:
    return hashlib.sha256(f"{about}|{sums}".encode()).hexdigest()[:32]
