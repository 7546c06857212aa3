"""Records as linkage sees them: one row a record, names in comparable forms, dates as intervals.

Input is any relation with the columns of the register's view; output is ``ban_ghi`` of a private in-memory database: a
table, or a view of what the working warehouse keeps in schema ``lien_ket`` so that a name is brought into comparable
form once. Its rows are personal data: they live in the owner-only warehouse, in memory and in owner-only spill files.
"""

from __future__ import annotations

import hashlib

import duckdb

from pipelines.linkage.names import MACROS, define_macros
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


def keep_records(connection: duckdb.DuckDBPyConnection, warehouse: str, register: Register) -> int:
    """Bring ``lien_ket.<register>`` of the attached warehouse up to date, show it as ``ban_ghi``, return its records.

    Only keys that the night's build changed are read again, where what is kept stands as of the build before.
    """
    define_macros(connection)
    source = f"{warehouse}.trung_gian.{register.view}"
    kept = f"{warehouse}.lien_ket.{register.name}"
    mark = hashlib.sha256("\0".join([register.features, *MACROS]).encode()).hexdigest()
    changed = _changed_keys(connection, warehouse, register, mark)
    connection.execute("begin")
    connection.execute(f"create schema if not exists {warehouse}.lien_ket")
    if changed is None:
        connection.execute(
            f"create or replace table {kept} as {register.features.format(source=source)} order by ma_ban_ghi"
        )
    elif changed:
        only = f"(select * from {source} where _khoa in (select _khoa from {changed}))"
        connection.execute(f"delete from {kept} where _khoa in (select _khoa from {changed})")
        connection.execute(f"insert into {kept} {register.features.format(source=only)}")
    connection.execute(f"delete from {warehouse}.so_cai.lien_ket where loai_so = ?", [register.name])
    connection.execute(
        f"insert into {warehouse}.so_cai.lien_ket "
        f"select ?, case when dang_dung then lan end, ? from {warehouse}.so_cai.dung",
        [register.name, mark],
    )
    connection.execute("commit")
    connection.execute(f"create or replace temp view {TABLE} as select * from {kept}")
    return int(connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0])


def _changed_keys(connection: duckdb.DuckDBPyConnection, warehouse: str, register: Register, mark: str) -> str | None:
    """The relation with the changed keys (``_khoa``), empty where none changed; None: all has to be read."""
    node = f"stg_ho_tich__{register.name}"
    rows = connection.execute(
        f"select n.doi_lan > d.lan_nen, n.toan_lan > d.lan_nen from {warehouse}.so_cai.dung d "
        f"join {warehouse}.so_cai.lien_ket l on l.loai_so = ? and l.lan = d.lan_nen and l.dau = ? "
        f"join {warehouse}.so_cai.nut_dung n on n.nut = ? and n.lan = d.lan where d.dang_dung and not d.toan_bo",
        [register.name, mark, f"model.kho06.{node}"],
    ).fetchall()
    if not rows or rows[0][1]:
        return None
    return f"{warehouse}.doi.stg__{node}" if rows[0][0] else ""
