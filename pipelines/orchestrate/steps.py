"""The night as a chain of steps in one process, each a bar of its own on the run page.

All assets stand in one graph-backed definition. Dagster skips a step when an input is missing; here no step waits for
another's assets: each waits for the one before it to have ended (output ``xong``), and a table that failed or a group
that was held is an output that does not come. Assets and checks are the graph's outputs, so lineage is what it is.

Of a selection Dagster leaves out the steps after its last asset, though they settle what files did, publish, and say
what was held: the last step that is left does their work too.
"""

# No postponed annotations here: Dagster reads the context's type from the signature itself.
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetKey,
    AssetMaterialization,
    AssetObservation,
    AssetsDefinition,
    AssetSpec,
    DependencyDefinition,
    Failure,
    GraphDefinition,
    In,
    MaterializeResult,
    Nothing,
    OpDefinition,
    OpExecutionContext,
    Out,
    Output,
    OutputMapping,
    op,
)

from pipelines.orchestrate.failures import told_safely
from pipelines.orchestrate.night_run import NightRun, Plan, forget, night_of

NIGHT = "dem"
_ENDED = "xong"
_BEFORE = "truoc"
RED = "chi_de_thay"
"""Metadata of a failure that is none of the program's: all was done, and the run is red to be seen."""


@dataclass(frozen=True)
class Red:
    """Everything is done, and something of it must be seen: the run turns red with this Vietnamese sentence."""

    reason: str


Event = MaterializeResult[Any] | AssetObservation | AssetCheckResult | Red
Work = Callable[[NightRun, OpExecutionContext], Iterable[Event]]


@dataclass(frozen=True)
class Step:
    """A step: what it makes and the work itself, which returns events in the order of the lineage."""

    name: str
    words: str
    work: Work
    specs: Sequence[AssetSpec] = ()
    checks: Sequence[AssetCheckSpec] = ()
    config: dict[str, Any] | None = None

    @property
    def outputs(self) -> list[str]:
        """Names of the outputs that are assets and checks."""
        return [*(_output(spec.key) for spec in self.specs), *(check.get_python_identifier() for check in self.checks)]


def night_assets(plan: Plan, steps: Sequence[Step]) -> AssetsDefinition:
    """All of ``steps`` as one definition; any part of its assets can be materialised, other steps then do nothing."""
    nodes = [_op(plan, step, steps[place:], first=place == 1) for place, step in enumerate(steps, start=1)]
    graph = GraphDefinition(
        name=NIGHT,
        description="Một đêm của kho: từ tệp trong raw/ đến bản công bố.",
        node_defs=nodes,
        dependencies={
            after.name: {_BEFORE: DependencyDefinition(before.name, _ENDED)} for before, after in pairwise(nodes)
        },
        output_mappings=[
            OutputMapping(graph_output_name=name, mapped_node_name=step.name, mapped_node_output_name=name)
            for step in steps
            for name in step.outputs
        ],
    )
    return AssetsDefinition(
        node_def=graph,
        keys_by_input_name={},
        keys_by_output_name={_output(spec.key): spec.key for step in steps for spec in step.specs},
        specs=[spec for step in steps for spec in step.specs],
        check_specs_by_output_name={check.get_python_identifier(): check for step in steps for check in step.checks},
        can_subset=True,
    )


def _output(key: AssetKey) -> str:
    return key.to_python_identifier()


def _op(plan: Plan, step: Step, after: Sequence[Step], *, first: bool) -> OpDefinition:
    @op(
        name=step.name,
        description=step.words,
        ins={} if first else {_BEFORE: In(Nothing)},
        out={name: Out(Nothing, is_required=False) for name in [*step.outputs, _ENDED]},
        config_schema=step.config,
    )
    def compute(context: OpExecutionContext) -> Iterator[Any]:
        is_last = _ENDED not in context.selected_output_names
        try:
            events = [event for part in [step, *(after if is_last else ())] for event in _done(plan, part, context)]
            if is_last:
                with told_safely(plan.job.paths, step.words):
                    night_of(plan, context).end()
        except BaseException:
            forget(context.run_id)
            raise
        yield from _told(events, context)
        for event in events:
            if isinstance(event, Red):
                raise Failure(description=event.reason, metadata={RED: True}, allow_retries=False)
        if not is_last:
            yield Output(None, _ENDED)

    return compute


def _done(plan: Plan, step: Step, context: OpExecutionContext) -> list[Event]:
    with told_safely(plan.job.paths, step.words):
        return list(step.work(night_of(plan, context), context))


def _told(events: Iterable[Event], context: OpExecutionContext) -> Iterator[Any]:
    """Events as Dagster takes them; what was made beyond the selection is logged as made."""
    selected = context.selected_output_names
    for event in events:
        if isinstance(event, Red):
            continue
        if isinstance(event, AssetCheckResult):
            spec = AssetCheckSpec(str(event.check_name), asset=event.asset_key or AssetKey([]))
            if spec.get_python_identifier() in selected:
                yield event
        elif isinstance(event, AssetObservation):
            context.log_event(event)
        elif _output(event.asset_key or AssetKey([])) in selected:
            yield event
        else:
            context.log_event(AssetMaterialization(event.asset_key or AssetKey([]), metadata=event.metadata))
