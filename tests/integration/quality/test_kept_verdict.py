"""What is kept of Great Expectations' verdicts answers what follows from them, and nothing else."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.quality import proved, verdict
from pipelines.quality.measure import Measure
from pipelines.quality.model import Dimension, RowCheck, Rule, Severity

AS_OF = date(2025, 9, 30)


def rule(code: str, threshold: float) -> Rule:
    return Rule(
        code=code,
        dimension=Dimension.CORRECT,
        table="stg.stg_dvc__ho_so",
        columns=("phi",),
        description="Phí không âm.",
        severity=Severity.BLOCK,
        threshold=threshold,
        mended_by="Đơn vị",
        basis="Luật",
        check=RowCheck("t.phi >= 0"),
        relation="stg.stg_dvc__ho_so",
    )


RULES = [rule("A_1", 0.0), rule("A_2", 0.5)]


def measures(failed: int) -> dict[str, Measure]:
    return {r.code: Measure(code=r.code, applicable=10, judged=10, failed=failed, milliseconds=1) for r in RULES}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []
    real: Any = verdict._evaluate
    monkeypatch.setattr(verdict, "_evaluate", lambda *given: (calls.append(1), real(*given))[1])
    return calls


def test_the_same_question_is_asked_once(tmp_path: Path, asked: list[int]) -> None:
    first = verdict.judge(tmp_path, RULES, measures(1), AS_OF)
    assert first == {"A_1": False, "A_2": True}
    assert verdict.judge(tmp_path, RULES, measures(1), AS_OF) == first
    assert len(asked) == 1


def test_another_share_follows_from_what_was_said_of_the_bound(tmp_path: Path, asked: list[int]) -> None:
    verdict.judge(tmp_path, RULES, measures(1), AS_OF)
    assert verdict.judge(tmp_path, RULES, measures(0), AS_OF) == {"A_1": True, "A_2": True}
    assert verdict.judge(tmp_path, RULES, measures(6), AS_OF) == {"A_1": False, "A_2": False}
    assert len(asked) == 1


def test_another_bound_or_version_is_another_question(
    tmp_path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict.judge(tmp_path, RULES, measures(1), AS_OF)
    stricter = [RULES[0], replace(RULES[1], threshold=0.05)]
    assert verdict.judge(tmp_path, stricter, measures(1), AS_OF) == {"A_1": False, "A_2": False}
    assert len(asked) == 2
    monkeypatch.setattr(proved, "version", lambda _: "0.0.1")
    verdict.judge(tmp_path, stricter, measures(1), AS_OF)
    assert len(asked) == 3


def test_a_run_that_counts_in_full_asks_in_full(tmp_path: Path, asked: list[int]) -> None:
    verdict.judge(tmp_path, RULES, measures(1), AS_OF)
    verdict.judge(tmp_path, RULES, measures(1), AS_OF, anew=True)
    assert len(asked) == 2


def test_what_follows_is_what_would_have_been_said(tmp_path: Path, asked: list[int]) -> None:
    """Random counts, and all that lie at a bound, one below and one above it."""
    chance = random.Random(6)  # noqa: S311
    bounds = [0.0, 0.001, 0.05, 1 / 3, 0.5, 1.0]
    rules = [rule(f"A_{number}", bounds[number % len(bounds)]) for number in range(60)]
    counts = {}
    for number, each in enumerate(rules):
        judged = chance.choice([1, 3, 20, 1000, 3000, 999_983])
        at = round(each.threshold * judged) + chance.choice([-1, 0, 1])
        failed = chance.randint(0, judged) if number % 4 == 0 else min(max(at, 0), judged)
        counts[each.code] = Measure(code=each.code, applicable=judged, judged=judged, failed=failed)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = {each.code: Measure(code=each.code, applicable=9, judged=9, failed=0) for each in rules}
    verdict.judge(tmp_path / "a", rules, first, AS_OF)
    told = verdict.judge(tmp_path / "a", rules, counts, AS_OF)
    assert len(asked) == 1
    assert told == verdict.judge(tmp_path / "b", rules, counts, AS_OF)
    assert len(asked) == 2
    assert set(told.values()) == {True, False}


def test_verdicts_that_contradict_each_other_prove_nothing() -> None:
    asked_of = proved.Question("a", 0.2, 0.5, "info", {})
    assert proved.Proof([(0.5, 0.5, True), (0.5, 0.6, False)]).verdict(asked_of) is True
    assert proved.Proof([(0.5, 0.5, True), (0.5, 0.1, False)]).verdict(asked_of) is None
    assert proved.Proof([(0.4, 0.5, True)]).verdict(asked_of) is None
    assert proved.Proof([(0.5, 0.1, True), (0.5, 0.6, False)]).verdict(asked_of) is None


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def _could_not_be_evaluated(file: Path) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["results"][0]["exception_info"]["raised_exception"] = True
    file.write_text(json.dumps(kept), encoding="utf-8")


def _one_verdict_gone(file: Path) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["results"].pop()
    file.write_text(json.dumps(kept), encoding="utf-8")


@pytest.mark.parametrize("damage", [_cut, _could_not_be_evaluated, _one_verdict_gone])
def test_a_kept_verdict_that_is_damaged_or_none_is_asked_again(tmp_path: Path, asked: list[int], damage: Any) -> None:
    first = verdict.judge(tmp_path, RULES, measures(1), AS_OF)
    damage(tmp_path / proved.RESULT_FILE)
    assert verdict.judge(tmp_path, RULES, measures(1), AS_OF) == first
    assert len(asked) == 2
