"""The dossiers of all provinces in one warehouse: intake, build, five marts and rules, beside bare SQL of the same.

    python -m benchmarks.nation --months 1 --memory 2GB      # 5 M dossiers, a twelfth of the year
    python -m benchmarks.nation                              # 60 M dossiers, 240 M steps within 20 GiB; hours, 100 GB

``own`` is this project's compiled SQL of the same models, run one after another by DuckDB alone: what dbt, the plan
and the transactions cost is beside it. ``hand`` is SQL written by hand from the Parquet files to five tables of the
same rows, without a rule of law: a low bound. ``single`` is one statement that counts what the rules count. Each step
is a process of its own: CPU seconds, largest memory, largest spill to disk. Rows are invented; the sample's other feeds
are set aside.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import night
from benchmarks.looking_on import looking_on
from benchmarks.quality import single_statement
from pipelines import building, nightly, turn
from pipelines.job import Job, load_job
from pipelines.quality.evaluate import evaluate
from pipelines.quality.flags import with_as_of
from pipelines.quality.model import Rule
from pipelines.sample.large import NATIONAL
from pipelines.warehouse import dbt
from pipelines.warehouse.build_plan import needed
from pipelines.warehouse.database import connect

AS_OF = date(2025, 12, 31)
FEEDS = ("dvc/co_quan", "dvc/ho_so", "dvc/qua_trinh", "dvc/tthc")
MARTS = ("ho_so", "buoc_ho_so", "giai_quyet_thang", "tra_lai", "ky_bao_cao")
RELATIONS = ("stg.stg_dvc__ho_so", "stg.stg_dvc__qua_trinh", "tthc.ho_so")
"""Whose rules are asked."""
SAMPLE = "sample"


@dataclass(frozen=True)
class Size:
    """Months, and dossiers a month."""

    months: int
    dossiers: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=NATIONAL.months)
    parser.add_argument("--dossiers", type=int, default=NATIONAL.dossiers_a_month, help="a month")
    parser.add_argument("--memory", default="20GB", help="DuckDB's limit; what does not fit is spilled to disk")
    parser.add_argument("--data", type=Path, help="a folder to use and keep; steps that stand there are not run again")
    parser.add_argument("--child", choices=[SAMPLE, *STEPS], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        _child(given.child, given.data, Size(given.months, given.dossiers), given.memory)
        return
    with night.folder(given.data) as root:
        results = {}
        for step in (SAMPLE, *STEPS):
            results[step] = _run(step, root, Size(given.months, given.dossiers), given.memory)
            sys.stdout.write(_line(step, results[step]) + "\n")
            sys.stdout.flush()
        for ours, theirs in (("build", "own"), ("build", "hand"), ("rules", "single")):
            sys.stdout.write(f"{ours} / {theirs}: {results[ours]['cpu'] / results[theirs]['cpu']:.2f}\n")


def _line(step: str, result: dict[str, Any]) -> str:
    return (
        f"{step:8} {result['cpu']:9.0f} CPU s {result['wall']:8.0f} s {result['peak']:7.0f} MB memory "
        f"{result['spill']:7.0f} MB spilled  {result['said']}"
    )


def _run(step: str, root: Path, size: Size, memory: str) -> dict[str, Any]:
    """In a process of its own; the result is kept beside the data, a step that has one is not run again."""
    kept = root / f"do_{step}.json"
    if not kept.exists():
        command = [sys.executable, "-m", "benchmarks.nation", "--child", step, "--data", str(root)]
        subprocess.run(
            [*command, "--months", str(size.months), "--dossiers", str(size.dossiers), "--memory", memory], check=True
        )
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def _child(step: str, root: Path, size: Size, memory: str) -> None:
    job = load_job(root)
    limits = job.settings.gioi_han.model_copy(update={"bo_nho": memory})
    job = replace(job, settings=job.settings.model_copy(update={"gioi_han": limits}))
    spill = _Spill(root)
    with looking_on(1.0, spill.look):
        begun = time.monotonic()
        said = _sample(job, size) if step == SAMPLE else STEPS[step](job)
        wall = time.monotonic() - begun
    told = {
        "cpu": night.cpu(),
        "wall": wall,
        "peak": max(map(_largest, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))),
        "spill": spill.largest / 1e6,
        "said": said,
    }
    (root / f"do_{step}.json").write_text(json.dumps(told), encoding="utf-8")


def _largest(who: int) -> float:
    """Largest resident memory of this process or of one that it waited for, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024


@dataclass
class _Spill:
    """Largest size of DuckDB's temporary files below a folder whenever it was looked at."""

    root: Path
    largest: int = 0

    def look(self) -> None:
        self.largest = max(self.largest, sum(_size(file) for file in self.root.rglob("*.tmp/*")))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # DuckDB has read it again meanwhile
        return 0


def _sample(job: Job, size: Size) -> str:
    generator: Any = importlib.import_module("pipelines.sample.generate")
    generator.NATIONAL = replace(NATIONAL, dossiers_a_month=size.dossiers)
    job.paths.prepare()
    report = generator.generate(job.paths, size="national", months=size.months)
    for folder in job.paths.raw.glob("*/*"):
        if folder.is_dir() and str(folder.relative_to(job.paths.raw)) not in FEEDS:
            shutil.rmtree(folder)
    rows = sum(count for feed, _, count in report.feeds if feed in FEEDS)
    stored = sum(file.stat().st_size for file in job.paths.raw.rglob("*") if file.is_file())
    return f"{rows:,} rows, {stored / 1e9:.2f} GB"


def _intake(job: Job) -> str:
    turn.begin(job.paths, AS_OF, "benchmarks.nation", foreground=True)
    run = nightly.prepare(job, AS_OF)
    nightly.ingest(job, run)
    building.begin(job, run)
    _copy(job)
    return f"{job.paths.warehouse_file.stat().st_size / 1e9:.2f} GB of warehouse"


def _build(job: Job) -> str:
    chosen = _models(dbt.read_manifest(job.paths))
    nodes = dbt.build_nodes(job.paths, chosen, config=job.warehouse_config)
    failed = [node.unique_id for node in nodes if not node.ok]
    if failed:
        raise RuntimeError(f"not built: {failed}")
    with job.warehouse(read_only=True) as connection:
        rows = _rows(connection)
    return f"{len(nodes)} nodes, {rows:,} rows of five marts, {job.paths.warehouse_file.stat().st_size / 1e9:.2f} GB"


def _copy(job: Job) -> None:
    """The warehouse as intake left it, for the bare SQL: under the same name, which compiled SQL calls it by."""
    place = _bare_file(job)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(job.paths.warehouse_file, place)


def _bare_file(job: Job) -> Path:
    return job.paths.root / "tran" / job.paths.warehouse_file.name


def _bare(job: Job, file: Path) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return connect(file, threads=job.settings.gioi_han.luong, memory_limit=job.settings.gioi_han.bo_nho)


def _models(manifest: dict[str, Any]) -> set[str]:
    """The five marts and every model and seed they rest on."""
    targets = [name for name, node in manifest["nodes"].items() if node.get("schema") == "tthc" and _is_mart(node)]
    return needed(manifest, targets)


def _is_mart(node: dict[str, Any]) -> bool:
    return node["resource_type"] == "model" and node["alias"] in MARTS


def _rows(connection: duckdb.DuckDBPyConnection, schema: str = "tthc") -> int:
    return sum(connection.execute(f"SELECT count(*) FROM {schema}.{name}").fetchall()[0][0] for name in MARTS)


def _rules(job: Job) -> str:
    rules = _chosen_rules(job)
    limits = job.settings.gioi_han
    results = evaluate(job.paths.warehouse_file, rules, run_number=1, version="v", as_of=AS_OF, limits=limits)
    wrong = [result.rule for result in results if result.error is not None]
    if wrong:
        raise RuntimeError(f"rules that do not run: {wrong}")
    return f"{len(rules)} rules, {sum(result.failures for result in results):,} failures"


def _chosen_rules(job: Job) -> list[Rule]:
    """Those that look into an export of the national portal are left out: it is set aside."""
    return [rule for rule in job.rules if rule.relation in RELATIONS and "dvcqg" not in repr(rule)]


def _single(job: Job) -> str:
    sql = with_as_of(single_statement(_chosen_rules(job)), AS_OF)
    with job.warehouse(read_only=True) as connection:
        return f"{sum(int(n) for n in connection.execute(sql).fetchall()[0]):,} failures"


def in_order(manifest: dict[str, Any], wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """Nodes of the manifest that are ``wanted``, each after those it reads."""
    chosen = {name: node for name, node in manifest["nodes"].items() if wanted(node)}
    parents = {name: set(chosen) & set(node["depends_on"].get("nodes", ())) for name, node in chosen.items()}
    return [chosen[name] for name in TopologicalSorter(parents).static_order()]


def run_compiled(connection: duckdb.DuckDBPyConnection, node: dict[str, Any], target: Path) -> bool:
    """Make the table or view of a model of its compiled SQL below dbt's ``target``; False for a function."""
    kind = {"view": "VIEW", "bang_macro": "", "ham": ""}.get(node["config"]["materialized"], "TABLE")
    if kind:
        sql = (target / "compiled" / "kho06" / node["original_file_path"]).read_text("utf-8")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {node['schema']}")
        connection.execute(f"CREATE OR REPLACE {kind} {node['schema']}.{node['alias']} AS {sql}")
    return bool(kind)


def _own(job: Job) -> str:
    manifest = dbt.read_manifest(job.paths)
    chosen = _models(manifest)
    done = 0
    with _bare(job, _bare_file(job)) as connection:
        connection.execute(f"ATTACH '{job.paths.warehouse_file}' AS dung_xong (READ_ONLY)")
        for node in in_order(manifest, lambda node: node["unique_id"] in chosen):
            if node["resource_type"] == "seed":
                place = f"{node['schema']}.{node['alias']}"
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {node['schema']}")
                connection.execute(f"CREATE OR REPLACE TABLE {place} AS FROM dung_xong.{place}")
            else:
                done += run_compiled(connection, node, job.paths.dbt_target)
        connection.execute("CHECKPOINT")
        return f"{done} models, {_rows(connection):,} rows of five marts"


HAND = """
CREATE TABLE don_vi AS SELECT ma_don_vi, any_value(ten_don_vi) AS ten, any_value(cap) AS cap
  FROM kho.stg.stg_dvc__co_quan GROUP BY ma_don_vi;
CREATE TABLE thu_tuc AS SELECT ma_tthc, any_value(thoi_han) AS thoi_han, any_value(linh_vuc) AS linh_vuc_dm
  FROM kho.stg.stg_dvc__tthc GROUP BY ma_tthc;
CREATE TABLE ho_so AS
  SELECT h.* EXCLUDE (thu_tu), d.ten, d.cap, t.thoi_han, t.linh_vuc_dm,
    CASE WHEN h.ngay_ket_thuc > h.ngay_hen_tra THEN 'qua_han' WHEN h.ngay_ket_thuc IS NOT NULL THEN 'dung_han'
      WHEN h.ngay_hen_tra < TIMESTAMP '2026-01-01' THEN 'dang_qua_han' END AS ket_qua_han
  FROM (SELECT *, row_number() OVER (PARTITION BY ma_ho_so ORDER BY ngay_ket_thuc DESC NULLS LAST) AS thu_tu
    FROM {ho_so}) h
  LEFT JOIN don_vi d USING (ma_don_vi) LEFT JOIN thu_tuc t USING (ma_tthc) WHERE h.thu_tu = 1;
CREATE TABLE buoc_ho_so AS
  SELECT *, lead(thoi_diem) OVER (PARTITION BY ma_ho_so ORDER BY thoi_diem, trang_thai) AS buoc_sau
  FROM (SELECT DISTINCT * FROM {qua_trinh});
CREATE TABLE giai_quyet_thang AS
  SELECT date_trunc('month', ngay_tiep_nhan) AS thang, ma_don_vi, ma_tthc, count(*) AS tiep_nhan,
    count(*) FILTER (ket_qua_han = 'qua_han') AS qua_han FROM ho_so GROUP BY ALL;
CREATE TABLE tra_lai AS
  SELECT date_trunc('month', ngay_tiep_nhan) AS thang, ma_tthc, count(*) AS so FROM ho_so
  WHERE trang_thai IN ('tra_lai', 'tu_choi', 'dung_xu_ly') GROUP BY ALL;
CREATE TABLE ky_bao_cao AS SELECT cap, count(*) AS so FROM ho_so GROUP BY ALL;
"""


def _parquet(job: Job, feed: str) -> str:
    return f"read_parquet('{job.paths.raw}/dvc/{feed}/**/*.parquet', union_by_name = true)"


def _hand(job: Job) -> str:
    with _bare(job, _bare_file(job).with_name("tay.duckdb")) as connection:
        connection.execute(f"ATTACH '{job.paths.warehouse_file}' AS kho (READ_ONLY)")
        for statement in HAND.format(ho_so=_parquet(job, "ho_so"), qua_trinh=_parquet(job, "qua_trinh")).split(";"):
            connection.execute(statement)
        connection.execute("CHECKPOINT")
        return f"{_rows(connection, 'main'):,} rows of five tables"


STEPS: dict[str, Callable[[Job], str]] = {
    "intake": _intake,
    "build": _build,
    "own": _own,
    "hand": _hand,
    "rules": _rules,
    "single": _single,
}


if __name__ == "__main__":
    main()
