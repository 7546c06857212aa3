"""Persons whose records were removed on request stay removed when files of before are read again."""

from __future__ import annotations

import json
from collections.abc import Iterable

import duckdb

from pipelines.config.secret import secret_key
from pipelines.contracts.model import Contract, Kind
from pipelines.intake.values.identity import keyed_hash, read_identity
from pipelines.intake.values.text import clean_one
from pipelines.warehouse import changes

_KNOWN = "EXISTS (SELECT 1 FROM so_cai.tep o WHERE o.sha256 = t.sha256 AND o.nhan_luc <= {when})"
"""Bytes of ``so_cai.tep t`` that were known at the request, under whatever name and time the file is known now."""


def forget_again(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> int:
    """Remove what an old file, read again, has brought back (``so_cai.go_bo``); returns the rows. Called after intake.

    What a file first seen after the request says of the person is a new record: its source has to be told.
    """
    people = {str(row[0]) for row in connection.execute("SELECT khoa FROM so_cai.go_bo").fetchall()}
    if not people:
        return 0
    removed = 0
    for contract in contracts:
        for field in contract.fields:
            if field.kind is Kind.IDENTITY:
                rows = connection.execute(
                    f'DELETE FROM tho."{contract.table}" r USING so_cai.go_bo g, so_cai.tep t '
                    f'WHERE r."{field.name}_khoa" = g.khoa AND t.ma_tep = r._ma_tep AND {_KNOWN.format(when="g.luc")}'
                ).fetchall()
                removed += int(rows[0][0])
                if rows[0][0]:
                    changes.note_all(connection, contract.table, changes.Cause.PERSON_REMOVED)
    return removed + _quarantined(connection, people)


def _quarantined(connection: duckdb.DuckDBPyConnection, people: set[str]) -> int:
    secret = secret_key()
    rows = connection.execute(
        "SELECT d.ma_tep, d.trang_tinh, d.dong, d.noi_dung FROM so_cai.dong_cach_ly d JOIN so_cai.tep t USING (ma_tep) "
        f"WHERE {_KNOWN.format(when='(SELECT max(luc) FROM so_cai.go_bo)')} "
        "AND regexp_matches(d.noi_dung, '[0-9]{9}')"
    ).fetchall()
    places = [list(place) for *place, content in rows if _names_one(str(content), people, secret)]
    for table in ("dong_cach_ly", "cach_ly") if places else ():
        connection.executemany(f"DELETE FROM so_cai.{table} WHERE ma_tep = ? AND trang_tinh = ? AND dong = ?", places)
    return len(places)


def _names_one(content: str, people: set[str], secret: bytes) -> bool:
    cells = (clean_one(str(cell)) for cell in json.loads(content).values() if cell is not None)
    numbers = (read_identity(cell)[0] for cell in cells)
    return any(number is not None and keyed_hash(secret, number) in people for number in numbers)
