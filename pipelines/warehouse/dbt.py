"""dbt inside this process: parse, build, and what became of each node, without a value of anyone's data.

dbt writes failing values into its own messages and artefacts; so its log is off, its artefacts lie in the
owner-only working folder, and from a result only the node and its status leave this module.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.config.traces import keep_trace

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
WAREHOUSE_VARIABLE = "KHO_TEP_KHO_LAM_VIEC"

GOOD = frozenset({"success", "pass", "warn", "no-op"})
"""dbt's words for a node on which others may rest."""

NodeCallback = Callable[[str, int, int], None]


class DbtError(Exception):
    """dbt could not run at all: the project does not parse, or the warehouse cannot be opened."""


@dataclass(frozen=True)
class NodeResult:
    """Outcome of one dbt node: ``status`` is dbt's word (success, pass, fail, error, skipped, warn)."""

    unique_id: str
    status: str
    seconds: float
    failures: int | None = None

    @property
    def ok(self) -> bool:
        """Whether what depends on the node may be published."""
        return self.status in GOOD


def parse(paths: DataPaths) -> dict[str, Any]:
    """Parse the project if its files changed since the last manifest; returns the manifest.

    Raises ``DbtError`` where the project does not parse.
    """
    manifest_file = paths.dbt_target / "manifest.json"
    if not manifest_file.exists() or manifest_file.stat().st_mtime < _newest_source():
        parsed = _parsed(paths)
        if not manifest_file.exists():
            parsed.write(str(manifest_file))
    return read_manifest(paths)


def read_manifest(paths: DataPaths) -> dict[str, Any]:
    """The manifest of the last parse or build."""
    result: dict[str, Any] = json.loads((paths.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    return result


def build(
    paths: DataPaths, *, select: list[str], exclude: list[str], on_node: NodeCallback | None = None
) -> list[NodeResult]:
    """``dbt build`` of seeds, models and data tests (unit tests belong to ``make test``), one result a node.

    A failing node is a result, not an exception. Raises ``DbtError`` where dbt cannot start.
    """
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    if select:
        arguments += ["--select", *select]
    if exclude:
        arguments += ["--exclude", *exclude]
    outcome = _invoke(paths, arguments, on_node, manifest=_parsed(paths))
    return [
        NodeResult(item.node.unique_id, str(item.status.value), float(item.execution_time), item.failures)
        for item in outcome.results
    ]


@dataclass
class _Parse:
    """The project as this process last parsed it: parsing costs more than building a small province."""

    newest: float = 0.0
    manifest: Any = None


_last = _Parse()


def _parsed(paths: DataPaths) -> Any:
    """dbt's manifest of the project's files as they are now; parsed once a process."""
    newest = _newest_source()
    if _last.manifest is None or _last.newest != newest:
        _last.manifest, _last.newest = _invoke(paths, ["parse"]), newest
    return _last.manifest


def _invoke(
    paths: DataPaths, arguments: list[str], on_node: NodeCallback | None = None, *, manifest: Any = None
) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    paths.dbt_target.mkdir(parents=True, exist_ok=True)
    os.environ[WAREHOUSE_VARIABLE] = str(paths.warehouse_file)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    flags = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--no-version-check"]
    places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    places += ["--target-path", str(paths.dbt_target), "--log-path", str(paths.dbt_target / "logs")]
    runner = dbtRunner(manifest=manifest, callbacks=[_node_events(on_node)] if on_node else [])
    try:
        outcome = runner.invoke([*flags, *arguments, *places])
    finally:
        manager: Any = DuckDBConnectionManager
        manager.close_all_connections()
    if outcome.result is None and outcome.exception is not None:
        place = keep_trace(paths, outcome.exception, "loi_dbt.txt")
        kind = type(outcome.exception).__name__
        raise DbtError(f"dbt dừng trước khi dựng bảng ({kind}); chi tiết (chỉ chủ thư mục đọc được): {place}") from None
    return outcome.result


def _node_events(on_node: NodeCallback) -> Callable[[Any], None]:
    def receive(event: Any) -> None:
        if event.info.name in {"LogModelResult", "LogSeedResult", "LogTestResult"}:
            data = event.data
            total = data.num_models if event.info.name == "LogTestResult" else data.total
            on_node(data.node_info.node_name, data.index, total)

    return receive


def _newest_source() -> float:
    folders = ("models", "macros", "seeds", "tests")
    files: list[Path] = [DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]
    for folder in folders:
        files += [path for path in (DBT_PROJECT / folder).rglob("*") if path.is_file()]
    return max(path.stat().st_mtime for path in files)
