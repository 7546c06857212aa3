"""Telemetry off before anything is imported; a data folder of its own for every test that asks; who runs with whom."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths

os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
os.environ["DO_NOT_TRACK"] = "1"
os.environ.setdefault("KHO_KHOA_BI_MAT", "khoa-chi-dung-trong-kiem-thu-du-32-byte")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPaths:
    """An empty data folder, named by ``KHO_DATA``."""
    monkeypatch.setenv("KHO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return DataPaths((tmp_path / "data").resolve())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a session fixture go to one worker: those of a folder; end to end, those of a file.

    First of all hooks: xdist reads the groups in its own, and a group named later is none.
    """
    for item in items:
        place = item.path if item.path.parent.name == "e2e" else item.path.parent
        item.add_marker(pytest.mark.xdist_group(str(place)))
