"""How the intake writes: with one thread and few checkpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

_SETTINGS = {"threads": "1", "checkpoint_threshold": "256MB"}
"""With several threads, what is inserted below a row group (122,880 rows) is compressed twice, once by the thread that
took it and once by the commit. A checkpoint writes the last row group of every table anew: at DuckDB's 16 MB that is
every few files."""


@contextmanager
def steadily(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """The settings of the warehouse for many small transactions; as they were afterwards."""
    names = ", ".join(f"current_setting('{name}')" for name in _SETTINGS)
    before = dict(zip(_SETTINGS, connection.execute(f"SELECT {names}").fetchall()[0], strict=True))
    _set(connection, _SETTINGS)
    try:
        yield
    finally:
        _set(connection, before)


def _set(connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        connection.execute(f"SET {name} = '{value}'")
