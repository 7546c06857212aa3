"""`make test-spark`: the small sample built by DuckDB and by Spark from the same inputs, and every model compared.

One process of Spark on this machine, with a catalogue on disk. Everything lies in ``build/spark``; the night that makes
the sample is run once and kept there. The exit code is not 0 while any model is missing on Spark or differs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.warehouse.database import connect
from pipelines.warehouse.dbt import DBT_PROJECT, parse
from tests.spark.equality import Outcome, compare, relations

FOLDER = PROJECT_ROOT / "build" / "spark"
BIN = Path(sys.executable).parent


def main() -> int:
    """The command; 0 where everything is equal."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--spark", type=Path, default=PROJECT_ROOT / ".venv-spark", help="environment with dbt-spark")
    options.add_argument("--data", type=Path, default=FOLDER / "mau", help="data folder whose warehouse is built again")
    options.add_argument(
        "--select", nargs="*", default=[], help="models to build on Spark (dbt's words); all are compared"
    )
    chosen = options.parse_args()
    paths = _duckdb_side(DataPaths(chosen.data.resolve()))
    inputs, out = FOLDER / "dau_vao", FOLDER / "bang"
    _run([sys.executable, "-m", "pipelines.warehouse.inputs", str(inputs)], KHO_DATA=str(paths.root))
    _spark_side(chosen.spark.resolve() / "bin" / "dbt", inputs, out, chosen.select)
    return _compare(paths, out)


def _duckdb_side(sample: DataPaths) -> DataPaths:
    """A copy of the sample's warehouse, every model built whole by DuckDB: after a night the ledger has moved on."""
    if not sample.warehouse_file.exists():
        _run([BIN / "kho", "run", "--mau-neu-trong"], KHO_DATA=str(sample.root))
    paths = DataPaths(FOLDER / "duckdb")
    shutil.rmtree(paths.root, ignore_errors=True)
    paths.prepare()
    shutil.copyfile(sample.warehouse_file, paths.warehouse_file)
    begun = time.monotonic()
    _run([BIN / "kho", "dbt", "--quiet", "run"], KHO_DATA=str(paths.root))
    _say(f"DuckDB: {time.monotonic() - begun:.0f} s")
    return paths


def _spark_side(dbt: Path, inputs: Path, out: Path, select: list[str]) -> None:
    place = FOLDER / "spark"
    shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(out, ignore_errors=True)
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
    begun = time.monotonic()
    _dbt(dbt, settings, ["run-operation", "dang_ky_dau_vao", "--args", json.dumps({"thu_muc": str(inputs)})])
    begun_models = time.monotonic()
    _dbt(dbt, settings, ["run", *(["--select", *select] if select else [])], may_fail=True)
    _say(f"Spark: {time.monotonic() - begun_models:.0f} s, trước đó {begun_models - begun:.0f} s đăng ký đầu vào")
    results = json.loads((place / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    for result in results:
        if result["status"] == "error":
            _say(f"Spark không dựng được {result['unique_id']}: {' '.join(str(result['message']).split())[:400]}")
    _dbt(dbt, settings, ["run-operation", "xuat_bang", "--args", json.dumps({"thu_muc": str(out)})])


def _dbt(dbt: Path, settings: dict[str, str], arguments: list[str], *, may_fail: bool = False) -> None:
    """Spark's own words go to a file: they are many, and none of them is a result."""
    with (FOLDER / "spark" / "spark.log").open("a", encoding="utf-8") as log:
        command = [dbt, "--quiet", *arguments, "--target", "spark"]
        done = subprocess.run(
            command, cwd=FOLDER / "spark", env=os.environ | settings, stdout=log, stderr=log, check=False
        )
    if done.returncode and not may_fail:
        raise SystemExit(f"dbt {arguments[0]} trên Spark: mã {done.returncode}; xem {log.name}")


def _compare(paths: DataPaths, out: Path) -> int:
    with connect(paths.warehouse_file, read_only=True) as connection:
        outcomes = [
            compare(connection, relation, out / relation.schema / relation.name) for relation in relations(parse(paths))
        ]
    for outcome in outcomes:
        if outcome.fault is not None or outcome.relation.is_mart:
            _say(str(outcome))
    _say(_summary("Bảng công bố (tên, kiểu, từng dòng)", [outcome for outcome in outcomes if outcome.relation.is_mart]))
    _say(_summary("Bảng bên trong (tên, từng dòng)", [outcome for outcome in outcomes if not outcome.relation.is_mart]))
    return int(any(outcome.fault is not None for outcome in outcomes))


def _summary(what: str, outcomes: list[Outcome]) -> str:
    equal = sum(outcome.fault is None for outcome in outcomes)
    return f"{what}: {equal} trên {len(outcomes)} bằng nhau"


def _run(command: list[str | Path], **variables: str) -> None:
    subprocess.run(command, env=os.environ | variables, cwd=PROJECT_ROOT, check=True)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
