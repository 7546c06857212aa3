"""What Spark built in place of what DuckDB built: every table of dbt's models in a working warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipelines.warehouse.database import identifier, literal, transaction
from pipelines.warehouse.plan import AFTER_GATE


class TakeoverError(Exception):
    """A table that Spark did not write, or that is of other columns."""


def take_over(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], folder: Path) -> dict[str, int]:
    """Put the Parquet of ``folder`` (macro ``xuat_bang``) in place of the rows of every table; rows by table.

    The tables keep their types, comments and constraints; views, table macros and functions are definitions over
    them. What tells of the gate is built after it and is left out. All of it, or, with an exception, nothing:
    ``TakeoverError``, ``duckdb.Error``. The next night of DuckDB builds all of it whole.
    """
    tables = {
        f"{schema}.{table}"
        for schema, table in connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
    }
    taken: dict[str, int] = {}
    with transaction(connection):
        for node in manifest["nodes"].values():
            name = f"{node['schema']}.{node['alias']}"
            if node["resource_type"] != "model" or name not in tables or AFTER_GATE in node["tags"]:
                continue
            taken[name] = _replace(connection, node["schema"], node["alias"], folder)
        connection.execute("UPDATE so_cai.nut_dung SET lan = NULL WHERE nut LIKE 'model.%'")
    return taken


def _replace(connection: duckdb.DuckDBPyConnection, schema: str, table: str, folder: Path) -> int:
    files = folder / schema / table
    if not any(files.glob("*.parquet")):
        raise TakeoverError(f"{schema}.{table}: Spark không ghi bảng này")
    ours, theirs = f"{identifier(schema)}.{identifier(table)}", f"read_parquet({literal(str(files / '*.parquet'))})"
    names = [
        [str(row[0]) for row in connection.execute(f"DESCRIBE {what}").fetchall()]
        for what in (ours, f"SELECT * FROM {theirs}")
    ]
    if names[0] != names[1]:
        raise TakeoverError(f"{schema}.{table}: khác cột: {sorted(set(names[0]) ^ set(names[1])) or 'thứ tự'}")
    connection.execute(f"DELETE FROM {ours}")
    connection.execute(f"INSERT INTO {ours} SELECT * FROM {theirs}")
    return int(connection.execute(f"SELECT count(*) FROM {ours}").fetchall()[0][0])
