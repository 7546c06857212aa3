"""One file into the warehouse: rows, quarantine, findings and ledger together, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import polars as pl

from pipelines.contracts.model import Contract, Kind
from pipelines.intake.conform import Conformed
from pipelines.intake.digest import key_parameters, key_sql, values_sql
from pipelines.intake.layout import Table


@dataclass(frozen=True)
class Counts:
    """Rows of one file: ``read`` = ``loaded`` + ``quarantined`` + ``repeated``, always."""

    read: int = 0
    loaded: int = 0
    quarantined: int = 0
    repeated: int = 0


@dataclass(frozen=True)
class Times:
    """How new the file's states are (rule R8): export time, latest event, and the one that holds."""

    exported: datetime | None
    last_event: datetime | None
    valid: datetime


class FileLoad:
    """Stages the sheets of one file, then loads them; all in temporary tables until ``finish``."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, file_id: str, sha256: str, secret: bytes
    ) -> None:
        self._connection = connection
        self._contract = contract
        self._file = file_id
        self._sha256 = sha256
        self._secret = secret
        self._order = 0
        columns = ", ".join(f'"{name}" {sql_type}' for name, sql_type in contract.columns)
        for table, body in {
            "nap": f"{columns}, _xau BOOLEAN",
            "nap_loi": "thu_tu BIGINT, cot VARCHAR, ly_do VARCHAR, cach_ly BOOLEAN",
            "nap_goc": "thu_tu BIGINT, noi_dung VARCHAR",
        }.items():
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({body})")

    def add(self, table: Table, conformed: Conformed) -> None:
        """Stage one batch of one sheet; batches come in file order."""
        contract, start = self._contract, self._order
        rows = conformed.rows.with_row_index("_thu_tu", offset=start + 1)
        values = ", ".join(f'CAST("{name}" AS {sql_type})' for name, sql_type in contract.value_columns)
        state_time = _coalesced(contract, contract.state_time)
        self._connection.register("nap_dong", rows.to_arrow())
        self._connection.execute(
            f"INSERT INTO nap SELECT {values}, {key_sql(contract)}, {values_sql(contract)}, ?, ?, _dong, _thu_tu, "
            f"{state_time}, _goc, _xau FROM nap_dong",
            [*key_parameters(contract, self._secret), self._file, table.sheet.name],
        )
        self._connection.unregister("nap_dong")
        if conformed.faults.height:
            self._insert("nap_loi", conformed.faults.with_columns(pl.col("vi_tri").cast(pl.Int64) + start + 1))
        if conformed.originals:
            positions = [position + start + 1 for position in conformed.originals]
            texts = list(conformed.originals.values())
            self._insert("nap_goc", pl.DataFrame({"thu_tu": positions, "noi_dung": texts}))
        self._order += rows.height

    def _insert(self, table: str, frame: pl.DataFrame) -> None:
        self._connection.register("nap_them", frame.to_arrow())
        self._connection.execute(f"INSERT INTO {table} SELECT * FROM nap_them")
        self._connection.unregister("nap_them")

    def last_event(self, now: datetime) -> datetime | None:
        """Latest event in the staged rows that are sound; what lies a day ahead of ``now`` is a slip of the pen."""
        moments = [_moment(self._contract, name) for name in self._contract.events]
        if not moments:
            return None
        latest = ", ".join(f"max({m}) FILTER (WHERE {m} <= ?)" for m in moments)
        row = self._connection.execute(
            f"SELECT {latest} FROM nap WHERE NOT _xau", [now + timedelta(days=1)] * len(moments)
        ).fetchall()[0]
        return max((value for value in row if value is not None), default=None)

    def finish(self, times: Times) -> Counts:
        """Load new states, move the sighting of held ones, enter quarantine and findings; returns the counts.

        A held state keeps the newest of its sightings by rule R8 (file time, hash, row order): its own time
        is the same in both.
        """
        connection, target = self._connection, f"tho.{self._contract.table}"
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE nap_moi AS SELECT * EXCLUDE (hang) FROM (SELECT *, row_number() OVER "
            "(PARTITION BY _khoa, _gia_tri ORDER BY _thu_tu DESC) AS hang FROM nap WHERE NOT _xau) WHERE hang = 1"
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE nap_da_co AS SELECT t._khoa, t._gia_tri, t._ma_tep, t._trang_tinh, t._dong, "
            f"(? > f.thoi_diem OR (? = f.thoi_diem AND ? > f.sha256)) AS moi_hon FROM {target} t "
            f"JOIN nap_moi m ON m._khoa = t._khoa AND m._gia_tri = t._gia_tri "
            f"JOIN so_cai.tep f ON f.ma_tep = t._ma_tep",
            [times.valid, times.valid, self._sha256],
        )
        connection.execute(
            f"DELETE FROM {target} t USING nap_da_co c "
            f"WHERE c.moi_hon AND t._khoa = c._khoa AND t._gia_tri = c._gia_tri"
        )
        connection.execute(
            "DELETE FROM nap_moi m USING nap_da_co c "
            "WHERE NOT c.moi_hon AND m._khoa = c._khoa AND m._gia_tri = c._gia_tri"
        )
        names = ", ".join(f'"{name}"' for name, _ in self._contract.columns)
        connection.execute(f"INSERT INTO {target} ({names}) SELECT {names} FROM nap_moi ORDER BY _thu_tu")
        counts = self._counts()
        self._enter_findings()
        self._enter_quarantine()
        return counts

    def _counts(self) -> Counts:
        read, bad, shown, held_newer = self._connection.execute(
            "SELECT (SELECT count(*) FROM nap), (SELECT count(*) FROM nap WHERE _xau), "
            "(SELECT count(*) FROM nap_moi), (SELECT count(*) FROM nap_da_co WHERE moi_hon)"
        ).fetchall()[0]
        loaded = shown - held_newer
        return Counts(read=read, loaded=loaded, quarantined=bad, repeated=read - bad - loaded)

    def _enter_findings(self) -> None:
        """Findings go with the sighting: those of a state that moved here are the new row's."""
        self._connection.execute(
            "DELETE FROM so_cai.loi_gia_tri l USING nap_da_co c WHERE c.moi_hon AND l.ma_tep = c._ma_tep "
            "AND l.trang_tinh = c._trang_tinh AND l.dong = c._dong AND l.khoa = c._khoa"
        )
        self._connection.execute(
            "INSERT INTO so_cai.loi_gia_tri (ma_tep, trang_tinh, dong, khoa, cot, ly_do) "
            "SELECT m._ma_tep, m._trang_tinh, m._dong, m._khoa, l.cot, l.ly_do FROM nap_loi l "
            "JOIN nap_moi m ON m._thu_tu = l.thu_tu ORDER BY m._thu_tu, l.cot"
        )

    def _enter_quarantine(self) -> None:
        self._connection.execute(
            "INSERT INTO so_cai.dong_cach_ly (ma_tep, trang_tinh, dong, khoa, noi_dung) "
            "SELECT n._ma_tep, n._trang_tinh, n._dong, n._khoa, g.noi_dung FROM nap n "
            "JOIN nap_goc g ON g.thu_tu = n._thu_tu WHERE n._xau ORDER BY n._thu_tu"
        )
        self._connection.execute(
            "INSERT INTO so_cai.cach_ly (ma_tep, trang_tinh, dong, cot, ly_do) "
            "SELECT n._ma_tep, n._trang_tinh, n._dong, l.cot, l.ly_do FROM nap n "
            "JOIN nap_loi l ON l.thu_tu = n._thu_tu WHERE n._xau AND l.cach_ly ORDER BY n._thu_tu, l.cot"
        )


def drop_staging(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove the temporary tables of the last file."""
    for table in ("nap", "nap_loi", "nap_goc", "nap_moi", "nap_da_co"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _moment(contract: Contract, name: str) -> str:
    suffix = "_den" if contract.by_name[name].kind is Kind.PARTIAL_DATE else ""
    return f'CAST("{name}{suffix}" AS TIMESTAMP)'


def _coalesced(contract: Contract, names: tuple[str, ...]) -> str:
    if not names:
        return "CAST(NULL AS TIMESTAMP)"
    return (
        f"coalesce({', '.join(_moment(contract, name) for name in names)})"
        if len(names) > 1
        else _moment(contract, names[0])
    )
