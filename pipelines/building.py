"""The night's build: one invocation of dbt a schema, what became of each node kept in the ledger.

``begin``, ``build_schema`` for each of ``parts``, ``end``. Every part finds in the ledger what failed before it, so
parts may be steps of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import duckdb

from pipelines import progress, stopping, turn
from pipelines.job import Job
from pipelines.warehouse import build_plan, calendar_changes, column_tests, dbt, plan, rebuilding, units, untouched
from pipelines.warehouse.runs import Run, set_parameters


def parts(manifest: Mapping[str, Any]) -> list[build_plan.Part]:
    """What is built before the gate, in this order."""
    return build_plan.parts(manifest, after=plan.AFTER_GATE)


def begin(job: Job, run: Run) -> dict[str, dbt.NodeResult]:
    """As-of day, publication id and the reference of units for the models; what a changed calendar is held against.

    Where a whole night has nothing new to build, all of it is taken over here and returned, a result a node's unique
    id: opening the warehouse once more for each part costs more than this. Empty where parts must be built.
    """
    turn.note(job.paths, buoc="dung")
    with job.warehouse() as connection:
        calendar_changes.before_build(connection)
        set_parameters(connection, run)
        units.load(connection)
        manifest = dbt.parse(job.paths)
        plan.begin(connection, manifest, run)
        connection.execute("DELETE FROM so_cai.nut_dbt WHERE so_lan = ?", [run.number])
        if run.scope is not None or not plan.is_nothing_new(connection, run):
            return {}
        taken = plan.take_over(connection, {name for part in parts(manifest) for name in part.nodes})
        _enter(connection, run, taken)
        return {node.unique_id: node for node in taken}


def build_schema(
    job: Job, run: Run, part: build_plan.Part, *, only: Collection[str] | None = None
) -> list[dbt.NodeResult]:
    """Build one schema, or ``only`` these of its models (unique ids); what rests on a failure of before is skipped.

    One result a node, those that were skipped included. Raises ``DbtError``.
    """
    stopping.raise_if_asked()
    manifest = dbt.read_manifest(job.paths)
    # Held open while dbt works in it: to open the file costs as much as to build a model.
    with job.warehouse() as connection:
        failed, _ = failed_nodes(connection, run)
        wanted = part.nodes if only is None else build_plan.with_tests(manifest, part, only)
        held = build_plan.blocked(manifest, failed) & part.nodes
        stand = untouched.standing(connection, manifest, wanted - held) if only is None else set()
        nodes = plan.take_over(connection, stand)
        taken = {node.unique_id for node in nodes}
        tests = column_tests.tests_of(manifest, wanted - held - taken)
        together = {name for names in tests.values() for name in names}
        nodes += [dbt.NodeResult(unique_id, "skipped", 0.0) for unique_id in sorted(held & wanted - together)]
        nodes += dbt.build_nodes(
            job.paths,
            wanted - held - taken - together,
            lambda item, done, total: progress.report("dung", item, part.before + done, max(part.total, total)),
            config=job.warehouse_config,
        )
        plan.define(connection, {node.unique_id for node in nodes if node.ok} & plan.definitions(manifest))
        nodes += column_tests.ask(connection, manifest, tests, {node.unique_id for node in nodes if node.ok})
        _enter(connection, run, nodes)
    return nodes


def build_after_gate(job: Job, on_node: dbt.NodeCallback) -> list[dbt.NodeResult]:
    """Build the tables that tell of the gate; one result a node. Raises ``DbtError``."""
    manifest = dbt.read_manifest(job.paths)
    tables = {name for name, node in manifest["nodes"].items() if plan.AFTER_GATE in (node.get("tags") or ())}
    with job.warehouse() as connection:
        asked = tables | column_tests.left_to_dbt(manifest, tables)
        nodes = dbt.build_nodes(job.paths, asked, on_node, config=job.warehouse_config)
        tests = column_tests.tests_of(manifest, tables)
        return nodes + column_tests.ask(connection, manifest, tests, {node.unique_id for node in nodes if node.ok})


def _enter(connection: duckdb.DuckDBPyConnection, run: Run, nodes: list[dbt.NodeResult]) -> None:
    if nodes:
        names = [node.unique_id for node in nodes]
        connection.execute("DELETE FROM so_cai.nut_dbt WHERE so_lan = ? AND nut IN ?", [run.number, names])
        connection.execute(
            "INSERT INTO so_cai.nut_dbt SELECT ?, unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::DOUBLE[])",
            [run.number, names, [node.status for node in nodes], [node.seconds for node in nodes]],
        )
        connection.execute("DELETE FROM so_cai.buoc_hong WHERE so_lan = ? AND nut IN ?", [run.number, names])
        connection.execute(
            "INSERT INTO so_cai.buoc_hong SELECT ?, unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [run.number, [n.unique_id for n in nodes if n.reason], [n.reason for n in nodes if n.reason]],
        )


def end(job: Job, run: Run) -> None:
    """The build went through; once a month all is built whole and compared. Enter what a changed calendar did."""
    with job.warehouse() as connection:
        plan.finish(connection)
        if run.scope is not None or not rebuilding.is_due(connection, run):
            _enter_calendar(connection, run)
            return
    manifest = dbt.parse(job.paths)

    def again() -> None:
        for part in parts(manifest):
            build_schema(job, run, part)

    said = rebuilding.rebuild(job.warehouse, manifest, run, again)
    if said:
        turn.remark(job.paths, said)
    with job.warehouse() as connection:
        _enter_calendar(connection, run)


def _enter_calendar(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    built = connection.execute(
        "SELECT 1 FROM so_cai.nut_dbt WHERE so_lan = ? AND nut = 'model.kho06.int_tthc__ho_so' AND trang_thai IN ?",
        [run.number, list(dbt.GOOD)],
    ).fetchall()
    calendar_changes.after_build(connection, run.number, built=bool(built))


def failed_nodes(connection: duckdb.DuckDBPyConnection, run: Run) -> tuple[set[str], dict[str, str]]:
    """dbt nodes of this run that did not build or pass or are out of date, and why where a step said so."""
    rows = connection.execute(
        "SELECT nut FROM so_cai.nut_dbt WHERE so_lan = ? AND trang_thai NOT IN ?", [run.number, list(dbt.GOOD)]
    ).fetchall()
    known = dict(
        connection.execute("SELECT nut, ly_do FROM so_cai.buoc_hong WHERE so_lan = ?", [run.number]).fetchall()
    )
    return {str(row[0]) for row in rows} | known.keys(), known
