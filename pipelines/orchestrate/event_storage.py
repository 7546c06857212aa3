"""Dagster's SQLite event storage with connections that stay open.

The stock storage makes a new engine for each event, and compiles its statements anew: nine milliseconds of CPU, a
thousand times a night. Files, tables and what the web UI reads are the stock storage's own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import StaticPool

_KEPT_OPEN = 8
_BUSY_SECONDS = 60
_THIN_BYTES = 1_000_000
DETAILS = (
    "'STEP_OUTPUT', 'STEP_INPUT', 'ASSET_MATERIALIZATION_PLANNED', 'ASSET_MATERIALIZATION', "
    "'ASSET_CHECK_EVALUATION_PLANNED', 'ASSET_CHECK_EVALUATION'"
)
"""Kinds of events that are no part of how a run went, for SQL."""
_DETAILS_OF_RUN = text(f"DELETE FROM event_logs WHERE run_id = :run AND dagster_event_type IN ({DETAILS})")
_CHECKS_OF_RUN = text(
    "DELETE FROM asset_check_executions WHERE run_id = :run "
    "AND id NOT IN (SELECT max(id) FROM asset_check_executions GROUP BY asset_key, check_name)"
)
CHECKS_THAT_PASSED = text(
    "DELETE FROM asset_check_executions WHERE run_id = :run AND execution_status = 'SUCCEEDED' "
    "AND id NOT IN (SELECT max(id) FROM asset_check_executions GROUP BY asset_key, check_name)"
)
TAGS_OF_NOTHING = text("DELETE FROM asset_event_tags WHERE event_id NOT IN (SELECT id FROM event_logs)")
_DETAILS_IN_INDEX = (
    CHECKS_THAT_PASSED,
    text(
        "DELETE FROM event_logs WHERE run_id = :run AND asset_key IS NOT NULL AND partition IS NULL AND id NOT IN "
        "(SELECT max(id) FROM event_logs WHERE asset_key IS NOT NULL GROUP BY asset_key, dagster_event_type)"
    ),
    TAGS_OF_NOTHING,
)
"""Partitions keep their events: the page of days that were made again rests on them."""
OLD_STATES = text(
    "DELETE FROM event_logs WHERE run_id = '' AND dagster_event_type = 'FRESHNESS_STATE_CHANGE' "
    "AND timestamp < :before AND id NOT IN (SELECT max(id) FROM event_logs WHERE dagster_event_type = "
    "'FRESHNESS_STATE_CHANGE' GROUP BY asset_key)"
)


class OpenSqliteEventLogStorage(SqliteEventLogStorage):
    """``SqliteEventLogStorage`` that keeps the engines of the files used last."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._there: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> OpenSqliteEventLogStorage:
        """As the stock storage, of this class."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            self._engines[shard] = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
            )
            event.listen(self._engines[shard], "connect", _write_without_waiting)
        self._engines.move_to_end(shard)
        while len(self._engines) > _KEPT_OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        """As the stock storage, which asks SQLite again for each event; a table that is there stays."""
        if table_name not in self._there and super().has_table(table_name):
            self._there.add(table_name)
        return table_name in self._there

    def is_detailed(self, run_id: str) -> bool:
        """Whether the run still has its details (see ``thin``), by the size of its file."""
        return self.size_of(run_id) > _THIN_BYTES

    def size_of(self, run_id: str) -> int:
        """Bytes of the run's own file; 0 where there is none."""
        file = Path(self.path_for_shard(run_id))
        return file.stat().st_size if file.exists() else 0

    def thin(self, run_id: str) -> None:
        """Keep of an ended run how it went: its steps, what failed, its log; of each asset and check the newest word.

        Ten megabytes of a night become some hundred kilobytes. What goes is what each step put out, what was planned,
        and what later nights say again of the same asset.
        """
        with self.run_connection(run_id) as connection:
            connection.execute(_DETAILS_OF_RUN, {"run": run_id})
        with self._db_lock:  # VACUUM runs in no transaction
            raw = self._engine(run_id).raw_connection()
            raw.rollback()
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with self.index_connection() as connection:
            for statement in _DETAILS_IN_INDEX:
                connection.execute(statement, {"run": run_id})

    def forget_states(self, before: datetime) -> None:
        """Remove changes of freshness (of no run) of before ``before`` (UTC, no zone), but the newest of each asset."""
        if self.size_of(""):
            with self.run_connection("") as connection:
                connection.execute(OLD_STATES, {"before": before})
        with self.index_connection() as connection:
            connection.execute(OLD_STATES, {"before": before})

    def delete_events(self, run_id: str) -> None:
        """As the stock storage, and the run's own file and outcomes of checks go, which the stock one leaves behind."""
        super().delete_events(run_id)
        with self.index_connection() as connection:
            connection.execute(_CHECKS_OF_RUN, {"run": run_id})
        with self._db_lock:
            engine = self._engines.pop(run_id, None)
            if engine is not None:
                engine.dispose()
            self._initialized_dbs.discard(run_id)
            file = Path(self.path_for_shard(run_id))
            for part in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
                part.unlink(missing_ok=True)

    def dispose(self) -> None:
        """Close every file."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()


def _write_without_waiting(connection: Any, _: Any) -> None:
    """In WAL mode a crash of the machine may lose the last events, never the file: they are a log, not the ledger."""
    connection.execute("PRAGMA synchronous = NORMAL")
