"""The last steps of a night: the tables that tell of the gate, and the publication with its documents and pages."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from pipelines import building, progress, standing, stopping, turn
from pipelines.config.traces import keep_trace
from pipelines.dictionary.facts import read_book
from pipelines.dictionary.pages import dictionary
from pipelines.job import Job
from pipelines.nightly import RunError, Verdict
from pipelines.opendata.night import files_of_night
from pipelines.opendata.package import stands
from pipelines.pages.site import FOLDER as LEADERS_FOLDER
from pipelines.pages.site import site_of
from pipelines.publish.keeping import Night
from pipelines.publish.publish import Outcome, PublishReport, is_aside
from pipelines.publish.publish import publish as publish_marts
from pipelines.quality.collapse import feed_rows, removed_rows
from pipelines.quality.defects import take_back
from pipelines.quality.docs_page import quality_page
from pipelines.quality.gate import State
from pipelines.quality.manifest import Manifest, marts
from pipelines.serving.fill import ServingError, fill
from pipelines.warehouse import alerts, dbt, safekeeping
from pipelines.warehouse.database import transaction
from pipelines.warehouse.runs import Run, now_in_vietnam, origins

QUALITY_PAGE = "tai_lieu/chat_luong.html"
LEADERS_PAGE = f"{LEADERS_FOLDER}/index.html"
ALERTS = "canh_bao"
"""Mart group of the alerts and of what each agency has to do."""


def publish(
    job: Job, run: Run, verdict: Verdict, *, by: datetime | None = None
) -> tuple[list[dbt.NodeResult], PublishReport]:
    """Build the tables that tell of the gate, then swap in the new publication; raises on a failing node there."""
    nodes = build_after_gate(job, run, verdict, by=by)
    return nodes, bring_out(job, run, verdict, by=by)


def build_after_gate(job: Job, run: Run, verdict: Verdict, *, by: datetime | None = None) -> list[dbt.NodeResult]:
    """Build the tables that tell of the gate and of alerts; raises ``RunError`` on a failing node."""
    turn.note(job.paths, buoc="xuat_ban")
    if by is None and not is_aside(job.paths, run) and is_list_new(verdict):
        with job.warehouse() as connection:
            alerts.enter(connection, run.number, run.as_of, keep_days=31 * job.settings.luu_giu.lich_su_thang)
    nodes = building.build_after_gate(
        job, on_node=lambda item, done, total: progress.report("xuat_ban", item, done, total)
    )
    failed = [node.unique_id for node in nodes if not node.ok]
    if failed:
        raise RunError(f"Không dựng được bảng vận hành ({', '.join(sorted(failed)[:3])}); bản đang công bố giữ nguyên.")
    return nodes


def is_list_new(verdict: Verdict) -> bool:
    """Whether the morning's list is published anew; one that is held back begins and ends no life of an alert."""
    return any(item.group == ALERTS and item.status is State.NEW for item in verdict.decisions)


def bring_out(job: Job, run: Run, verdict: Verdict, *, by: datetime | None = None) -> PublishReport:
    """Swap in the new publication, or keep it aside (``by``, or an earlier as-of day)."""
    turn.note(job.paths, buoc="xuat_ban")
    manifest = dbt.read_manifest(job.paths)
    with job.warehouse(read_only=True) as connection:
        page = quality_page(connection, job.rules, manifest, job.paths.working)
        book = read_book(connection, manifest, job.contracts, job.rules, verdict.decisions)
        feeds, removed = feed_rows(connection), removed_rows(connection)
        ledger = standing.ledger_digest(connection)
        forgotten = [str(row[0]) for row in connection.execute("SELECT khoa FROM so_cai.go_bo").fetchall()]
    report = publish_marts(
        job.paths,
        manifest,
        verdict.decisions,
        version=verdict.version,
        night=Night(run.number, run.started, by, origins(), run.scope),
        feeds=feeds,
        removed=removed,
        forgotten=forgotten,
        as_of=run.as_of,
        parquet=job.settings.xuat_ban.parquet,
        limits=job.settings.gioi_han,
        documents=lambda database: (
            dictionary(book, opened=stands(database.parent)) | ({QUALITY_PAGE: page} if page is not None else {})
        ),
        pages=partial(leaders_pages, job),
        open_data=partial(
            files_of_night,
            paths=job.paths,
            settings=job.settings,
            as_of=run.as_of,
            held=held_marts(manifest, verdict),
            remark=partial(turn.remark, job.paths),
        ),
        aside=by is not None or is_aside(job.paths, run),
        ledger=ledger,
    )
    enter_publication(job, run, report)
    if job.settings.bi.bat and report.outcome is Outcome.SWAPPED:
        fill_serving_copy(job)
    return report


def fill_serving_copy(job: Job) -> None:
    """Hand the publication on to the serving copy; what goes wrong there is told and fails no night."""
    try:
        for sentence in fill(job.paths.marts_file, job.paths, job.settings):
            turn.remark(job.paths, sentence)
    except ServingError as mistake:
        turn.remark(job.paths, str(mistake))
    except Exception as error:  # noqa: BLE001 - whatever it is, the publication stands; its text may quote data
        stopping.raise_if_asked()
        file = keep_trace(job.paths, error, "loi_bi.txt")
        turn.remark(
            job.paths,
            f"Không nạp được bản phục vụ BI vì lỗi {type(error).__name__}; chi tiết (chỉ chủ thư mục đọc được) ở "
            f"lam_viec/{file.name}.",
        )


def held_marts(manifest: Manifest, verdict: Verdict) -> frozenset[str]:
    """Marts (``schema.table``) of the groups that are not published anew."""
    new = {decision.group for decision in verdict.decisions if decision.status is State.NEW}
    return frozenset(mart.table for mart in marts(manifest) if mart.group not in new)


def enter_publication(job: Job, run: Run, report: PublishReport) -> None:
    """Tell the ledger, and keep its copy outside."""
    with job.warehouse() as connection:
        with transaction(connection):
            connection.execute(
                "INSERT INTO so_cai.cong_bo (so_lan, phien_ban, luc, cach) VALUES (?, ?, ?, ?)",
                [run.number, report.kept, now_in_vietnam(), report.outcome],
            )
            if report.outcome is Outcome.ASIDE:
                take_back(connection, run.number)
        safekeeping.keep(connection, job.paths)
    turn.note(job.paths, phien_ban=report.version)


def leaders_pages(job: Job, database: Path) -> dict[str, str | bytes]:
    """The leaders' pages of a publication that is about to stand; what goes wrong in them holds back no figure."""
    try:
        return site_of(database, threads=job.threads, memory=job.settings.gioi_han.bo_nho)
    except Exception as error:  # noqa: BLE001 - whatever it is, the figures are published; its text may quote data
        stopping.raise_if_asked()
        file = keep_trace(job.paths, error, "loi_bang_dieu_hanh.txt")
        turn.remark(
            job.paths,
            f"Không làm được bảng điều hành vì lỗi {type(error).__name__}; chi tiết (chỉ chủ thư mục đọc được) ở "
            f"lam_viec/{file.name}.",
        )
        return {}
