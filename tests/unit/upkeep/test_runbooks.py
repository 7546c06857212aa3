"""Every ``kho …`` of the runbooks is a command with those options; the cheap ones run and end with a known code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from pipelines.cli.main import cli, run
from pipelines.config.paths import PROJECT_ROOT, DataPaths

FOLDER = PROJECT_ROOT / "docs" / "van_hanh"
PAGES = sorted(FOLDER.glob("*.md"))
CHEAP = {"watch", "status", "purge", "backup", "restore", "sql", "quarantine", "defects", "versions", "diff"}
"""Commands that end at once on a folder without a night; ``doctor`` parses dbt and has tests of its own."""

ELSEWHERE = {
    "bundle": "tests/unit/upkeep/test_bundle.py",  # it fetches wheels
}
"""Commands that other tests run."""
DONE = {
    "run": {0, 1},
    "doctor": {0},
    "status": {0, 1},
    "watch": {0, 1, 3},
    "purge": {0},
    "backup": {0},
    "restore": {0},
    "versions": {0},
    "verify": {0},
    "diff": {0},
    "sql": {0},
    "quarantine": {0, 1},
    "defects": {0},
    "work": {0, 2},  # the agency of the example is none of this province
}
"""Exit codes of a runbook that is followed: nothing fails, nothing is wrongly asked."""


def commands(text: str) -> list[list[str]]:
    """Lines of fenced blocks, and code within a line, that call ``kho``."""
    blocks = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    within = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    lines += [line for line in within if line.count(" ") > 1]  # a bare name only speaks of the command
    return [shlex.split(line)[1:] for line in lines if line.startswith("kho ") and "…" not in line]


FOUND = [(page.name, command) for page in PAGES for command in commands(page.read_text(encoding="utf-8"))]


def test_all_runbooks_of_the_list_are_there_and_linked() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\((\w+\.md)\)", index))
    assert linked == {page.name for page in PAGES} - {"README.md"}
    assert len(linked) == 9
    for page in PAGES:
        for target in re.findall(r"\]\(([^)]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (FOLDER / target).exists(), f"{page.name}: {target}"


def test_every_command_is_run_by_some_test() -> None:
    """``tests/e2e/test_runbooks.py`` is long: that it knows what a page calls is found out here."""
    assert {command[0] for _, command in FOUND} == DONE.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize(
    ("page", "command"), FOUND, ids=lambda value: " ".join(value) if isinstance(value, list) else value
)
def test_the_command_exists_with_these_options(page: str, command: list[str], tmp_path: Path) -> None:
    given = [str(tmp_path) if part.startswith(("/mnt/", "/srv/")) and "." not in part else part for part in command]
    context = click.Context(cli)
    name, *rest = given
    found = cli.get_command(context, name)
    assert found is not None, f"{page}: kho {name}"
    while isinstance(found, click.Group) and rest:
        inner = found.get_command(context, rest[0])
        assert inner is not None, f"{page}: kho {name} {rest[0]}"
        found, rest = inner, rest[1:]
    found.make_context(name, rest, resilient_parsing=False)


@pytest.mark.parametrize(
    "command", sorted({tuple(c) for _, c in FOUND if c[0] in CHEAP and "--gui" not in c}), ids=" ".join
)
def test_the_cheap_ones_run_and_never_fail_unexpectedly(
    data: DataPaths, tmp_path: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x").mkdir()
    given = [
        str(tmp_path / "x") + (".xlsx" if part.endswith(".xlsx") else "")
        if part.startswith(("/mnt/", "/srv/"))
        else part
        for part in command
    ]
    assert run(given) in {0, 1, 2, 3}
    shown = capsys.readouterr()
    assert "Lỗi ngoài dự kiến" not in shown.err + shown.out
    assert "Sai cách dùng" not in shown.err
