"""Dagster's events where one database holds those of every run (``dagster_rieng.yaml``: PostgreSQL): what goes in time.

As ``OpenSqliteEventLogStorage`` does it with a file a run: how a run went stays, and of each asset and check the
newest word. The database gives the room back by its own vacuum.
"""

from __future__ import annotations

from datetime import datetime

from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from sqlalchemy import text

from pipelines.orchestrate.event_storage import CHECKS_THAT_PASSED, DETAILS, OLD_STATES, TAGS_OF_NOTHING

_IS_DETAILED = text("SELECT 1 FROM event_logs WHERE run_id = :run AND dagster_event_type = 'STEP_OUTPUT' LIMIT 1")
_DETAILS_OF_RUN = text(
    f"DELETE FROM event_logs WHERE run_id = :run AND dagster_event_type IN ({DETAILS}) AND partition IS NULL "
    "AND id NOT IN (SELECT max(id) FROM event_logs WHERE asset_key IS NOT NULL GROUP BY asset_key, dagster_event_type) "
    "AND id NOT IN (SELECT evaluation_event_storage_id FROM asset_check_executions "
    "WHERE evaluation_event_storage_id IS NOT NULL)"
)


class SharedEvents:
    """What retention asks of such a storage."""

    def __init__(self, storage: SqlEventLogStorage) -> None:
        self._storage = storage

    def is_detailed(self, run_id: str) -> bool:
        """Whether the run still has its details (see ``thin``)."""
        with self._storage.index_connection() as connection:
            return connection.execute(_IS_DETAILED, {"run": run_id}).first() is not None

    def size_of(self, run_id: str) -> int:  # noqa: ARG002 - the question is the same for both kinds of storage
        """0: rows of one table have no size of their own."""
        return 0

    def thin(self, run_id: str) -> None:
        """Keep of an ended run its steps, what failed, its log; of each asset and check the newest word."""
        with self._storage.index_transaction() as connection:
            for statement in (CHECKS_THAT_PASSED, _DETAILS_OF_RUN):
                connection.execute(statement, {"run": run_id})
            connection.execute(TAGS_OF_NOTHING)

    def forget_states(self, before: datetime) -> None:
        """Remove changes of freshness (of no run) of before ``before`` (UTC, no zone), but the newest of each asset."""
        with self._storage.index_transaction() as connection:
            connection.execute(OLD_STATES, {"before": before})
