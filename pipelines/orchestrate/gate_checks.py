"""The gate in the web UI: each mart group has four checks, đúng, đủ, sạch, sống, and one that its tables were built.

A check says in words which rules failed, how many rows, who can mend them and how. Four a group instead of one a rule:
every check costs Dagster several transactions a night, and nobody reads nine hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dagster import AssetCheckResult, AssetCheckSeverity, AssetCheckSpec, MetadataValue

from pipelines.config.figures import grouped, percent
from pipelines.nightly import Verdict
from pipelines.orchestrate.keys import gate_key
from pipelines.orchestrate.specs import quality_link
from pipelines.publishing import QUALITY_PAGE
from pipelines.quality.evaluate import RuleResult
from pipelines.quality.model import Dimension, Rule, Severity

BUILD_CHECK = "dung_bang"
_WORDS: Mapping[Dimension, str] = {
    Dimension.CORRECT: "Đúng: giá trị hợp lệ, khớp nhau và khớp danh mục.",
    Dimension.COMPLETE: "Đủ: không thiếu dòng, tệp, trường bắt buộc nào.",
    Dimension.CLEAN: "Sạch: không trùng, không mâu thuẫn, một cách viết.",
    Dimension.LIVE: "Sống: phản ánh hiện tại, gửi đúng nhịp.",
}
_PAGE = (
    f"Chi tiết từng quy tắc ở trang chất lượng (data/marts/{QUALITY_PAGE}); danh sách lỗi gửi từng đơn vị: "
    "kho defects --out THƯ_MỤC."
)
_NAMED = 3
"""Rules that the sentence names; the table has them all."""


def gate_specs(groups: Iterable[str]) -> list[AssetCheckSpec]:
    """Five checks a group. None of them is ``blocking`` in Dagster's sense, which would skip the publication of the
    other groups: the gate itself holds the group, and the night's last step turns the run red.
    """
    specs = []
    for group in sorted(groups):
        key = gate_key(group)
        specs += [
            AssetCheckSpec(dimension.value, asset=key, description=f"{words} Quy tắc chạm đến nhóm {group}.")
            for dimension, words in _WORDS.items()
        ]
        specs.append(AssetCheckSpec(BUILD_CHECK, asset=key, description="Mọi bảng của nhóm dựng được."))
    return specs


def gate_results(
    rules: Sequence[Rule], endangered: Mapping[str, set[str]], verdict: Verdict, groups: Iterable[str]
) -> Iterator[AssetCheckResult]:
    """What the gate found, a result for each of ``gate_specs``; warnings do not turn the run red."""
    measured = {result.rule: result for result in verdict.results}
    for group in sorted(groups):
        touching = [rule for rule in rules if group in endangered[rule.code]]
        for dimension in _WORDS:
            chosen = [(rule, measured[rule.code]) for rule in touching if rule.dimension is dimension]
            yield _result(group, dimension, chosen)
        broken = sorted(verdict.broken.get(group, set()))
        yield AssetCheckResult(
            check_name=BUILD_CHECK,
            asset_key=gate_key(group),
            passed=not broken,
            description=_built(group, broken),
            metadata={"nut_hong": ", ".join(broken) or "không có", **(quality_link() if broken else {})},
        )


def _result(group: str, dimension: Dimension, chosen: list[tuple[Rule, RuleResult]]) -> AssetCheckResult:
    failed = [(rule, result) for rule, result in chosen if result.passed is False or result.error is not None]
    blocking = [pair for pair in failed if pair[1].severity is Severity.BLOCK]
    unjudged = sum(1 for _, result in chosen if result.passed is None)
    return AssetCheckResult(
        check_name=dimension.value,
        asset_key=gate_key(group),
        passed=not failed,
        severity=AssetCheckSeverity.ERROR if blocking else AssetCheckSeverity.WARN,
        description=_sentence(group, len(chosen), blocking, failed),
        metadata={
            "so_quy_tac": len(chosen),
            "khong_dat": len(failed),
            "chua_danh_gia_duoc": unjudged,
            **({"sai_gi_va_sua_the_nao": MetadataValue.md(_table(failed)), **quality_link()} if failed else {}),
        },
    )


def _built(group: str, broken: list[str]) -> str:
    if not broken:
        return "Mọi bảng của nhóm dựng được."
    return (
        f"{len(broken)} bước dựng hỏng phía trên nhóm {group} ({', '.join(broken[:_NAMED])}): nhóm giữ bản cũ. Người "
        "quản trị kho xem nhật ký của bước dựng bảng trong lần chạy này, sửa rồi chạy lại."
    )


def _sentence(
    group: str, rules: int, blocking: list[tuple[Rule, RuleResult]], failed: list[tuple[Rule, RuleResult]]
) -> str:
    """What is wrong, whose it is, what to do; texts of the rule book only."""
    if not failed:
        return f"{rules} quy tắc, không quy tắc nào không đạt."
    held = f"{len(blocking)} quy tắc chặn không đạt: nhóm {group} giữ bản cũ. " if blocking else ""
    said = [
        f"{rule.code}: {(result.error or rule.description).rstrip('.')} ({grouped(result.failures)} dòng); "
        f"người sửa: {rule.mended_by.rstrip('.')}; cách sửa: {rule.mending.rstrip('.')}."
        for rule, result in _worst_first(failed)[:_NAMED]
    ]
    more = f" Và {len(failed) - _NAMED} quy tắc nữa." if len(failed) > _NAMED else ""
    return f"{held}{len(failed)}/{rules} quy tắc không đạt. {' '.join(said)}{more} {_PAGE}"


def _worst_first(failed: list[tuple[Rule, RuleResult]]) -> list[tuple[Rule, RuleResult]]:
    return sorted(failed, key=lambda pair: (pair[1].severity is not Severity.BLOCK, -pair[1].failures, pair[0].code))


def _table(failed: list[tuple[Rule, RuleResult]]) -> str:
    """Markdown, the blocking rules first; texts of the rule book only, never a value of the data."""
    lines = ["| Quy tắc | Mức | Sai gì | Số lỗi | Ai sửa | Sửa thế nào |", "|---|---|---|---|---|---|"]
    for rule, result in _worst_first(failed):
        amount = f"{grouped(result.failures)}/{grouped(result.rows)} ({percent(result.share or 0.0)})"
        cells = [
            rule.code,
            result.severity.value,
            result.error or rule.description,
            amount,
            rule.mended_by,
            rule.mending,
        ]
        lines.append("| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |")
    return "\n".join(lines)
