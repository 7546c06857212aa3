"""Assets, checks, jobs, schedule and sensor for one data folder."""

from __future__ import annotations

from dagster import (
    AssetsDefinition,
    DailyPartitionsDefinition,
    DefaultScheduleStatus,
    Definitions,
    PartitionedConfig,
    ScheduleDefinition,
    define_asset_job,
    in_process_executor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines.job import Job
from pipelines.orchestrate.build_assets import Models, build_steps
from pipelines.orchestrate.file_sensor import file_sensor
from pipelines.orchestrate.intake_assets import BEGINNING, file_specs, intake_steps
from pipelines.orchestrate.night_run import AS_OF, Plan
from pipelines.orchestrate.publish_assets import publish_steps
from pipelines.orchestrate.relink_job import relink_job
from pipelines.orchestrate.steps import NIGHT, Step, night_assets
from pipelines.warehouse import dbt

JOB_NAME = "hang_dem"
PAST_JOB = "lam_lai_ngay"


def build_definitions(job: Job) -> Definitions:
    """Everything of the night for one data folder.

    One process: the steps share what is open, and a process a step costs more than the steps themselves.
    """
    night = night_definition(job)
    nightly_job = define_asset_job(
        JOB_NAME,
        selection=[night],
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
        assets=[*file_specs(job), night],
        jobs=[nightly_job, _past_job(job, night), relink_job(job)],
        schedules=[schedule],
        sensors=[file_sensor(job, nightly_job)],
        executor=in_process_executor,
    )


def night_definition(job: Job) -> AssetsDefinition:
    """The night's assets; every run of them begins with the step ``chuan_bi``."""
    plan = Plan(job, dbt.parse(job.paths))
    steps = night_steps(plan)
    plan.keys.update(spec.key for step in steps for spec in step.specs)
    return night_assets(plan, steps)


def night_steps(plan: Plan) -> list[Step]:
    """The steps of a night in their order."""
    models = Models(plan)
    return [*intake_steps(plan), *build_steps(plan, models), *publish_steps(plan, models)]


def run_config(
    as_of: str | None, *, accept_fall: bool = False, replace: bool = False
) -> dict[str, dict[str, dict[str, dict[str, dict[str, dict[str, str | bool | None]]]]]]:
    """Configuration of a run: the as-of day (``YYYY-MM-DD``) and what ``kho run`` calls by the same names."""
    config = {AS_OF: as_of, "chap_nhan_giam": accept_fall, "thay_ban_dang_dung": replace}
    return {"ops": {NIGHT: {"ops": {BEGINNING: {"config": config}}}}}


def _past_job(job: Job, night: AssetsDefinition) -> UnresolvedAssetJobDefinition:
    """A partition a day that has ended: a run of it is ``kho run --as-of`` that day, many of them a backfill."""
    days = DailyPartitionsDefinition(
        start_date=job.settings.lich_chay.ngay_dau.isoformat(), timezone=job.settings.mui_gio
    )
    return define_asset_job(
        PAST_JOB,
        selection=[night],
        executor_def=in_process_executor,
        config=PartitionedConfig(days, run_config_for_partition_key_fn=run_config),
        description=(
            "Làm lại một ngày số liệu đã qua bằng những gì nay đã biết, như kho run --as-of. Ngày cũ hơn bản đang công "
            "bố được giữ thành phiên bản riêng, bản đang công bố giữ nguyên."
        ),
    )
