"""Connections to the working warehouse, with the machine's limits and Vietnam time set."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

TIME_ZONE = "Asia/Ho_Chi_Minh"
Config = dict[str, str | bool | int | float | list[str]]
"""Settings of a connection, as DuckDB names them."""
PATIENCE = 60
"""Seconds for which one who reads (`kho trace`) may keep waiting one who writes the working warehouse."""
BUSY = "Một lần chạy đang diễn ra; đợi nó xong rồi chạy lại."
"""What a command says that cannot read beside a run (``is_held``)."""
HELD = "Đang có lệnh khác đọc kho làm việc; đợi lệnh đó xong rồi thử lại."
"""What a command says once its patience has come to an end (``is_held``)."""
_PAUSE = 0.2
_SMALL = 1 << 30
"""Seconds between two attempts to open a file that another process holds."""


def literal(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def any_cell_is(columns: Iterable[str], texts: Iterable[str]) -> str:
    """SQL that is true of a row of which one of ``columns`` is one of ``texts``, never null; false without either."""
    among = ", ".join(literal(text) for text in dict.fromkeys(texts))
    tests = [f"coalesce({identifier(column)} IN ({among}), false)" for column in columns] if among else []
    return " OR ".join(tests) or "false"


def raw_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the tables of the raw layer, in order."""
    rows = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'tho' ORDER BY 1").fetchall()
    return [str(row[0]) for row in rows]


def table_exists(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the open database holds ``schema.table``; views do not count."""
    rows = connection.execute(
        f"SELECT 1 FROM duckdb_tables() WHERE schema_name = {literal(schema)} AND table_name = {literal(table)}"
    ).fetchall()
    return bool(rows)


def described_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str | None]]:
    """Schema, name and comment of every table of the database in use, in order."""
    rows = connection.execute(
        "SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE database_name = current_database() "
        "ORDER BY ALL"
    ).fetchall()
    return [(str(schema), str(name), comment) for schema, name, comment in rows]


def described_columns(
    connection: duckdb.DuckDBPyConnection,
) -> dict[tuple[str, str], list[tuple[str, str, str | None]]]:
    """(Schema, table) → name, type and comment of its columns in order, for every table of the database in use.

    All at once: DuckDB reads its whole catalogue for each question about it.
    """
    rows = connection.execute(
        "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() "
        "WHERE database_name = current_database() ORDER BY schema_name, table_name, column_index"
    ).fetchall()
    columns: dict[tuple[str, str], list[tuple[str, str, str | None]]] = {}
    for schema, table, name, sql_type, comment in rows:
        columns.setdefault((str(schema), str(table)), []).append((str(name), str(sql_type), comment))
    return columns


def threads_for(file: Path, most: int) -> int:
    """Threads that pay for a night over the warehouse in ``file``, at most ``most``: one where it is below 1 GiB.

    There statements end before a second thread has helped: it takes a fifth more of CPU and no less time
    (docs/hieu_nang.md). One that is yet to be made may become any size.
    """
    return 1 if _is_small(file) else most


@cache
def _is_small(file: Path) -> bool:
    """Asked once a process: all connections of it to a file must be opened with the same settings."""
    return file.exists() and file.stat().st_size < _SMALL


def config_of(threads: int | None = None, memory_limit: str | None = None) -> Config:
    """Settings of ``connect``: whoever opens a file that is open in this process must give the same ones."""
    config: Config = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    if threads:
        config["threads"] = threads
    if memory_limit:
        config["memory_limit"] = memory_limit
    return config


@contextmanager
def connect(
    file: Path,
    *,
    read_only: bool = False,
    threads: int | None = None,
    memory_limit: str | None = None,
    patience: float = 0,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open ``file`` and close it again whatever happens.

    Extensions are neither installed nor loaded from outside; the session's zone is Vietnam's.
    Raises ``duckdb.IOException`` where another process holds the file, still after ``patience`` seconds.
    """
    connection = _opened(file, read_only, config_of(threads, memory_limit), time.monotonic() + patience)
    try:
        _set_session(connection)
        yield connection
    finally:
        connection.close()


def _opened(file: Path, read_only: bool, config: Config, until: float) -> duckdb.DuckDBPyConnection:
    while True:
        try:
            return duckdb.connect(str(file), read_only=read_only, config=config)
        except duckdb.IOException as error:
            if not is_held(error) or time.monotonic() >= until:
                raise
        time.sleep(_PAUSE)


def is_held(error: BaseException) -> bool:
    """Whether another process holds the file; any other fault of a file is no reason to wait."""
    return isinstance(error, duckdb.IOException) and "set lock" in str(error)


@contextmanager
def in_memory(config: Config | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own in memory, to which files are attached or from which they are read."""
    with duckdb.connect(":memory:", config=config or {}) as connection:
        _set_session(connection)
        yield connection


def _set_session(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"SET TimeZone = '{TIME_ZONE}'")
    connection.execute("SET enable_progress_bar = false")  # it would be drawn over our own


def insert(
    connection: duckdb.DuckDBPyConnection, place: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """All rows by one statement: a prepared one a row costs a millisecond each. Raises ``duckdb.Error``."""
    if not rows:
        return
    import pyarrow as pa

    given = pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
    connection.register("dong_them", given)
    try:
        connection.execute(f"INSERT INTO {place} BY NAME SELECT * FROM dong_them")
    finally:
        connection.unregister("dong_them")


def records(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """The answer's rows by column name. Raises ``duckdb.Error``."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def row_digest(connection: duckdb.DuckDBPyConnection, place: str) -> tuple[int, int]:
    """Number of rows and sum of their hashes, whatever their order; ``place`` is SQL. Raises ``duckdb.Error``."""
    rows = connection.execute(f"SELECT count(*), coalesce(sum(hash(t)), 0) FROM {place} AS t").fetchall()
    return int(rows[0][0]), int(rows[0][1])


def content_digest(connection: duckdb.DuckDBPyConnection, place: str) -> str:
    """``row_digest`` as text."""
    return ":".join(map(str, row_digest(connection, place)))


def row_count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Rows of a table, or of a query in brackets. Raises ``duckdb.Error``."""
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
