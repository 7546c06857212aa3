"""No telemetry; the same examples each time; a data folder of its own for every test that asks; who runs with whom."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from pipelines.config.paths import DataPaths

os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
os.environ["DO_NOT_TRACK"] = "1"
os.environ.setdefault("KHO_KHOA_BI_MAT", "khoa-chi-dung-trong-kiem-thu-du-32-byte")

# The same examples on every machine and day: `make test` says what a change did. `make test-long` looks for others.
# No test is timed: on a busy machine an example takes what it takes.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", UNTIMED)
settings.register_profile("same", UNTIMED, derandomize=True)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def _environment_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run points its process to its Dagster home and data folder; the next test must not find itself there."""
    for name in ("DAGSTER_HOME", "KHO_DATA"):
        found = os.environ.get(name)
        monkeypatch.setenv(name, found or "")  # noted, so that it is put back
        if found is None:
            monkeypatch.delenv(name)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPaths:
    """An empty data folder, named by ``KHO_DATA``."""
    monkeypatch.setenv("KHO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return DataPaths((tmp_path / "data").resolve())


class _SharedFixtures(LoadScopeScheduling):  # type: ignore[misc]
    """Tests that share a session fixture go to one worker: those of a folder; end to end, those of a file.

    Not ``--dist loadgroup``: xdist 3.8 names the group in an attribute that pytest 9 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = PurePosixPath(nodeid.split("::", maxsplit=1)[0])
        return str(file if file.parent.name == "e2e" else file.parent)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Who runs with whom, where ``--dist loadscope`` asks for groups."""
    return _SharedFixtures(config, log) if config.getvalue("dist") == "loadscope" else None
