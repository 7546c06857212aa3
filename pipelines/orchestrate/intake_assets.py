"""Files into raw tables: the folders files arrive in, and the step ``nap_tep``."""

# No postponed annotations here: Dagster reads the config type from the signature itself.
from collections.abc import Iterator
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetsDefinition,
    AssetSpec,
    Config,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)
from pydantic import Field

from pipelines import nightly
from pipelines.intake.loaded.load import Counts
from pipelines.intake.loaded.report import IntakeReport
from pipelines.job import Job
from pipelines.orchestrate.failures import begin_run, told_safely
from pipelines.orchestrate.keys import files_key, raw_key

LEDGER = (
    "lan_chay",
    "tham_so",
    "tep",
    "trang_tinh",
    "dong_cach_ly",
    "cach_ly",
    "loi_gia_tri",
    "cot_la",
    "cot_nghi",
    "ten_hien",
    "nhip_nguon",
)


class AsOfConfig(Config):
    """Configuration of a run: the as-of day (R1), default the last day that has ended in Vietnam."""

    chap_nhan_giam: bool = Field(default=False, description="Công bố cả phần có số dòng giảm mạnh, sau khi đã xem")
    thay_ban_dang_dung: bool = Field(default=False, description="Ngày số liệu cũ hơn cũng thay bản đang công bố")
    ngay_so_lieu: str | None = Field(
        default=None, description="Ngày số liệu, YYYY-MM-DD; bỏ trống: ngày gần nhất đã hết (hôm qua)"
    )


def file_specs(job: Job) -> list[AssetSpec]:
    """The folders that files arrive in, as external assets: where lineage begins."""
    return [
        AssetSpec(
            files_key(contract),
            group_name="tep_goc",
            description=f"Tệp xuất của nguồn {contract.feed}: {contract.title}.",
            metadata={"thu_muc": MetadataValue.path(str(job.paths.raw / contract.feed))},
        )
        for contract in job.contracts.values()
    ]


def ingest_asset(job: Job) -> AssetsDefinition:
    """``nap_tep``: files into raw tables and the ledger; one output a feed with rows and files."""
    specs = [
        AssetSpec(
            raw_key(contract),
            deps=[files_key(contract)],
            group_name="tho",
            description=f"Lớp thô của {contract.feed}. {contract.description}",
        )
        for contract in job.contracts.values()
    ]
    every_folder = [files_key(contract) for contract in job.contracts.values()]
    specs += [
        AssetSpec(["so_cai", name], deps=every_folder, group_name="so_cai", description="Sổ cái của kho.")
        for name in LEDGER
    ]

    @multi_asset(name="nap_tep", specs=specs)
    def nap_tep(context: AssetExecutionContext, config: AsOfConfig) -> Iterator[MaterializeResult[Any]]:
        with told_safely(job.paths, "nạp tệp"):
            as_of = nightly.parse_day(config.ngay_so_lieu) if config.ngay_so_lieu else None
            begin_run(job, context.run_id, as_of)
            run = nightly.prepare(job, as_of, accept_fall=config.chap_nhan_giam, replace=config.thay_ban_dang_dung)
            report = nightly.ingest(job, run)
        context.log.info(f"Lần chạy {run.number}: {len(report.files)} tệp, {len(report.refused)} tệp từ chối.")
        for contract in job.contracts.values():
            yield MaterializeResult(asset_key=raw_key(contract), metadata=_feed_metadata(report, contract.feed))
        for name in LEDGER:
            yield MaterializeResult(asset_key=["so_cai", name])

    return nap_tep


def _feed_metadata(report: IntakeReport, feed: str) -> dict[str, int]:
    """Files and rows that the run read of a feed."""
    files = [file for file in report.files if file.feed == feed]
    counts = report.totals.get(feed, Counts())
    return {
        "so_tep": len(files),
        "so_tep_tu_choi": sum(1 for file in files if file in report.refused),
        "so_dong_doc": counts.read,
        "so_dong_nap": counts.loaded,
        "so_dong_cach_ly": counts.quarantined,
        "so_dong_lap": counts.repeated,
    }
