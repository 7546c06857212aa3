"""One file into the warehouse: rows, quarantine, findings and ledger together, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import polars as pl
import pyarrow as pa

from pipelines.contracts.model import Contract, Kind
from pipelines.intake.laid_out.layout import Table
from pipelines.intake.laid_out.titles import Window
from pipelines.intake.loaded.digest import key_parameters, key_sql, values_sql
from pipelines.intake.loaded.sightings import Sightings
from pipelines.intake.typed.conform import Conformed
from pipelines.warehouse import changes, order

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
    """How new the file's states are (rule R8): export time, latest event of all, the run that first saw the file.

    What holds as of a day is written by ``warehouse.order.settle``; nothing here is cut by the clock. ``window``: the
    days that the file says it holds, rows or not.
    """

    exported: datetime | None
    last_event: datetime | None
    first_seen: datetime
    window: Window | None

    @property
    def valid(self) -> datetime:
        """The one of them that holds for now."""
        return self.exported or self.last_event or self.first_seen


@dataclass(frozen=True)
class Origin:
    """The file that rows come from, and the time of the run (naive Vietnam time)."""

    file_id: str
    sha256: str
    now: datetime


class FileLoad:
    """Writes the batches of one file as they come, the last one first: no batch outlives its turn.

    From the end of the file to its start, so that of a state which the file shows several times the sighting that
    counts, the last, is the first one met. States that another file holds wait in a temporary table until the
    file's time, which its last event may decide, is known.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        origin: Origin,
        secret: bytes,
    ) -> None:
        self._connection = connection
        self._contract = contract
        self._file = origin.file_id
        self._sha256 = origin.sha256
        self._secret = secret
        self._now = origin.now
        self._moments = [_moment(contract, name).alias(name) for name in contract.events]
        self._read = self._loaded = self._quarantined = 0
        self._waiting: list[pl.DataFrame] = []
        self._waiting_faults: list[pl.DataFrame] = []
        self._days: dict[date, datetime] = {}
        self._before: pl.DataFrame | None = None

    @property
    def _cause(self) -> changes.Cause:
        return changes.Cause.NEW_FILE if self._before is None else changes.Cause.READ_AGAIN

    @property
    def last_event(self) -> datetime | None:
        """Latest event in the sound rows so far, slips of the pen included: the as-of day of the build judges."""
        return max(self._days.values(), default=None)

    def add(self, table: Table, first: int, conformed: Conformed) -> None:
        """Take one batch of one sheet, its first row being number ``first`` of the file; the last batch first."""
        end = first + conformed.rows.height
        rows = self._digested(conformed.rows.with_columns(pl.int_range(first, end, dtype=pl.Int64).alias("_thu_tu")))
        sheet = table.sheet.name
        faults = conformed.faults.with_columns((pl.col("vi_tri").cast(pl.Int64) + first).alias("_thu_tu"))
        faults = faults.drop("vi_tri")
        sound = rows
        if rows.get_column("_xau").any():
            sound = rows.filter(~pl.col("_xau"))
            self._quarantine(rows, faults, conformed.originals, first, sheet)
        self._read += rows.height
        self._note_events(sound)
        states = sound.select(*_PLACE, "_gia_tri")
        shown = states.unique(subset=_STATE, keep="last", maintain_order=True)
        held = self._held(sound)
        new = shown.join(held, on=_STATE, how="anti", maintain_order="left") if held.height else shown
        self._loaded += new.height
        if new.height:
            self._write(rows if new.height == rows.height else rows.join(new, on="_thu_tu", how="semi"), sheet)
            self._enter_findings(faults, new, sheet)
        elsewhere = held.filter(pl.col("_ma_tep") != self._file)
        if elsewhere.height:
            self._wait(rows, shown.join(elsewhere, on=_STATE), faults, sheet)

    def withdraw(self) -> pl.DataFrame:
        """Take the states out that the raw table shows for this file; returns their digests."""
        self._before = Sightings(self._connection, self._contract, self._file).withdraw()
        return self._before

    def missing(self, states: pl.DataFrame) -> int:
        """How many of ``states`` the raw table does not hold any more."""
        with self._registered("nap_cu", states):
            return int(
                self._connection.execute(
                    f"SELECT count(*) FROM nap_cu c ANTI JOIN tho.{self._contract.table} t "
                    "ON t._khoa = c._khoa AND t._gia_tri = c._gia_tri"
                ).fetchall()[0][0]
            )

    def finish(self, times: Times) -> Counts:
        """Enter the sightings of held states, and the days of events; returns the counts.

        The newest of the sightings by rule R8 counts (file time, hash, row order), the state's own time being the
        same in all: those that are the newest under some as-of day are kept.
        """
        self._enter_days()
        if self._waiting:
            states = pl.concat(self._waiting).sort("_thu_tu").unique(subset=_STATE, keep="last", maintain_order=True)
            self._move(states, times)
            self._connection.execute("DROP TABLE temp.nap_cho")
        changes.note(
            self._connection,
            self._contract,
            f"tho.{self._contract.table} x WHERE x._ma_tep = ?",
            self._cause,
            [self._file],
        )
        if self._before is not None:
            Sightings(self._connection, self._contract, self._file).keep_first(self._before)
        self._connection.execute("DROP TABLE IF EXISTS temp.nap_dau")
        repeated = self._read - self._quarantined - self._loaded
        return Counts(read=self._read, loaded=self._loaded, quarantined=self._quarantined, repeated=repeated)

    def _digested(self, rows: pl.DataFrame) -> pl.DataFrame:
        """``rows`` with ``_khoa`` and ``_gia_tri``, which stay in ``nap_dau`` for ``_held``."""
        contract = self._contract
        with self._registered("nap_dong", rows):
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE nap_dau AS SELECT _thu_tu, {key_sql(contract)} AS _khoa, "
                f"{values_sql(contract)} AS _gia_tri, _xau FROM nap_dong",
                key_parameters(contract, self._secret),
            )
        digests = self._connection.sql("SELECT _thu_tu, _khoa, _gia_tri FROM temp.nap_dau").pl()
        return rows.hstack(digests.sort("_thu_tu").select(_STATE))

    def _note_events(self, sound: pl.DataFrame) -> None:
        """Remember the last moment of every day that the sound rows have an event on."""
        if not self._moments or not sound.height:
            return
        moments = pl.concat([sound.select(moment.alias("luc")) for moment in self._moments]).drop_nulls()
        for day, moment in moments.group_by(pl.col("luc").dt.date().alias("ngay")).agg(pl.col("luc").max()).rows():
            self._days[day] = max(moment, self._days.get(day, moment))

    def _enter_days(self) -> None:
        self._connection.execute("DELETE FROM so_cai.ngay_su_kien WHERE ma_tep = ?", [self._file])
        if self._days:
            days = pl.DataFrame(
                {"ngay": list(self._days), "luc_cuoi": list(self._days.values())},
                schema={"ngay": pl.Date, "luc_cuoi": pl.Datetime("us")},
            ).sort("ngay")
            with self._registered("nap_ngay", days):
                self._connection.execute(
                    "INSERT INTO so_cai.ngay_su_kien SELECT ?, ngay, luc_cuoi FROM nap_ngay", [self._file]
                )

    def _held(self, sound: pl.DataFrame) -> pl.DataFrame:
        """States of the ``sound`` rows that the warehouse holds, earlier batches included, with their sighting.

        Equal states have equal days, so no row is asked that lies outside the days of the batch: files come by months,
        and DuckDB passes over what lies wholly outside instead of looking through all of a feed for every batch.
        """
        days = [name for name in self._contract.events if sound.height and not sound[name].null_count()]
        within = " AND ".join(f't."{name}" >= ? AND t."{name}" <= ?' for name in days) or "true"
        return self._connection.sql(
            "SELECT t._khoa, t._gia_tri, t._ma_tep, t._trang_tinh, t._dong AS dong_cu "
            f"FROM tho.{self._contract.table} t "
            "SEMI JOIN temp.nap_dau m ON m._khoa = t._khoa AND m._gia_tri = t._gia_tri AND NOT m._xau "
            f"WHERE {within}",
            params=[edge for name in days for edge in (sound[name].min(), sound[name].max())],
        ).pl()

    def _wait(self, rows: pl.DataFrame, states: pl.DataFrame, faults: pl.DataFrame, sheet: str) -> None:
        with self._registered("nap_dong", rows.join(states, on="_thu_tu", how="semi")):
            put = "INSERT INTO temp.nap_cho" if self._waiting else "CREATE TEMP TABLE nap_cho AS"
            self._connection.execute(f"{put} SELECT *, ?::VARCHAR AS trang_moi FROM nap_dong", [sheet])
        self._waiting.append(states.with_columns(pl.lit(sheet).alias("trang_moi")))
        self._waiting_faults.append(faults.join(states, on="_thu_tu", how="semi"))

    def _move(self, states: pl.DataFrame, times: Times) -> None:
        """Bring those of ``states`` here whose sighting in this file is the newer one, or keep it beside."""
        sightings = Sightings(self._connection, self._contract, self._file)
        with self._registered("nap_moi", states):
            self._connection.execute("CREATE TEMP TABLE nap_lan AS SELECT * FROM nap_moi")
        sightings.place(self._profile(times))
        for target, findings, wanted in (
            (f"tho.{self._contract.table}", "loi_gia_tri", "chuyen"),
            (f"lan_thay.{self._contract.table}", "loi_lan_thay", "giu"),
        ):
            chosen = self._connection.sql("SELECT * FROM temp.nap_cho_dat WHERE viec = ?", params=[wanted]).pl()
            if not chosen.height:
                continue
            faults = pl.concat(self._waiting_faults)
            for (sheet,) in chosen.select("trang_moi").unique().rows():
                source = f"temp.nap_cho SEMI JOIN (SELECT _thu_tu FROM temp.nap_cho_dat WHERE viec = '{wanted}') d"
                self._insert(f"{source} USING (_thu_tu) WHERE trang_moi = $trang", sheet, target)
                self._enter_findings(faults, chosen.filter(pl.col("trang_moi") == sheet), sheet, findings)
        sightings.restore_first()

    def _profile(self, times: Times) -> order.Profile:
        known = self._connection.execute(
            "SELECT 1 FROM so_cai.tep WHERE ma_tep = ? AND trang_thai = 'da_nap'", [self._file]
        ).fetchall()
        if known and times.exported is None and not self._days:
            return order.profiles(self._connection, [self._file])[self._file]
        seen = order.run_time(self._connection, self._now)
        return order.profile(times.exported, sorted(self._days.items()), seen, self._sha256)

    def _write(self, rows: pl.DataFrame, sheet: str) -> None:
        with self._registered("nap_dong", rows):
            self._insert("nap_dong", sheet, f"tho.{self._contract.table}")

    def _insert(self, source: str, sheet: str, table: str) -> None:
        contract = self._contract
        values = [f'CAST("{name}" AS {sql_type})' for name, sql_type in contract.value_columns]
        targets = ", ".join(f'"{name}"' for name, _ in contract.columns)
        state_time = f"CAST({_coalesced(contract, contract.state_time)} AS TIMESTAMP)"
        self._connection.execute(
            f"INSERT INTO {table} ({targets}) SELECT {', '.join(values)}, _khoa, _gia_tri, $tep, $trang, "
            f"_dong, _thu_tu, {state_time}, _goc, $tep FROM {source}",
            {"tep": self._file, "trang": sheet},
        )

    def _enter_findings(self, faults: pl.DataFrame, kept: pl.DataFrame, sheet: str, table: str = "loi_gia_tri") -> None:
        if faults.height:
            found = faults.join(kept.select(_PLACE), on="_thu_tu")
            self._insert_at(table, "khoa, cot, ly_do", found, sheet)

    def _quarantine(
        self, rows: pl.DataFrame, faults: pl.DataFrame, originals: dict[int, str], first: int, sheet: str
    ) -> None:
        bad = rows.filter("_xau").select(_PLACE)
        cells = pl.DataFrame(
            {"_thu_tu": [place + first for place in originals], "noi_dung": list(originals.values())},
            schema={"_thu_tu": pl.Int64, "noi_dung": pl.String},
        )
        self._insert_at("dong_cach_ly", "khoa, noi_dung", bad.join(cells, on="_thu_tu"), sheet)
        self._insert_at("cach_ly", "cot, ly_do", faults.filter("cach_ly").join(bad, on="_thu_tu"), sheet)
        self._quarantined += bad.height

    def _insert_at(self, table: str, columns: str, rows: pl.DataFrame, sheet: str) -> None:
        """Rows of a ledger table that names file, sheet and row; ``khoa`` is the key's digest."""
        if rows.height == 0:
            return
        placed = rows.rename({"_khoa": "khoa"}).sort("_thu_tu", *(["cot"] if "cot" in rows.columns else []))
        with self._registered("nap_them", placed):
            self._connection.execute(
                f"INSERT INTO so_cai.{table} (ma_tep, trang_tinh, dong, {columns}) "
                f"SELECT ?, ?, _dong, {columns} FROM nap_them",
                [self._file, sheet],
            )

    @contextmanager
    def _registered(self, name: str, rows: pl.DataFrame) -> Iterator[None]:
        """``rows`` as a source that can be read once: as a table, DuckDB would hand it filters that Arrow lacks."""
        self._connection.register(name, read_once(rows))
        try:
            yield
        finally:
            self._connection.unregister(name)


def read_once(rows: pl.DataFrame) -> pa.RecordBatchReader:
    """``rows`` for one reading, after which nothing of them is held.

    DuckDB keeps what was registered in a transaction until its end, also once it is unregistered: a reader of a table
    would keep every batch of a file, up to the last one.
    """
    table = rows.to_arrow(compat_level=pl.CompatLevel.newest())
    batches = table.to_batches()

    def handed_over() -> Iterator[pa.RecordBatch]:
        while batches:
            yield batches.pop(0)

    return pa.RecordBatchReader.from_batches(table.schema, handed_over())


def _moment(contract: Contract, name: str) -> pl.Expr:
    suffix = "_den" if contract.by_name[name].kind is Kind.PARTIAL_DATE else ""
    return pl.col(name + suffix).cast(pl.Datetime("us")).alias(name)


def _coalesced(contract: Contract, names: tuple[str, ...]) -> str:
    columns = [f'"{n}_den"' if contract.by_name[n].kind is Kind.PARTIAL_DATE else f'"{n}"' for n in names]
    return f"coalesce({', '.join(f'CAST({c} AS TIMESTAMP)' for c in columns)}, NULL)" if columns else "NULL"
