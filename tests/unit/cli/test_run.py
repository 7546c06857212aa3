"""What `kho run` says is of this run: one that ended before the ledger knew it is not told as the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines.cli import run
from pipelines.cli.terminal.summary import show_groups
from pipelines.config.paths import DataPaths
from pipelines.job import load_job
from pipelines.orchestrate import execute
from pipelines.outcome import GroupOutcome, Outcome
from pipelines.warehouse.journal import Entry, RunState
from pipelines.warehouse.runs import Run

NIGHT = datetime(2025, 10, 1, 2)
LAST = Outcome(
    run=Run(1, NIGHT, date(2025, 9, 30)), version="v", published=NIGHT, how="thay", feeds=[], groups=[], unresolved=[],
    remarks=[], awaited=[], rules_passed=1, rules_failed=0, rules_unjudged=0, without_verdict=0, marts_file=Path("kho"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "failures", "code"), [(None, ["Khóa bí mật đã đổi."], 3), (1, [], 0), (1, ["Hỏng."], 3)]
)
def test_only_the_outcome_of_this_run_is_shown(  # noqa: PLR0917 - a parameter a fixture
    data: DataPaths,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int | None,
    failures: list[str],
    code: int,
) -> None:
    data.prepare()
    monkeypatch.setattr(execute, "run_nightly", lambda *_, **__: failures)
    monkeypatch.setattr(run, "read_outcome", lambda _: LAST)
    monkeypatch.setattr(run, "last_entry", lambda _: Entry("k", NIGHT, None, RunState.DONE, 1, number=number))
    assert run._run(load_job(), None, accept_fall=False, replace=False, rebuild=False) == code
    said = capsys.readouterr()
    assert ("Đã công bố" in said.out) == (number == 1)
    assert all(failure in said.err for failure in failures)


@pytest.mark.parametrize(
    ("how", "word"), [("thay", "công bố mới"), ("khong_doi", "qua cổng"), ("giu_rieng", "qua cổng")]
)
def test_no_group_is_said_to_be_published_anew_where_nothing_was(
    how: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_groups(replace(LAST, how=how, groups=[GroupOutcome("tthc", "moi", NIGHT.date(), None)]))
    said = capsys.readouterr().out
    assert word in said
    assert ("công bố mới" in said) == (how == "thay")


def test_a_reason_that_holds_several_groups_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    why = {"canh_bao": "Tệp A hỏng.", "dieu_hanh": None, "tthc": "Tệp A hỏng.", "van_hanh": "Tệp B hỏng."}
    show_groups(replace(LAST, groups=[GroupOutcome(g, "giu", NIGHT.date(), reason) for g, reason in why.items()]))
    said = capsys.readouterr().out
    assert (said.count("Tệp A hỏng."), said.count("Tệp B hỏng."), said.count("như canh_bao")) == (1, 1, 1)
