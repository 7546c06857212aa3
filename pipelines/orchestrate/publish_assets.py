"""From what was built to what is published: rules, a gate a group, tables that tell of the gate, publication, end."""

# No postponed annotations here: Dagster reads the context's type from the signature itself.
import hashlib
from collections.abc import Iterator
from typing import Any

from dagster import AssetSpec, MaterializeResult, OpExecutionContext

from pipelines import building, nightly, publishing, standing, telling, turn
from pipelines.orchestrate.alert_checks import alert_results, alert_specs, list_key
from pipelines.orchestrate.build_assets import Models
from pipelines.orchestrate.gate_checks import gate_results, gate_specs
from pipelines.orchestrate.keys import gate_key, ledger_key, node_key, published_key, raw_key
from pipelines.orchestrate.night_run import NightRun, Plan
from pipelines.orchestrate.specs import code_of, quality_link, spec
from pipelines.orchestrate.steps import Event, Red, Step
from pipelines.orchestrate.tidy import after_night
from pipelines.publish.publish import Outcome
from pipelines.publish.query import QueryLimits
from pipelines.quality.gate import PASSED, STATE_WORDS, State
from pipelines.quality.manifest import UNGATED_GROUPS

_RESULTS = ("nut_dbt", "thay_doi_lich", "quy_tac", "ket_qua_kiem_tra", "loi", "diem_do", "quyet_dinh")
_LIVES = ("vong_doi_canh_bao", "da_xem")
_OUTCOMES = {
    Outcome.SWAPPED: "đã thay bản đang công bố",
    Outcome.UNCHANGED: "không có gì đổi, bản đang công bố để nguyên",
    Outcome.ASIDE: "giữ riêng, bản đang công bố để nguyên",
}


def publish_steps(plan: Plan, models: Models) -> list[Step]:
    """``quy_tac``, ``cong__<group>``, ``dung__sau_cong``, ``cong_bo``, ``don_dep``, ``ket_luan``."""
    before = {part.schema for part in plan.parts}
    later = sorted(models.schemas() - before)
    return [
        Step("quy_tac", "đo bộ quy tắc chất lượng", _judge, specs=_result_specs(plan)),
        *(_gate_step(plan, group) for group in _gated(plan)),
        Step(
            "dung__sau_cong",
            "dựng bảng chất lượng và vận hành",
            lambda night, context: _tell_of_gate(night, context, models),
            specs=[*_life_specs(plan), *(asset for schema in later for asset in models.specs(schema))],
            checks=[*alert_specs(), *(check for schema in later for check in models.checks(schema))],
        ),
        Step("cong_bo", "công bố", _publish, specs=_published_specs(plan)),
        Step("don_dep", "dọn phần quá hạn lưu giữ", _tidy),
        Step("ket_luan", "kết luận", _conclude, specs=[_publication_spec(plan)]),
    ]


def _result_specs(plan: Plan) -> list[AssetSpec]:
    return [
        spec(
            plan.job,
            ledger_key(name),
            group="so_cai",
            description="Sổ cái của kho: kết quả dựng bảng, kết quả kiểm tra và quyết định của cổng.",
            kinds=["duckdb", "python"],
            deps=[raw_key(contract) for contract in plan.contracts],
            code_version=code_of("quality"),
            metadata=quality_link(),
        )
        for name in _RESULTS
    ]


def _life_specs(plan: Plan) -> list[AssetSpec]:
    return [
        spec(
            plan.job,
            ledger_key(name),
            group="so_cai",
            description="Sổ cái của kho: đời của từng cảnh báo (mở, đã xem, hết) và ai đã xem.",
            kinds=["duckdb", "python"],
            deps=[list_key()],
            code_version=code_of("warehouse"),
        )
        for name in _LIVES
    ]


def _judge(night: NightRun, context: OpExecutionContext) -> Iterator[Event]:
    night.close_files()
    if night.scope.models is None or night.scope.models:
        building.end(night.job, night.run)
    if not night.scope.publishes:
        return
    results = night.verdict.results
    failed = sum(1 for result in results if result.passed is False)
    context.log.info(f"{len(results)} quy tắc, {failed} không đạt.")
    for name in _RESULTS:
        yield MaterializeResult(asset_key=ledger_key(name))


def _gate_step(plan: Plan, group: str) -> Step:
    touching = [rule for rule in plan.job.rules if group in plan.endangered[rule.code]]
    gate = spec(
        plan.job,
        gate_key(group),
        group="cong_chat_luong",
        description=f"Cổng chất lượng của nhóm {group}: chỉ khi qua cổng nhóm mới được công bố.",
        kinds=["greatexpectations", "duckdb"],
        deps=[*(node_key(node) for node in _tables(plan, group)), ledger_key("ket_qua_kiem_tra")],
        code_version=hashlib.sha256(repr(touching).encode()).hexdigest()[:12],
        metadata={"so_quy_tac": len(touching), **quality_link()},
    )

    def work(night: NightRun, context: OpExecutionContext) -> Iterator[Event]:
        if not (night.scope.groups is None or group in night.scope.groups):
            return
        decision = next(item for item in night.decisions if item.group == group)
        word = PASSED if decision.status is State.NEW else STATE_WORDS[decision.status]
        context.log.info(f"Nhóm {group}: {word}. {decision.reason}".rstrip())
        metadata: dict[str, Any] = {"trang_thai": decision.status.value}
        if decision.reason:
            metadata |= {"ly_do": decision.reason, **quality_link()}
        yield MaterializeResult(asset_key=gate_key(group), metadata=metadata)
        yield from gate_results(night.job.rules, plan.endangered, night.verdict, [group])

    return Step(f"cong__{group}", f"cổng chất lượng {group}", work, specs=[gate], checks=gate_specs([group]))


def _tell_of_gate(night: NightRun, context: OpExecutionContext, models: Models) -> Iterator[Event]:
    if not night.scope.publishes:
        return
    night.report = standing.find(night.job, night.run, night.verdict.version, night.verdict.decisions)
    if night.report is not None:
        context.log.info(f"Không có gì đổi: phiên bản {night.report.kept} đang công bố giữ nguyên.")
        return
    nodes = publishing.build_after_gate(night.job, night.run, night.verdict)
    for name in _LIVES:
        yield MaterializeResult(asset_key=ledger_key(name))
    if publishing.is_list_new(night.verdict):
        yield from alert_results(night.job)
    yield from models.events(nodes, nightly.row_counts(night.job))


def _published_specs(plan: Plan) -> list[AssetSpec]:
    return [
        spec(
            plan.job,
            published_key(schema, table),
            group="cong_bo",
            description=f"Bảng {schema}.{table} đã công bố trong data/marts/.",
            kinds=["duckdb", "parquet"],
            deps=[node_key(node), *([gate_key(group)] if group in _gated(plan) else [])],
            code_version=code_of("publish"),
            days=2,
            metadata=quality_link(),
        )
        for group in sorted(plan.groups)
        for node in _tables(plan, group)
        for schema, table in [(node["schema"], node["alias"])]
    ]


def _publish(night: NightRun, context: OpExecutionContext) -> Iterator[Event]:
    if not night.scope.publishes:
        return
    if night.report is None:
        night.report = publishing.bring_out(night.job, night.run, night.verdict)
    else:
        publishing.enter_publication(night.job, night.run, night.report)
    report = night.report
    context.log.info(f"Phiên bản {report.kept}: {_OUTCOMES[report.outcome]}.")
    if report.outcome is Outcome.ASIDE:
        return
    limits = QueryLimits.of(night.job.settings.gioi_han)
    for sentence in telling.tell_agencies(night.job.paths, night.job.settings.giam_sat, limits):
        turn.remark(night.job.paths, sentence)
        context.log.warning(sentence)
    for decision in night.verdict.decisions:
        for schema, table in sorted(night.plan.groups[decision.group]) if decision.status is State.NEW else ():
            count = report.rows.get((schema, table))
            yield MaterializeResult(
                asset_key=published_key(schema, table),
                metadata={} if count is None else {"dagster/row_count": count},
            )


def _tidy(night: NightRun, context: OpExecutionContext) -> tuple[Event, ...]:
    if night.scope.feeds is None:
        after_night(night.job, context.instance)
    return ()


def _publication_spec(plan: Plan) -> AssetSpec:
    return spec(
        plan.job,
        ledger_key("cong_bo"),
        group="so_cai",
        description="Sổ cái của kho: mỗi lần công bố một dòng. Bước cuối của đêm, nêu nhóm nào bị giữ và vì sao.",
        kinds=["duckdb"],
        deps=[gate_key(group) for group in _gated(plan)],
        code_version=code_of("publish"),
        metadata=quality_link(),
    )


def _conclude(night: NightRun, _context: OpExecutionContext) -> Iterator[Event]:
    if not night.scope.publishes:
        return
    held = [item for item in night.decisions if item.status is not State.NEW]
    metadata: dict[str, Any] = {"nhom_bi_giu": ", ".join(item.group for item in held) or "không có", **quality_link()}
    if night.report is not None:
        metadata["phien_ban"] = night.report.kept
    yield MaterializeResult(asset_key=ledger_key("cong_bo"), metadata=metadata)
    if held:
        reasons = " ".join(f"Nhóm {item.group}: {item.reason}" for item in held)
        yield Red(f"{len(held)} nhóm không được công bố mới, các nhóm khác đã công bố. {reasons}")


def _gated(plan: Plan) -> list[str]:
    """Groups that can be held; the others say what is wrong and are made when the gate has decided."""
    return sorted(plan.groups.keys() - UNGATED_GROUPS)


def _tables(plan: Plan, group: str) -> list[dict[str, Any]]:
    tables = plan.groups[group]
    nodes = plan.manifest["nodes"].values()
    found = [n for n in nodes if n["resource_type"] == "model" and (n["schema"], n["alias"]) in tables]
    return sorted(found, key=lambda node: (node["schema"], node["alias"]))
