"""What a command does not need it does not import: names of modules, not seconds, since a busy machine has its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.config.paths import data_paths
from pipelines.warehouse.database import connect
from pipelines.warehouse.schema import create_tables

_FOR_THE_NIGHT = ("dagster", "dbt", "great_expectations", "pandas", "polars", "scipy", "splink", "sqlglot", "altair")


def _imported(code: str, *modules: str) -> set[str]:
    """Those of ``modules`` that a fresh interpreter holds after ``code``."""
    script = f"{code}\nimport sys\nprint('CO', *sorted(set(sys.modules) & {set(modules)!r}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    (told,) = [line for line in done.stdout.splitlines() if line.startswith("CO")]
    return set(told.split()[1:])


@pytest.mark.parametrize("command", [["--help"], ["sql", "--help"], ["status", "--help"]])
def test_a_look_at_the_warehouse_imports_nothing_of_the_night(command: list[str]) -> None:
    assert _imported(f"from pipelines.cli.main import run; run({command!r})", *_FOR_THE_NIGHT) == set()


def test_status_asks_without_what_costs_more_than_its_answers(tmp_path: Path) -> None:
    paths = data_paths(tmp_path)
    paths.prepare()
    with connect(paths.warehouse_file) as connection:
        create_tables(connection, [])
        connection.execute(
            "INSERT INTO so_cai.lan_chay (so_lan, bat_dau, ngay_so_lieu) VALUES (1, now(), '2025-12-31')"
        )
    code = f"""
from pathlib import Path
from pipelines.config.paths import data_paths
from pipelines.outcome import read_outcome
assert read_outcome(data_paths(Path({str(tmp_path)!r}))).run.number == 1
"""
    assert _imported(code, *_FOR_THE_NIGHT, "pyarrow") == set()


def test_the_night_begins_without_what_only_some_nights_need() -> None:
    heavy = ("dbt", "dagster_dbt", "great_expectations", "pandas", "scipy", "splink", "sqlglot", "networkx", "altair")
    assert _imported("import pipelines.orchestrate.execute", *heavy) == set()
