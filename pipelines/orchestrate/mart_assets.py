"""Raw tables into published marts: dbt models, the gates with their blocking checks, and what is published.

One step on purpose. A failing model or a failing gate must hold back its own mart group only, while everything
that passed is published in one atomic swap; Dagster skips a whole step as soon as one of its inputs is missing,
so steps of their own for building, gate and publication could not do that.
"""

# No postponed annotations here: Dagster reads the context's type from the signature itself.
from collections.abc import Iterator
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    multi_asset,
)
from dagster_dbt import build_dbt_asset_specs

from pipelines import nightly
from pipelines.job import Job
from pipelines.orchestrate.failures import begin_run, end_run, told_safely
from pipelines.orchestrate.gate_checks import gate_results, gate_specs
from pipelines.orchestrate.keys import KhoTranslator, gate_key, node_key, published_key
from pipelines.orchestrate.tidy import after_night
from pipelines.publish.publish import Outcome, PublishReport
from pipelines.quality.gate import GroupDecision, State, endangered_by_rule, mart_groups
from pipelines.warehouse.dbt import NodeResult

TEST_CHECK = "kiem_tra_dbt"
LEDGER = ("nut_dbt", "quy_tac", "ket_qua_kiem_tra", "loi", "quyet_dinh", "cong_bo")

Manifest = dict[str, Any]
Event = MaterializeResult[Any] | AssetCheckResult
Groups = dict[str, set[tuple[str, str]]]


class _Tests:
    """dbt's data tests: one asset check a model, since every event costs Dagster several transactions."""

    def __init__(self, manifest: Manifest, keys: set[AssetKey]) -> None:
        self._model_of: dict[str, AssetKey] = {}
        for unique_id, node in manifest["nodes"].items():
            attached = manifest["nodes"].get(node.get("attached_node"))
            if node["resource_type"] == "test" and attached is not None and node_key(attached) in keys:
                self._model_of[unique_id] = node_key(attached)

    @property
    def specs(self) -> list[AssetCheckSpec]:
        text = "Mọi phép kiểm cấu trúc của dbt trên bảng này: khóa, giá trị bắt buộc, danh mục."
        return [AssetCheckSpec(TEST_CHECK, asset=key, description=text) for key in sorted(set(self._model_of.values()))]

    def results(self, nodes: list[NodeResult]) -> Iterator[AssetCheckResult]:
        by_model: dict[AssetKey, list[NodeResult]] = {}
        for node in nodes:
            if node.unique_id in self._model_of:
                by_model.setdefault(self._model_of[node.unique_id], []).append(node)
        for key, tests in by_model.items():
            failed = sorted(test.unique_id for test in tests if not test.ok)
            yield AssetCheckResult(
                passed=not failed,
                check_name=TEST_CHECK,
                asset_key=key,
                metadata={"so_phep_kiem": len(tests), "khong_dat": ", ".join(failed)},
            )


def mart_asset(job: Job, manifest: Manifest) -> AssetsDefinition:
    """``dung_kiem_tra_cong_bo``: build, gate, publish.

    Outputs that are missing after a run are models that failed and tables of groups held back.
    """
    groups = mart_groups(manifest)
    models = [
        spec.replace_attributes(skippable=True)
        for spec in build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=KhoTranslator())
    ]
    tests = _Tests(manifest, {spec.key for spec in models})
    endangered = endangered_by_rule(manifest, job.rules)

    @multi_asset(
        name="dung_kiem_tra_cong_bo",
        specs=[*models, *_ledger_specs(job), *_gate_specs(groups), *_published_specs(groups)],
        check_specs=[*tests.specs, *gate_specs(groups)],
    )
    def dung_kiem_tra_cong_bo(context: AssetExecutionContext) -> Iterator[Event]:
        with told_safely(job.paths, "dựng bảng"):
            begin_run(job, context.run_id, None)
            run = nightly.current_run(job)
        with told_safely(job.paths, "liên kết bản ghi hộ tịch"):
            stale = nightly.link_or_hold(job, run)
        if stale:
            context.log.error(stale)
        with told_safely(job.paths, "dựng bảng"):
            nodes = nightly.build(job, run)
        with told_safely(job.paths, "kiểm tra và công bố"):
            verdict = nightly.check(job, run)
            nodes_after, report = nightly.publish(job, run, verdict)
            rows = nightly.row_counts(job)
            after_night(job, context.instance)
            end_run(job, context.run_id)
        for decision in verdict.decisions:
            context.log.info(f"Nhóm {decision.group}: {decision.status.value}. {decision.reason}")
        # In the order of the lineage: Dagster refuses an output that comes before what it depends on.
        yield from _model_events(nodes, manifest, rows, tests)
        for name in LEDGER:
            yield MaterializeResult(asset_key=["so_cai", name])
        yield from _model_events(nodes_after, manifest, rows, tests)
        yield from _publication_events(groups, verdict.decisions, report)
        yield from gate_results(job.rules, endangered, verdict, groups)

    return dung_kiem_tra_cong_bo


def _ledger_specs(job: Job) -> list[AssetSpec]:
    raw = [["tho", contract.table] for contract in job.contracts.values()]
    return [
        AssetSpec(["so_cai", name], deps=raw, group_name="so_cai", description="Sổ cái của kho: kết quả của cổng.")
        for name in LEDGER
    ]


def _gate_specs(groups: Groups) -> list[AssetSpec]:
    return [
        AssetSpec(
            gate_key(group),
            deps=[[schema, table] for schema, table in sorted(tables)],
            group_name="cong_chat_luong",
            description=f"Cổng chất lượng của nhóm {group}: chỉ khi qua cổng nhóm mới được công bố.",
        )
        for group, tables in sorted(groups.items())
    ]


def _published_specs(groups: Groups) -> list[AssetSpec]:
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


def _model_events(
    nodes: list[NodeResult], manifest: Manifest, rows: dict[tuple[str, str], int], tests: _Tests
) -> Iterator[Event]:
    for node in nodes:
        described = manifest["nodes"].get(node.unique_id)
        if described is None or described["resource_type"] == "test" or not node.ok:
            continue
        metadata: dict[str, Any] = {"giay": round(node.seconds, 3)}
        count = rows.get((described["schema"], described["alias"]))
        if count is not None:
            metadata["dagster/row_count"] = count
        yield MaterializeResult(asset_key=node_key(described), metadata=metadata)
    yield from tests.results(nodes)


def _publication_events(groups: Groups, decisions: list[GroupDecision], report: PublishReport) -> Iterator[Event]:
    for decision in decisions:
        metadata: dict[str, Any] = {"trang_thai": decision.status.value}
        if decision.reason:
            metadata["ly_do"] = decision.reason
        yield MaterializeResult(asset_key=gate_key(decision.group), metadata=metadata)
        if decision.status is State.NEW and report.outcome is not Outcome.ASIDE:
            for schema, table in sorted(groups[decision.group]):
                count = report.rows.get((schema, table))
                yield MaterializeResult(
                    asset_key=published_key(schema, table),
                    metadata={} if count is None else {"dagster/row_count": count},
                )
