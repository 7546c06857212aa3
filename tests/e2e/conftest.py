"""The command line as its user runs it: a process of its own, a data folder of its own."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.config.paths import PROJECT_ROOT, DataPaths

KHO = Path(sys.executable).parent / "kho"
_STILL = 3
"""Seconds, more than ``gioi_han.dung_yen_giay``."""
CASE = PROJECT_ROOT.parent / "shared" / "cases"


@dataclass(frozen=True)
class Kho:
    """``kho`` over one data folder."""

    paths: DataPaths

    def __call__(
        self, *arguments: str, cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        self._let_files_be_old()
        env = {k: v for k, v in os.environ.items() if k != "DAGSTER_HOME"}
        env |= {"KHO_DATA": str(self.paths.root), "NO_COLOR": "1", "PYTHONUTF8": "1", **environment}
        return subprocess.run(
            [str(KHO), *arguments],
            env=env,
            cwd=cwd,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def _let_files_be_old(self) -> None:
        """As if files just put there had lain a while, in their order: a run would wait until they stand still."""
        now = time.time()
        for file in self.paths.raw.rglob("*"):
            facts = file.lstat()
            if stat.S_ISREG(facts.st_mode) and abs(now - facts.st_mtime) < _STILL:
                os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns - int(2 * _STILL * 1e9)))

    def sql(self, query: str) -> list[dict[str, Any]]:
        done = self("sql", query, "--format", "json")
        assert done.returncode == 0, done.stderr
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows


@pytest.fixture(scope="module")
def kho(tmp_path_factory: pytest.TempPathFactory) -> Kho:
    """A fresh data folder shared by the tests of one module."""
    return Kho(DataPaths(tmp_path_factory.mktemp("kho") / "data"))


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[], Kho]:
    """Makes ``kho`` over an empty data folder."""
    return lambda: Kho(DataPaths(tmp_path / "data"))
