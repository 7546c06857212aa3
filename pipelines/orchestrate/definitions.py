"""The nightly job, its assets, checks and schedule, and the rebuild of linkage, for one data folder."""

from __future__ import annotations

from dagster import (
    DefaultScheduleStatus,
    Definitions,
    ScheduleDefinition,
    define_asset_job,
    in_process_executor,
)

from pipelines.job import Job
from pipelines.orchestrate.intake_assets import file_specs, ingest_asset
from pipelines.orchestrate.mart_assets import mart_asset
from pipelines.orchestrate.relink_job import relink_job
from pipelines.warehouse import dbt

JOB_NAME = "hang_dem"


def build_definitions(job: Job) -> Definitions:
    """Assets, checks, the nightly job and its schedule for one data folder.

    One process by default: a process a step costs more than the steps themselves.
    """
    manifest = dbt.parse(job.paths)
    assets = [ingest_asset(job), mart_asset(job, manifest)]
    nightly_job = define_asset_job(
        JOB_NAME,
        selection=assets,
        executor_def=in_process_executor,
        description="Quét tệp, nạp, dựng mart, kiểm tra chất lượng và công bố phần đã qua cổng.",
    )
    when = job.settings.lich_chay
    schedule = ScheduleDefinition(
        name=f"{JOB_NAME}_{when.gio:%Hh%M}",
        job=nightly_job,
        cron_schedule=job.settings.cron,
        execution_timezone=job.settings.mui_gio,
        default_status=DefaultScheduleStatus.RUNNING if when.bat else DefaultScheduleStatus.STOPPED,
        description="Mỗi đêm, giờ Việt Nam; giờ chạy đặt trong orchestration.yaml.",
    )
    return Definitions(
        assets=[*file_specs(job), *assets],
        jobs=[nightly_job, relink_job(job)],
        schedules=[schedule],
        executor=in_process_executor,
    )
