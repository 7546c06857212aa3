"""Spark as dbt finds it, and one build of the project's models on it, from Parquet to Parquet."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.config.paths import PROJECT_ROOT
from pipelines.warehouse.dbt import DBT_PROJECT
from tests.spark.cluster import Cluster
from tests.spark.cpu import Meter

FOLDER = PROJECT_ROOT / "build" / "spark"
ENVIRONMENT = PROJECT_ROOT / ".venv-spark"


@dataclass(frozen=True)
class Engine:
    """Where dbt finds Spark; ``cluster`` is None for one process. Its catalogue, tables and logs lie in ``place``."""

    dbt: Path
    target: str
    settings: dict[str, str]
    place: Path
    cluster: Cluster | None = None


@contextmanager
def running(spark: Path, place: Path, *, cluster: bool) -> Iterator[Engine]:
    """An engine with an empty catalogue; ``spark``: the environment with dbt-spark."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    settings = {
        "KHO_SPARK_KHO": str(place),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "DBT_PROJECT_DIR": str(DBT_PROJECT),
        "DBT_PROFILES_DIR": str(DBT_PROJECT),
        "DBT_TARGET_PATH": str(place / "target"),
        "DBT_LOG_PATH": str(place / "logs"),
        "DBT_LOG_LEVEL_FILE": "none",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    dbt = spark / "bin" / "dbt"
    if not cluster:
        yield Engine(dbt, "spark", settings, place)
        return
    with Cluster(spark, place, _settings_of_server(place)) as up:
        yield Engine(dbt, "spark_cum", settings | {"SPARK_REMOTE": up.remote}, place, up)


def local_settings(place: Path) -> dict[str, str]:
    """What target ``spark`` says of the engine, over ``place``."""
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    said = profile["kho06"]["outputs"]["spark"]["server_side_parameters"]
    known = {"KHO_SPARK_KHO": str(place)}
    return {
        name: re.sub(r"{{ env_var\('(\w+)', '(.*?)'\) }}", lambda found: known.get(found[1], found[2]), str(value))
        for name, value in said.items()
    }


def _settings_of_server(place: Path) -> dict[str, str]:
    own = {"spark.master", "spark.driver.memory"}
    return {name: value for name, value in local_settings(place).items() if name not in own}


def build(
    engine: Engine, inputs: Path, out: Path | None, select: Sequence[str] = (), kill: float | None = None
) -> dict[str, str]:
    """Register ``inputs``, build the models, write all that stands to ``out``; returns why each failed ('' where not).

    ``kill``: a worker of the cluster is killed so many seconds after the models began.
    """
    with Meter() as registering:
        _dbt(engine, ["run-operation", "dang_ky_dau_vao", "--args", json.dumps({"thu_muc": str(inputs)})])
    accident = threading.Timer(kill or 0.0, lambda: say(f"Đã giết {engine.cluster and engine.cluster.kill_worker()}"))
    if kill is not None:
        accident.start()
    with Meter() as building:
        _dbt(engine, ["run", *(["--select", *select] if select else [])], may_fail=True)
    accident.cancel()
    say(f"Spark: {building}; trước đó đăng ký đầu vào: {registering}")
    results = json.loads((engine.place / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    built = {str(result["unique_id"]): _fault(result) for result in results}
    for node, why in built.items():
        if why:
            say(f"Spark không dựng được {node}: {why}")
    say(f"Spark: {_ways(results)}")
    if out is not None:
        shutil.rmtree(out, ignore_errors=True)
        _dbt(engine, ["run-operation", "xuat_bang", "--args", json.dumps({"thu_muc": str(out)})])
    return built


_WAYS = {"giu": "không tính lại", "nhu cu": "tính lại và như cũ", "theo thang": "thay theo tháng"}


def _ways(results: list[dict[str, Any]]) -> str:
    """How the models were built, as the macros of ``theo_thang.sql`` tell it."""
    told = Counter(_WAYS.get(str(result["message"]).partition(":")[0], "dựng toàn bộ") for result in results)
    return ", ".join(f"{number} mô hình {way}" for way, number in sorted(told.items()))


def _fault(result: dict[str, Any]) -> str:
    return "" if result["status"] == "success" else " ".join(str(result["message"]).split())[:400] or result["status"]


def _dbt(engine: Engine, arguments: list[str], *, may_fail: bool = False) -> None:
    """Spark's own words go to a file: they are many, and none of them is a result."""
    with (engine.place / "spark.log").open("a", encoding="utf-8") as log:
        command: list[str | Path] = [engine.dbt, "--quiet", *arguments, "--target", engine.target]
        done = subprocess.run(
            command, cwd=engine.place, env=os.environ | engine.settings, stdout=log, stderr=log, check=False
        )
    if done.returncode and not may_fail:
        raise SystemExit(f"dbt {arguments[0]} trên Spark: mã {done.returncode}; xem {log.name}")


def say(text: str) -> None:
    """A line on the terminal, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
