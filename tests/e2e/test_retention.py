"""Retention on the real program: what it removes moves no published figure, and no guard takes it for a loss."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.job import load_job
from pipelines.upkeep.retention import Purge, Removed, purge
from tests.e2e.conftest import Kho
from tests.endurance.program import differing

pytestmark = [pytest.mark.cham, pytest.mark.dai]

LATER = datetime(2040, 1, 1)
"""By then every term of ``luu_giu`` has ended for files of today."""


def removed(kho: Kho) -> list[Removed]:
    job = load_job(kho.paths.root)
    with job.warehouse() as connection:
        return purge(Purge(job.paths, job.settings.luu_giu, job.contracts, connection), LATER, dry_run=False)


@pytest.mark.timeout(900)
def test_what_is_past_its_time_goes_and_every_figure_stands(kho: Kho, tmp_path: Path) -> None:
    assert kho("sample").returncode == 0
    assert kho("run").returncode == 0
    before = tmp_path / "truoc.duckdb"
    shutil.copyfile(kho.paths.marts_file, before)
    held = "SELECT count(*) AS n FROM van_hanh.thay_doi_tre"
    assert kho.sql(held) != [{"n": 0}]

    states = {item.name: item.rows for item in removed(kho) if item.kind == "trang_thai_cu"}
    assert states["tho.dvc__ho_so"] > 100
    # Corrections of a register, and the pace of its digitisation, are counted between its states.
    assert not any(name.startswith("tho.ho_tich__") for name in states)

    done = kho("run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert differing(before, kho.paths.marts_file) == []
    # Late changes of files from before the limit are told no more, rather than told in part.
    assert kho.sql(held) == [{"n": 0}]
