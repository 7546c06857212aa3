"""How the last run ended, read from the ledger: what ``kho run`` sums up and ``kho status`` shows again.

The run's number stands in the text of the questions: DuckDB imports pandas at the first parameter that is bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.warehouse import raw_gone, releases
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
class FailedRule:
    """A rule that the run found broken; ``severity`` as in the rule book; ``failing`` of ``judged`` rows."""

    code: str
    description: str
    severity: str
    judged: int
    failing: int


@dataclass(frozen=True)
class Outcome:
    """Everything the summary shows; ``unresolved`` are (file, reason) refused and not replaced.

    ``awaited`` are (file, reason) left for the next run: still being copied, or not to be opened.
    ``remarks`` are (file, sentence) of files of this run that were loaded but for some of their sheets.
    ``how``: the publication was swapped in (``thay``), brought nothing new (``khong_doi``) or was kept beside the
    current one (``giu_rieng``); None where nothing was published.
    ``mended`` are files of this run that were refused and have been replaced since; ``set_apart`` counts open
    quarantined rows by feed; ``broken`` the failing rules, blocking ones first.
    ``gone`` are (feed, files once loaded) of feeds of which ``raw/`` holds nothing any more.
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
    mended: list[str] = field(default_factory=list)
    set_apart: list[tuple[str, int]] = field(default_factory=list)
    broken: list[FailedRule] = field(default_factory=list)
    gone: list[tuple[str, int]] = field(default_factory=list)

    @property
    def held(self) -> list[GroupOutcome]:
        """Groups that were not published anew."""
        return [group for group in self.groups if group.status != "moi"]

    @property
    def wants_a_look(self) -> bool:
        """Whether something was held back, refused, or is gone from ``raw/``: exit code 1."""
        return bool(self.held or self.unresolved or self.gone)


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
            mended=_mended(connection, run.number),
            set_apart=_set_apart(connection),
            broken=_broken(connection, run.number),
            gone=raw_gone.gone(connection.execute(raw_gone.LOADED).fetchall(), paths.raw),
        )


def _publication(connection: duckdb.DuckDBPyConnection, number: int) -> tuple[str | None, datetime | None, str | None]:
    columns = {str(row[0]) for row in connection.execute("DESCRIBE so_cai.cong_bo").fetchall()}
    # A warehouse of an earlier release, not yet opened by a run, lacks the column.
    how = "coalesce(cach, 'thay')" if "cach" in columns else "'thay'"
    rows = connection.execute(f"SELECT phien_ban, luc, {how} FROM so_cai.cong_bo WHERE so_lan = {number:d}").fetchall()
    return (str(rows[0][0]), rows[0][1], str(rows[0][2])) if rows else (None, None, None)


def _rules(connection: duckdb.DuckDBPyConnection, number: int) -> tuple[int, int, int]:
    rows = connection.execute(
        "SELECT count(*) FILTER (WHERE dat), count(*) FILTER (WHERE NOT dat), count(*) FILTER (WHERE dat IS NULL) "
        f"FROM so_cai.ket_qua_kiem_tra WHERE so_lan = {number:d}"
    ).fetchall()
    passed, failed, unjudged = rows[0]
    return int(passed), int(failed), int(unjudged)


def _feeds(connection: duckdb.DuckDBPyConnection, number: int) -> list[FeedOutcome]:
    rows = connection.execute(
        f"""
        SELECT coalesce(nguon_du_lieu, '(không rõ nguồn)'), count(*),
               coalesce(sum(so_dong_doc), 0), coalesce(sum(so_dong_nap), 0),
               coalesce(sum(so_dong_cach_ly), 0), coalesce(sum(so_dong_lap), 0),
               count(*) FILTER (WHERE trang_thai = 'tu_choi')
        FROM so_cai.tep WHERE so_lan = {number:d} GROUP BY 1 ORDER BY 1
        """
    ).fetchall()
    return [FeedOutcome(str(row[0]), *(int(value) for value in row[1:])) for row in rows]


def _groups(connection: duckdb.DuckDBPyConnection, number: int) -> list[GroupOutcome]:
    rows = connection.execute(
        f"SELECT nhom_mart, trang_thai, ngay_so_lieu, ly_do FROM so_cai.quyet_dinh WHERE so_lan = {number:d} ORDER BY 1"
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


def _mended(connection: duckdb.DuckDBPyConnection, number: int) -> list[str]:
    if not table_exists(connection, "van_hanh", "tep"):
        return []
    rows = connection.execute(
        f"SELECT ten_tep FROM van_hanh.tep WHERE trang_thai = 'da_sua' AND so_lan = {number:d} ORDER BY 1"
    ).fetchall()
    return [str(row[0]) for row in rows]


def _set_apart(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    if not table_exists(connection, "chat_luong", "cach_ly"):
        return []
    rows = connection.execute(
        "SELECT nguon_du_lieu, count(DISTINCT concat(ma_tep, '/', trang_tinh, '/', dong)) FROM chat_luong.cach_ly "
        "WHERE trang_thai = 'con' GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return [(str(feed), int(number)) for feed, number in rows]


def _broken(connection: duckdb.DuckDBPyConnection, number: int) -> list[FailedRule]:
    rows = connection.execute(
        "SELECT k.ma_quy_tac, q.mo_ta, q.muc_do, k.so_dong, k.so_loi FROM so_cai.ket_qua_kiem_tra k "
        f"JOIN so_cai.quy_tac q USING (ma_quy_tac) WHERE k.so_lan = {number:d} AND NOT k.dat "
        "ORDER BY CASE q.muc_do WHEN 'chan' THEN 1 WHEN 'canh_bao' THEN 2 ELSE 3 END, k.so_loi DESC, 1"
    ).fetchall()
    return [FailedRule(str(row[0]), str(row[1]), str(row[2]), int(row[3]), int(row[4])) for row in rows]


def _awaited(connection: duckdb.DuckDBPyConnection, number: int) -> list[tuple[str, str]]:
    if not table_exists(connection, "so_cai", "tep_cho"):
        return []
    name = _shown(connection, "t.ten_tep")
    rows = connection.execute(f"SELECT {name}, t.ly_do FROM so_cai.tep_cho t WHERE t.so_lan = {number:d} ORDER BY 1")
    return [(str(file), str(reason)) for file, reason in rows.fetchall()]


def _shown(connection: duckdb.DuckDBPyConnection, column: str) -> str:
    """``column`` as it may be shown: masked where it holds a person."""
    if not table_exists(connection, "so_cai", "ten_hien"):
        return column
    return f"coalesce((SELECT max(h.hien) FROM so_cai.ten_hien h WHERE h.goc = {column}), {column})"


def _remarks(connection: duckdb.DuckDBPyConnection, number: int) -> list[tuple[str, str]]:
    rows = connection.execute(
        f"SELECT {_shown(connection, 't.ten_tep')}, {_shown(connection, 't.ly_do')} FROM so_cai.tep t "
        f"WHERE t.so_lan = {number:d} AND t.trang_thai = 'da_nap' AND t.ly_do IS NOT NULL ORDER BY 1"
    ).fetchall()
    return [(str(name), str(remark)) for name, remark in rows]
