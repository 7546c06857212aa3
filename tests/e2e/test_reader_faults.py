"""The real program with readers that die: the night goes on, the file is named, markup in its name is text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Kho
from tests.e2e.test_bad_input import STEPS, put

pytestmark = pytest.mark.cham

FAULTS = """
import os, sys
if "pipelines.intake.worker.serve" in sys.orig_argv:
    import pipelines.intake.worker.extraction as extraction
    tell = extraction.kind_of
    def fail(source):
        if "abort" in source.name: os.abort()
        if "kill" in source.name: os.kill(os.getpid(), 9)
        return tell(source)
    extraction.kind_of = fail
"""


@pytest.mark.dai
def test_a_reader_that_dies_refuses_its_file_and_nothing_else(fresh: Callable[[], Kho], tmp_path: Path) -> None:
    (tmp_path / "hong").mkdir()
    (tmp_path / "hong" / "sitecustomize.py").write_text(FAULTS, encoding="utf-8")
    kho = fresh()
    for number, name in enumerate(("a_truoc", "m_abort", "m[/red]kill\x1b[2J", "z_sau")):
        put(kho.paths.raw, f"dvc/qua_trinh/{name}.csv", STEPS.replace("0001;", f"000{number};").encode())
    done = kho("run", "--as-of", "2025-03-01", PYTHONPATH=str(tmp_path / "hong"), COLUMNS="500")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "m[/red]kill" in done.stdout.replace("\n", "")
    assert "\x1b" not in done.stdout
    rows = {r["ten_tep"].removeprefix("dvc/qua_trinh/"): r for r in kho.sql("SELECT * FROM van_hanh.tep")}
    assert [rows[f"{name}.csv"]["trang_thai"] for name in ("a_truoc", "z_sau")] == ["da_nap", "da_nap"]
    assert "SIGABRT" in rows["m_abort.csv"]["ly_do"]
    assert "SIGKILL" in rows["m[/red]kill\x1b[2J.csv"]["ly_do"]
    for command in ("status", "quarantine"):
        assert "\x1b" not in kho(command).stdout
    again = kho("run", "--as-of", "2025-03-01")
    assert again.returncode == 0, again.stdout + again.stderr
