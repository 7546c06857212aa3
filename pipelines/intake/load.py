"""One file into the warehouse: rows, quarantine, findings and ledger together, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import polars as pl

from pipelines.contracts.model import Contract, Kind
from pipelines.intake.conform import Conformed
from pipelines.intake.digest import key_parameters, key_sql, values_sql
from pipelines.intake.layout import Table

_STATE = ["_khoa", "_gia_tri"]
_PLACE = ["_thu_tu", "_dong", "_khoa"]


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
    """Digests the batches of one file as they come, then loads them; nothing is written before ``finish``.

    The wide rows stay in Arrow memory, text shared with the cells read: which of them are new is decided on
    their digests alone, and each is written once, to its place.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, file_id: str, sha256: str, secret: bytes
    ) -> None:
        self._connection = connection
        self._contract = contract
        self._file = file_id
        self._sha256 = sha256
        self._secret = secret
        self._read = 0
        self._batches: list[pl.DataFrame] = []
        self._sheets: list[str] = []
        self._faults: list[pl.DataFrame] = []
        self._originals: list[pl.DataFrame] = []

    def add(self, table: Table, conformed: Conformed) -> None:
        """Take one batch of one sheet; batches come in file order."""
        contract, first = self._contract, self._read + 1
        rows = conformed.rows.with_columns(
            pl.int_range(first, first + conformed.rows.height, dtype=pl.Int64).alias("_thu_tu")
        )
        query = f"SELECT _thu_tu, {key_sql(contract)} AS _khoa, {values_sql(contract)} AS _gia_tri FROM nap_dong"
        with self._registered("nap_dong", rows):
            digests = self._connection.execute(query, key_parameters(contract, self._secret)).pl().sort("_thu_tu")
        self._batches.append(rows.hstack(digests.select(_STATE)))
        self._sheets.append(table.sheet.name)
        if conformed.faults.height:
            self._faults.append(conformed.faults.with_columns(pl.col("vi_tri").cast(pl.Int64) + first))
        if conformed.originals:
            places = [position + first for position in conformed.originals]
            texts = list(conformed.originals.values())
            self._originals.append(pl.DataFrame({"_thu_tu": places, "noi_dung": texts}))
        self._read += rows.height

    def withdraw(self) -> pl.DataFrame:
        """Take the states out that the raw table shows for this file; returns their digests."""
        table = f"tho.{self._contract.table}"
        states = self._connection.execute(f"SELECT _khoa, _gia_tri FROM {table} WHERE _ma_tep = ?", [self._file]).pl()
        self._connection.execute(f"DELETE FROM {table} WHERE _ma_tep = ?", [self._file])
        return states

    def missing(self, states: pl.DataFrame) -> int:
        """How many of ``states`` the raw table does not hold any more."""
        with self._registered("nap_cu", states):
            return int(
                self._connection.execute(
                    f"SELECT count(*) FROM nap_cu c ANTI JOIN tho.{self._contract.table} t "
                    "ON t._khoa = c._khoa AND t._gia_tri = c._gia_tri"
                ).fetchall()[0][0]
            )

    def last_event(self, now: datetime) -> datetime | None:
        """Latest event in the rows that are sound; what lies a day ahead of ``now`` is a slip of the pen."""
        ahead = now + timedelta(days=1)
        moments = [_moment(self._contract, name) for name in self._contract.events]
        latest = [
            value
            for rows in self._batches
            if moments
            for value in rows.filter(~pl.col("_xau")).select(m.filter(m <= ahead).max() for m in moments).row(0)
        ]
        return max((value for value in latest if value is not None), default=None)

    def finish(self, times: Times) -> Counts:
        """Load new states, move the sighting of held ones, enter quarantine and findings; returns the counts.

        A held state keeps the newest of its sightings by rule R8 (file time, hash, row order): its own time
        is the same in both.
        """
        sound = pl.concat(rows.filter(~pl.col("_xau")).select(*_PLACE, "_gia_tri") for rows in self._batches)
        shown = sound.unique(subset=_STATE, keep="last", maintain_order=True)
        held = self._held(shown, times)
        older = held.filter(~pl.col("moi_hon"))
        kept = shown.join(older, on=_STATE, how="anti", maintain_order="left") if older.height else shown
        moved = held.height - older.height
        if moved:
            self._forget_sightings(held.filter("moi_hon"))
        self._write(kept)
        self._enter_findings(kept)
        bad = self._read - sound.height
        if bad:
            self._enter_quarantine()
        loaded = kept.height - moved
        return Counts(read=self._read, loaded=loaded, quarantined=bad, repeated=self._read - bad - loaded)

    def _held(self, shown: pl.DataFrame, times: Times) -> pl.DataFrame:
        """States of ``shown`` that the warehouse holds: their sighting, and ``moi_hon``: this file's is newer."""
        with self._registered("nap_moi", shown.select(_STATE)):
            return self._connection.execute(
                f"SELECT t._khoa, t._gia_tri, t._ma_tep, t._trang_tinh, t._dong, "
                f"coalesce(? > f.thoi_diem OR (? = f.thoi_diem AND ? > f.sha256), true) AS moi_hon "
                f"FROM tho.{self._contract.table} t JOIN nap_moi m ON m._khoa = t._khoa AND m._gia_tri = t._gia_tri "
                f"LEFT JOIN so_cai.tep f ON f.ma_tep = t._ma_tep",
                [times.valid, times.valid, self._sha256],
            ).pl()

    def _forget_sightings(self, older: pl.DataFrame) -> None:
        """Take out the states that move here, with their findings: those go with the sighting."""
        with self._registered("nap_cu", older):
            self._connection.execute(
                f"DELETE FROM tho.{self._contract.table} t USING nap_cu c "
                "WHERE t._khoa = c._khoa AND t._gia_tri = c._gia_tri"
            )
            self._connection.execute(
                "DELETE FROM so_cai.loi_gia_tri l USING nap_cu c WHERE l.ma_tep = c._ma_tep "
                "AND l.trang_tinh = c._trang_tinh AND l.dong = c._dong AND l.khoa = c._khoa"
            )

    def _write(self, kept: pl.DataFrame) -> None:
        contract = self._contract
        values = [f'CAST("{name}" AS {sql_type})' for name, sql_type in contract.value_columns]
        targets = ", ".join(f'"{name}"' for name, _ in contract.columns)
        for sheet, rows in zip(self._sheets, self._batches, strict=True):
            new = rows if kept.height == self._read else rows.join(kept, on="_thu_tu", how="semi")
            if new.height == 0:
                continue
            state_time = f"CAST({_coalesced(contract, contract.state_time)} AS TIMESTAMP)"
            with self._registered("nap_dong", new):
                self._connection.execute(
                    f"INSERT INTO tho.{contract.table} ({targets}) SELECT {', '.join(values)}, _khoa, _gia_tri, ?, ?, "
                    f"_dong, _thu_tu, {state_time}, _goc FROM nap_dong",
                    [self._file, sheet],
                )

    def _enter_findings(self, kept: pl.DataFrame) -> None:
        if not self._faults:
            return
        faults = pl.concat(self._faults).rename({"vi_tri": "_thu_tu"})
        self._insert_at("loi_gia_tri", "khoa, cot, ly_do", faults.join(kept.select(_PLACE), on="_thu_tu"))

    def _enter_quarantine(self) -> None:
        bad = pl.concat(rows.filter("_xau").select(_PLACE) for rows in self._batches)
        cells = pl.concat(self._originals)
        self._insert_at("dong_cach_ly", "khoa, noi_dung", bad.join(cells, on="_thu_tu"))
        reasons = pl.concat(self._faults).rename({"vi_tri": "_thu_tu"}).filter("cach_ly")
        self._insert_at("cach_ly", "cot, ly_do", reasons.join(bad, on="_thu_tu"))

    def _insert_at(self, table: str, columns: str, rows: pl.DataFrame) -> None:
        """Rows of a ledger table that names file, sheet and row; ``khoa`` is the key's digest."""
        if rows.height == 0:
            return
        starts = [1]
        for batch in self._batches:
            starts.append(starts[-1] + batch.height)
        places = pl.DataFrame({"tu": starts[:-1], "trang_tinh": self._sheets}, schema_overrides={"tu": pl.Int64})
        placed = rows.rename({"_khoa": "khoa"}).sort("_thu_tu", *(["cot"] if "cot" in rows.columns else []))
        placed = placed.join_asof(places, left_on="_thu_tu", right_on="tu")
        with self._registered("nap_them", placed):
            self._connection.execute(
                f"INSERT INTO so_cai.{table} (ma_tep, trang_tinh, dong, {columns}) "
                f"SELECT ?, trang_tinh, _dong, {columns} FROM nap_them",
                [self._file],
            )

    @contextmanager
    def _registered(self, name: str, rows: pl.DataFrame) -> Iterator[None]:
        self._connection.register(name, rows.to_arrow(compat_level=pl.CompatLevel.newest()))
        try:
            yield
        finally:
            self._connection.unregister(name)


def _moment(contract: Contract, name: str) -> pl.Expr:
    suffix = "_den" if contract.by_name[name].kind is Kind.PARTIAL_DATE else ""
    return pl.col(name + suffix).cast(pl.Datetime("us")).alias(name)


def _coalesced(contract: Contract, names: tuple[str, ...]) -> str:
    columns = [f'"{n}_den"' if contract.by_name[n].kind is Kind.PARTIAL_DATE else f'"{n}"' for n in names]
    return f"coalesce({', '.join(f'CAST({c} AS TIMESTAMP)' for c in columns)}, NULL)" if columns else "NULL"
