"""How the last run ended, read from the ledger: what ``kho run`` sums up and ``kho status`` shows again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.warehouse import releases
from pipelines.warehouse.database import connect, table_exists
from pipelines.warehouse.runs import Run, latest_run


@dataclass(frozen=True)
class FeedOutcome:
    """New files of one feed in the run; counts are rows."""

    feed: str
    files: int
    read: int
    loaded: int
    quarantined: int
    repeated: int
    refused: int


@dataclass(frozen=True)
class GroupOutcome:
    """What became of one mart group: ``moi``, ``giu_ban_cu`` or ``chua_co``."""

    group: str
    status: str
    as_of: date | None
    reason: str | None


@dataclass(frozen=True)
class Outcome:
    """Everything the summary shows; ``unresolved`` are (file, reason) refused and not replaced.

    ``awaited`` are (file, reason) left for the next run: still being copied, or not to be opened.
    ``remarks`` are (file, sentence) of files of this run that were loaded but for some of their sheets.
    ``how``: the publication was swapped in (``thay``), brought nothing new (``khong_doi``) or was kept beside the
    current one (``giu_rieng``); None where nothing was published.
    ``without_verdict`` counts dossiers the two portals are not compared on: the province's row is quarantined (R12).
    """

    run: Run
    version: str | None
    published: datetime | None
    how: str | None
    feeds: list[FeedOutcome]
    groups: list[GroupOutcome]
    unresolved: list[tuple[str, str]]
    remarks: list[tuple[str, str]]
    awaited: list[tuple[str, str]]
    rules_passed: int
    rules_failed: int
    rules_unjudged: int
    without_verdict: int
    marts_file: Path

    @property
    def held(self) -> list[GroupOutcome]:
        """Groups that were not published anew."""
        return [group for group in self.groups if group.status != "moi"]


def read_outcome(paths: DataPaths) -> Outcome | None:
    """The last run's outcome, or None where no run was ever entered. Raises ``ReleaseError``, ``duckdb.Error``."""
    if not paths.warehouse_file.exists():
        return None
    with connect(paths.warehouse_file, read_only=True) as connection:
        releases.refuse_newer(releases.number_of(connection))
        run = latest_run(connection, whole=True)
        if run is None:
            return None
        version, published, how = _publication(connection, run.number)
        passed, failed, unjudged = _rules(connection, run.number)
        return Outcome(
            run=run,
            version=version,
            published=published,
            how=how,
            feeds=_feeds(connection, run.number),
            groups=_groups(connection, run.number),
            unresolved=_unresolved(connection),
            remarks=_remarks(connection, run.number),
            awaited=_awaited(connection, run.number),
            rules_passed=passed,
            rules_failed=failed,
            rules_unjudged=unjudged,
            without_verdict=_without_verdict(connection),
            marts_file=paths.marts_file,
        )


def _publication(connection: duckdb.DuckDBPyConnection, number: int) -> tuple[str | None, datetime | None, str | None]:
    columns = {str(row[0]) for row in connection.execute("DESCRIBE so_cai.cong_bo").fetchall()}
    # A warehouse of an earlier release, not yet opened by a run, lacks the column.
    how = "coalesce(cach, 'thay')" if "cach" in columns else "'thay'"
    rows = connection.execute(f"SELECT phien_ban, luc, {how} FROM so_cai.cong_bo WHERE so_lan = ?", [number]).fetchall()
    return (str(rows[0][0]), rows[0][1], str(rows[0][2])) if rows else (None, None, None)


def _rules(connection: duckdb.DuckDBPyConnection, number: int) -> tuple[int, int, int]:
    rows = connection.execute(
        "SELECT count(*) FILTER (WHERE dat), count(*) FILTER (WHERE NOT dat), count(*) FILTER (WHERE dat IS NULL) "
        "FROM so_cai.ket_qua_kiem_tra WHERE so_lan = ?",
        [number],
    ).fetchall()
    passed, failed, unjudged = rows[0]
    return int(passed), int(failed), int(unjudged)


def _feeds(connection: duckdb.DuckDBPyConnection, number: int) -> list[FeedOutcome]:
    rows = connection.execute(
        """
        SELECT coalesce(nguon_du_lieu, '(không rõ nguồn)'), count(*),
               coalesce(sum(so_dong_doc), 0), coalesce(sum(so_dong_nap), 0),
               coalesce(sum(so_dong_cach_ly), 0), coalesce(sum(so_dong_lap), 0),
               count(*) FILTER (WHERE trang_thai = 'tu_choi')
        FROM so_cai.tep WHERE so_lan = ? GROUP BY 1 ORDER BY 1
        """,
        [number],
    ).fetchall()
    return [FeedOutcome(str(row[0]), *(int(value) for value in row[1:])) for row in rows]


def _groups(connection: duckdb.DuckDBPyConnection, number: int) -> list[GroupOutcome]:
    rows = connection.execute(
        "SELECT nhom_mart, trang_thai, ngay_so_lieu, ly_do FROM so_cai.quyet_dinh WHERE so_lan = ? ORDER BY 1",
        [number],
    ).fetchall()
    return [GroupOutcome(*row) for row in rows]


def _without_verdict(connection: duckdb.DuckDBPyConnection) -> int:
    if not table_exists(connection, "doi_soat", "hai_cong_khong_xet"):
        return 0
    rows = connection.execute("SELECT coalesce(sum(so_ho_so), 0) FROM doi_soat.hai_cong_khong_xet").fetchall()
    return int(rows[0][0])


def _unresolved(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Refused files that no later file of the same feed and stem has replaced (mart ``van_hanh.tep``)."""
    if not table_exists(connection, "van_hanh", "tep"):
        return []
    rows = connection.execute(
        "SELECT ten_tep, ly_do FROM van_hanh.tep WHERE trang_thai = 'tu_choi' ORDER BY 1"
    ).fetchall()
    return [(str(name), str(reason)) for name, reason in rows]


def _awaited(connection: duckdb.DuckDBPyConnection, number: int) -> list[tuple[str, str]]:
    if not table_exists(connection, "so_cai", "tep_cho"):
        return []
    name = _shown(connection, "t.ten_tep")
    rows = connection.execute(f"SELECT {name}, t.ly_do FROM so_cai.tep_cho t WHERE t.so_lan = ? ORDER BY 1", [number])
    return [(str(file), str(reason)) for file, reason in rows.fetchall()]


def _shown(connection: duckdb.DuckDBPyConnection, column: str) -> str:
    """``column`` as it may be shown: masked where it holds a person."""
    if not table_exists(connection, "so_cai", "ten_hien"):
        return column
    return f"coalesce((SELECT max(h.hien) FROM so_cai.ten_hien h WHERE h.goc = {column}), {column})"


def _remarks(connection: duckdb.DuckDBPyConnection, number: int) -> list[tuple[str, str]]:
    rows = connection.execute(
        f"SELECT {_shown(connection, 't.ten_tep')}, {_shown(connection, 't.ly_do')} FROM so_cai.tep t "
        "WHERE t.so_lan = ? AND t.trang_thai = 'da_nap' AND t.ly_do IS NOT NULL ORDER BY 1",
        [number],
    ).fetchall()
    return [(str(name), str(remark)) for name, remark in rows]
