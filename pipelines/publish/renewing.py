"""A new ``kho.duckdb`` made of the one that stands: of large tables only the parts that changed are written again.

The file is copied, all but the large tables is dropped from it; of those the parts with another mark are replaced
(``parts``), and the night's stamps, which are the same in all rows, are put on as new columns. Blocks of a DuckDB file
keep what was deleted until they are used again. So the file is written whole by the first night of a month, by another
version of the program or of DuckDB (another choice of columns among them), after a person was removed on request, and
where a third of it is free.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import parts as parts_
from pipelines.publish.parts import STAMPS, Parts, parts_of, stamps_of
from pipelines.quality.manifest import Mart
from pipelines.warehouse.database import identifier, literal, row_count

_FREE = 0.33
"""Of the blocks of a file, or of the rows of a table as far as deleted ones lie among them."""
_MOST = 0.5
"""Of the rows of a table: to replace more costs as much as to write all of it in its order."""


@dataclass(frozen=True)
class New:
    """A table to be published: where it is read, where it goes, its columns with their types, the order of its rows."""

    source: str
    place: str
    columns: Mapping[str, str]
    order: str

    @property
    def select(self) -> str:
        """All of it, as SQL."""
        return f"SELECT {', '.join(map(identifier, self.columns))} FROM {self.source}"


def renewable(
    listing: Mapping[str, Any], as_of: date, origins: Mapping[str, str], forgotten: int
) -> Mapping[str, Mapping[str, str]]:
    """Large tables of the publication of ``listing`` with the marks of their parts; none where it may not be renewed.

    ``origins``: of the new one (``runs.origins``); ``forgotten``: how many people were removed on request so far.
    """
    same = (listing.get("ma_nguon"), listing.get("nguoi_don")) == (origins.get("ma_nguon", ""), forgotten)
    if not same or str(listing["ngay_so_lieu"])[:7] != f"{as_of:%Y-%m}":
        return {}
    marks: Mapping[str, Mapping[str, str]] = listing["phan"]
    return marks


def copy(current: Path, target: Path) -> bool:
    """Copy the publication that stands; False, and nothing, where much of it is free. Raises ``OSError``."""
    with duckdb.connect(str(current), read_only=True) as connection:
        free, total = connection.execute("SELECT free_blocks, total_blocks FROM pragma_database_size()").fetchall()[0]
    if free > total * _FREE:
        return False
    shutil.copyfile(current, target)
    return True


def clear(connection: duckdb.DuckDBPyConnection, keep: Iterable[str]) -> None:
    """Drop every macro, and every table but ``keep`` (``schema.table``), from the database in use."""
    wanted = set(keep)
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall()
    for schema, name in tables:
        if f"{schema}.{name}" not in wanted:
            connection.execute(f"DROP TABLE {identifier(schema)}.{identifier(name)}")
    macros = connection.execute(
        "SELECT DISTINCT schema_name, function_name, function_type FROM duckdb_functions() "
        "WHERE database_name = current_database() AND function_type IN ('table_macro', 'macro') AND NOT internal"
    ).fetchall()
    for schema, name, kind in macros:
        word = "TABLE" if kind == "table_macro" else ""
        connection.execute(f"DROP MACRO {word} {identifier(schema)}.{identifier(name)}")


def parts_of_large(connection: duckdb.DuckDBPyConnection, new: New, mart: Mart) -> Parts | None:
    """The parts of a large table; None where it is small, or a view to be computed. Raises ``duckdb.Error``."""
    if mart.computed or not (rows := row_count(connection, new.source)) or rows < parts_.LARGE:
        return None
    stamps = stamps_of(connection, new.source, list(new.columns))
    own = [(name, sql_type) for name, sql_type in new.columns.items() if name not in stamps]
    return parts_of(connection, new.source, own, mart.month_of)


def renew(
    connection: duckdb.DuckDBPyConnection,
    new: New,
    parts: Parts,
    there: Mapping[str, str],
    before: Mapping[str, str],
) -> bool:
    """Bring a table of the copied file to ``new``; False where it had better be written whole, whatever was done.

    ``there``: its columns with their types; ``before``: marks of its parts. Raises ``duckdb.Error``.
    """
    stamps = stamps_of(connection, new.source, list(new.columns))
    same_shape = list(there.items()) == list(new.columns.items()) and tuple(new.columns)[-len(STAMPS) :] == STAMPS
    if not before or not same_shape or stamps.keys() != set(STAMPS):
        return False
    changed = [name for name in before.keys() | parts.marks.keys() if before.get(name) != parts.marks.get(name)]
    total = sum(parts.rows.values())
    if sum(parts.rows.get(name, 0) for name in changed) > total * _MOST:
        return False
    if changed:
        connection.execute(f"DELETE FROM {new.place} WHERE {parts.among(changed)}")
    for name in STAMPS:
        cell, value = identifier(name), f"CAST({literal(str(stamps[name]))} AS {new.columns[name]})"
        connection.execute(f"ALTER TABLE {new.place} DROP COLUMN {cell}")
        connection.execute(f"ALTER TABLE {new.place} ADD COLUMN {cell} {new.columns[name]} DEFAULT {value}")
        connection.execute(f"ALTER TABLE {new.place} ALTER COLUMN {cell} DROP DEFAULT")
    if changed:
        order = f"{parts.name}, {new.order}" if parts.length else new.order
        connection.execute(f"INSERT INTO {new.place} {new.select} WHERE {parts.among(changed)} ORDER BY {order}")
    reach, rows = connection.execute(f"SELECT max(rowid) + 1, count(*) FROM {new.place}").fetchall()[0]
    return bool(rows == total and reach * (1 - _FREE) <= rows)
