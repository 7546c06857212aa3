"""The definitions of an empty data folder, made once: dbt's project is parsed for them."""

from __future__ import annotations

import pytest
from dagster import Definitions

from pipelines.job import Job, load_job
from pipelines.orchestrate.definitions import build_definitions
from pipelines.orchestrate.night_run import Plan
from pipelines.warehouse import dbt


@pytest.fixture(scope="session")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return load_job(tmp_path_factory.mktemp("dagster") / "data")


@pytest.fixture(scope="session")
def definitions(job: Job) -> Definitions:
    return build_definitions(job)


@pytest.fixture(scope="session")
def plan(job: Job) -> Plan:
    return Plan(job, dbt.parse(job.paths))
