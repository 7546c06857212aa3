"""Raw tables into marts: linkage of registers, the reference of units, dbt's models schema by schema."""

# No postponed annotations here: Dagster reads the context's type from the signature itself.
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagster import AssetCheckResult, AssetCheckSpec, AssetKey, AssetSpec, MaterializeResult, OpExecutionContext

from pipelines import building, nightly
from pipelines.linkage.link import REGISTERS
from pipelines.orchestrate.keys import key, ledger_key, node_key
from pipelines.orchestrate.model_specs import model_specs
from pipelines.orchestrate.night_run import NightRun, Plan
from pipelines.orchestrate.specs import code_of, spec
from pipelines.orchestrate.steps import Event, Step
from pipelines.warehouse.build_plan import Part, lineage_order
from pipelines.warehouse.dbt import NodeResult

TEST_CHECK = "kiem_tra_dbt"
_PAIRS = ("cap_trung", "cum_trung")
_UNITS = ("don_vi", "ke_thua")
_WORDS = {
    "tham_chieu": "dựng bảng tham chiếu",
    "stg": "dựng trạng thái mới nhất",
    "trung_gian": "dựng bảng trung gian",
}


class Models:
    """dbt's models as assets, and its tests as one check a model: every event costs Dagster several transactions."""

    def __init__(self, plan: Plan) -> None:
        self._manifest = plan.manifest
        self._specs = model_specs(plan.manifest, plan.job.settings.owner("kho"))
        self._place = lineage_order(plan.manifest)
        self._model_of: dict[str, AssetKey] = {}
        for unique_id, node in plan.manifest["nodes"].items():
            attached = plan.manifest["nodes"].get(node.get("attached_node"))
            if node["resource_type"] == "test" and attached is not None and node_key(attached) in self._specs:
                self._model_of[unique_id] = node_key(attached)

    def specs(self, schema: str) -> list[AssetSpec]:
        """The models and seeds of a schema."""
        return [asset for key, asset in sorted(self._specs.items()) if key.path[0] == schema]

    def schemas(self) -> set[str]:
        """Every schema that dbt builds."""
        return {key.path[0] for key in self._specs}

    def checks(self, schema: str) -> list[AssetCheckSpec]:
        """The checks on a schema's models."""
        text = "Mọi phép kiểm cấu trúc của dbt trên bảng này: khóa, giá trị bắt buộc, danh mục."
        tested = sorted({key for key in self._model_of.values() if key.path[0] == schema})
        return [AssetCheckSpec(TEST_CHECK, asset=key, description=text) for key in tested]

    def events(self, nodes: Iterable[NodeResult], rows: Mapping[tuple[str, str], int]) -> Iterator[Event]:
        """What was built, and how its tests ended; parents first, in whatever order it was done."""
        for node in sorted(nodes, key=lambda node: self._place.get(node.unique_id, 0)):
            described = self._manifest["nodes"].get(node.unique_id)
            if described is None or described["resource_type"] == "test" or not node.ok:
                continue
            metadata: dict[str, Any] = {"giay": round(node.seconds, 3)}
            count = rows.get((described["schema"], described["alias"]))
            if count is not None:
                metadata["dagster/row_count"] = count
            yield MaterializeResult(asset_key=node_key(described), metadata=metadata)
        yield from self._test_results(nodes)

    def _test_results(self, nodes: Iterable[NodeResult]) -> Iterator[AssetCheckResult]:
        by_model: dict[AssetKey, list[NodeResult]] = {}
        for node in nodes:
            if node.unique_id in self._model_of:
                by_model.setdefault(self._model_of[node.unique_id], []).append(node)
        for model, tests in by_model.items():
            failed = sorted(test.unique_id for test in tests if not test.ok)
            yield AssetCheckResult(
                passed=not failed,
                check_name=TEST_CHECK,
                asset_key=model,
                description=_test_sentence(len(tests), failed),
                metadata={"so_phep_kiem": len(tests), "khong_dat": ", ".join(failed)},
            )


def _test_sentence(tests: int, failed: list[str]) -> str:
    if not failed:
        return f"{tests} phép kiểm cấu trúc đều đạt."
    return (
        f"{len(failed)}/{tests} phép kiểm cấu trúc không đạt: bảng trái với mô tả của chính kho, không phải lỗi nhập "
        "liệu. Người quản trị kho xem khóa và giá trị nêu ở “khong_dat”; nhóm dựa trên bảng này giữ bản cũ đến khi sửa."
    )


def build_steps(plan: Plan, models: Models) -> list[Step]:
    """``lien_ket``, ``moc_so_lieu``, ``dung__<schema>`` for every schema before the gate."""
    records = {register.view for register in REGISTERS}
    views = [node_key(node) for node in plan.manifest["nodes"].values() if node["name"] in records]
    pairs = [
        spec(
            plan.job,
            ledger_key(name),
            group="lien_ket",
            description="Cặp và cụm bản ghi khai sinh, khai tử có thể trùng, do so khớp xác suất (quy tắc “Bản ghi "
            "hộ tịch trùng”).",
            kinds=["python", "duckdb"],
            deps=views,
            code_version=code_of("linkage"),
        )
        for name in _PAIRS
    ]
    marks = [
        spec(
            plan.job,
            ledger_key("tham_so"),
            group="so_cai",
            description="Ngày số liệu và mã phiên bản của lần chạy: một dòng mà mọi bảng đọc.",
            kinds=["duckdb"],
            deps=[ledger_key("tep"), ledger_key("lan_chay")],
            code_version=code_of("warehouse/runs.py"),
        ),
        *(
            spec(
                plan.job,
                key("dvhc", name),
                group="dvhc",
                description="Danh mục đơn vị hành chính qua các thời kỳ, bản đóng băng đi cùng chương trình.",
                kinds=["csv", "duckdb"],
                code_version=code_of("warehouse/reference", "warehouse/units.py"),
            )
            for name in _UNITS
        ),
    ]
    return [
        Step("lien_ket", "liên kết bản ghi hộ tịch", _link, specs=pairs),
        Step("moc_so_lieu", "đặt mốc số liệu", _begin_build, specs=marks),
        *(_schema_step(models, part) for part in plan.parts),
    ]


def _link(night: NightRun, context: OpExecutionContext) -> Iterator[Event]:
    if not night.scope.link:
        return
    stale = nightly.link_or_hold(night.job, night.run)
    if stale:
        context.log.error(stale)
        return
    for name in _PAIRS:
        yield MaterializeResult(asset_key=ledger_key(name))


def _begin_build(night: NightRun, _context: OpExecutionContext) -> Iterator[Event]:
    if night.scope.models is not None and not night.scope.models:
        return
    night.hold_warehouse()
    night.taken = building.begin(night.job, night.run)
    yield MaterializeResult(asset_key=ledger_key("tham_so"), metadata={"ngay_so_lieu": night.run.as_of.isoformat()})
    for name in _UNITS:
        yield MaterializeResult(asset_key=key("dvhc", name))


def _schema_step(models: Models, part: Part) -> Step:
    def work(night: NightRun, context: OpExecutionContext) -> Iterator[Event]:
        if night.scope.models is not None and part.nodes.isdisjoint(night.scope.models):
            return
        nodes = [night.taken[name] for name in sorted(part.nodes & night.taken.keys())]
        if not night.taken:
            night.hold_warehouse()
            nodes = building.build_schema(night.job, night.run, part, only=night.scope.models)
        failed = sorted(node.unique_id for node in nodes if not node.ok)
        built = [node for node in nodes if not node.taken]
        kept = len(nodes) - len(built)
        context.log.info(f"{part.schema}: {len(nodes)} nút, {kept} giữ nguyên của lần trước, {len(failed)} không đạt.")
        if failed:
            context.log.error(f"Không đạt hoặc bị bỏ qua: {', '.join(failed[:20])}.")
        yield from models.events(built, nightly.row_counts(night.job) if built else {})

    words = _WORDS.get(part.schema, f"dựng bảng {part.schema}")
    return Step(f"dung__{part.schema}", words, work, specs=models.specs(part.schema), checks=models.checks(part.schema))
