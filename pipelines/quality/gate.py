"""The gate: which mart groups are published anew, which keep their last good version, and why.

A failed ``chan`` rule holds back only the mart groups that depend on its table, by dbt's
own lineage. It fails closed: a blocking rule without a result, or on a table the project does not know, holds back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.config.figures import grouped, percent
from pipelines.quality.evaluate import RuleResult
from pipelines.quality.manifest import (
    UNGATED_GROUPS,
    Manifest,
    downstream,
    find_node,
    is_test,
    marts,
    nodes_of_tables,
    raw_tables,
)
from pipelines.quality.model import Rule, Severity


class State(StrEnum):
    """What becomes of a mart group in one publication."""

    NEW = "moi"
    KEPT = "giu_ban_cu"
    NEVER = "chua_co"


PASSED = "qua cổng"
"""Of a group that may be published anew, where it was not: nothing was new, or the day is kept aside."""
STATE_WORDS: Mapping[str, str] = {State.NEW: "công bố mới", State.KEPT: "giữ bản cũ", State.NEVER: "chưa có bản nào"}


@dataclass(frozen=True)
class GroupDecision:
    """Decision on one mart group; ``reason`` is a Vietnamese sentence, empty for ``moi``."""

    group: str
    status: State
    reason: str = ""


def mart_groups(manifest: Manifest) -> dict[str, set[tuple[str, str]]]:
    """Mart group → its tables and macros as (schema, name)."""
    groups: dict[str, set[tuple[str, str]]] = {}
    for mart in marts(manifest):
        groups.setdefault(mart.group, set()).add((mart.schema, mart.name))
    return groups


def endangered_by_rule(manifest: Manifest, rules: Iterable[Rule]) -> dict[str, set[str]]:
    """Rule → groups with a model downstream of its table: those that the rule, if it blocks, can hold back."""
    rules = list(rules)
    nodes = nodes_of_tables(manifest)
    group_of = _group_of(manifest)
    below: dict[str, set[str]] = {}
    for rule in rules:
        if rule.table not in below:
            below[rule.table] = _groups_below(manifest, nodes.get(rule.table), group_of)
    return {rule.code: below[rule.table] for rule in rules}


def groups_below(manifest: Manifest, start: str | None) -> set[str]:
    """Gated groups at or below a node; all of them where the node is unknown, since nothing can be excluded."""
    return _groups_below(manifest, start, _group_of(manifest))


def _group_of(manifest: Manifest) -> dict[str, str]:
    return {mart.unique_id: mart.group for mart in marts(manifest)}


def _groups_below(manifest: Manifest, start: str | None, group_of: Mapping[str, str]) -> set[str]:
    reached = set(group_of) if start is None else downstream(manifest, [start, *raw_tables(manifest, start)])
    return {group_of[node] for node in reached if node in group_of} - UNGATED_GROUPS


def decide(
    manifest: Manifest,
    rules: Sequence[Rule],
    results: Iterable[RuleResult],
    failed_nodes: Collection[str],
    previous: Collection[str],
    *,
    reasons_known: Mapping[str, str] | None = None,
) -> list[GroupDecision]:
    """One decision a mart group of the manifest, in the order of their names.

    ``failed_nodes``: unique ids of dbt models and tests that failed, and of sources not brought up to date, of
    which ``reasons_known`` says why; ``previous``: groups that the current publication holds. The groups
    ``chat_luong`` and ``van_hanh`` are never held: they say what is wrong.
    """
    reasons: dict[str, list[str]] = {group: [] for group in sorted(mart_groups(manifest))}
    for start, reason in _causes(manifest, rules, results, failed_nodes, reasons_known or {}):
        for group in sorted(groups_below(manifest, start)):
            reasons[group].append(reason)
    return [_decision(group, found, previous) for group, found in reasons.items()]


def leave_out(
    decisions: Iterable[GroupDecision], only: Collection[str], previous: Collection[str]
) -> list[GroupDecision]:
    """The decisions of a run that made ``only`` these groups: the others stay as they are published.

    The groups that say what is wrong are made by every run that publishes.
    """
    reason = f"Lần chạy này chỉ làm {', '.join(sorted(only))}; nhóm này giữ nguyên như đang công bố."
    made = UNGATED_GROUPS | set(only)
    return [
        item
        if item.group in made
        else GroupDecision(item.group, State.KEPT if item.group in previous else State.NEVER, reason)
        for item in decisions
    ]


def _causes(
    manifest: Manifest,
    rules: Sequence[Rule],
    results: Iterable[RuleResult],
    failed_nodes: Collection[str],
    reasons_known: Mapping[str, str],
) -> Iterable[tuple[str | None, str]]:
    """(node from which everything downstream is in doubt, reason); node null: everything is."""
    nodes = nodes_of_tables(manifest)
    by_code: Mapping[str, RuleResult] = {result.rule: result for result in results}
    for rule in rules:
        result = by_code.get(rule.code)
        if (result.severity if result else rule.severity) is Severity.BLOCK:
            problem = _problem(result)
            if problem:
                yield (
                    nodes.get(rule.table),
                    f"Quy tắc {rule.code} ({rule.description.rstrip('.')}) {problem}.",
                )
    for node in sorted(failed_nodes):
        found = find_node(manifest, node)
        kind = "Phép kiểm của dbt" if is_test(found) else "Bước dựng dữ liệu"
        reason = reasons_known.get(node, f"{kind} {found.get('name', node)} không đạt.")
        yield node if found else None, reason


def _problem(result: RuleResult | None) -> str | None:
    if result is None:
        return "chưa được đánh giá"
    if result.error is not None:
        return result.error
    if result.passed is False:
        return (
            f"không đạt: {grouped(result.failures)}/{grouped(result.rows)} dòng lỗi "
            f"({percent(result.share or 0.0)}), cho phép {percent(result.threshold)}"
        )
    return None


def _decision(group: str, reasons: list[str], previous: Collection[str]) -> GroupDecision:
    if not reasons:
        return GroupDecision(group, State.NEW)
    state = State.KEPT if group in previous else State.NEVER
    return GroupDecision(group, state, " ".join(reasons))
