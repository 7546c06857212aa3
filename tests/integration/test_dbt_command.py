"""``kho dbt`` and plain ``dbt`` in the project's folder: right warehouse, right exit code, one writer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.warehouse import dbt, lock

BIN = Path(sys.executable).parent


def kho(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BIN / "kho", *arguments], capture_output=True, text=True, check=False)


def test_any_command_is_passed_on_with_its_exit_code_and_leaves_no_log(data: DataPaths) -> None:
    listed = kho("dbt", "ls", "--select", "tthc__danh_muc", "--resource-type", "model")
    assert listed.returncode == 0, listed.stderr
    assert "kho06.marts.tthc.tthc__danh_muc" in listed.stdout
    assert kho("dbt", "khong_co_lenh_nay").returncode == 2
    # No file of the night's schemas is there: the seed is built, the model above it fails, and dbt says 1.
    built = kho("dbt", "build", "--select", "nhom_chi_so", "stg_dvc__tthc")
    assert built.returncode == 1, built.stdout + built.stderr
    assert "nhom_chi_so" in built.stdout
    assert data.warehouse_file.exists()
    assert list(data.working.rglob("*.log")) == []
    assert not (data.dbt_target / "run_results.json").exists()
    readable = [path for path in data.working.rglob("*") if path.stat().st_mode & 0o077]
    assert readable == []


def test_a_command_that_opens_the_warehouse_waits_for_nobody(data: DataPaths) -> None:
    data.prepare()
    lock.take(data, "đêm chạy", "2026-01-01T02:00:00")
    try:
        busy = kho("dbt", "build")
        assert busy.returncode == 3
        assert "đêm chạy" in busy.stderr
    finally:
        lock.let_go(data)


@pytest.mark.parametrize(
    ("arguments", "reads"),
    [
        (["ls", "--select", "x"], True),
        (["parse"], True),
        (["build", "--help"], True),
        (["build"], False),
        (["docs", "generate"], False),
        (["show", "--inline", "select 1"], False),
    ],
)
def test_which_commands_open_the_warehouse(arguments: list[str], reads: bool) -> None:
    assert dbt.only_reads_the_project(arguments) is reads


@pytest.mark.dai
def test_plain_dbt_in_the_projects_folder_needs_no_setting(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KHO_", "DBT_"))}
    found = subprocess.run(
        [BIN / "dbt", "parse", "--target-path", tmp_path, "--log-path", tmp_path],
        cwd=PROJECT_ROOT / "dbt_project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert (tmp_path / "manifest.json").exists()
    assert list(tmp_path.glob("*.log")) == []
