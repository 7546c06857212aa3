"""The ledger of what changed: keys of the raw layer that a run touched, by cause (``so_cai.khoa_doi``).

Whatever writes to a raw table says here which keys it touched, in its own transaction: a row that came, went, moved to
another file, or whose file got another time. The next build replaces what is made of these keys and takes the entries
out once it has gone through (``warehouse.plan``). Before the first whole build there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import duckdb

from pipelines.contracts.model import Contract

DOSSIER = "ma_ho_so"
"""Field that names the dossier a row is about: steps, payments and ratings have keys of their own."""


class Cause(StrEnum):
    """Why keys were touched, as the ledger names it."""

    NEW_FILE = "tep_moi"
    READ_AGAIN = "doc_lai"
    OTHER_SIGHTING = "lan_khac"
    FILE_TIME = "gio_tep"
    PERSON_REMOVED = "go_bo"
    RETENTION = "luu_giu"


def is_watched(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether some build has gone through: only then is there something that keys can be replaced in."""
    rows = connection.execute("SELECT 1 FROM so_cai.dung WHERE NOT dang_dung OR lan_nen IS NOT NULL").fetchall()
    return bool(rows)


def note(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: str,
    cause: Cause,
    parameters: Sequence[Any] | Mapping[str, Any] = (),
) -> None:
    """Enter the keys of raw rows, given as what follows ``FROM`` with the rows under alias ``x``."""
    if not is_watched(connection):
        return
    dossier = f'x."{DOSSIER}"' if DOSSIER in contract.by_name else "CAST(NULL AS VARCHAR)"
    connection.execute(
        "INSERT INTO so_cai.khoa_doi SELECT DISTINCT (SELECT max(so_lan) FROM so_cai.lan_chay), "
        f"'{contract.table}', x._khoa, {dossier}, '{cause}' FROM {rows}",
        parameters,
    )


def note_all(connection: duckdb.DuckDBPyConnection, table: str, cause: Cause) -> None:
    """Enter a raw table as changed in a reach that nobody knows: all that is made of it is built whole."""
    if is_watched(connection):
        connection.execute(
            "INSERT INTO so_cai.khoa_doi SELECT (SELECT max(so_lan) FROM so_cai.lan_chay), ?, NULL, NULL, ?",
            [table, str(cause)],
        )


def forget_base(connection: duckdb.DuckDBPyConnection) -> None:
    """The next build builds everything whole: rows were taken out of tables that no entry tells of."""
    connection.execute("DELETE FROM so_cai.dung")
