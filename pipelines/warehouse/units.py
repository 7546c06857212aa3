"""The frozen reference of administrative units in the working warehouse: schema ``dvhc``, read by dbt as a source (R6).

Not dbt seeds: 25,000 rows cost a nightly run seconds there and a few milliseconds here.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from pipelines.warehouse.database import transaction
from pipelines.warehouse.units_reference import REFERENCE

_TABLES = {
    "don_vi": (
        "dvhc.csv",
        {
            "cap": "VARCHAR",
            "ma": "VARCHAR",
            "ten": "VARCHAR",
            "ma_cha": "VARCHAR",
            "hieu_luc_tu": "DATE",
            "hieu_luc_den": "DATE",
        },
    ),
    "ke_thua": (
        "dvhc_ke_thua.csv",
        {
            "cap": "VARCHAR",
            "ma_cu": "VARCHAR",
            "cap_moi": "VARCHAR",
            "ma_moi": "VARCHAR",
            "ngay": "DATE",
            "loai": "VARCHAR",
        },
    ),
}


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables ``dvhc.don_vi`` and ``dvhc.ke_thua`` where they are missing."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS dvhc")
    for name, (_, columns) in _TABLES.items():
        body = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        connection.execute(f"CREATE TABLE IF NOT EXISTS dvhc.{name} ({body})")


def load(connection: duckdb.DuckDBPyConnection, folder: Path = REFERENCE) -> None:
    """Fill the tables from the frozen files, unless their comments tell that they hold these very files already."""
    create_tables(connection)
    held = dict(
        connection.execute("SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'dvhc'").fetchall()
    )
    for name, (file, columns) in _TABLES.items():
        digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        if held[name] == digest:
            continue
        with transaction(connection):
            connection.execute(f"DELETE FROM dvhc.{name}")
            connection.execute(
                f"INSERT INTO dvhc.{name} FROM read_csv(?, header = true, columns = ?)", [str(folder / file), columns]
            )
            connection.execute(f"COMMENT ON TABLE dvhc.{name} IS '{digest}'")
