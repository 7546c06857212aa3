"""How the intake writes: one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One thread for the warehouse: with several, what is inserted below a row group (122,880 rows) is compressed
    twice, once by the thread that took it and once by the commit."""
    before = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {before}")
