"""What retention does to Dagster's own storage, and the tidying at the end of every night."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from sqlalchemy.exc import DBAPIError

from pipelines import turn
from pipelines.config.traces import keep_trace
from pipelines.job import Job
from pipelines.orchestrate.event_storage import OpenSqliteEventLogStorage
from pipelines.orchestrate.home import StorageAwayError, has_own_storage, instance, prepare_home
from pipelines.orchestrate.several.province import TAG, own_location
from pipelines.orchestrate.shared_events import SharedEvents
from pipelines.publish.retention import pinned_by, retire
from pipelines.publish.version_store import Store
from pipelines.upkeep.retention import Hook, Purge, Removed, purge
from pipelines.warehouse.database import TIME_ZONE
from pipelines.warehouse.runs import now_in_vietnam

_AGE = "quá luu_giu.nhat_ky_ngay"
_DETAIL_AGE = "quá luu_giu.nhat_ky_chi_tiet_ngay"
_AWAY = (
    "Kho lưu riêng của Dagster (dagster_rieng.yaml) không dùng được ({kind}): lịch sử chạy quá hạn chưa được xét, các "
    "phần khác đã xét đủ. Xem dịch vụ PostgreSQL và mật khẩu mà dagster_rieng.yaml nêu, rồi chạy lại `kho purge`."
)
_BROKEN = (
    "Kho lưu của Dagster không đọc được ({kind}): lịch sử chạy quá hạn chưa được xét, các phần khác đã xét đủ. Lần "
    "`kho run` tới dời kho lưu hỏng sang bên và lập kho mới."
)
_BATCH = 100
_ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


def purge_runs(job: Job, storage: DagsterInstance) -> Hook:
    """A keeper of Dagster's runs: those that ended longer ago than ``nhat_ky_ngay``, with their events and logs."""

    def hook(now: datetime, dry_run: bool) -> list[Removed]:
        before = _utc(now) - timedelta(days=job.settings.luu_giu.nhat_ky_ngay)
        found = []
        while records := storage.get_run_records(_ended(before), limit=None if dry_run else _BATCH):
            for record in records:
                run_id = record.dagster_run.run_id
                found.append(Removed("lan_chay", run_id, 0, 0, _AGE))
                if not dry_run:
                    storage.delete_run(run_id)
                    shutil.rmtree(job.paths.dagster_home / "storage" / run_id, ignore_errors=True)
            if dry_run:
                break
        return found

    return hook


def thin_runs(job: Job, storage: DagsterInstance) -> Hook:
    """A keeper of Dagster's events: of runs older than ``nhat_ky_chi_tiet_ngay`` their course stays, not each event.

    The storage may be that of this folder or another database (``dagster_rieng.yaml``).
    """
    events: Any = storage.event_log_storage
    if not isinstance(events, OpenSqliteEventLogStorage):
        events = SharedEvents(events)

    def hook(now: datetime, dry_run: bool) -> list[Removed]:
        keep, found = job.settings.luu_giu, []
        before = _utc(now) - timedelta(days=keep.nhat_ky_chi_tiet_ngay)
        for record in storage.get_run_records(_ended(before)):
            run_id = record.dagster_run.run_id
            if events.is_detailed(run_id):
                found.append(Removed("chi_tiet_lan_chay", run_id, 0, events.size_of(run_id), _DETAIL_AGE))
                if not dry_run:
                    events.thin(run_id)
        if not dry_run:
            events.forget_states((_utc(now) - timedelta(days=keep.nhat_ky_ngay)).replace(tzinfo=None))
        return found

    return hook


def purge_versions(job: Job) -> Hook:
    """A keeper of kept publications: those past ``ban_dem`` and ``ban_cuoi_thang``, and content that none names."""

    def hook(_now: datetime, dry_run: bool) -> list[Removed]:
        gone = retire(job.paths, job.settings.luu_giu, dry_run=dry_run)
        return [Removed(item.what, item.path, 0, item.size, item.reason) for item in gone]

    return hook


@dataclass(frozen=True)
class Tidied:
    """What went, or would; ``left``: why Dagster's runs stayed, a Vietnamese sentence."""

    removed: list[Removed]
    left: str | None = None


def purge_all(job: Job, *, dry_run: bool) -> Tidied:
    """``kho purge``: warehouse, files and, last, Dagster's runs: their storage may be away, and the rest goes.

    The caller holds the folder unless ``dry_run``.
    """
    home = job.paths.dagster_home
    if not home.is_dir():
        return Tidied(_purge(job, (purge_versions(job),), dry_run=dry_run))
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    prepare_home(job)  # settings at fault are told before anything goes
    removed = _purge(job, (purge_versions(job),), dry_run=dry_run)
    try:
        with instance(job) as storage:
            for hook in (purge_runs(job, storage), thin_runs(job, storage)):
                removed += hook(now_in_vietnam(), dry_run)
    except (StorageAwayError, sqlite3.DatabaseError, DBAPIError) as failure:
        kind = str(failure) if isinstance(failure, StorageAwayError) else type(failure).__name__
        return Tidied(removed, (_AWAY if has_own_storage(home) else _BROKEN).format(kind=kind))
    return Tidied(removed)


def after_night(job: Job, storage: DagsterInstance) -> None:
    """The purge at the end of a night that was published; whatever goes wrong with it, the night has ended well."""
    try:
        removed = _purge(job, (purge_versions(job), purge_runs(job, storage), thin_runs(job, storage)), dry_run=False)
    except Exception as error:  # noqa: BLE001 - its text may quote data, and the publication stands
        file = keep_trace(job.paths, error, "loi_don_dep.txt")
        turn.remark(
            job.paths,
            f"Dọn phần quá hạn lưu giữ không xong ({type(error).__name__}; chi tiết ở lam_viec/{file.name}); "
            "chạy lại bằng `kho purge`.",
        )
        return
    if removed:
        turn.remark(job.paths, f"Đã dọn {len(removed)} mục quá hạn lưu giữ (luu_giu trong orchestration.yaml).")


def _purge(job: Job, hooks: tuple[Hook, ...], *, dry_run: bool) -> list[Removed]:
    now = now_in_vietnam()
    keep = job.settings.luu_giu
    if not job.paths.warehouse_file.exists():
        return purge(Purge(job.paths, keep, job.contracts, None, hooks=hooks), now, dry_run=dry_run)
    try:
        pinned = pinned_by(Store(job.paths.marts))
        with job.warehouse(read_only=dry_run) as connection:
            whole = Purge(job.paths, keep, job.contracts, connection, pinned_by=pinned, hooks=hooks)
            return purge(whole, now, dry_run=dry_run)
    except duckdb.CatalogException:
        # A warehouse of an earlier release: the next run brings its ledger up to date.
        return purge(Purge(job.paths, keep, job.contracts, None, hooks=hooks), now, dry_run=dry_run)


def _ended(before: datetime) -> RunsFilter:
    """Runs that ended, of this province alone where several have one storage."""
    location = own_location()
    return RunsFilter(statuses=_ENDED, created_before=before, tags={TAG: location} if location else None)


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZoneInfo(TIME_ZONE)).astimezone(ZoneInfo("UTC"))
