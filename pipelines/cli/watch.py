"""``kho watch``: looks from outside; one line a finding; with ``--gui`` tells what is new."""

from __future__ import annotations

from dataclasses import replace

import click

from pipelines.cli.terminal.console import error, say, table
from pipelines.cli.terminal.records import FORMAT, records
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import data_paths
from pipelines.upkeep import notify
from pipelines.upkeep.finding import Finding
from pipelines.upkeep.watch import Look, watch
from pipelines.upkeep.watch_contents import NEVER_CAME, counts
from pipelines.warehouse.runs import now_in_vietnam


@click.command("watch", cls=VietnameseCommand)
@click.option("--gui", "tell", is_flag=True, help="Gửi điều mới so với lần trước qua thư và webhook của giam_sat.")
@FORMAT
def command(tell: bool, form: str) -> int:
    """0 quiet, or only agencies have work; 1 something wants attention, or a message did not go out; 3 nights fail."""
    settings = load_orchestration(feeds=None)
    paths = data_paths()
    state = notify.read_state(paths)
    findings = watch(Look(paths, settings, now_in_vietnam(), state.counts))
    _show(findings, form)
    worst = max((int(finding.level) for finding in findings), default=0)
    if not tell:
        return worst
    # Nobody has to be named for what a province may simply not have.
    owed = [finding for finding in findings if finding.code != NEVER_CAME and state.told.is_new(finding)]
    if owed and not notify.ways_of(settings.giam_sat):
        error("Chưa đặt nơi nhận: thêm giam_sat.thu hoặc giam_sat.webhook vào orchestration.yaml.")
        return max(worst, 1)
    told, failed = notify.send(settings.giam_sat, findings, state)
    for sentence in failed:
        error(sentence)
    if not failed:
        told = replace(told, counts={**state.counts, **counts(paths)})
    notify.write_state(paths, told)
    return max(worst, 1) if failed else worst


def _show(findings: list[Finding], form: str) -> None:
    if form == "json":
        records(
            [
                {"ma": f.code, "muc": int(f.level), "noi_dung": f.what, "tu_luc": f.since, "can_lam": f.remedy}
                for f in findings
            ]
        )
    elif not findings:
        say("Mọi việc bình thường.")
    else:
        rows = [
            [notify.MARKS[f.level], f.what, f"{f.since:%H:%M %d/%m/%Y}" if f.since else "", f.remedy] for f in findings
        ]
        table("Việc cần chú ý", ["Mức", "Việc", "Từ lúc", "Cần làm"], rows)
