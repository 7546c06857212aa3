"""Persons whose records were removed on request stay removed when files of before are read again."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipelines.contracts.model import Contract, Kind


def forget_again(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> int:
    """Remove what an old file, read again, has brought back (``so_cai.go_bo``); returns the rows. Called after intake.

    What a file of a later night says of the person is a new record: its source has to be told.
    """
    if not connection.execute("SELECT 1 FROM so_cai.go_bo LIMIT 1").fetchall():
        return 0
    removed = 0
    for contract in contracts:
        for field in contract.fields:
            if field.kind is Kind.IDENTITY:
                rows = connection.execute(
                    f'DELETE FROM tho."{contract.table}" r USING so_cai.go_bo g, so_cai.tep t '
                    f'WHERE r."{field.name}_khoa" = g.khoa AND t.ma_tep = r._ma_tep AND t.so_lan <= g.so_lan'
                ).fetchall()
                removed += int(rows[0][0])
    return removed
