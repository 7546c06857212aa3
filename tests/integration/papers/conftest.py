"""A publication of its own for every test of a paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from tests.integration.papers.published import publish


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    """A data folder in which the invented figures are published."""
    made = DataPaths(tmp_path / "data")
    publish(made.marts)
    return made
