"""`make test-spark`: the small sample built by DuckDB and by Spark from the same inputs, and every model compared.

One process of Spark on this machine, with a catalogue on disk; with ``--cluster`` a standalone master, two workers and
a Connect server, with ``--kill`` one of the workers is killed while the models are built. ``--night`` brings a night of
changes between: the tables of both are then those of their increments, and the files that Spark kept are counted.
Everything lies in ``build/spark``; the night that makes the sample is run once and kept there. The exit code is not 0
while any model is missing on Spark or differs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection
from datetime import date, timedelta
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.warehouse.database import connect
from pipelines.warehouse.dbt import parse
from tests.spark import stored
from tests.spark.cpu import Meter
from tests.spark.engine import ENVIRONMENT, FOLDER, Engine, build, running, say
from tests.spark.equality import Outcome, compare, relations

LAST = date(2025, 12, 31)
"""The as-of day of the night that comes after another one."""
_INCREMENTAL = ("config.materialized:theo_khoa", "config.materialized:bang")
BIN = Path(sys.executable).parent
INPUTS, OUT = FOLDER / "dau_vao", FOLDER / "bang"


def main() -> int:
    """The command; 0 where everything is equal."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--spark", type=Path, default=ENVIRONMENT, help="environment with dbt-spark")
    options.add_argument("--data", type=Path, default=FOLDER / "mau", help="data folder whose warehouse is built again")
    options.add_argument(
        "--select", nargs="*", default=[], help="models to build on both engines and to compare (dbt's words)"
    )
    options.add_argument("--cluster", action="store_true", help="a master and two workers instead of one process")
    options.add_argument("--kill", type=float, metavar="SECONDS", help="kill a worker so long after the models began")
    options.add_argument("--night", action="store_true", help="compare with the tables of an incremental night")
    chosen = options.parse_args()
    if chosen.kill is not None and not chosen.cluster:
        options.error("--kill needs --cluster")
    sample = DataPaths(chosen.data.resolve())
    if not sample.warehouse_file.exists():
        _run([BIN / "kho", "run", "--mau-neu-trong"], KHO_DATA=str(sample.root))
    shutil.rmtree(INPUTS, ignore_errors=True)
    with running(chosen.spark.resolve(), FOLDER / "spark", cluster=chosen.cluster) as engine:
        if chosen.night:
            paths = _two_nights(sample, lambda first: _first_on_spark(engine, first, chosen.select))
            before = stored.files(engine.place)
        else:
            paths, before = _whole_build(sample, chosen.select), None
        _export(paths)
        built = build(engine, INPUTS, OUT, chosen.select, chosen.kill)
        if before is not None:
            for line in stored.report(stored.kept(before, stored.files(engine.place))):
                say(line)
    return _compare(paths, OUT, only=built.keys() if chosen.select else None)


def _first_on_spark(engine: Engine, paths: DataPaths, select: list[str]) -> None:
    _export(paths)
    build(engine, INPUTS, None, select)


def _export(paths: DataPaths) -> None:
    _run([sys.executable, "-m", "pipelines.warehouse.inputs", str(INPUTS)], KHO_DATA=str(paths.root))


def _whole_build(sample: DataPaths, select: list[str]) -> DataPaths:
    """A copy of the sample's warehouse, its models built whole by DuckDB: after a night the ledger has moved on."""
    paths = DataPaths(FOLDER / "duckdb")
    shutil.rmtree(paths.root, ignore_errors=True)
    paths.prepare()
    shutil.copyfile(sample.warehouse_file, paths.warehouse_file)
    with Meter() as building:
        chosen = ["--select", *select] if select else []
        _run([BIN / "kho", "dbt", "--quiet", "run", *chosen], KHO_DATA=str(paths.root))
    say(f"DuckDB: {building}")
    return paths


def _two_nights(sample: DataPaths, after_first: Callable[[DataPaths], None]) -> DataPaths:
    """Two nights over the sample's files, every seventh of which comes with the second; tables as that one left them.

    ``after_first`` is called between the two.
    What is no increment (plain tables, views) is built again: some of it reads the ledger, which has moved on since.
    """
    paths = DataPaths(FOLDER / "hai_dem")
    shutil.rmtree(paths.root, ignore_errors=True)
    paths.prepare()
    shutil.copytree(sample.raw, paths.raw, dirs_exist_ok=True)
    late = sorted(path for path in paths.raw.rglob("*") if path.is_file())[3::7]
    aside = {path: FOLDER / "den_sau" / str(number) for number, path in enumerate(late)}
    (FOLDER / "den_sau").mkdir(parents=True, exist_ok=True)
    for path, place in aside.items():
        shutil.move(path, place)
    for as_of in (LAST - timedelta(days=1), LAST):
        _run([BIN / "kho", "run", "--as-of", as_of.isoformat()], may_warn=True, KHO_DATA=str(paths.root))
        if as_of < LAST:
            after_first(paths)
        for path, place in aside.items():
            if place.exists():
                shutil.move(place, path)
    _run([BIN / "kho", "dbt", "--quiet", "run", "--exclude", *_INCREMENTAL], KHO_DATA=str(paths.root))
    say(f"DuckDB: hai đêm, đêm sau thêm {len(late)} tệp")
    return paths


def _compare(paths: DataPaths, out: Path, only: Collection[str] | None) -> int:
    with connect(paths.warehouse_file, read_only=True) as connection:
        outcomes = [
            compare(connection, relation, out / relation.schema / relation.name)
            for relation in relations(parse(paths))
            if only is None or relation.unique_id in only
        ]
    for outcome in outcomes:
        if outcome.fault is not None or outcome.relation.is_mart:
            say(str(outcome))
    say(_summary("Bảng công bố (tên, kiểu, từng dòng)", [outcome for outcome in outcomes if outcome.relation.is_mart]))
    say(_summary("Bảng bên trong (tên, từng dòng)", [outcome for outcome in outcomes if not outcome.relation.is_mart]))
    return int(any(outcome.fault is not None for outcome in outcomes))


def _summary(what: str, outcomes: list[Outcome]) -> str:
    equal = sum(outcome.fault is None for outcome in outcomes)
    return f"{what}: {equal} trên {len(outcomes)} bằng nhau"


def _run(command: list[str | Path], *, may_warn: bool = False, **variables: str) -> None:
    """Run to its end; ``may_warn``: exit code 1 is a night with something to look at."""
    code = subprocess.run(command, env=os.environ | variables, cwd=PROJECT_ROOT, check=False).returncode
    if code > may_warn:
        raise SystemExit(f"{command[0]}: mã {code}")


if __name__ == "__main__":
    raise SystemExit(main())
