"""Records as linkage sees them: one row a record, names in comparable forms, dates as intervals.

Input is any relation with the columns of the register's view; output is table ``ban_ghi`` of a private in-memory
database. Its rows are personal data: they live in memory and in owner-only spill files only.
"""

from __future__ import annotations

import duckdb

from pipelines.linkage.names import define_macros
from pipelines.linkage.register import Register

TABLE = "ban_ghi"


def load_records(connection: duckdb.DuckDBPyConnection, source: str, register: Register) -> int:
    """Make table ``ban_ghi`` out of relation ``source``; returns the number of records.

    Columns: ids and facts as in the source; ``ten`` (tones kept), ``ten_khoa`` (folded), ``ten_xep``, ``ho``,
    ``ten_goi``; date of birth ``tu``–``den`` with ``nam``, ``ngay`` and ``ngay_doi`` (day and month swapped) where
    they are sure; the register's own columns; ``dau``, the digest that tells a changed record from one compared.
    """
    define_macros(connection)
    connection.execute(
        f"create or replace table {TABLE} as {register.features.format(source=source)} order by ma_ban_ghi"
    )
    return int(connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0])
