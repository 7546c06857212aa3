"""Nights without Dagster and publication, and the full rebuild they are set against."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines import nightly
from pipelines.config.paths import DataPaths
from pipelines.job import Job, load_job
from pipelines.quality import evaluate
from pipelines.quality.model import Rule
from pipelines.warehouse import dbt, plan
from pipelines.warehouse.runs import Run, set_parameters

LEDGER = ("so_cai.loi", "so_cai.diem_do", "so_cai.ket_qua_kiem_tra", "so_cai.cap_trung", "so_cai.cum_trung")
COMPARED = ("stg", "trung_gian", "tthc", "chi_so_766", "ho_tich", "doi_soat")


def job_of(root: Path) -> Job:
    """The job over a data folder of its own, files being read at once."""
    job = load_job(root)
    limits = job.settings.gioi_han.model_copy(update={"dung_yen_giay": 0.0})
    return replace(job, settings=job.settings.model_copy(update={"gioi_han": limits}))


def night(job: Job, day: date) -> Run:
    """Intake, linkage and build of one night; every model must stand."""
    run = nightly.prepare(job, day)
    nightly.ingest(job, run)
    assert nightly.link_or_hold(job, run) is None
    failed = [node.unique_id for node in nightly.build(job, run) if not node.ok]
    assert failed == []
    nightly.check(job, run)
    return run


def begun(job: Job, day: date) -> Run:
    """A night as far as the plan of its build."""
    run = nightly.prepare(job, day)
    nightly.ingest(job, run)
    assert nightly.link_or_hold(job, run) is None
    with job.warehouse() as connection:
        set_parameters(connection, run)
        plan.begin(connection, dbt.parse(job.paths), run)
    return run


def build_and_die(job: Job, *, after: int) -> None:
    """A build that is cut off once ``after`` of its models stand: each model is a transaction of its own."""
    names = [node["name"] for node in plan.planned(dbt.read_manifest(job.paths)).values()]
    dbt.build(job.paths, select=sorted(names)[:after], exclude=[])


def rebuilt(job: Job, run: Run, folder: Path) -> Job:
    """The same night built whole, in a copy of its warehouse."""
    shutil.rmtree(folder, ignore_errors=True)
    there = replace(job, paths=DataPaths(folder))
    there.paths.prepare()
    shutil.copy(job.paths.warehouse_file, there.paths.warehouse_file)
    if job.paths.dbt_target.exists():
        shutil.copytree(job.paths.dbt_target, there.paths.dbt_target, dirs_exist_ok=True)
    with there.warehouse() as connection:
        counted = ("quy_tac_dem", "bang_dem", "diem_phan", "diem_phan_lan")
        for table in ("dung", "ban_ghi_da_so", "ung_vien_trung", *counted):
            connection.execute(f"DELETE FROM so_cai.{table}")
    assert nightly.link_or_hold(there, run) is None
    failed = [node.unique_id for node in nightly.build(there, run) if not node.ok]
    assert failed == []
    with there.warehouse() as connection:
        # Defects as the night found them: those of this run are taken back and found again in full.
        connection.execute("DELETE FROM so_cai.loi WHERE tu_lan = ?", [run.number])
        connection.execute("UPDATE so_cai.loi SET dong_lan = NULL WHERE dong_lan = ?", [run.number])
    nightly.check(there, run)
    return there


def differences(job: Job, other: Job, schemas: tuple[str, ...] = COMPARED) -> list[str]:
    """Tables whose rows are not the same in both warehouses, with how many only one of them holds."""
    found = []
    with duckdb.connect(":memory:") as connection:
        # The copy is attached under the name by which its views call it, one after the other.
        rows: dict[str, dict[str, object]] = {}
        for label, paths in (("mot", job.paths), ("hai", other.paths)):
            connection.execute(f"ATTACH '{paths.warehouse_file}' AS kho_lam_viec (READ_ONLY)")
            names = connection.execute(
                "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'kho_lam_viec' "
                "AND list_contains(?, schema_name) UNION ALL "
                "SELECT schema_name || '.' || view_name FROM duckdb_views() "
                "WHERE database_name = 'kho_lam_viec' AND list_contains(?, schema_name) ORDER BY 1",
                [list(schemas), list(schemas)],
            ).fetchall()
            for name in [*LEDGER, *(str(row[0]) for row in names)]:
                table = f"{label}_{name.replace('.', '__')}"
                left_out = "EXCLUDE (bat_dau, thoi_gian_ms)" if name == "so_cai.ket_qua_kiem_tra" else ""
                connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * {left_out} FROM kho_lam_viec.{name}")
                rows.setdefault(name, {})[label] = table
            connection.execute("DETACH kho_lam_viec")
        for name, tables in rows.items():
            if len(tables) < 2:
                found.append(f"{name}: chỉ một bên có")
                continue
            one, two = tables["mot"], tables["hai"]
            only = [
                connection.execute(f"SELECT count(*) FROM (FROM {a} EXCEPT ALL FROM {b})").fetchall()[0][0]
                for a, b in ((one, two), (two, one))
            ]
            if any(only):
                found.append(f"{name}: {only[0]} dòng thừa, {only[1]} dòng thiếu")
    return found


def without_judgement() -> None:
    """Nights of this process judge by no Great Expectations: it costs most of a tiny night."""

    def passed(_: Path, rules: Sequence[Rule], *__: object, anew: bool) -> dict[str, bool | None]:
        return {rule.code: None for rule in rules}

    evaluate.judge = passed  # type: ignore[assignment]
