"""The steps of the nightly job as Dagster assets, with lineage from the files to the published tables.

Three steps: ``nap_tep`` (files → raw tables), ``dung_mart`` (dbt), ``cong_va_xuat_ban`` (gate and publication).
The last is one step on purpose: its blocking checks belong to the gate of each mart group, and a failing gate
must hold back its own group only, while everything that passed is published in one atomic swap.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetsDefinition,
    AssetSpec,
    Config,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)
from dagster_dbt import build_dbt_asset_specs
from pydantic import Field

from pipelines import nightly
from pipelines.intake.load import Counts
from pipelines.intake.run import IntakeReport
from pipelines.nightly import AFTER_GATE, Job, Verdict
from pipelines.orchestrate.failures import told_safely
from pipelines.orchestrate.keys import (
    KhoTranslator,
    files_key,
    gate_key,
    node_key,
    published_key,
    raw_key,
)
from pipelines.quality.gate import GroupDecision, State, endangered_groups, mart_groups
from pipelines.quality.model import Rule, Severity
from pipelines.warehouse.dbt import NodeResult

BUILD_CHECK = "dung_bang"
LEDGER_BY_INTAKE = (
    "lan_chay",
    "tham_so",
    "tep",
    "trang_tinh",
    "dong_cach_ly",
    "cach_ly",
    "loi_gia_tri",
    "cot_la",
    "nhip_nguon",
)
LEDGER_BY_GATE = ("quy_tac", "ket_qua_kiem_tra", "loi", "quyet_dinh")

Event = MaterializeResult[Any] | AssetCheckResult


class AsOfConfig(Config):
    """Configuration of a run: the as-of day (R1), default today in Vietnam."""

    ngay_so_lieu: str | None = Field(default=None, description="Ngày số liệu, YYYY-MM-DD; bỏ trống: hôm nay")


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
        for name in LEDGER_BY_INTAKE
    ]

    @multi_asset(name="nap_tep", specs=specs)
    def nap_tep(context: AssetExecutionContext, config: AsOfConfig) -> Iterator[Event]:
        with told_safely(job.paths, "nạp tệp"):
            as_of = nightly.parse_day(config.ngay_so_lieu) if config.ngay_so_lieu else None
            run = nightly.prepare(job, as_of)
            report = nightly.ingest(job, run)
        context.log.info(f"Lần chạy {run.number}: {len(report.files)} tệp, {len(report.refused)} tệp từ chối.")
        for contract in job.contracts.values():
            yield MaterializeResult(asset_key=raw_key(contract), metadata=_feed_metadata(report, contract.feed))
        for name in LEDGER_BY_INTAKE:
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


def build_asset(job: Job, manifest: dict[str, Any]) -> AssetsDefinition:
    """``dung_mart``: dbt models before the gate; a failing model is shown by its missing materialisation."""
    specs = [
        spec.replace_attributes(skippable=True)
        for spec in build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=KhoTranslator(), exclude=AFTER_GATE)
    ]
    keys = {spec.key for spec in specs}
    tests = _tests(manifest, keys)
    checks = [AssetCheckSpec(name, asset=key, description=description) for name, key, description in tests.values()]

    @multi_asset(name="dung_mart", specs=specs, check_specs=checks)
    def dung_mart(context: AssetExecutionContext) -> Iterator[Event]:
        with told_safely(job.paths, "dựng bảng"):
            run = nightly.current_run(job)
            nodes = nightly.build(job, run)
            rows = nightly.row_counts(job)
        failed = [node.unique_id for node in nodes if not node.ok]
        if failed:
            context.log.error(f"{len(failed)} nút dbt hỏng: {', '.join(sorted(failed)[:10])}")
        yield from _build_events(nodes, manifest, rows, keys, tests)

    return dung_mart


def _build_events(
    nodes: list[NodeResult],
    manifest: dict[str, Any],
    rows: dict[tuple[str, str], int],
    keys: set[Any],
    tests: dict[str, tuple[str, Any, str]],
) -> Iterator[Event]:
    known = {**manifest["nodes"], **manifest["sources"]}
    for node in nodes:
        if node.unique_id in tests:
            name, key, _ = tests[node.unique_id]
            yield AssetCheckResult(
                passed=node.ok, check_name=name, asset_key=key, metadata={"so_dong_loi": node.failures or 0}
            )
            continue
        described = known.get(node.unique_id)
        key = node_key(described) if described else None
        if described is not None and node.ok and key in keys:
            count = rows.get((described["schema"], described["alias"]))
            metadata = {"giay": round(node.seconds, 3)}
            if count is not None:
                metadata["dagster/row_count"] = count
            yield MaterializeResult(asset_key=key, metadata=metadata)


def _tests(manifest: dict[str, Any], keys: set[Any]) -> dict[str, tuple[str, Any, str]]:
    """dbt data test → (check name, asset key, description), for tests attached to one model of this step."""
    result: dict[str, tuple[str, Any, str]] = {}
    for unique_id, node in manifest["nodes"].items():
        attached = node.get("attached_node")
        if node["resource_type"] != "test" or attached not in manifest["nodes"]:
            continue
        key = node_key(manifest["nodes"][attached])
        if key in keys:
            result[unique_id] = (
                node["name"],
                key,
                str(node.get("description") or "Kiểm tra cấu trúc của dbt."),
            )
    return result


def publish_asset(job: Job, manifest: dict[str, Any]) -> AssetsDefinition:
    """``cong_va_xuat_ban``: gates with their blocking checks, tables about the gate, and publication."""
    groups = mart_groups(manifest)
    after = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=KhoTranslator(), select=AFTER_GATE)
    after_specs = [spec.replace_attributes(skippable=True) for spec in after]
    specs = [*_gate_specs(groups), *_ledger_specs(), *after_specs, *_published_specs(groups)]
    endangered = {rule.code: endangered_groups(manifest, rule) for rule in job.rules}
    checks = [
        AssetCheckSpec(
            rule.code, asset=gate_key(group), description=rule.description, blocking=rule.severity is Severity.BLOCK
        )
        for rule in job.rules
        for group in sorted(endangered[rule.code])
    ]
    checks += [
        AssetCheckSpec(BUILD_CHECK, asset=gate_key(group), blocking=True, description="Mọi bảng của nhóm dựng được.")
        for group in sorted(groups)
    ]

    @multi_asset(name="cong_va_xuat_ban", specs=specs, check_specs=checks)
    def cong_va_xuat_ban(context: AssetExecutionContext) -> Iterator[Event]:
        with told_safely(job.paths, "kiểm tra và công bố"):
            run = nightly.current_run(job)
            verdict = nightly.check(job, run)
            report = nightly.publish(job, run, verdict)
        for decision in verdict.decisions:
            context.log.info(f"Nhóm {decision.group}: {decision.status.value}. {decision.reason}")
            yield _gate_result(decision)
        for name in LEDGER_BY_GATE:
            yield MaterializeResult(asset_key=["so_cai", name])
        for spec in after_specs:
            yield MaterializeResult(asset_key=spec.key)
        fresh = {decision.group for decision in verdict.decisions if decision.status is State.NEW}
        for group, tables in sorted(groups.items()):
            for schema, table in sorted(tables) if group in fresh else ():
                yield MaterializeResult(
                    asset_key=published_key(schema, table),
                    metadata={"dagster/row_count": report.rows.get((schema, table), 0)},
                )
        yield from _check_results(job.rules, endangered, verdict, set(groups))

    return cong_va_xuat_ban


def _gate_specs(groups: dict[str, set[tuple[str, str]]]) -> list[AssetSpec]:
    return [
        AssetSpec(
            gate_key(group),
            deps=[[schema, table] for schema, table in sorted(tables)],
            group_name="cong_chat_luong",
            description=f"Cổng chất lượng của nhóm {group}: chỉ khi qua cổng nhóm mới được công bố.",
        )
        for group, tables in sorted(groups.items())
    ]


def _ledger_specs() -> list[AssetSpec]:
    return [
        AssetSpec(["so_cai", name], group_name="so_cai", description="Sổ cái của kho: kết quả của cổng.")
        for name in LEDGER_BY_GATE
    ]


def _published_specs(groups: dict[str, set[tuple[str, str]]]) -> list[AssetSpec]:
    return [
        AssetSpec(
            published_key(schema, table),
            deps=[[schema, table], gate_key(group)],
            group_name="cong_bo",
            skippable=True,
            description=f"Bảng {schema}.{table} đã công bố trong data/marts/.",
        )
        for group, tables in sorted(groups.items())
        for schema, table in sorted(tables)
    ]


def _gate_result(decision: GroupDecision) -> MaterializeResult[Any]:
    metadata: dict[str, Any] = {"trang_thai": decision.status.value}
    if decision.reason:
        metadata["ly_do"] = decision.reason
    return MaterializeResult(asset_key=gate_key(decision.group), metadata=metadata)


def _check_results(
    rules: list[Rule], endangered: dict[str, set[str]], verdict: Verdict, groups: set[str]
) -> Iterator[AssetCheckResult]:
    measured = {result.rule: result for result in verdict.results}
    for rule in rules:
        result = measured[rule.code]
        severity = AssetCheckSeverity.ERROR if result.severity is Severity.BLOCK else AssetCheckSeverity.WARN
        for group in sorted(endangered[rule.code]):
            yield AssetCheckResult(
                check_name=rule.code,
                asset_key=gate_key(group),
                passed=result.passed is not False,
                severity=severity,
                metadata={"so_dong": result.rows, "so_loi": result.failures, "nguong": result.threshold},
            )
    for group in sorted(groups):
        broken = sorted(verdict.broken.get(group, set()))
        yield AssetCheckResult(
            check_name=BUILD_CHECK,
            asset_key=gate_key(group),
            passed=not broken,
            metadata={"nut_hong": ", ".join(broken)},
        )
