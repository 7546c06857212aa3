"""Persons whose records were removed on request stay removed when files of before are read again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.config.secret import secret_key
from pipelines.contracts.model import Contract, Kind
from pipelines.intake.values.code_shape import PERSONAL
from pipelines.intake.values.identity import PASSPORT, SOME_NUMBER, keyed_hash, number_of_person, numbers_within
from pipelines.intake.values.text import clean_one
from pipelines.warehouse import changes

_KNOWN = "EXISTS (SELECT 1 FROM so_cai.tep o WHERE o.sha256 = t.sha256 AND o.nhan_luc <= {when})"
"""Bytes of ``so_cai.tep t`` that were known at the request, under whatever name and time the file is known now."""


def forget_again(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> int:
    """Remove what an old file, read again, has brought back (``so_cai.go_bo``); returns the rows. Called after intake.

    What a file first seen after the request says of the person is a new record: its source has to be told.
    """
    people = connection.execute("SELECT khoa, max(luc) FROM so_cai.go_bo GROUP BY 1 ORDER BY 1").fetchall()
    contracts = list(contracts)
    removed = sum(_Request(connection, contracts, str(key), when).again() for key, when in people)
    return removed + (_quarantined(connection, {str(key) for key, _ in people}) if people else 0)


def dossier_holders(contracts: Iterable[Contract]) -> list[tuple[str, str, str]]:
    """Raw tables of dossiers that bear a person's number: table, column of the code, column of the number."""
    return [
        (contract.table, code, field.name)
        for contract in contracts
        for code in _dossier_code(contract)
        for field in contract.fields
        if field.kind is Kind.IDENTITY
    ]


def dossier_texts(contracts: Iterable[Contract], code: str) -> list[tuple[str, tuple[str, ...]]]:
    """Raw tables that tell of a dossier in personal columns: table, these columns."""
    found = [(c.table, tuple(f.name for f in c.fields if f.sensitivity in PERSONAL)) for c in contracts
             if code in _dossier_code(c)]  # fmt: skip
    return [(table, fields) for table, fields in found if fields]


def bears_number(identity: str) -> str:
    """SQL: the column of identity numbers holds one, or a passport, which is kept as it was read."""
    return f"""("{identity}" IS NOT NULL OR coalesce(regexp_matches("{identity}_goc", '{PASSPORT}'), false))"""


def _dossier_code(contract: Contract) -> list[str]:
    return [f.name for f in contract.fields if f.kind is Kind.DOSSIER_CODE and contract.is_key(f.name)]


@dataclass(frozen=True)
class _Request:
    """A person who was removed, by the keyed hash, and when."""

    connection: duckdb.DuckDBPyConnection
    contracts: list[Contract]
    key: str
    when: datetime

    def again(self) -> int:
        """Remove what files known at the request have brought back of the person; the rows."""
        removed = 0
        for contract in self.contracts:
            for field in contract.fields:
                if field.kind is Kind.IDENTITY:
                    who = {"key": self.key, "as_read": self._texts(contract, f"{field.name}_goc")}
                    named = (
                        f'(r."{field.name}_khoa" = $key '
                        f'OR list_contains(CAST($as_read AS VARCHAR[]), r."{field.name}_goc"))'
                    )
                    codes = self._codes(contract, named, who)
                    removed += self._delete(contract, named, who)
                    removed += self._of_dossiers(contract, field.name, codes) if codes else 0
                elif field.kind is Kind.TEXT and field.sensitivity in PERSONAL:
                    removed += self._in_text(contract, field.name)
        return removed

    def _delete(self, contract: Contract, test: str, values: Mapping[str, object]) -> int:
        rows = self.connection.execute(
            f'DELETE FROM tho."{contract.table}" r USING so_cai.tep t '
            f"WHERE {test} AND t.ma_tep = r._ma_tep AND {_KNOWN.format(when='$when')}",
            {**values, "when": self.when},
        ).fetchall()
        if rows[0][0]:
            changes.note_all(self.connection, contract.table, changes.Cause.PERSON_REMOVED)
        return int(rows[0][0])

    def _codes(self, contract: Contract, named: str, who: Mapping[str, object]) -> list[str]:
        rows = [
            row
            for code in _dossier_code(contract)
            for row in self.connection.execute(
                f'SELECT DISTINCT "{code}" FROM tho."{contract.table}" r WHERE {named}', who
            ).fetchall()
        ]
        return sorted(str(code) for (code,) in rows)

    def _of_dossiers(self, holder: Contract, identity: str, codes: list[str]) -> int:
        """What is told of the dossiers without a number, but of those that are somebody else's in another state."""
        code = _dossier_code(holder)[0]
        others = self.connection.execute(
            f'SELECT DISTINCT "{code}" FROM tho."{holder.table}" '
            f'WHERE {bears_number(identity)} AND list_contains(?, "{code}")',
            [codes],
        ).fetchall()
        mine = sorted({*codes} - {str(row[0]) for row in others})
        removed = 0
        for contract in self.contracts:
            if dossier_texts([contract], code):
                nobody = "".join(f" AND NOT {bears_number(f.name)}" for f in contract.fields if f.kind is Kind.IDENTITY)
                removed += self._delete(contract, f'list_contains($codes, r."{code}"){nobody}', {"codes": mine})
        return removed

    def _in_text(self, contract: Contract, name: str) -> int:
        """Rows whose free text names the number."""
        found = self._texts(contract, name)
        return self._delete(contract, f'list_contains($texts, r."{name}")', {"texts": found}) if found else 0

    def _texts(self, contract: Contract, column: str) -> list[str]:
        """Texts of a column that name the number: a passport in the column of identity numbers too."""
        secret = secret_key()
        texts = self.connection.execute(
            f'SELECT DISTINCT "{column}" FROM tho."{contract.table}" WHERE regexp_matches("{column}", ?)', [SOME_NUMBER]
        ).fetchall()
        return [str(text) for (text,) in texts if _says_one(str(text), {self.key}, secret)]


def _says_one(text: str, people: set[str], secret: bytes) -> bool:
    return any(keyed_hash(secret, number) in people for number in numbers_within(text))


def _quarantined(connection: duckdb.DuckDBPyConnection, people: set[str]) -> int:
    secret = secret_key()
    rows = connection.execute(
        "SELECT d.ma_tep, d.trang_tinh, d.dong, d.noi_dung FROM so_cai.dong_cach_ly d JOIN so_cai.tep t USING (ma_tep) "
        f"WHERE {_KNOWN.format(when='(SELECT max(luc) FROM so_cai.go_bo)')} "
        "AND regexp_matches(d.noi_dung, '[0-9]{7}')"
    ).fetchall()
    places = [list(place) for *place, content in rows if _names_one(str(content), people, secret)]
    for table in ("dong_cach_ly", "cach_ly") if places else ():
        connection.executemany(f"DELETE FROM so_cai.{table} WHERE ma_tep = ? AND trang_tinh = ? AND dong = ?", places)
    return len(places)


def _names_one(content: str, people: set[str], secret: bytes) -> bool:
    cells = (clean_one(str(cell)) for cell in json.loads(content).values() if cell is not None)
    numbers = (number_of_person(cell) for cell in cells)
    return any(number is not None and keyed_hash(secret, number) in people for number in numbers)
