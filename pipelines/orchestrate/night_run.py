"""One run of the night as its steps share it: the ledger's run, the scope, open files, the gate's verdict.

All steps run in one process. What a step needs and does not find here (a run taken up again after a failed step) it
finds in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from dagster import AssetKey, OpExecutionContext

from pipelines import building, nightly
from pipelines.contracts.model import Contract
from pipelines.job import Job
from pipelines.nightly import NightIntake, Verdict
from pipelines.orchestrate.failures import begin_run, end_run
from pipelines.orchestrate.scope import Scope, scope_of
from pipelines.publish.publish import PublishReport
from pipelines.quality.gate import GroupDecision, endangered_by_rule, mart_groups
from pipelines.warehouse.build_plan import Part
from pipelines.warehouse.dbt import NodeResult
from pipelines.warehouse.runs import Run


@dataclass
class Plan:
    """What every run of one data folder has in common; ``keys``: every asset of the night."""

    job: Job
    manifest: dict[str, Any]
    keys: set[AssetKey] = field(default_factory=set)

    @cached_property
    def parts(self) -> list[Part]:
        """The build, a schema each."""
        return building.parts(self.manifest)

    @cached_property
    def groups(self) -> dict[str, set[tuple[str, str]]]:
        """Mart groups with their tables."""
        return mart_groups(self.manifest)

    @cached_property
    def endangered(self) -> dict[str, set[str]]:
        """Rule → groups that it touches."""
        return endangered_by_rule(self.manifest, self.job.rules)

    @property
    def contracts(self) -> list[Contract]:
        """Of every feed."""
        return list(self.job.contracts.values())


@dataclass
class NightRun:
    """The run of this process."""

    plan: Plan
    run_id: str
    scope: Scope
    opened: ExitStack = field(default_factory=ExitStack)
    files: NightIntake | None = None
    held: bool = False
    report: PublishReport | None = None
    taken: Mapping[str, NodeResult] = field(default_factory=dict)
    """All nodes of the build by their unique ids, where ``building.begin`` found nothing new."""

    @property
    def job(self) -> Job:
        """Places, settings, contracts, rule book."""
        return self.plan.job

    def begin(self, as_of: date | None, *, accept_fall: bool, replace: bool, rebuild: bool) -> Run:
        """Enter the run into the ledger."""
        words = self.scope.words
        self.run = nightly.prepare(
            self.job, as_of, accept_fall=accept_fall, replace=replace, scope=words, rebuild=rebuild
        )
        return self.run

    @cached_property
    def run(self) -> Run:
        """The ledger's run."""
        return nightly.current_run(self.job)

    def open_files(self) -> NightIntake:
        """The intake, begun with the first feed that asks; it holds the working warehouse until ``close_files``."""
        if self.files is None:
            self.files = self.opened.enter_context(nightly.intake(self.job, self.run))
        return self.files

    def hold_warehouse(self) -> None:
        """Keep the working warehouse open from part to part of the build: to open it costs as much as a small part.

        Until ``close_files``. Whoever opens it in between, in this process, must ask for the same settings.
        """
        if not self.held:
            self.opened.enter_context(self.job.warehouse())
            self.held = True

    def close_files(self) -> None:
        """Let go of the working warehouse."""
        self.files, self.held = None, False
        self.opened.close()

    @cached_property
    def verdict(self) -> Verdict:
        """What the gate measured and decided: the work of the step ``quy_tac``."""
        return nightly.check(self.job, self.run, only=self.scope.groups)

    @property
    def decisions(self) -> Sequence[GroupDecision]:
        """The gate's decisions on the groups of this run."""
        groups = self.scope.groups
        return [item for item in self.verdict.decisions if groups is None or item.group in groups]

    def end(self) -> None:
        """The last step is done."""
        self.close_files()
        end_run(self.job, self.run_id)
        _nights.pop(self.run_id, None)


_nights: dict[str, NightRun] = {}
AS_OF = "ngay_so_lieu"
"""Key of the run's configuration that names the as-of day."""


def night_of(plan: Plan, context: OpExecutionContext) -> NightRun:
    """The night that this step is a part of; the first step of a process takes the data folder for it.

    Raises ``TurnError``, ``RunError``.
    """
    night = _nights.get(context.run_id)
    if night is None:
        day = (context.op_config or {}).get(AS_OF)
        begin_run(plan.job, context.run_id, nightly.parse_day(day) if day else None)
        selected = context.job_def.asset_layer.selected_asset_keys
        scope = scope_of(selected, plan.keys, plan.contracts, plan.manifest)
        night = _nights[context.run_id] = NightRun(plan, context.run_id, scope)
    return night


def forget(run_id: str) -> None:
    """A step has failed: what it held open is let go; a step that is tried again opens it anew."""
    night = _nights.pop(run_id, None)
    if night is not None:
        night.close_files()
