"""The verdict of Great Expectations that is kept answers the same question again, and no other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.quality import verdict
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


def test_another_share_or_bound_is_another_question(tmp_path: Path, asked: list[int]) -> None:
    verdict.judge(tmp_path, RULES, measures(1), AS_OF)
    assert verdict.judge(tmp_path, RULES, measures(0), AS_OF) == {"A_1": True, "A_2": True}
    stricter = [RULES[0], replace(RULES[1], threshold=0.0)]
    assert verdict.judge(tmp_path, stricter, measures(1), AS_OF) == {"A_1": False, "A_2": False}
    assert len(asked) == 3


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
    damage(tmp_path / verdict.RESULT_FILE)
    assert verdict.judge(tmp_path, RULES, measures(1), AS_OF) == first
    assert len(asked) == 2
