"""The full rebuild of linkage as a job of its own: every record compared anew, large registers trained first.

Not part of the night, which compares new records only. Started by hand here or by ``kho link --full``, which shows
a progress bar; a run of the warehouse going on in another process refuses it.
"""

# No postponed annotations here: Dagster reads the context's type from the signature itself.
from dagster import JobDefinition, OpExecutionContext, in_process_executor, job, op

from pipelines import nightly, progress, turn
from pipelines.job import Job
from pipelines.orchestrate.failures import told_safely

RELINK_JOB = "lien_ket_lai"


def relink_job(settings: Job) -> JobDefinition:
    """Job ``lien_ket_lai`` for one data folder; its log says how far it is and what it found, by register."""

    @op(name="so_lai_toan_bo", description="So lại mọi bản ghi khai sinh, khai tử; sổ đủ lớn thì huấn luyện lại.")
    def so_lai_toan_bo(context: OpExecutionContext) -> None:
        def tell(stage: str, item: str, done: int, total: int) -> None:
            context.log.info(f"{stage}: {item} ({done}/{total})")

        with (
            told_safely(settings.paths, "liên kết lại"),
            turn.exclusive(settings.paths, "liên kết lại"),
            progress.listening(tell),
        ):
            reports = nightly.link(settings, full=True)
        for register, report in (reports or {}).items():
            context.log.info(f"{register}: {report.records} bản ghi, {report.pairs} cặp có thể trùng")

    @job(
        name=RELINK_JOB,
        executor_def=in_process_executor,
        description="Liên kết lại toàn bộ sổ khai sinh, khai tử; kết quả công bố ở lần chạy hằng đêm kế tiếp.",
    )
    def lien_ket_lai() -> None:
        so_lai_toan_bo()

    return lien_ket_lai
