"""What a file's batches hold while its transaction goes on."""

from __future__ import annotations

import duckdb
import polars as pl
import pyarrow as pa

from pipelines.intake.loaded.load import read_once
from pipelines.warehouse.database import transaction

_ROWS = 1_000_000
_BYTES = 8 * _ROWS


def test_a_batch_is_let_go_when_it_is_written_not_when_its_file_is() -> None:
    before = pa.total_allocated_bytes()
    with duckdb.connect() as connection, transaction(connection):
        connection.execute("CREATE TABLE t (a BIGINT)")
        for _ in range(5):
            frame = pl.DataFrame(pa.table({"a": pa.array(range(_ROWS))}))
            connection.register("nap_dong", read_once(frame))
            del frame
            connection.execute("INSERT INTO t FROM nap_dong")
            connection.unregister("nap_dong")
        held = pa.total_allocated_bytes() - before
        assert connection.execute("SELECT count(*) FROM t").fetchall() == [(5 * _ROWS,)]
    assert held < 2 * _BYTES


def test_an_empty_frame_is_a_source_too() -> None:
    with duckdb.connect() as connection:
        connection.register("nap_dong", read_once(pl.DataFrame(schema={"a": pl.String, "b": pl.Int64})))
        assert connection.execute("SELECT count(*), max(b) FROM nap_dong").fetchall() == [(0, None)]
