"""``kho purge``: what ``luu_giu`` says is past its time is removed and listed.

Months and days are counted back from the day of the purge. A file of ``raw/`` counts from the night that first saw it
(``nhan_luc``) and is **needed**, whatever its age, while

* an open defect or an open quarantined row points into it, or it is refused and nothing has replaced it;
* it is the newest loaded file of its feed;
* a pinned publication was built from it (``pinned_by``): whoever asks may have it built again.

Rows of a removed file stay in the warehouse, so no published figure moves, and in ``lam_viec/luu_tru/``, so a rebuild
of a lost warehouse has them. An old state is one that a strictly newer state of the same key has replaced, and which
no open defect points to, of a feed whose states no figure is counted between (``Contract.keeps_states``); quarantined
rows go once they have been mended.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.config.disk import sha256_of
from pipelines.config.kept_name import place_of
from pipelines.config.orchestration import Retention
from pipelines.config.paths import DataPaths
from pipelines.contracts.model import Contract
from pipelines.intake.loaded.ledger import zips
from pipelines.intake.loaded.quarantine import open_groups, open_refusals
from pipelines.upkeep import leftovers
from pipelines.warehouse import archive, changes, safekeeping
from pipelines.warehouse.database import raw_tables

_RAW_AGE = "quá luu_giu.tep_goc_thang"
_HISTORY_AGE = "quá luu_giu.lich_su_thang"
_BROKEN_AGE = "quá luu_giu.tep_hong_ngay"


@dataclass(frozen=True)
class Removed:
    """One line of the list: ``kind`` (``tep_goc``, ``trang_thai_cu``, ``cach_ly_da_sua``, ``hong``, ``lan_chay``,
    ``phien_ban``), what, rows or 0, bytes or 0, why."""

    kind: str
    name: str
    rows: int
    size: int
    reason: str


Hook = Callable[[datetime, bool], list[Removed]]
"""Other keepers (kept publications, Dagster's runs): called with now and whether it is only a rehearsal."""


@dataclass(frozen=True)
class Purge:
    """What a purge works on. ``connection``: the working warehouse, None where there is none.

    ``pinned_by``: every file seen by then is one that a pinned publication was built from. ``hooks`` are called last.
    """

    paths: DataPaths
    keep: Retention
    contracts: Mapping[str, Contract]
    connection: duckdb.DuckDBPyConnection | None
    pinned_by: datetime | None = None
    hooks: tuple[Hook, ...] = field(default=())


def purge(job: Purge, now: datetime, *, dry_run: bool) -> list[Removed]:
    """Remove, or only list, what is past its time. The caller holds the folder (``turn``) unless ``dry_run``.

    Raises ``OSError``, ``duckdb.Error``.
    """
    found: list[Removed] = []
    if job.connection is not None:
        files = list(_raw_files(job, job.connection, now))
        found += [Removed("tep_goc", file.name, file.rows, file.size, _RAW_AGE) for file in files]
        old = _months_back(now, job.keep.lich_su_thang)
        found += _states(job, job.connection, now, dry_run=dry_run)
        found += _mended(job.connection, old, dry_run=dry_run)
        if not dry_run and found:
            _forget_files(job, job.connection, now, files)
    found += _leftovers(job, now, dry_run=dry_run)
    for hook in job.hooks:
        found += hook(now, dry_run)
    return found


@dataclass(frozen=True)
class _Raw:
    """A file of ``raw/``: ``name`` as in the ledger, ``place`` what is removed with it (its zip, of a file in one)."""

    file_id: str
    name: str
    rows: int
    size: int
    place: Path


def _raw_files(job: Purge, connection: duckdb.DuckDBPyConnection, now: datetime) -> Iterator[_Raw]:
    """Files past their time that nothing needs and that still lie there; those in a zip only all of them together."""
    rows = connection.execute(
        "SELECT t.ma_tep, t.ten_tep, coalesce(t.so_dong_nap, 0), t.kich_thuoc, t.sha256 FROM so_cai.tep t "
        "WHERE t.nhan_luc < ? AND t.nhan_luc > ? AND t.sha256 IS NOT NULL "
        "AND t.trang_thai <> 'tu_choi' "
        "AND NOT EXISTS (SELECT 1 FROM so_cai.loi l WHERE l.ma_tep = t.ma_tep AND l.dong_lan IS NULL) "
        "AND EXISTS (SELECT 1 FROM so_cai.tep n WHERE n.nguon_du_lieu = t.nguon_du_lieu AND n.trang_thai = 'da_nap' "
        "AND n.thoi_diem > t.thoi_diem) ORDER BY t.ten_tep",
        [_months_back(now, job.keep.tep_goc_thang), job.pinned_by or datetime.min],
    ).fetchall()
    if not rows:
        return
    kept = {group.file for group in open_groups(connection, job.contracts)}
    kept |= {name for name, _ in open_refusals(connection)}
    due = {
        (str(name), str(sha256)): (str(i), int(n), int(size or 0))
        for i, name, n, size, sha256 in rows
        if name not in kept
    }
    for (name, sha256), (file_id, count, size) in due.items():
        place = place_of(job.paths.raw, name)
        if place.is_file() and not place.is_symlink() and sha256_of(place) == sha256:
            yield _Raw(file_id, name, count, size, place)
    for name, sha256, members in zips(connection):
        place, inside = place_of(job.paths.raw, name), [(f"{name}/{item.name}", item.sha256) for item in members]
        if not inside or not due.keys() >= set(inside) or place.is_symlink() or not place.is_file():
            continue
        if sha256_of(place) == sha256:
            for member in inside:
                file_id, count, size = due[member]
                yield _Raw(file_id, member[0], count, size, place)


def _forget_files(job: Purge, connection: duckdb.DuckDBPyConnection, now: datetime, files: list[_Raw]) -> None:
    """Archive first, delete last: a kill in between leaves a file that the next purge removes."""
    connection.execute("DELETE FROM so_cai.tep_xoa WHERE list_contains(?, ma_tep)", [[file.file_id for file in files]])
    if files:
        connection.executemany("INSERT INTO so_cai.tep_xoa VALUES (?, ?)", [[file.file_id, now] for file in files])
    archive.write(connection, job.paths)
    safekeeping.keep(connection, job.paths)
    connection.execute("CHECKPOINT")
    for place in dict.fromkeys(file.place for file in files):
        place.unlink(missing_ok=True)
        _remove_empty(place.parent, job.paths.raw)


def _remove_empty(folder: Path, top: Path) -> None:
    """Folders that a removed file leaves empty, but ``raw/<system>/<feed>`` itself."""
    while len(folder.relative_to(top).parts) > 2 and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _states(job: Purge, connection: duckdb.DuckDBPyConnection, now: datetime, *, dry_run: bool) -> list[Removed]:
    """States last seen in a file from before ``lich_su_thang`` that a strictly newer state, from before it too, has
    replaced.

    How many went is entered: the guard against collapsing content takes them for no loss, and changes of before are
    told no more.
    """
    before = _months_back(now, job.keep.lich_su_thang)
    if not connection.execute("SELECT 1 FROM so_cai.tep WHERE nhan_luc < ? LIMIT 1", [before]).fetchall():
        return []
    found = []
    all_needed = {contract.table for contract in job.contracts.values() if contract.keeps_states}
    for table in raw_tables(connection):
        if table in all_needed:
            continue
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE qua_han AS WITH luc AS (SELECT r.rowid AS so, r._khoa, r._ma_tep, "
            "r._trang_tinh, r._dong, coalesce(r._thoi_diem, f.thoi_diem) AS luc "
            f'FROM tho."{table}" r JOIN so_cai.tep f ON f.ma_tep = r._ma_tep WHERE f.nhan_luc < ?), '
            "moi AS (SELECT _khoa, max(luc) AS luc FROM luc GROUP BY 1) "
            "SELECT l.so FROM luc l JOIN moi m USING (_khoa) WHERE l.luc < m.luc "
            "AND NOT EXISTS (SELECT 1 FROM so_cai.loi d WHERE d.dong_lan IS NULL AND d.ma_tep = l._ma_tep "
            "AND d.trang_tinh = l._trang_tinh AND d.dong = l._dong)",
            [before],
        )
        rows = int(connection.execute("SELECT count(*) FROM qua_han").fetchall()[0][0])
        if rows:
            found.append(Removed("trang_thai_cu", f"tho.{table}", rows, 0, _HISTORY_AGE))
            if not dry_run:
                connection.execute(f'DELETE FROM tho."{table}" WHERE rowid IN (SELECT so FROM qua_han)')
                connection.execute("INSERT INTO so_cai.trang_thai_don VALUES (?, ?, ?, ?)", [table, rows, before, now])
                changes.note_all(connection, table, changes.Cause.RETENTION)
    return found


def _mended(connection: duckdb.DuckDBPyConnection, before: datetime, *, dry_run: bool) -> list[Removed]:
    """Quarantined rows that were mended in a run before ``before``."""
    old = (
        "FROM so_cai.dong_cach_ly d WHERE d.sua_lan IS NOT NULL AND d.sua_lan IN "
        "(SELECT l.so_lan FROM so_cai.lan_chay l WHERE l.bat_dau < ?)"
    )
    rows = int(connection.execute(f"SELECT count(*) {old}", [before]).fetchall()[0][0])
    if rows and not dry_run:
        connection.execute(
            "DELETE FROM so_cai.cach_ly c WHERE EXISTS (SELECT 1 "
            f"{old} AND d.ma_tep = c.ma_tep AND d.trang_tinh = c.trang_tinh AND d.dong = c.dong)",
            [before],
        )
        connection.execute(
            "DELETE FROM so_cai.dong_cach_ly WHERE sua_lan IS NOT NULL AND sua_lan IN "
            "(SELECT l.so_lan FROM so_cai.lan_chay l WHERE l.bat_dau < ?)",
            [before],
        )
    return [Removed("cach_ly_da_sua", "so_cai.dong_cach_ly", rows, 0, _HISTORY_AGE)] if rows else []


def _leftovers(job: Purge, now: datetime, *, dry_run: bool) -> list[Removed]:
    """What was set aside as broken, traces of errors, and what a kill left half written."""
    paths, found = job.paths, []
    home = paths.dagster_home
    places = leftovers.traces(paths) + leftovers.copies(paths) + list(home.parent.glob(f"{home.name}.hong_*"))
    limit = (now - timedelta(days=job.keep.tep_hong_ngay)).timestamp()
    for place in sorted(places):
        if place.is_symlink() or place.lstat().st_mtime > limit:
            continue
        found.append(Removed("hong", str(place.relative_to(paths.root)), 0, _size(place), _BROKEN_AGE))
        if not dry_run:
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink()
    return found


def _size(place: Path) -> int:
    if place.is_file():
        return place.stat().st_size
    return sum(file.lstat().st_size for file in place.rglob("*") if file.is_file())


def _months_back(now: datetime, months: int) -> datetime:
    """The same moment so many calendar months ago; the last day where that month is shorter."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in range(now.day, now.day - 4, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(months)
