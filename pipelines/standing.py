"""A night in which nothing changed: what is published already says all that another publication would say.

Nothing is written then, neither the tables that tell of the gate nor the publication.
"""

from __future__ import annotations

import duckdb

from pipelines.job import Job
from pipelines.publish.publish import PublishReport, is_aside, unchanged
from pipelines.quality.collapse import feed_rows
from pipelines.quality.gate import GroupDecision
from pipelines.warehouse import plan
from pipelines.warehouse.database import content_digest
from pipelines.warehouse.runs import Run

_READ = (
    "so_cai.tep",
    "so_cai.cach_ly",
    "so_cai.quy_tac",
    "(SELECT * EXCLUDE (so_lan) FROM so_cai.diem_do)",
    "so_cai.nhip_nguon",
    "so_cai.ten_hien",
)
"""Tables of the ledger from which the tables of quality and operation are made, without what counts runs."""


def ledger_digest(connection: duckdb.DuckDBPyConnection) -> str:
    """Changes when the tables of quality and operation would tell of something else than of another run."""
    return " ".join(content_digest(connection, table) for table in _READ)


def find(job: Job, run: Run, version: str, decisions: list[GroupDecision]) -> PublishReport | None:
    """The report of a publication that need not be made; None where something may have changed, or it is not whole."""
    if is_aside(job.paths, run) or run.scope is not None:
        return None
    with job.warehouse(read_only=True) as connection:
        if not plan.is_nothing_new(connection, run):
            return None
        feeds, ledger = feed_rows(connection), ledger_digest(connection)
    return unchanged(
        job.paths, decisions, version=version, feeds=feeds, ledger=ledger, parquet=job.settings.xuat_ban.parquet
    )
