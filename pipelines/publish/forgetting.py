"""A person's rows taken out of the kept publications, on request (``kho purge --nguoi``).

A row is the person's where a text of it is the keyed hash, the number itself, or the code of a dossier or of a record
of a register that is the person's; or where it was made from a row of a file that is. Sums stay. The content without
those rows takes the place of the content with them; the listing says when and how many rows went (``go_bo``), and keeps
the digest that the chain and the signature rest on, so that both can still be proved. Its own new text is proved by
``than_moi``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import swap
from pipelines.publish.content import take
from pipelines.publish.version_store import Store, Version, files_of, redacted, settle, write_listing
from pipelines.warehouse.database import any_cell_is, in_memory, literal, row_count

_ROW = ("ma_tep", "trang_tinh", "dong")
"""Columns of a published row that say from which row of which file it was made."""
_RECORD = "ma_ban_ghi"
"""Column of the code of a record of a register: no keyed hash stands beside it."""

Rows = tuple[tuple[str, str, int], ...]
"""Rows of files: code of the file, sheet (empty where there are none), row."""


@dataclass(frozen=True)
class Sought:
    """``cells``: whole cells that are the person's; ``rows``: of files, from which the person's rows were made."""

    cells: tuple[str, ...]
    rows: Rows = ()


@dataclass(frozen=True)
class Places:
    """``content``: rows of the person by content file; ``tables``: by (publication, table); ``sought``: by what."""

    content: Mapping[str, int]
    tables: Mapping[tuple[str, str], int]
    sought: Sought

    @property
    def rows(self) -> int:
        """Rows of all publications; one row in two publications counts twice."""
        return sum(self.tables.values())


def places(store: Store, sought: Sought) -> Places:
    """Where the kept publications hold rows of the person. Raises ``duckdb.Error``.

    A record of a register is followed by its code where the newest publication has it from one of ``sought.rows``.
    """
    versions = store.versions()
    held = {name for version in versions for facts in version.tables.values() for name in files_of(facts)}
    there = [name for name in sorted(held) if store.place(name).is_file()]
    current = [version for version in versions if not version.is_aside][:1]
    newest = {name for version in current for facts in version.tables.values() for name in files_of(facts)}
    with in_memory() as connection:
        records = _records(connection, store, sorted(newest & {*there}), sought.rows)
        sought = Sought((*sought.cells, *records), sought.rows)
        counted = {name: _count(connection, store.place(name), sought) for name in there}
    content = {name: rows for name, rows in counted.items() if rows}
    tables = {
        (version.name, table): sum(content.get(name, 0) for name in files_of(facts))
        for version in versions
        for table, facts in version.tables.items()
    }
    return Places(content, {where: rows for where, rows in tables.items() if rows}, sought)


def _records(connection: duckdb.DuckDBPyConnection, store: Store, names: Iterable[str], rows: Rows) -> list[str]:
    found: set[str] = set()
    for name in names if rows else ():
        file = store.place(name)
        if {_RECORD, *_ROW} <= _columns(connection, file).keys():
            found |= {
                str(code)
                for (code,) in connection.execute(
                    f"SELECT DISTINCT {_RECORD} FROM read_parquet({literal(str(file))}) "
                    f"WHERE {_RECORD} IS NOT NULL AND {_made_from(rows)}"
                ).fetchall()
            }
    return sorted(found)


def forget(store: Store, found: Places, now: datetime) -> None:
    """Take the rows of ``found`` out of every listing; the content that held them goes last.

    A kill in between leaves content that ``found`` names again. Raises ``OSError``, ``duckdb.Error``.
    """
    if not found.content:
        return
    staging = swap.begin(store.folder.parent)
    try:
        with in_memory() as connection:
            fresh = {name: _without(connection, store, name, found.sought, staging.kept) for name in found.content}
        for version in store.versions():
            touched = {table for name, table in found.tables if name == version.name}
            if touched:
                write_listing(_relisted(version, touched, fresh, now), staging.kept)
        settle(staging.kept, staging.marts)
    finally:
        swap.abandon(staging)
    for name in found.content:
        store.place(name).unlink(missing_ok=True)


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> dict[str, str]:
    columns = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(file))})").fetchall()
    return {str(column[0]): str(column[1]) for column in columns}


def _test(connection: duckdb.DuckDBPyConnection, file: Path, sought: Sought) -> str:
    """SQL that is true of a row of the person, never null; false where no row can be one."""
    columns = _columns(connection, file)
    by_cell = any_cell_is([name for name, sql_type in columns.items() if sql_type == "VARCHAR"], sought.cells)
    return f"({by_cell}) OR {_made_from(sought.rows)}" if sought.rows and {*_ROW} <= columns.keys() else by_cell


def _made_from(rows: Rows) -> str:
    listed = ", ".join(f"({literal(file)}, {literal(sheet)}, {row})" for file, sheet, row in rows)
    file, sheet, row = _ROW
    return f"coalesce((CAST({file} AS VARCHAR), coalesce({sheet}, ''), CAST({row} AS BIGINT)) IN ({listed}), false)"


def _count(connection: duckdb.DuckDBPyConnection, file: Path, sought: Sought) -> int:
    test = _test(connection, file, sought)
    rows = connection.execute(f"SELECT count(*) FROM read_parquet({literal(str(file))}) WHERE {test}").fetchall()
    return int(rows[0][0])


def _without(
    connection: duckdb.DuckDBPyConnection, store: Store, name: str, sought: Sought, target: Path
) -> dict[str, Any]:
    """Stage a content file without the rows below ``target``; what a listing says of it."""
    file = store.place(name)
    source = f"(SELECT * FROM read_parquet({literal(str(file))}) WHERE NOT ({_test(connection, file, sought)}))"
    fresh = target / "moi.bang"
    fresh.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"COPY {source} TO {literal(str(fresh))} (FORMAT parquet, COMPRESSION zstd)")
    rows = row_count(connection, f"read_parquet({literal(str(fresh))})")
    return {**take(fresh, target, store), "so_dong": rows}


def _relisted(version: Version, touched: set[str], fresh: Mapping[str, Mapping[str, Any]], now: datetime) -> Version:
    tables = {
        table: _without_rows(facts, fresh) if table in touched else facts for table, facts in version.tables.items()
    }
    gone = sum(version.tables[table]["so_dong"] - tables[table]["so_dong"] for table in touched)
    return Version(redacted(version, tables, {"luc": now.isoformat(), "so_dong": gone}))


def _without_rows(facts: Mapping[str, Any], fresh: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Facts of a table whose content is ``fresh``; a part without its rows is not what its mark says any more."""
    if "phan" not in facts:
        return {**facts, **fresh[str(facts["tep"])]}
    parts = [
        {**part, **fresh[str(part["tep"])], "dau": None} if part["tep"] in fresh else part for part in facts["phan"]
    ]
    return {**facts, "phan": parts, "so_dong": sum(int(part["so_dong"]) for part in parts)}
