"""Scalar functions of the project, as dbt makes them, in a database that has the tables they read."""

from __future__ import annotations

import re

import duckdb

from pipelines.config.paths import PROJECT_ROOT

MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
_CONFIG = re.compile(r"\{\{ config\(.*?tham_so=\['(?P<parameter>\w+)'\].*?\) \}\}")
_REF = re.compile(r"\{\{ ref\('(\w+?)__(\w+)'\) \}\}")


def create(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """``names``: ``schema.function``, functions of one parameter. Raises ``duckdb.Error`` where a table is missing."""
    for name in names:
        schema, function = name.split(".")
        text = (MARTS / schema / f"{schema}__{function}.sql").read_text(encoding="utf-8")
        found = _CONFIG.search(text)
        assert found is not None, name
        body = _REF.sub(r"\1.\2", text.replace(found[0], ""))
        connection.execute(f"CREATE MACRO {name}({found['parameter']}) AS ({body})")
