"""Rows of files that retention has removed from ``raw/``: kept as Parquet, so that a rebuild has them still.

``lam_viec/luu_tru/<raw table>.parquet``, owner-only: the states of the raw layer whose newest sighting is in a removed
file (``so_cai.tep_xoa``). Written anew whenever a file or a person is removed.
"""

from __future__ import annotations

import shutil

import duckdb

from pipelines.config.paths import OWNER_DIR, DataPaths

FOLDER = "luu_tru"


def write(connection: duckdb.DuckDBPyConnection, paths: DataPaths) -> None:
    """Bring the archive up to date with the raw layer; swapped in whole. Raises ``OSError``, ``duckdb.Error``."""
    fresh, place, old = (paths.working / name for name in (f".{FOLDER}.moi", FOLDER, f".{FOLDER}.cu"))
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=OWNER_DIR, parents=True)
    for table in raw_tables(connection):
        rows = f'SELECT r.* FROM tho."{table}" r WHERE r._ma_tep IN (SELECT ma_tep FROM so_cai.tep_xoa)'
        if connection.execute(f"SELECT 1 FROM ({rows}) LIMIT 1").fetchall():
            connection.execute(f"COPY ({rows}) TO '{_quoted(str(fresh / table))}.parquet' (FORMAT parquet)")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def put_back(connection: duckdb.DuckDBPyConnection, paths: DataPaths) -> set[str]:
    """Insert the archived rows into an empty raw layer; returns the ids of the removed files, whose rows these are."""
    have = set(raw_tables(connection))
    for file in sorted((paths.working / FOLDER).glob("*.parquet")):
        if file.stem not in have:
            continue
        source = f"read_parquet('{_quoted(str(file))}')"
        stored = {str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        columns = [
            str(row[0]) for row in connection.execute(f'DESCRIBE tho."{file.stem}"').fetchall() if row[0] in stored
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        connection.execute(f'INSERT INTO tho."{file.stem}" BY NAME SELECT {names} FROM {source}')
    return {str(row[0]) for row in connection.execute("SELECT ma_tep FROM so_cai.tep_xoa").fetchall()}


def raw_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the tables of the raw layer."""
    rows = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'tho' ORDER BY 1").fetchall()
    return [str(row[0]) for row in rows]


def _quoted(text: str) -> str:
    return text.replace("'", "''")
