"""A past night made again, apart from everything in use: to prove what was published, or to have it once more.

The night is replayed in a data folder of its own below ``lam_viec/``: the files that had arrived by then are linked
into its ``raw/`` and read run by run, in the order and with the times at which they were first seen (R8 may rest on
them); what cannot be read again (runs, ages of defects, decisions) comes from the ledger as it stood; the
publication before it lies where the gate looks for it. Then the steps of every night follow.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines import nightly, progress, publishing
from pipelines.config.disk import sha256_of
from pipelines.config.kept_name import place_of
from pipelines.config.orchestration import Orchestration
from pipelines.config.paths import OWNER_DIR, DataPaths
from pipelines.intake.found.source import Member
from pipelines.intake.loaded.ledger import zips
from pipelines.intake.run import ingest
from pipelines.job import Job
from pipelines.linkage.link import REGISTERS
from pipelines.nightly import RunError
from pipelines.publish import swap
from pipelines.publish.comparing import by_table
from pipelines.publish.keeping import adopt
from pipelines.publish.publish import PublishReport
from pipelines.publish.query import Result
from pipelines.publish.reopening import install
from pipelines.publish.version_store import Store, Version, VersionError, settle
from pipelines.warehouse.database import connect, literal
from pipelines.warehouse.runs import Run, enter_run
from pipelines.warehouse.schema import create_tables

_FOLDER = "dung_lai"
_HISTORY = {
    "lan_chay": "SELECT * FROM cu.so_cai.lan_chay WHERE so_lan < ?",
    "loi": "SELECT * REPLACE (CASE WHEN dong_lan < ? THEN dong_lan END AS dong_lan) FROM cu.so_cai.loi "
    "WHERE tu_lan < ?",
    "ket_qua_kiem_tra": "SELECT * FROM cu.so_cai.ket_qua_kiem_tra WHERE so_lan < ?",
    "quyet_dinh": "SELECT * FROM cu.so_cai.quyet_dinh WHERE so_lan < ?",
    "cong_bo": "SELECT * FROM cu.so_cai.cong_bo WHERE so_lan < ?",
    "tra_loi": "SELECT * FROM cu.so_cai.tra_loi WHERE so_lan < ?",
    # A change of the calendar is measured against the build before it, which is not made again.
    "thay_doi_lich": "SELECT * FROM cu.so_cai.thay_doi_lich WHERE so_lan <= ?",
    "vong_doi_canh_bao": "SELECT * REPLACE (CASE WHEN do_lan < ? THEN do_lan END AS do_lan, CASE WHEN het_lan < ? THEN "
    "het_lan END AS het_lan, CASE WHEN het_lan < ? THEN het_ngay END AS het_ngay) FROM cu.so_cai.vong_doi_canh_bao "
    "WHERE mo_lan < ?",
    "da_xem": "SELECT * FROM cu.so_cai.da_xem WHERE so_lan < ?",
    # Of a person who was removed since, nothing is brought back.
    "go_bo": "SELECT * FROM cu.so_cai.go_bo WHERE ? IS NOT NULL",
    "dau_khoa": "SELECT * FROM cu.so_cai.dau_khoa WHERE ? IS NOT NULL",
}


_TABLES_BEFORE = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'cu' AND schema_name = 'so_cai'"


@dataclass(frozen=True)
class Replay:
    """A night made again: what was published in its own folder; ``store`` and ``version`` go with the folder."""

    report: PublishReport
    store: Store
    version: Version


@dataclass(frozen=True)
class _Arrival:
    """A file as the ledger knows it; ``source`` holds its bytes, None where nothing below ``raw/`` does any more.

    ``put``: where the source goes below the replay's ``raw/``; of a file in a zip that is the zip's place.
    """

    name: str
    shown: str
    sha256: str | None
    seen: datetime
    loaded: bool
    source: Path | None
    put: str


def by_files_of(job: Job, as_of: date, by: datetime) -> tuple[Version, list[str]]:
    """Keep the marts of day ``as_of`` by the files that had arrived by ``by`` (``kho run --nhu-luc``).

    Returns the kept publication and the groups that were held. One that is kept already (R1: equal files, day and
    program give an equal id) is not kept again.
    """
    with replayed(job, run_of(job, as_of, by), by=by, label=by) as replay:
        staging = swap.begin(job.paths.marts)
        try:
            kept = adopt(staging, replay.version, replay.store)
            settle(staging.kept, staging.marts)
        finally:
            swap.abandon(staging)
        return kept, list(replay.report.held)


def differences(job: Job, version: Version) -> Result:
    """Make a kept publication again and compare every table (``comparing.by_table``); no line where all are equal."""
    facts = version.facts
    label = datetime.fromisoformat(facts["nhu_luc"]) if facts["nhu_luc"] else None
    if label is not None:
        run, by = run_of(job, version.as_of, label), label
    else:
        run = _run_behind(job, version)
        by = run.started
    with replayed(job, run, by=by, label=label) as replay:
        return by_table(Store(job.paths.marts), version, replay.version, replay.store)


def _run_behind(job: Job, version: Version) -> Run:
    with job.warehouse(read_only=True) as connection:
        rows = connection.execute(
            "SELECT so_lan, bat_dau, ngay_so_lieu, coalesce(chap_nhan_giam, false), coalesce(thay_ban, false) "
            "FROM so_cai.lan_chay WHERE so_lan = ?",
            [version.facts["so_lan"]],
        ).fetchall()
    if not rows:
        raise RunError(f"Sổ cái không còn lần chạy của phiên bản {version.name}; khôi phục lam_viec/ từ bản sao lưu.")
    number, started, as_of, accepted, replaced = rows[0]
    if version.facts.get("pham_vi"):
        raise RunError(
            f"Phiên bản {version.name} do một lần chạy riêng {version.facts['pham_vi']} công bố, phần còn lại là của "
            "các đêm trước: không dựng lại được. Dựng lại phiên bản của một đêm đầy đủ."
        )
    return Run(number, started, as_of, bool(accepted), bool(replaced))


def run_of(job: Job, as_of: date, by: datetime) -> Run:
    """The run to be replayed: the newest begun by ``by`` where its as-of day is this one, else one right after it."""
    with job.warehouse(read_only=True) as connection:
        rows = connection.execute(
            "SELECT so_lan, bat_dau, ngay_so_lieu, coalesce(chap_nhan_giam, false) FROM so_cai.lan_chay "
            "WHERE bat_dau <= ? ORDER BY so_lan DESC LIMIT 1",
            [by],
        ).fetchall()
    if not rows:
        raise RunError(f"Chưa có lần chạy nào trước {by:%H:%M %d/%m/%Y}; khi đó kho chưa nhận tệp nào.")
    number, started, day, accepted = rows[0]
    return Run(number, started, day, bool(accepted)) if day == as_of else Run(number + 1, by, as_of)


@contextmanager
def replayed(job: Job, run: Run, *, by: datetime, label: datetime | None = None) -> Iterator[Replay]:
    """Replay ``run`` with the files that had arrived by ``by``; the folder is gone afterwards.

    ``label``: the result is kept as one "by the files of" that time. The caller holds the data folder. Raises
    ``RunError`` where a file that was loaded then is no longer below ``raw/``, and whatever a night raises.
    """
    base = job.paths.working / _FOLDER
    shutil.rmtree(base, ignore_errors=True)  # what a killed replay left
    base.mkdir(mode=OWNER_DIR)
    try:
        there = replace(job, paths=DataPaths(Path(tempfile.mkdtemp(dir=base))), settings=_to_itself(job.settings))
        there.paths.prepare()
        arrivals = _arrivals(job, by)
        _refuse_gaps(arrivals)
        _lay_out(job, there, run)
        _read_again(there, run, arrivals)
        nightly.link_or_hold(there, run)
        nightly.build(there, run)
        verdict = nightly.check(there, run)
        _, report = publishing.publish(there, run, verdict, by=label)
        store = Store(there.paths.marts)
        yield Replay(report, store, store.get(report.kept))
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _to_itself(settings: Orchestration) -> Orchestration:
    """``settings`` of a night whose publication nobody outside is handed: no serving copy is filled with it."""
    return settings.model_copy(update={"bi": settings.bi.model_copy(update={"bat": False})})


def _arrivals(job: Job, by: datetime) -> list[_Arrival]:
    with job.warehouse(read_only=True) as connection:
        rows = connection.execute(
            "SELECT t.ten_tep, coalesce((SELECT max(h.hien) FROM so_cai.ten_hien h WHERE h.goc = t.ten_tep), "
            "t.ten_tep), t.sha256, t.nhan_luc, t.trang_thai <> 'tu_choi' FROM so_cai.tep t WHERE t.nhan_luc <= ? "
            "ORDER BY t.nhan_luc, t.ten_tep, t.sha256",
            [by],
        ).fetchall()
        packed = _packed(job.paths.raw, zips(connection))
    elsewhere: dict[str, Path] | None = None
    arrivals = []
    for name, shown, sha256, seen, loaded in rows:
        place = place_of(job.paths.raw, name)
        source: Path | None = place
        put = name
        if (name, sha256) in packed:
            source = packed[name, sha256]
            put = source.relative_to(job.paths.raw).as_posix()
        elif not place.is_file() or (sha256 and sha256_of(place) != sha256):
            if elsewhere is None:
                elsewhere = {sha256_of(path): path for path in job.paths.raw.rglob("*") if path.is_file()}
            source = elsewhere.get(sha256 or "")
        arrivals.append(_Arrival(name, shown, sha256, seen, loaded, source, put))
    return arrivals


def _packed(raw: Path, known: list[tuple[str, str, tuple[Member, ...]]]) -> dict[tuple[str, str], Path]:
    """(Name in the ledger, SHA-256) of each file in a zip that lies there unchanged → the zip."""
    found: dict[tuple[str, str], Path] = {}
    for name, sha256, members in known:
        place = place_of(raw, name)
        if place.is_file() and sha256_of(place) == sha256:
            found |= {(f"{name}/{member.name}", member.sha256): place for member in members}
    return found


def _refuse_gaps(arrivals: list[_Arrival]) -> None:
    gone = [arrival.shown for arrival in arrivals if arrival.loaded and arrival.source is None]
    if gone:
        more = f" và {len(gone) - 5} tệp khác" if len(gone) > 5 else ""
        raise RunError(
            f"Không dựng lại được: {len(gone)} tệp đã nạp khi đó không còn trong raw/ ({', '.join(gone[:5])}{more}). "
            "Khôi phục các tệp này từ bản sao lưu rồi chạy lại; số liệu đã công bố khi đó vẫn hỏi được nếu phiên bản "
            "còn giữ (`kho versions`)."
        )


def _lay_out(job: Job, there: Job, run: Run) -> None:
    """The ledger as it stood before the run, the publication before it, and what this process need not make twice."""
    with connect(there.paths.warehouse_file) as connection:
        create_tables(connection, there.contracts.values())
        connection.execute(f"ATTACH {literal(str(job.paths.warehouse_file))} AS cu (READ_ONLY)")
        had = {str(row[0]) for row in connection.execute(_TABLES_BEFORE).fetchall()}
        for table, query in _HISTORY.items():
            if table not in had:  # a table of a later program than the one that made the warehouse
                continue
            columns = query.count("?")
            connection.execute(f"INSERT INTO so_cai.{table} BY NAME {query}", [run.number] * columns)
        connection.execute("DETACH cu")
        nightly.enter_rhythms(there, connection)
        enter_run(connection, run)
    for register in REGISTERS:
        if register.own_file(job.paths.working).exists():
            shutil.copy2(register.own_file(job.paths.working), register.own_file(there.paths.working))
    if job.paths.dbt_target.exists():
        shutil.copytree(job.paths.dbt_target, there.paths.dbt_target, dirs_exist_ok=True)
    before = _publication_before(Store(job.paths.marts), run)
    if before is not None:
        try:
            install(Store(job.paths.marts), before, there.paths.marts, parquet=False)
        except (VersionError, duckdb.Error):
            raise RunError(
                f"Phiên bản {before.name} mà lần chạy đó dựa vào bị hỏng; chạy `kho verify {before.name}`."
            ) from None


def _publication_before(store: Store, run: Run) -> Version | None:
    """The publication in use when the run began, as far as the store still has it."""
    known = [version for version in store.versions() if not version.is_aside and version.facts["so_lan"] is not None]
    return max((v for v in known if v.facts["so_lan"] < run.number), key=lambda v: v.number, default=None)


def _read_again(there: Job, run: Run, arrivals: list[_Arrival]) -> None:
    with there.warehouse() as connection:
        runs = connection.execute("SELECT bat_dau, so_lan FROM so_cai.lan_chay ORDER BY so_lan").fetchall()
    limits = replace(there.limits, still_seconds=0)
    moments = sorted({arrival.seen for arrival in arrivals} | {run.started})
    for number, moment in enumerate(moments, start=1):
        for arrival in arrivals:
            if arrival.seen == moment and arrival.source is not None:
                _link(arrival.source, there.paths.raw / arrival.put)
        progress.report("nap", f"{moment:%d/%m/%Y %H:%M}", number, len(moments))
        with there.warehouse() as connection:
            ingest(
                there.paths,
                connection,
                there.contracts,
                there.code_lists,
                now=moment,
                run_number=max((so_lan for started, so_lan in runs if started <= moment), default=1),
                limits=limits,
            )
    with there.warehouse() as connection:
        nightly.settle_files(there, connection, run.as_of)


def _link(source: Path, target: Path) -> None:
    """The same bytes without a second copy where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
