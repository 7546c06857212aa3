"""Which file is the newer one (rule R8), told by the as-of day of the build and never by the clock.

A file's time is its export time, else its latest event that is not after the as-of day, else (no event at all)
the as-of day of the run that first saw it. So the time of a file that states no export time depends on the as-of
day: a slip of the pen (2031) counts once its day has come. ``so_cai.ngay_su_kien`` keeps the days of events of
every file; ``settle`` writes the times as of one day and, of every state that several files show, puts the sighting
that is the newest then into the raw table. Sightings that are newest under no as-of day are not kept
(``Profile.against``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

import duckdb

from pipelines.contracts.model import Contract
from pipelines.warehouse import changes
from pipelines.warehouse.database import transaction

_LOWEST = datetime.min
_RUN_TIME = (
    "coalesce(CAST(r.ngay_so_lieu AS TIMESTAMP) + INTERVAL 1 DAY - INTERVAL 1 SECOND, t.nhan_luc) "
    "+ to_microseconds(least(t.so_lan, 999999))"
)
"""End of the as-of day of the run that first saw the file; runs of one as-of day follow one another by their number."""


class Against(Enum):
    """How one file's time stands to another's over all as-of days."""

    NEWER = "moi_hon"
    OLDER = "cu_hon"
    EITHER = "tuy_ngay"


@dataclass(frozen=True)
class Profile:
    """A file's time as a function of the as-of day: from each of ``days`` on, the moment in ``moments``."""

    days: tuple[date, ...]
    moments: tuple[datetime, ...]
    sha256: str

    @classmethod
    def constant(cls, moment: datetime, sha256: str) -> Profile:
        """A file whose time does not depend on the as-of day."""
        return cls((date.min,), (moment,), sha256)

    def at(self, as_of: date) -> datetime:
        """The file's time as of one day; the lowest possible where all its events lie after it."""
        place = bisect_right(self.days, as_of)
        return self.moments[place - 1] if place else _LOWEST

    def against(self, other: Profile) -> Against:
        """Newer (or older) under some as-of day and under none the other way round; else the hash decides."""
        above = below = False
        for day in {*self.days, *other.days}:
            mine, theirs = self.at(day), other.at(day)
            above, below = above or mine > theirs, below or mine < theirs
            if above and below:
                return Against.EITHER
        if not above and not below:
            above = self.sha256 > other.sha256
        return Against.NEWER if above else Against.OLDER


def profiles(connection: duckdb.DuckDBPyConnection, files: Iterable[str]) -> dict[str, Profile]:
    """Profiles of files that the ledger holds."""
    wanted = sorted(set(files))
    rows = connection.execute(
        f"SELECT t.ma_tep, t.xuat_luc, {_RUN_TIME}, coalesce(t.sha256, '') FROM so_cai.tep t "
        "LEFT JOIN so_cai.lan_chay r ON r.so_lan = t.so_lan WHERE t.ma_tep IN (SELECT unnest(?))",
        [wanted],
    ).fetchall()
    days = event_days(connection, wanted)
    return {row[0]: profile(row[1], days.get(row[0], []), row[2], row[3]) for row in rows}


def profile(exported: datetime | None, days: list[tuple[date, datetime]], seen: datetime, sha256: str) -> Profile:
    """The profile of one file from its export time, its days of events in order, and the run that first saw it."""
    if exported is not None or not days:
        return Profile.constant(exported or seen, sha256)
    return Profile(tuple(day for day, _ in days), tuple(moment for _, moment in days), sha256)


def event_days(connection: duckdb.DuckDBPyConnection, files: list[str]) -> dict[str, list[tuple[date, datetime]]]:
    """Days of events with the last moment of each, in order, by file."""
    rows = connection.execute(
        "SELECT ma_tep, ngay, luc_cuoi FROM so_cai.ngay_su_kien WHERE ma_tep IN (SELECT unnest(?)) "
        "ORDER BY ma_tep, ngay",
        [files],
    ).fetchall()
    found: dict[str, list[tuple[date, datetime]]] = {}
    for file_id, day, moment in rows:
        found.setdefault(file_id, []).append((day, moment))
    return found


def run_time(connection: duckdb.DuckDBPyConnection, now: datetime) -> datetime:
    """The time that the run under way gives to a file without any; ``now`` only where no run was entered."""
    rows = connection.execute(
        f"SELECT {_RUN_TIME} FROM (SELECT so_lan, CAST(NULL AS TIMESTAMP) AS nhan_luc FROM so_cai.lan_chay "
        "ORDER BY so_lan DESC LIMIT 1) t JOIN so_cai.lan_chay r ON r.so_lan = t.so_lan"
    ).fetchall()
    return rows[0][0] if rows else now


def settle(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], as_of: date) -> None:
    """Times of files and places of states as of one day, in one transaction; raises ``duckdb.Error``."""
    with transaction(connection):
        _settle_files(connection, as_of)
        for contract in contracts:
            _note_files(connection, contract)
            _settle_newest(connection, contract)
            _settle_first(connection, contract)
        connection.execute("DROP TABLE temp.gio_doi")


def _settle_files(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE gio_tep AS SELECT t.ma_tep, "
        "(SELECT max(n.luc_cuoi) FROM so_cai.ngay_su_kien n WHERE n.ma_tep = t.ma_tep AND n.ngay <= $ngay) AS su_kien, "
        f"CASE WHEN NOT EXISTS (SELECT 1 FROM so_cai.ngay_su_kien n WHERE n.ma_tep = t.ma_tep) THEN {_RUN_TIME} END "
        "AS lan FROM so_cai.tep t LEFT JOIN so_cai.lan_chay r ON r.so_lan = t.so_lan WHERE t.trang_thai = 'da_nap'",
        {"ngay": as_of},
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE gio_doi AS SELECT t.ma_tep FROM so_cai.tep t JOIN temp.gio_tep g USING (ma_tep) "
        "WHERE t.so_lan < (SELECT max(so_lan) FROM so_cai.lan_chay) "
        "AND t.thoi_diem IS DISTINCT FROM coalesce(t.xuat_luc, g.su_kien, g.lan)"
    )
    connection.execute(
        "UPDATE so_cai.tep SET su_kien_cuoi = g.su_kien, thoi_diem = coalesce(tep.xuat_luc, g.su_kien, g.lan) "
        "FROM temp.gio_tep g WHERE g.ma_tep = tep.ma_tep AND (tep.su_kien_cuoi IS DISTINCT FROM g.su_kien "
        "OR tep.thoi_diem IS DISTINCT FROM coalesce(tep.xuat_luc, g.su_kien, g.lan))"
    )
    connection.execute("DROP TABLE temp.gio_tep")


def _note_files(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Another time of a file may order a key's states anew, where it has several; a file of this run has said so."""
    if not connection.execute("SELECT 1 FROM temp.gio_doi LIMIT 1").fetchall():
        return
    raw = f"tho.{contract.table}"
    of_these = "IN (SELECT ma_tep FROM temp.gio_doi)"
    rows = (
        f"{raw} x WHERE (x._ma_tep {of_these} OR x._tep_dau {of_these}) AND x._khoa IN (SELECT y._khoa FROM {raw} y "
        f"WHERE y._khoa IN (SELECT z._khoa FROM {raw} z WHERE z._ma_tep {of_these} OR z._tep_dau {of_these}) "
        "GROUP BY y._khoa HAVING count(*) > 1)"
    )
    changes.note(connection, contract, rows, changes.Cause.FILE_TIME)


def _settle_newest(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Exchange the raw row of a state with the kept sighting that is the newest by the times of files."""
    raw, kept = f"tho.{contract.table}", f"lan_thay.{contract.table}"
    if not connection.execute(f"SELECT 1 FROM {kept} LIMIT 1").fetchall():
        return
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE doi_cho AS
        WITH lan AS (
            SELECT k._khoa, k._gia_tri, k._ma_tep, true AS giu FROM {kept} k
            UNION ALL
            SELECT r._khoa, r._gia_tri, r._ma_tep, false FROM {raw} r
            SEMI JOIN {kept} k ON k._khoa = r._khoa AND k._gia_tri = r._gia_tri
        ), moi_nhat AS (
            SELECT l.*, row_number() OVER (PARTITION BY l._khoa, l._gia_tri
                ORDER BY t.thoi_diem DESC NULLS LAST, t.sha256 DESC NULLS LAST, l._ma_tep DESC) AS hang
            FROM lan l JOIN so_cai.tep t ON t.ma_tep = l._ma_tep
        )
        SELECT m._khoa, m._gia_tri, m._ma_tep AS tep_moi, r._ma_tep AS tep_cu, r._trang_tinh AS trang_cu,
            r._dong AS dong_cu, r._tep_dau AS tep_dau
        FROM moi_nhat m JOIN {raw} r ON r._khoa = m._khoa AND r._gia_tri = m._gia_tri
        WHERE m.hang = 1 AND m.giu
    """)
    same = "x._khoa = d._khoa AND x._gia_tri = d._gia_tri"
    changes.note(connection, contract, f"{raw} x JOIN temp.doi_cho d ON {same}", changes.Cause.OTHER_SIGHTING)
    columns = ", ".join(f'"{name}"' for name, _ in contract.columns)
    for source, name, file in ((kept, "lan_len", "tep_moi"), (raw, "lan_xuong", "tep_cu")):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT x.* FROM {source} x JOIN temp.doi_cho d "
            f"ON {same} AND x._ma_tep = d.{file}"
        )
        connection.execute(f"DELETE FROM {source} x USING temp.doi_cho d WHERE {same} AND x._ma_tep = d.{file}")
    connection.execute(f"INSERT INTO {raw} ({columns}) SELECT {columns} FROM temp.lan_len")
    connection.execute(f"INSERT INTO {kept} ({columns}) SELECT {columns} FROM temp.lan_xuong")
    connection.execute(f"UPDATE {raw} x SET _tep_dau = d.tep_dau FROM temp.doi_cho d WHERE {same}")
    _exchange_findings(connection)
    for name in ("doi_cho", "lan_len", "lan_xuong"):
        connection.execute(f"DROP TABLE temp.{name}")


def _exchange_findings(connection: duckdb.DuckDBPyConnection) -> None:
    """Findings go with the sighting: of the shown one in ``loi_gia_tri``, of the others in ``loi_lan_thay``."""
    for source, target, rows in (
        ("loi_gia_tri", "loi_lan_thay", "lan_xuong"),
        ("loi_lan_thay", "loi_gia_tri", "lan_len"),
    ):
        where = "x.ma_tep = l._ma_tep AND x.trang_tinh = l._trang_tinh AND x.dong = l._dong AND x.khoa = l._khoa"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE loi_doi AS SELECT x.* FROM so_cai.{source} x JOIN temp.{rows} l ON {where}"
        )
        connection.execute(f"DELETE FROM so_cai.{source} x USING temp.{rows} l WHERE {where}")
        connection.execute(f"INSERT INTO so_cai.{target} SELECT * FROM temp.loi_doi")
    connection.execute("DROP TABLE temp.loi_doi")


def _settle_first(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """The file in which a state was first seen by the times of files, where several may be it."""
    raw = f"tho.{contract.table}"
    if not connection.execute("SELECT 1 FROM so_cai.lan_dau WHERE bang = ? LIMIT 1", [contract.table]).fetchall():
        return
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE dau_moi AS
        WITH lan AS (
            SELECT khoa, gia_tri, ma_tep FROM so_cai.lan_dau WHERE bang = $bang
            UNION
            SELECT r._khoa, r._gia_tri, coalesce(r._tep_dau, r._ma_tep) FROM {raw} r
            SEMI JOIN (SELECT khoa, gia_tri FROM so_cai.lan_dau WHERE bang = $bang) k
            ON k.khoa = r._khoa AND k.gia_tri = r._gia_tri
        )
        SELECT l.*, row_number() OVER (PARTITION BY l.khoa, l.gia_tri
            ORDER BY t.thoi_diem ASC NULLS LAST, t.sha256 ASC NULLS LAST, l.ma_tep ASC) AS hang
        FROM lan l JOIN so_cai.tep t ON t.ma_tep = l.ma_tep
        """,
        {"bang": contract.table},
    )
    other = "d.hang = 1 AND d.khoa = x._khoa AND d.gia_tri = x._gia_tri AND x._tep_dau IS DISTINCT FROM d.ma_tep"
    changes.note(connection, contract, f"{raw} x JOIN temp.dau_moi d ON {other}", changes.Cause.OTHER_SIGHTING)
    connection.execute(f"UPDATE {raw} x SET _tep_dau = d.ma_tep FROM temp.dau_moi d WHERE {other}")
    connection.execute("DELETE FROM so_cai.lan_dau WHERE bang = ?", [contract.table])
    connection.execute(
        "INSERT INTO so_cai.lan_dau SELECT ?, khoa, gia_tri, ma_tep FROM temp.dau_moi WHERE hang > 1", [contract.table]
    )
    connection.execute("DROP TABLE temp.dau_moi")
