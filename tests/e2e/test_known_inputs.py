"""What is known of real and worked inputs, where they lie beside the project; skipped where they do not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest

from pipelines.config.paths import PROJECT_ROOT
from pipelines.warehouse.runs import now_in_vietnam
from tests.e2e.conftest import CASE, Kho

pytestmark = pytest.mark.cham

AS_OF = date(2026, 9, 27)
PUBLISHED = PROJECT_ROOT.parent / "shared" / "data" / "qd766"
CHECKS = (
    "check_deadlines",
    "check_windows",
    "check_geography",
    "check_registry",
    "check_quarantine",
)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published figures are not beside the project")
@pytest.mark.skipif(now_in_vietnam().date() < AS_OF, reason="by the clock of this machine that day is yet to come")
def test_the_published_scores_of_a_province_come_out_as_printed(fresh: Callable[[], Kho]) -> None:
    kho = fresh()
    folder = kho.paths.raw / "bo_chi_so_766" / "diem"
    folder.mkdir(parents=True)
    for name in ("tong_hop_phu_tho_2026-08.json", "dvc_progress_tree_phu_tho_2026-08.csv"):
        shutil.copyfile(PUBLISHED / name, folder / name)
    done = kho("run", "--as-of", AS_OF.isoformat())
    assert done.returncode == 0, done.stdout + done.stderr
    rows = kho.sql("SELECT nhom, diem_cong_qg FROM chi_so_766.tong_hop WHERE ky = '2026-08' AND ma_don_vi = 'H44'")
    points = {row["nhom"]: round(float(row["diem_cong_qg"]), 2) for row in rows if row["diem_cong_qg"] is not None}
    assert sorted(points.values()) == sorted([7.96, 15.68, 8.83, 6.25, 8.22, 12.97, 59.91])
    assert points["tong"] == 59.91
    agencies = kho.sql(
        "SELECT count(DISTINCT ma_don_vi) AS n FROM chi_so_766.tong_hop WHERE ky = '2026-08' AND ma_don_vi <> 'H44'"
    )
    assert agencies == [{"n": 163}]


@pytest.fixture(scope="module")
def worked_case(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("vi_du") / "data")


@pytest.mark.skipif(not CASE.is_dir(), reason="the worked case is not beside the project")
@pytest.mark.parametrize("check", CHECKS)
def test_the_worked_case_agrees_with_its_truth(check: str, worked_case: str) -> None:
    done = subprocess.run(
        [sys.executable, str(CASE / f"{check}.py"), str(PROJECT_ROOT), "--data", worked_case],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
