"""All of Dagster's specs as one JSON file, ``specs.json``; written again by ``make specs``.

Code versions and descriptions are there or not: their values change with every edit of what they stand for.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from dagster import AssetSpec, Definitions

from pipelines.job import load_job

FILE = Path(__file__).with_name("specs.json")


def snapshot(definitions: Definitions) -> dict[str, Any]:
    """Assets, checks, jobs with their steps, schedules and sensors, as plain values."""
    graph = definitions.resolve_asset_graph()
    specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs()}
    jobs = {}
    for job in definitions.resolve_all_job_defs():
        if not job.name.startswith("__"):
            partitions = job.partitioned_config.partitions_def if job.partitioned_config else None
            jobs[job.name] = {
                "mo_ta": job.description,
                "buoc": _steps(job.graph),
                "phan_ngay": partitions and f"{partitions.start:%Y-%m-%d} {partitions.timezone}",
            }
    return {
        "bang": {key.to_user_string(): _asset(specs[key], graph.get(key).is_materializable) for key in sorted(specs)},
        "phep_kiem": {
            f"{key.asset_key.to_user_string()}:{key.name}": {
                "co_mo_ta": bool(graph.get_check_spec(key).description),
                "chan": graph.get_check_spec(key).blocking,
            }
            for key in sorted(graph.asset_check_keys, key=str)
        },
        "cong_viec": jobs,
        "lich": {
            item.name: [item.cron_schedule, item.execution_timezone, item.job_name, item.default_status.value]
            for item in definitions.schedules or []
        },
        "cam_bien": {
            item.name: [item.job_name, item.minimum_interval_seconds, item.default_status.value, item.description]
            for item in definitions.sensors or []
        },
    }


def _asset(spec: AssetSpec, made: bool) -> dict[str, Any]:
    policy = spec.freshness_policy
    return {
        "co_mo_ta": bool(spec.description),
        "nhom": spec.group_name,
        "tu": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
        "loai": sorted(spec.kinds),
        "nguoi_giu": list(spec.owners),
        "co_ma_nguon": spec.code_version is not None,
        "ngay_moi": policy and policy.fail_window.to_timedelta().days,
        "lam_ra": made,
    }


def _steps(graph: Any) -> list[str]:
    steps = []
    for name in graph.nodes_in_topological_order:
        inner = getattr(name.definition, "nodes_in_topological_order", None)
        steps += [node.name for node in inner] if inner else [name.name]
    return steps


def text(definitions: Definitions) -> str:
    """The file as it should be: a line an entry, so that a change is read as one."""
    parts = []
    for kind, entries in snapshot(definitions).items():
        lines = [
            f"  {json.dumps(name)}: {json.dumps(entries[name], ensure_ascii=False, sort_keys=True)}" for name in entries
        ]
        parts.append(f" {json.dumps(kind)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write ``specs.json``."""
    from pipelines.orchestrate.definitions import build_definitions

    with tempfile.TemporaryDirectory() as folder:
        os.environ["KHO_DATA"] = folder
        FILE.write_text(text(build_definitions(load_job())), encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    main()
