"""The steps of a night up to the gate's decisions; Dagster calls them, and so does a past night made again.

Each step finds what it needs in the working warehouse, so that steps may run in one process or several: ``prepare``,
``intake``, ``link_or_hold``, ``build``, ``check``. Then ``publishing`` brings out what passed, and ``outcome`` reads
how the night ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines import building, progress, stopping, turn
from pipelines.config import space
from pipelines.config.paths import DataPaths, restrict_to_owner
from pipelines.config.secret import VARIABLE, SecretError, fingerprint, key_file, secret_key
from pipelines.config.traces import keep_trace
from pipelines.intake.loaded import removed
from pipelines.intake.loaded.quarantine import settle_moved
from pipelines.intake.loaded.report import IntakeReport
from pipelines.intake.run import IntakeSession
from pipelines.job import Job
from pipelines.linkage.link import REGISTERS, LinkReport, take_over
from pipelines.linkage.link import link as link_records
from pipelines.linkage.model import LinkageError
from pipelines.publish.mend import lost_versions, mend_publication
from pipelines.publish.publish import is_aside
from pipelines.publish.swap import read_listing, usable_database
from pipelines.quality.changed import sides_in
from pipelines.quality.collapse import collapsed, feed_rows, removed_rows, table_rows
from pipelines.quality.evaluate import RuleResult, evaluate_changes
from pipelines.quality.gate import GroupDecision, decide, groups_below, leave_out, mart_groups
from pipelines.quality.stale import stale
from pipelines.quality.store import store_decisions, store_results
from pipelines.warehouse import dbt, order, plan, safekeeping, untouched
from pipelines.warehouse.build_plan import needed
from pipelines.warehouse.database import connect
from pipelines.warehouse.runs import (
    Run,
    last_ended_day,
    latest_run,
    now_in_vietnam,
    start_run,
)
from pipelines.warehouse.schema import create_tables

LINKED = "source.kho06.so_cai.cap_trung"
"""What the step ``link`` brings up to date, as dbt's lineage knows it."""


class RunError(Exception):
    """The job cannot go on; ``str()`` is a Vietnamese sentence that says why and what to do."""


def prepare(
    job: Job,
    as_of: date | None = None,
    *,
    accept_fall: bool = False,
    replace: bool = False,
    rebuild: bool = False,
    scope: str | None = None,
) -> Run:
    """Set permissions, create missing tables and enter the run; as-of: by default the last day that has ended (R1)."""
    started = now_in_vietnam()
    job.paths.prepare()
    mended = safekeeping.open_or_rebuild(job.paths, job.contracts.values(), started)
    if mended is not None:
        turn.remark(job.paths, mended.sentence)
    mend_publication(job.paths, parquet=job.settings.xuat_ban.parquet)
    with job.warehouse() as connection:
        create_tables(connection, job.contracts.values())
        _recognise_secret(job.paths, connection)
        enter_rhythms(job, connection)
        _enter_publication(job.paths, connection)
        day = as_of or last_ended_day(started)
        run = start_run(
            connection, day, started, accept_fall=accept_fall, replace=replace, scope=scope, rebuild=rebuild
        )
    turn.note(job.paths, so_lan=run.number, ngay_so_lieu=run.as_of.isoformat())
    restrict_to_owner(job.paths.working)
    return run


def enter_rhythms(job: Job, connection: duckdb.DuckDBPyConnection) -> None:
    """Promised rhythms of ``orchestration.yaml``, for the models."""
    connection.execute("DELETE FROM so_cai.nhip_nguon")
    connection.executemany(
        "INSERT INTO so_cai.nhip_nguon VALUES (?, ?)",
        [[feed, rhythm.nhip_ngay] for feed, rhythm in job.settings.nguon.items()],
    )


def _enter_publication(paths: DataPaths, connection: duckdb.DuckDBPyConnection) -> None:
    """Enter a publication that stands but whose run died before it said so; say where all of them are gone."""
    published = int(connection.execute("SELECT count(DISTINCT phien_ban) FROM so_cai.cong_bo").fetchall()[0][0])
    lost = lost_versions(paths, published)
    if lost is not None:
        turn.remark(paths, lost)
    listing = read_listing(paths.marts)
    version, number = listing.get("phien_ban"), listing.get("so_lan")
    if version is not None and number is not None:
        connection.execute(
            "INSERT INTO so_cai.cong_bo (so_lan, phien_ban, luc) SELECT so_lan, ?, ? FROM so_cai.lan_chay l "
            "WHERE so_lan = ? AND NOT EXISTS (SELECT 1 FROM so_cai.cong_bo c WHERE c.so_lan = l.so_lan)",
            [version, now_in_vietnam(), number],
        )


def _recognise_secret(paths: DataPaths, connection: duckdb.DuckDBPyConnection) -> None:
    """Keyed hashes of two secrets must never mix: one person would become two.

    A secret is made for a data folder that has none yet: neither a working warehouse nor a publication.
    """
    known = connection.execute("SELECT dau FROM so_cai.dau_khoa").fetchall()
    try:
        mark = fingerprint(secret_key(create=not known and not paths.marts_file.exists()))
    except SecretError as error:
        raise RunError(str(error)) from None
    if not known:
        connection.execute("INSERT INTO so_cai.dau_khoa VALUES (?)", [mark])
    elif known != [(mark,)]:
        raise RunError(
            f"Khóa bí mật đã đổi so với kho làm việc này. Khôi phục khóa cũ ({VARIABLE} hoặc tệp {key_file()}), "
            "hoặc dời thư mục lam_viec/ đi nơi khác để nạp lại từ đầu bằng khóa mới."
        )


def current_run(job: Job) -> Run:
    """The run that ``prepare`` entered; raises ``RunError`` where there is none."""
    with job.warehouse(read_only=True) as connection:
        run = latest_run(connection)
    if run is None:
        raise RunError("Chưa có lần chạy nào trong kho làm việc; chạy `kho run`.")
    return run


def ingest(job: Job, run: Run) -> IntakeReport:
    """Read every new file of ``raw/``; refused files and quarantined rows are results, not errors.

    Then the order between files is settled as of the run's day (R8).
    """
    with intake(job, run) as files:
        return files.take_all(tell_of_file)


def settle_files(job: Job, connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """What follows every intake: removed people stay removed, and the order between files is that of ``as_of`` (R8)."""
    contracts = job.contracts.values()
    removed.forget_again(connection, contracts)
    order.settle(connection, contracts, as_of)


class NightIntake(IntakeSession):
    """The night's intake, feed by feed; ``finish`` settles the order between files as of the run's day (R8)."""

    def __init__(self, job: Job, run: Run, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(
            job.paths,
            connection,
            job.contracts,
            job.code_lists,
            now=run.started,
            run_number=run.number,
            limits=job.limits,
        )
        self._job, self._as_of, self._connection = job, run.as_of, connection

    def finish(self) -> IntakeReport:
        """See ``IntakeSession.finish``."""
        report = super().finish()
        settle_moved(self._connection, {item.name for item in self._found} | set(self._moving))
        settle_files(self._job, self._connection, self._as_of)
        safekeeping.keep_files(self._connection, self._job.paths)
        return report


@contextmanager
def intake(job: Job, run: Run) -> Iterator[NightIntake]:
    """The intake of ``run``; it holds the working warehouse for the length of the block."""
    turn.note(job.paths, buoc="nap")
    with job.warehouse(memory=job.settings.gioi_han.intake_memory) as connection:
        files = NightIntake(job, run, connection)
        with closing(files):
            yield files


def tell_of_file(item: str, done: int, total: int) -> None:
    """Progress of the intake: a file, by its path below ``raw/``."""
    progress.report("nap", item, done, total)


def link(job: Job, *, full: bool = False) -> dict[str, LinkReport] | None:
    """Compare new and changed births and deaths with the whole register (R10); None where there are none.

    ``full`` compares all of it. dbt first brings the views of the records up to date with what was ingested.
    A report a register. Raises ``RunError``.
    """
    with job.warehouse(read_only=True) as connection:
        tables = ["so_cai.ban_ghi_da_so", *(f"tho.ho_tich__{register.name}" for register in REGISTERS)]
        if not any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall() for table in tables):
            return None
    views = [f"model.kho06.{register.view}" for register in REGISTERS]
    nodes = dbt.build_nodes(job.paths, needed(dbt.parse(job.paths), views), config=job.warehouse_config)
    failed = [node.unique_id for node in nodes if not node.ok]
    if failed:
        raise RunError(f"Không dựng được bản ghi hộ tịch để liên kết ({', '.join(sorted(failed)[:3])}).")
    limits = job.settings.gioi_han
    try:
        return link_records(
            job.paths,
            full=full,
            threads=job.threads,
            memory=limits.bo_nho,
            tell=lambda item, done, total: progress.report("lien_ket", item, done, total),
        )
    except LinkageError as error:
        raise RunError(str(error)) from None


def link_or_hold(job: Job, run: Run) -> str | None:
    """``link`` as a step of the night: its failure holds back what is made of its pairs, and nothing else.

    Returns None, or why it failed: a Vietnamese sentence that the ledger keeps and the gate gives as the reason.
    """
    turn.note(job.paths, buoc="lien_ket")
    reason = None
    try:
        with job.warehouse() as connection:
            _forget_reason(connection, run)
            manifest = dbt.parse(job.paths)
            plan.begin(connection, manifest, run)
            staged = {f"model.kho06.stg_ho_tich__{register.name}" for register in REGISTERS}
            linked = staged <= untouched.standing(connection, manifest, staged) and take_over(connection, job.paths)
        if not linked:
            link(job)
    except RunError as error:
        reason = f"Liên kết bản ghi hộ tịch không xong: {error}"
    except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the night goes on; its text may quote data
        stopping.raise_if_asked()
        file = keep_trace(job.paths, error, "loi_lien_ket.txt")
        lack = space.told(job.paths, error)
        reason = (
            f"Liên kết bản ghi hộ tịch không xong. {lack}"
            if lack
            else f"Liên kết bản ghi hộ tịch không xong vì lỗi {type(error).__name__}; "
            f"chi tiết (chỉ chủ thư mục đọc được) ở lam_viec/{file.name}."
        )
    if reason:
        with job.warehouse() as connection:
            _forget_reason(connection, run)
            connection.execute("INSERT INTO so_cai.buoc_hong VALUES (?, ?, ?)", [run.number, LINKED, reason])
    return reason


def _forget_reason(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    connection.execute("DELETE FROM so_cai.buoc_hong WHERE so_lan = ? AND nut = ?", [run.number, LINKED])


def build(job: Job, run: Run) -> list[dbt.NodeResult]:
    """Build all models but those that tell of the gate itself; failing nodes are results, kept in the ledger."""
    with job.warehouse():  # to open it for each part costs as much as a small part
        nodes = list(building.begin(job, run).values())
        if not nodes:
            parts = building.parts(dbt.parse(job.paths))
            nodes = [node for part in parts for node in building.build_schema(job, run, part)]
    building.end(job, run)
    return nodes


@dataclass(frozen=True)
class Verdict:
    """What the gate measured and decided; ``broken``: dbt nodes that failed above each mart group."""

    version: str
    results: list[RuleResult]
    decisions: list[GroupDecision]
    broken: dict[str, set[str]]


def check(job: Job, run: Run, *, only: Collection[str] | None = None) -> Verdict:
    """Measure the rule book on what was built and decide, group by group, what may be published.

    ``only``: the mart groups that this run has built; the others stay as they are published.
    """
    turn.note(job.paths, buoc="kiem_tra")
    manifest = dbt.read_manifest(job.paths)
    with job.warehouse(read_only=True) as connection:
        version = str(connection.execute("SELECT phien_ban FROM so_cai.tham_so").fetchall()[0][0])
        failed, known = building.failed_nodes(connection, run)
        fallen = {} if run.accept_fall else _collapsed(job, connection, manifest, run)
        published = set() if is_aside(job.paths, run) else published_groups(job.paths)
        fallen |= stale(connection, job.settings.nguon, run.as_of, anything_published=bool(published))
    progress.report("kiem_tra", "bộ quy tắc", 0, 1)
    with _changed_rows(job) as sides:
        results, changes = evaluate_changes(
            job.paths.warehouse_file,
            job.rules,
            run_number=run.number,
            version=version,
            as_of=run.as_of,
            limits=job.settings.gioi_han,
            manifest=manifest,
            sides=sides,
        )
        decisions = decide(
            manifest, job.rules, results, failed | fallen.keys(), published, reasons_known=known | fallen
        )
        if only is not None:
            decisions = leave_out(decisions, only, published)
        with job.warehouse() as connection, sides_in(connection, sides, read_only=True):
            store_results(connection, job.rules, results, run_number=run.number, version=version, changes=changes)
            store_decisions(connection, decisions, run_number=run.number, version=version, as_of=run.as_of)
    progress.report("kiem_tra", "bộ quy tắc", 1, 1)
    broken: dict[str, set[str]] = {}
    for node in failed:
        for group in groups_below(manifest, node):
            broken.setdefault(group, set()).add(node)
    return Verdict(version, results, decisions, broken)


@contextmanager
def _changed_rows(job: Job) -> Iterator[Path]:
    """A database for the changed rows while rules are counted; a run that was killed may have left one."""
    file = job.paths.working / "tam_kiem_tra.duckdb"
    parts = (file, file.with_name(f"{file.name}.wal"))
    try:
        for part in parts:
            part.unlink(missing_ok=True)
        yield file
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _collapsed(job: Job, connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], run: Run) -> dict[str, str]:
    """Nodes below which content has collapsed against the current publication; an earlier as-of day holds less."""
    listing = read_listing(job.paths.marts)
    if str(listing.get("ngay_so_lieu", "")) > run.as_of.isoformat():
        listing = {name: listing.get(name) for name in ("nguon", "nguon_don")}
    return collapsed(
        manifest,
        listing,
        feed_rows(connection),
        table_rows(connection, manifest),
        job.settings.cong_chat_luong.nguong_giam,
        removed=removed_rows(connection),
    )


def published_groups(paths: DataPaths) -> set[str]:
    """Mart groups that the current ``kho.duckdb`` already holds; none where it is absent or damaged."""
    current = usable_database(paths.marts)
    if current is None:
        return set()
    manifest = dbt.read_manifest(paths)
    with connect(current, read_only=True) as connection:
        rows = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
    have = {(str(schema), str(table)) for schema, table in rows}
    return {group for group, tables in mart_groups(manifest).items() if have & tables}


def row_counts(job: Job) -> dict[tuple[str, str], int]:
    """Rows of every table of the working warehouse, by (schema, table), from the catalogue; of marts also as views."""
    with job.warehouse() as connection:
        return table_rows(connection, dbt.read_manifest(job.paths))


def parse_day(text: str) -> date:
    """``YYYY-MM-DD``, not a day to come; raises ``RunError`` for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RunError("Ngày số liệu phải có dạng YYYY-MM-DD, ví dụ 2025-09-30.") from None
    refuse_to_come(day)
    return day


def refuse_to_come(day: date) -> None:
    """Once a day to come is published, every night until then would count as older. Raises ``RunError``."""
    today = now_in_vietnam().date()
    if day > today:
        raise RunError(
            f"Ngày số liệu {day:%d/%m/%Y} chưa đến: hôm nay theo giờ Việt Nam là {today:%d/%m/%Y}. Chọn ngày không "
            "muộn hơn hôm nay; nếu ngày hôm nay ở đây là sai, chỉnh đồng hồ của máy."
        )
