"""Rows of files that retention has removed from ``raw/``: kept as Parquet, so that a rebuild has them still.

``lam_viec/luu_tru/<raw table>.parquet``, owner-only: the states of the raw layer whose newest sighting is in a removed
file (``so_cai.tep_xoa``). Written anew whenever a file or a person is removed.
"""

from __future__ import annotations

import duckdb

from pipelines.config.disk import whole_folder
from pipelines.config.paths import DataPaths
from pipelines.warehouse.database import literal, raw_tables

FOLDER = "luu_tru"


def write(connection: duckdb.DuckDBPyConnection, paths: DataPaths) -> None:
    """Bring the archive up to date with the raw layer; swapped in whole. Raises ``OSError``, ``duckdb.Error``."""
    with whole_folder(paths.working / FOLDER) as fresh:
        for table in raw_tables(connection):
            rows = f'SELECT r.* FROM tho."{table}" r WHERE r._ma_tep IN (SELECT ma_tep FROM so_cai.tep_xoa)'
            if connection.execute(f"SELECT 1 FROM ({rows}) LIMIT 1").fetchall():
                connection.execute(f"COPY ({rows}) TO {literal(f'{fresh / table}.parquet')} (FORMAT parquet)")


def put_back(connection: duckdb.DuckDBPyConnection, paths: DataPaths) -> set[str]:
    """Insert the archived rows into an empty raw layer; returns the ids of the removed files, whose rows these are."""
    have = set(raw_tables(connection))
    for file in sorted((paths.working / FOLDER).glob("*.parquet")):
        if file.stem not in have:
            continue
        source = f"read_parquet({literal(str(file))})"
        stored = {str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        columns = [
            str(row[0]) for row in connection.execute(f'DESCRIBE tho."{file.stem}"').fetchall() if row[0] in stored
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        connection.execute(f'INSERT INTO tho."{file.stem}" BY NAME SELECT {names} FROM {source}')
    return {str(row[0]) for row in connection.execute("SELECT ma_tep FROM so_cai.tep_xoa").fetchall()}
