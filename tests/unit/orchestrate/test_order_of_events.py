"""What a step tells Dagster comes parents first, in whatever order the results of its models lie in the ledger."""

from __future__ import annotations

from dagster import MaterializeResult

from pipelines.orchestrate.build_assets import Models
from pipelines.orchestrate.keys import node_key
from pipelines.orchestrate.night_run import Plan
from pipelines.warehouse.dbt import NodeResult


def test_results_taken_over_from_an_earlier_run_are_told_parents_first(plan: Plan) -> None:
    models = Models(plan)
    nodes = plan.manifest["nodes"]
    for part in plan.parts:
        built = sorted(name for name in part.nodes if nodes[name]["resource_type"] != "test")
        for order in (built, built[::-1]):
            events = models.events([NodeResult(name, "success", 0.0) for name in order], {})
            told = [event.asset_key for event in events if isinstance(event, MaterializeResult)]
            place = {key: number for number, key in enumerate(told)}
            assert len(place) == len(built)
            for name in built:
                for parent in nodes[name]["depends_on"].get("nodes", ()):
                    if parent in built:
                        assert place[node_key(nodes[parent])] < place[node_key(nodes[name])]
