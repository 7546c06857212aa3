"""Files into raw tables: the folders files arrive in, the beginning of a run, a step a feed, the ledger of files."""

# No postponed annotations here: Dagster reads the context's type from the signature itself.
from collections.abc import Iterable, Iterator
from typing import Any

from dagster import AssetObservation, AssetSpec, Field, MaterializeResult, MetadataValue, Noneable, OpExecutionContext

from pipelines import nightly
from pipelines.contracts.model import Contract
from pipelines.intake.loaded.contract_digest import contract_digest
from pipelines.intake.loaded.ledger import LOADED, REFUSED
from pipelines.intake.loaded.report import FileReport
from pipelines.job import Job
from pipelines.orchestrate.keys import files_key, ledger_key, raw_key
from pipelines.orchestrate.night_run import AS_OF, NightRun, Plan
from pipelines.orchestrate.specs import code_of, spec
from pipelines.orchestrate.steps import Event, Step

BEGINNING = "chuan_bi"
_RUN_TABLES = ("lan_chay", "nhip_nguon", "tra_loi", "trang_thai_don")
_FILE_TABLES = (
    "tep",
    "trang_tinh",
    "dong_cach_ly",
    "cach_ly",
    "loi_gia_tri",
    "cot_la",
    "cot_nghi",
    "ten_hien",
    "ngay_su_kien",
)
_CONFIG: dict[str, Any] = {
    AS_OF: Field(
        Noneable(str),
        is_required=False,
        default_value=None,
        description="Ngày số liệu, YYYY-MM-DD; bỏ trống: ngày gần nhất đã hết (hôm qua)",
    ),
    "chap_nhan_giam": Field(
        bool, is_required=False, default_value=False, description="Công bố cả phần có số dòng giảm mạnh, sau khi đã xem"
    ),
    "thay_ban_dang_dung": Field(
        bool, is_required=False, default_value=False, description="Ngày số liệu cũ hơn cũng thay bản đang công bố"
    ),
    "dung_lai": Field(
        bool, is_required=False, default_value=False, description="Dựng lại toàn bộ các bảng, không cộng dồn"
    ),
}


def file_specs(job: Job) -> list[AssetSpec]:
    """The folders that files arrive in, as external assets: where lineage begins."""
    return [
        spec(
            job,
            files_key(contract),
            group="tep_goc",
            description=f"Tệp xuất của nguồn {contract.feed}: {contract.title}.",
            kinds=["file"],
            owner=_system(contract),
            code_version=contract_digest(contract, job.code_lists),
            metadata={"thu_muc": MetadataValue.path(str(job.paths.raw / contract.feed))},
        )
        for contract in job.contracts.values()
    ]


def intake_steps(plan: Plan) -> list[Step]:
    """``chuan_bi``, ``nap__<feed>`` for every feed, ``nap__so_cai``."""
    folders = [files_key(contract) for contract in plan.contracts]
    run_tables = [
        spec(
            plan.job,
            ledger_key(name),
            group="so_cai",
            description="Sổ cái của kho: lần chạy và nhịp gửi đã cam kết.",
            kinds=["duckdb"],
            code_version=code_of("warehouse/runs.py", "warehouse/schema.py"),
        )
        for name in _RUN_TABLES
    ]
    file_tables = [
        spec(
            plan.job,
            ledger_key(name),
            group="so_cai",
            description="Sổ cái của kho: tệp, trang tính, dòng cách ly, giá trị không đọc được.",
            kinds=["duckdb"],
            deps=folders,
            code_version=code_of("intake"),
        )
        for name in _FILE_TABLES
    ]
    return [
        Step(BEGINNING, "chuẩn bị", _begin, specs=run_tables, config=_CONFIG),
        *(_feed_step(plan, contract) for contract in plan.contracts),
        Step("nap__so_cai", "xếp thứ tự tệp", _finish, specs=file_tables),
    ]


def _begin(night: NightRun, context: OpExecutionContext) -> Iterator[Event]:
    given = context.op_config or {}
    day = nightly.parse_day(given[AS_OF]) if given.get(AS_OF) else None
    accept_fall, replace = bool(given.get("chap_nhan_giam")), bool(given.get("thay_ban_dang_dung"))
    run = night.begin(day, accept_fall=accept_fall, replace=replace, rebuild=bool(given.get("dung_lai")))
    context.log.info(f"Lần chạy {run.number}, số liệu đến hết {run.as_of:%d/%m/%Y}, phạm vi: {run.scope or 'cả đêm'}.")
    for name in _RUN_TABLES:
        yield MaterializeResult(asset_key=ledger_key(name), metadata={"so_lan": run.number})


def _feed_step(plan: Plan, contract: Contract) -> Step:
    raw = spec(
        plan.job,
        raw_key(contract),
        group="tho",
        description=f"Lớp thô của {contract.feed}. {contract.description}",
        kinds=["duckdb", "polars"],
        deps=[files_key(contract)],
        owner=_system(contract),
        code_version=contract_digest(contract, plan.job.code_lists),
        days=plan.job.settings.nguon[contract.feed].nhip_ngay,
        metadata={"nhip_ngay": plan.job.settings.nguon[contract.feed].nhip_ngay},
    )

    def work(night: NightRun, context: OpExecutionContext) -> Iterator[Event]:
        if night.scope.feeds is not None and contract.feed not in night.scope.feeds:
            return
        files = night.open_files().take(contract.feed, nightly.tell_of_file)
        found = _counts(files)
        context.log.info(f"{contract.feed}: {found['so_tep']} tệp, từ chối {found['so_tep_tu_choi']}.")
        for refused in (file for file in files if file.status == REFUSED):
            context.log.warning(f"Từ chối một tệp của {refused.feed}: xem `kho status` hoặc bảng van_hanh.tep.")
        # The raw table is as fresh as its files, not as the run: freshness is told by what was loaded.
        if found["so_tep_nap"]:
            yield MaterializeResult(asset_key=raw_key(contract), metadata=found)
        else:
            yield AssetObservation(raw_key(contract), metadata={**found, "ket_qua": "không có tệp mới"})

    return Step(f"nap__{contract.table}", f"nạp tệp của {contract.feed}", work, specs=[raw])


def _finish(night: NightRun, context: OpExecutionContext) -> Iterator[Event]:
    if night.scope.feeds is not None and not night.scope.feeds:
        return
    files = night.open_files()
    if night.scope.feeds is None:
        files.take(None, nightly.tell_of_file)
    report = files.finish()
    night.close_files()
    context.log.info(f"{len(report.files)} tệp, {len(report.refused)} tệp từ chối.")
    for name in _FILE_TABLES:
        yield MaterializeResult(asset_key=ledger_key(name))


def _counts(files: Iterable[FileReport]) -> dict[str, int]:
    """Files and rows that the run read of a feed."""
    files = list(files)
    loaded = [file for file in files if file.status == LOADED]
    return {
        "so_tep": len(files),
        "so_tep_nap": len(loaded),
        "so_tep_tu_choi": sum(1 for file in files if file.status == REFUSED),
        "so_dong_doc": sum(file.counts.read for file in loaded),
        "so_dong_nap": sum(file.counts.loaded for file in loaded),
        "so_dong_cach_ly": sum(file.counts.quarantined for file in loaded),
        "so_dong_lap": sum(file.counts.repeated for file in loaded),
    }


def _system(contract: Contract) -> str:
    return contract.feed.split("/")[0]
