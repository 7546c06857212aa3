"""A past night is made again of the files that had arrived, those in zips among them."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines import nightly, past
from pipelines.config.paths import DataPaths
from pipelines.job import Job
from pipelines.nightly import RunError

from .conftest import HEADER, line, rows

LATER = datetime(2030, 1, 1)
READ = "SELECT ma_ho_so, trang_thai FROM tho.dvc__ho_so ORDER BY ALL"


@pytest.fixture
def packed(job: Job) -> Path:
    """A zip of two files, read by a run of its own."""
    place = job.paths.raw / "dvc/ho_so/cu.zip"
    with zipfile.ZipFile(place, "w") as bundle:
        bundle.writestr("x.csv", HEADER + line(11))
        bundle.writestr("thang 1/y.csv", HEADER + line(12))
    nightly.ingest(job, nightly.prepare(job, date(2025, 6, 30)))
    return place


def test_files_of_a_zip_are_read_again_out_of_it(job: Job, packed: Path, tmp_path: Path) -> None:
    there = replace(job, paths=DataPaths(tmp_path / "lai"))
    there.paths.prepare()
    arrivals = past._arrivals(job, LATER)
    past._refuse_gaps(arrivals)
    run = past.run_of(job, date(2025, 6, 30), LATER)
    past._lay_out(job, there, run)
    past._read_again(there, run, arrivals)
    assert rows(there, READ) == rows(job, READ)
    names = "SELECT ten_tep, sha256, nhan_luc FROM so_cai.tep ORDER BY ALL"
    assert rows(there, names) == rows(job, names)


def test_where_the_zip_is_another_by_now_it_is_refused(job: Job, packed: Path) -> None:
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("x.csv", HEADER + line(14))
    with pytest.raises(RunError, match=r"2 tệp đã nạp khi đó không còn trong raw/"):
        past._refuse_gaps(past._arrivals(job, LATER))
