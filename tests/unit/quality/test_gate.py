"""The gate holds back what depends on a failure, by dbt's lineage, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from pipelines.quality.evaluate import RuleResult
from pipelines.quality.gate import GroupDecision, State, decide, endangered_by_rule, leave_out, mart_groups
from pipelines.quality.manifest import marts
from pipelines.quality.model import Dimension, RowCheck, Rule, Severity


def _model(name: str, schema: str, group: str | None = None, **more: Any) -> dict[str, Any]:
    meta = {"nhom_mart": group} if group else {}
    return {"resource_type": "model", "name": name, "alias": name, "schema": schema, "config": {"meta": meta}, **more}


MANIFEST: dict[str, Any] = {
    "nodes": {
        "model.k.stg_a": _model("stg_a", "stg"),
        "model.k.stg_b": _model("stg_b", "stg"),
        "model.k.chung": _model("chung", "trung_gian"),
        "model.k.tthc__ho_so": _model("tthc__ho_so", "tthc", "tthc") | {"alias": "ho_so"},
        "model.k.ho_tich__dang_ky": _model("dang_ky", "ho_tich", "ho_tich"),
        "model.k.doi_soat__x": _model("x", "doi_soat", "doi_soat"),
        "model.k.chat_luong__loi": _model("loi", "chat_luong", "chat_luong"),
        "test.k.duy_nhat.1": {
            "resource_type": "test",
            "name": "duy_nhat",
            "attached_node": "model.k.stg_b",
            "depends_on": {"nodes": ["model.k.stg_b", "model.k.stg_a"]},
        },
    },
    "sources": {"source.k.tho.a": {"resource_type": "source", "schema": "tho", "name": "a", "identifier": "a"}},
    "child_map": {
        "source.k.tho.a": ["model.k.stg_a"],
        "model.k.stg_a": ["model.k.chung", "model.k.chat_luong__loi"],
        "model.k.chung": ["model.k.tthc__ho_so"],
        "model.k.tthc__ho_so": ["model.k.doi_soat__x"],
        "model.k.stg_b": ["model.k.ho_tich__dang_ky", "test.k.duy_nhat.1"],
    },
}
EVERY_GROUP = {"tthc", "ho_tich", "doi_soat", "chat_luong"}


def rule(table: str = "stg.stg_a", severity: Severity = Severity.BLOCK, code: str = "A_1") -> Rule:
    return Rule(
        code=code,
        dimension=Dimension.CORRECT,
        table=table,
        columns=("c",),
        description="Ngày đúng thứ tự.",
        severity=severity,
        threshold=0.05,
        mended_by="Đơn vị",
        basis="Luật",
        check=RowCheck("true"),
        relation=table,
    )


def result(of: Rule, passed: bool | None = False, error: str | None = None) -> RuleResult:
    return RuleResult(
        rule=of.code,
        severity=of.severity,
        threshold=of.threshold,
        run_number=1,
        version="v",
        as_of=date(2025, 9, 30),
        applicable=2000,
        rows=2000,
        failures=250,
        share=0.125,
        passed=passed,
        started=datetime(2025, 9, 30),
        milliseconds=1,
        error=error,
    )


def held(rules: list[Rule], results: list[RuleResult], failed: set[str] | None = None) -> set[str]:
    decisions = decide(MANIFEST, rules, results, failed or set(), EVERY_GROUP)
    assert {d.group for d in decisions} == EVERY_GROUP
    return {d.group for d in decisions if d.status is not State.NEW}


def test_all_groups_are_new_when_all_rules_pass() -> None:
    assert held([rule()], [result(rule(), passed=True)]) == set()


def test_failed_rule_holds_exactly_the_groups_downstream_of_its_table() -> None:
    assert held([rule()], [result(rule())]) == {"tthc", "doi_soat"}
    assert held([rule("tho.a")], [result(rule("tho.a"))]) == {"tthc", "doi_soat"}
    assert held([rule("stg.stg_b")], [result(rule("stg.stg_b"))]) == {"ho_tich"}


def test_a_rule_on_a_mart_holds_that_mart_and_what_reads_it() -> None:
    assert held([rule("tthc.ho_so")], [result(rule("tthc.ho_so"))]) == {"tthc", "doi_soat"}
    assert held([rule("doi_soat.x")], [result(rule("doi_soat.x"))]) == {"doi_soat"}


def test_groups_that_tell_what_is_wrong_are_never_held() -> None:
    assert "chat_luong" not in held([rule("khong.co")], [result(rule("khong.co"))])


@pytest.mark.parametrize("severity", [Severity.WARN, Severity.WATCH])
def test_a_warning_holds_nothing(severity: Severity) -> None:
    mild = rule(severity=severity)
    assert held([mild], [result(mild)]) == set()


def test_a_rule_that_could_judge_nothing_holds_nothing() -> None:
    assert held([rule()], [result(rule(), passed=None)]) == set()


def test_severity_in_force_decides_over_the_book() -> None:
    loosened = replace(result(rule()), severity=Severity.WARN)
    assert held([rule()], [loosened]) == set()


def test_a_blocking_rule_without_a_result_or_with_an_error_holds() -> None:
    assert held([rule()], []) == {"tthc", "doi_soat"}
    assert held([rule()], [result(rule(), error="không chạy được")]) == {"tthc", "doi_soat"}


def test_a_rule_on_a_table_the_project_does_not_know_holds_every_gated_group() -> None:
    assert held([rule("stg.la")], [result(rule("stg.la"))]) == EVERY_GROUP - {"chat_luong"}


def test_failed_model_holds_what_is_downstream() -> None:
    assert held([], [], {"model.k.chung"}) == {"tthc", "doi_soat"}


def test_failed_test_holds_what_depends_on_the_model_it_is_attached_to() -> None:
    assert held([], [], {"test.k.duy_nhat.1"}) == {"ho_tich"}


def test_failed_node_that_is_unknown_holds_every_gated_group() -> None:
    assert held([], [], {"model.k.la"}) == EVERY_GROUP - {"chat_luong"}


def test_held_group_keeps_its_old_version_or_has_none_yet() -> None:
    decisions = {d.group: d for d in decide(MANIFEST, [rule()], [result(rule())], set(), {"tthc"})}
    assert decisions["tthc"].status == "giu_ban_cu"
    assert decisions["doi_soat"].status == "chua_co"
    assert decisions["ho_tich"].status == "moi"


def test_reason_is_a_vietnamese_sentence_with_figures() -> None:
    decisions = {d.group: d for d in decide(MANIFEST, [rule()], [result(rule())], {"model.k.stg_a"}, set())}
    assert decisions["tthc"].reason == (
        "Quy tắc A_1 (Ngày đúng thứ tự) không đạt: 250/2.000 dòng lỗi (12,50 %), cho phép 5,00 %. "
        "Bước dựng dữ liệu stg_a không đạt."
    )
    assert decisions["ho_tich"].reason == ""


def test_groups_and_endangered_groups_come_from_the_manifest() -> None:
    assert mart_groups(MANIFEST)["tthc"] == {("tthc", "ho_so")}
    assert endangered_by_rule(MANIFEST, [tried := rule("tho.a")])[tried.code] == {"tthc", "doi_soat"}


def test_columns_are_private_unless_their_class_says_otherwise() -> None:
    columns = {
        "a": {"name": "a", "description": "A", "config": {"meta": {"nhay_cam": "cong_khai"}}},
        "b": {"name": "b", "description": "B", "meta": {"nhay_cam": "noi_bo"}},
        "c": {"name": "c", "description": "C", "meta": {"nhay_cam": "ca_nhan"}},
        "d": {"name": "d", "description": "D"},
    }
    node = _model("t", "tthc", "tthc", columns=columns, description="Bảng")
    (mart,) = marts({"nodes": {"model.k.t": node}})
    assert [c.name for c in mart.columns if c.published] == ["a", "b"]


def test_key_comes_from_meta_constraints_or_the_unique_test() -> None:
    tested = {
        "nodes": {
            "model.k.t": _model("t", "tthc", "tthc"),
            "test.k.u": {
                "resource_type": "test",
                "test_metadata": {"name": "unique"},
                "column_name": "ma",
                "attached_node": "model.k.t",
            },
        }
    }
    assert marts(tested)[0].key == ("ma",)
    constrained = _model("t", "tthc", "tthc", constraints=[{"type": "primary_key", "columns": ["ky", "ma"]}])
    assert marts({"nodes": {"model.k.t": constrained}})[0].key == ("ky", "ma")


def test_a_rule_on_a_staging_view_also_endangers_models_that_read_the_raw_table_itself() -> None:
    """Some models read a raw table directly; a fault seen in its staging view is theirs too."""
    staged = MANIFEST["nodes"]["model.k.stg_a"] | {
        "fqn": ["kho06", "staging", "stg_a"],
        "depends_on": {"nodes": ["source.k.tho.a", "source.k.so_cai.tep"]},
    }
    sources = {
        "source.k.tho.a": MANIFEST["sources"]["source.k.tho.a"] | {"source_name": "tho"},
        "source.k.so_cai.tep": {"source_name": "so_cai", "schema": "so_cai", "name": "tep"},
    }
    children = MANIFEST["child_map"] | {
        "source.k.tho.a": ["model.k.stg_a", "model.k.ho_tich__dang_ky"],
        "source.k.so_cai.tep": ["model.k.doi_soat__x"],
        "model.k.tthc__ho_so": [],
    }
    manifest = MANIFEST | {
        "nodes": MANIFEST["nodes"] | {"model.k.stg_a": staged},
        "sources": sources,
        "child_map": children,
    }
    assert endangered_by_rule(manifest, [tried := rule("stg.stg_a")])[tried.code] == {"tthc", "ho_tich"}


def test_a_source_that_was_not_brought_up_to_date_holds_what_reads_it_and_says_why() -> None:
    decisions = decide(
        MANIFEST, [], [], {"source.k.tho.a"}, EVERY_GROUP, reasons_known={"source.k.tho.a": "Bước liên kết không xong."}
    )
    held = {decision.group: decision.reason for decision in decisions if decision.status is State.KEPT}
    assert held == {"tthc": "Bước liên kết không xong.", "doi_soat": "Bước liên kết không xong."}


def test_a_run_of_one_group_leaves_the_others_as_they_are_published() -> None:
    decisions = [
        GroupDecision("a", State.NEW),
        GroupDecision("b", State.NEW),
        GroupDecision("c", State.KEPT, "Quy tắc C_1 không đạt."),
        GroupDecision("d", State.NEW),
        GroupDecision("van_hanh", State.NEW),
    ]
    found = {item.group: item for item in leave_out(decisions, {"a", "c"}, {"b", "c"})}
    assert found["a"].status is State.NEW
    assert found["c"].reason == "Quy tắc C_1 không đạt."
    assert (found["b"].status, found["d"].status) == (State.KEPT, State.NEVER)
    assert "chỉ làm a, c" in found["b"].reason
    assert found["van_hanh"].status is State.NEW
