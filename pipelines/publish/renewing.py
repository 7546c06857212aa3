"""A new ``kho.duckdb`` made of the one that stands: of large tables only the parts that changed are written again.

The file is copied, all but the large tables is dropped from it; of those the parts with another mark are replaced
(``parts``), and the night's stamps, which are the same in all rows, are put on as new columns. Blocks of a DuckDB file
keep what was deleted until they are used again. So the file is written whole by the first night of a month, by another
version of the program or of DuckDB (another choice of columns among them), after a person was removed on request, and
where a third of it is free; and again by the night after, where a held group was copied then from the file before.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.parts import STAMPS, Parts, stamps_of
from pipelines.warehouse.database import identifier, in_memory, literal, row_count

_FREE = 0.33
"""Of the blocks of a file, or of the rows of a table as far as deleted ones lie among them."""
_MOST = 0.5
"""Of the rows of a table: to replace more costs as much as to write all of it in its order."""


@dataclass(frozen=True)
class New:
    """A table to be published: its rows as SQL, where it goes, its columns with their types, the order of its rows."""

    source: str
    place: str
    columns: Mapping[str, str]
    order: str

    @property
    def select(self) -> str:
        """All of it, as SQL."""
        return f"SELECT {', '.join(map(identifier, self.columns))} FROM {self.source}"


def written_under(as_of: date, origins: Mapping[str, str], forgotten: Sequence[str]) -> dict[str, Any]:
    """What must be the same for a file to be renewed.

    ``origins``: see ``runs.origins``; ``forgotten``: an entry for each removal of a person on request.
    """
    return {
        "thang": f"{as_of:%Y-%m}",
        "ma_nguon": origins.get("ma_nguon"),
        "duckdb": duckdb.__version__,
        "nguoi_don": len(forgotten),
    }


def renewable(listing: Mapping[str, Any], under: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Large tables of the publication of ``listing``, with marks of their parts; none where all is to be written."""
    marks = listing.get("phan")
    if under["ma_nguon"] is None or listing.get("viet_lai") != under or not isinstance(marks, dict):
        return {}
    return {name: parts for name, parts in marks.items() if isinstance(parts, dict)}


def copy(current: Path, target: Path) -> bool:
    """Copy the publication that stands; False, and nothing, where much of it is free. Raises ``OSError``."""
    with in_memory() as connection:
        connection.execute(f"ATTACH {literal(str(current))} AS cu (READ_ONLY)")
        free, total = connection.execute(
            "SELECT free_blocks, total_blocks FROM pragma_database_size() WHERE database_name = 'cu'"
        ).fetchall()[0]
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
    if tables:
        connection.execute("CHECKPOINT")  # so that what comes now takes the blocks of what went


def drop_empty_schemas(connection: duckdb.DuckDBPyConnection) -> None:
    """Schemas of the database in use in which nothing is published any more."""
    empty = connection.execute(
        "SELECT schema_name FROM duckdb_schemas() WHERE database_name = current_database() AND NOT internal "
        "AND schema_name <> 'main' AND schema_name NOT IN (SELECT schema_name FROM duckdb_tables() "
        "WHERE database_name = current_database()) AND schema_name NOT IN (SELECT schema_name FROM duckdb_functions() "
        "WHERE database_name = current_database() AND NOT internal)"
    ).fetchall()
    for (schema,) in empty:
        connection.execute(f"DROP SCHEMA {identifier(schema)}")


def renew(
    connection: duckdb.DuckDBPyConnection,
    new: New,
    parts: Parts,
    there: Mapping[str, str],
    before: Mapping[str, str],
) -> bool:
    """Bring a table of the copied file to ``new``; False, and it is gone, where it had better be written whole.

    ``there``: its columns with their types; ``before``: marks of its parts. Raises ``duckdb.Error``.
    """
    changed = [name for name in before.keys() | parts.marks.keys() if before.get(name) != parts.marks.get(name)]
    if before and _is_worth_it(connection, new, parts, there, changed):
        if changed:
            connection.execute(f"DELETE FROM {new.place} WHERE {parts.among(changed)}")
        _stamp(connection, new, parts.stamps)
        if changed:
            order = f"{parts.name}, {new.order}" if parts.length else new.order
            connection.execute(f"INSERT INTO {new.place} {new.select} WHERE {parts.among(changed)} ORDER BY {order}")
        if row_count(connection, new.place) == parts.total:
            return True
    connection.execute(f"DROP TABLE {new.place}")
    connection.execute("CHECKPOINT")
    return False


def _is_worth_it(
    connection: duckdb.DuckDBPyConnection, new: New, parts: Parts, there: Mapping[str, str], changed: Sequence[str]
) -> bool:
    """Whether it is the same table, less than half of it changed, and few deleted rows would lie among the others."""
    if list(there.items()) != list(new.columns.items()) or tuple(new.columns)[-len(STAMPS) :] != STAMPS:
        return False
    fresh = sum(parts.rows.get(name, 0) for name in changed)
    reach = connection.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {new.place}").fetchall()[0][0]
    few = (reach + fresh) * (1 - _FREE) <= parts.total
    return parts.stamps.keys() == set(STAMPS) and fresh <= parts.total * _MOST and few


def _stamp(connection: duckdb.DuckDBPyConnection, new: New, stamps: Mapping[str, str | None]) -> None:
    """Put the stamps on anew, as columns of one value.

    Written as a plain constant, and with the way of packing given: DuckDB evaluates a default with a cast row by row
    and tries every way on every row group, which took three times as long.
    """
    if stamps_of(connection, new.place, list(new.columns)) == stamps:
        return
    connection.execute("SET force_compression = 'dictionary'")
    try:
        for name in STAMPS:
            cell, kind = identifier(name), new.columns[name]
            connection.execute(f"ALTER TABLE {new.place} DROP COLUMN {cell}")
            connection.execute(
                f"ALTER TABLE {new.place} ADD COLUMN {cell} {kind} DEFAULT {_constant(str(stamps[name]), kind)}"
            )
            connection.execute(f"ALTER TABLE {new.place} ALTER COLUMN {cell} DROP DEFAULT")
        connection.execute("CHECKPOINT")
    finally:
        connection.execute("SET force_compression = 'auto'")


def _constant(value: str, kind: str) -> str:
    if kind == "VARCHAR":
        return literal(value)
    return f"DATE {literal(value)}" if kind == "DATE" else f"CAST({literal(value)} AS {kind})"
