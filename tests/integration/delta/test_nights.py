"""After every night of a random history each table is, row for row, what a full rebuild gives; so are the rules.

Fast here: a few nights of two seeds. ``make test-delta`` goes on for hundreds (``DELTA_NIGHTS``, ``DELTA_SEED``).
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from pipelines.quality import changed, evaluate, kin
from pipelines.warehouse import plan
from tests.integration.delta import nights
from tests.integration.delta.world import World

NIGHTS = int(os.environ.get("DELTA_NIGHTS", "2"))
SEED = int(os.environ.get("DELTA_SEED", "6"))
LIFE = 25
"""Nights of one province; then another one begins."""


@pytest.fixture(autouse=True)
def _cheap_nights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are replaced, and changed rows and their kin counted, however much of this tiny province they are."""
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "d" * 64)
    monkeypatch.setattr(plan, "_MOST_BY_KEY", 10)
    monkeypatch.setattr(kin, "_MOST", 1)
    monkeypatch.setattr(changed, "SMALL", 0)
    monkeypatch.setattr(evaluate, "judge", evaluate.judge)
    nights.without_judgement()


@pytest.mark.timeout(600 + 180 * NIGHTS)
def test_every_night_is_what_a_full_rebuild_gives(tmp_path: Path) -> None:
    made = 0
    while made < NIGHTS:
        seed = SEED + made // LIFE
        job = nights.job_of(tmp_path / str(seed))
        job.paths.prepare()
        world, told = World(job.paths.raw, seed), ["first night"]
        world.first_night()
        for _ in range(min(LIFE, NIGHTS - made)):
            run = nights.night(job, world.day)
            if len(told) > 1:  # the first night is a full build itself
                there = nights.rebuilt(job, run, tmp_path / "rebuilt")
                assert nights.differences(job, there) == [], f"seed {seed}: " + "; ".join(told)
            made += 1
            told.append(world.next_night())


@pytest.mark.dai
def test_a_later_day_that_touches_no_row_of_a_table_leaves_it_as_it_is(tmp_path: Path) -> None:
    job = nights.job_of(tmp_path / "data")
    folder = job.paths.raw / "dvc" / "ho_so"
    folder.mkdir(parents=True)
    rows = "".join(f"H02.16-25100{n}-0001,H02.16,0{n}/10/2025,Đang xử lý\n" for n in range(1, 9))
    (folder / "a.csv").write_text(f"Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n{rows}", encoding="utf-8")
    nights.night(job, date(2025, 10, 31))
    run = nights.night(job, date(2026, 11, 28))
    assert nights.differences(job, nights.rebuilt(job, run, tmp_path / "rebuilt")) == []


@pytest.mark.dai
def test_a_night_after_a_build_that_died_is_right(tmp_path: Path) -> None:
    job = nights.job_of(tmp_path / "data")
    job.paths.prepare()
    world = World(job.paths.raw, SEED + 1)
    world.first_night()
    nights.night(job, world.day)
    world.ordinary()
    run = nights.begun(job, world.day)
    nights.build_and_die(job, after=25)
    world.registry()
    run = nights.night(job, world.day)
    assert nights.differences(job, nights.rebuilt(job, run, tmp_path / "rebuilt")) == []
