"""A person's rows taken out of the kept publications, on request (``kho purge --nguoi``).

A row is the person's where a text of it is the keyed hash, or the number itself. The content without those rows takes
the place of the content with them; the listing says when and how many rows went (``go_bo``), and keeps the digest
that the chain and the signature rest on, so that both can still be proved. Its own new text is proved by ``than_moi``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import swap
from pipelines.publish.content import take
from pipelines.publish.version_store import Store, Version, files_of, redacted, settle, write_listing
from pipelines.warehouse.database import any_cell_is, in_memory, literal, row_count


@dataclass(frozen=True)
class Places:
    """``content``: rows of the person by content file; ``tables``: rows by (publication, table)."""

    content: Mapping[str, int]
    tables: Mapping[tuple[str, str], int]

    @property
    def rows(self) -> int:
        """Rows of all publications; one row in two publications counts twice."""
        return sum(self.tables.values())


def places(store: Store, texts: tuple[str, ...]) -> Places:
    """Where a row of a kept publication holds one of ``texts`` as a whole cell. Raises ``duckdb.Error``."""
    versions = store.versions()
    held = {name for version in versions for facts in version.tables.values() for name in files_of(facts)}
    with in_memory() as connection:
        there = [name for name in sorted(held) if store.place(name).is_file()]
        counted = {name: _count(connection, store.place(name), texts) for name in there}
    content = {name: rows for name, rows in counted.items() if rows}
    tables = {
        (version.name, table): sum(content.get(name, 0) for name in files_of(facts))
        for version in versions
        for table, facts in version.tables.items()
    }
    return Places(content, {where: rows for where, rows in tables.items() if rows})


def forget(store: Store, found: Places, texts: tuple[str, ...], now: datetime) -> None:
    """Take the rows of ``found`` out of every listing; the content that held them goes last.

    A kill in between leaves content that ``found`` names again. Raises ``OSError``, ``duckdb.Error``.
    """
    if not found.content:
        return
    staging = swap.begin(store.folder.parent)
    try:
        with in_memory() as connection:
            fresh = {name: _without(connection, store, name, texts, staging.kept) for name in found.content}
        for version in store.versions():
            touched = {table for name, table in found.tables if name == version.name}
            if touched:
                write_listing(_relisted(version, touched, fresh, now), staging.kept)
        settle(staging.kept, staging.marts)
    finally:
        swap.abandon(staging)
    for name in found.content:
        store.place(name).unlink(missing_ok=True)


def _test(connection: duckdb.DuckDBPyConnection, file: Path, texts: tuple[str, ...]) -> str:
    """SQL that is true of a row that holds one of ``texts``; false where the table has no text at all."""
    columns = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(file))})").fetchall()
    return any_cell_is([str(column[0]) for column in columns if column[1] == "VARCHAR"], texts)


def _count(connection: duckdb.DuckDBPyConnection, file: Path, texts: tuple[str, ...]) -> int:
    test = _test(connection, file, texts)
    rows = connection.execute(f"SELECT count(*) FROM read_parquet({literal(str(file))}) WHERE {test}").fetchall()
    return int(rows[0][0])


def _without(
    connection: duckdb.DuckDBPyConnection, store: Store, name: str, texts: tuple[str, ...], target: Path
) -> dict[str, Any]:
    """Stage a content file without the rows below ``target``; what a listing says of it."""
    file = store.place(name)
    source = f"(SELECT * FROM read_parquet({literal(str(file))}) WHERE NOT ({_test(connection, file, texts)}))"
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
