"""The preset counts up to the printed half-year report of Bắc Giang (R5)."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.sample import generate
from pipelines.sample.preset_bac_giang import BY_LEVEL, EXPECTED, PLAN


def test_the_plan_adds_up_to_the_printed_figures() -> None:
    whole = [sum(plan.outcomes[i] for plan in PLAN.values()) for i in range(6)]
    assert whole == [261_764, 40_890, 2_285, 9_683, 210, 17]
    assert sum(whole) == EXPECTED["tiep_nhan"]
    for level, plan in PLAN.items():
        assert sum(plan.outcomes[:6]) == BY_LEVEL[level]["tiep_nhan"]
        assert sum(plan.outcomes[:3]) == BY_LEVEL[level]["da_giai_quyet"]
    assert PLAN["tinh"].outcomes[0] + PLAN["tinh"].outcomes[1] == 127_051
    assert PLAN["xa"].outcomes[0] + PLAN["xa"].outcomes[1] == 129_701


@pytest.mark.cham
def test_the_preset_is_written_and_checked_against_the_report(tmp_path: Path) -> None:
    report = generate(tmp_path / "raw", size="small", preset="bac-giang-2024-h1")
    rows = {feed: count for feed, _, count in report.feeds}
    assert rows["dvc/ho_so"] == EXPECTED["tiep_nhan"] + sum(plan.outcomes[6] for plan in PLAN.values())
    truth = pl.read_parquet(report.answer_key / "dap_an_ho_so.parquet")
    assert truth["tra_lai"].sum() >= EXPECTED["tra_lai"]
