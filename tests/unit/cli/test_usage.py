"""Wrong use of every command and option is told in Vietnamese, by the names that the help shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipelines.cli.main import cli, run
from pipelines.cli.terminal.usage import metavar, named, suggestion
from pipelines.cli.terminal.vietnamese import COMMANDS
from pipelines.config.paths import PROJECT_ROOT

ENGLISH = re.compile(
    r"\b(missing|invalid|required|requires|argument|value|no such|does not|is not|did you mean|choose|got|unexpected|"
    r"extra|directory|file|path|integer|range|text|default|usage|options|commands|show this|error|command)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"“[^”]*”|--[a-z-]+|`[^`]*`|\([^()]*\)")
GIVEN = {"small", "table"}


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group, info_name="kho")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


ALL = list(_commands(cli))
LEAVES = [(path, command) for path, command in ALL if not isinstance(command, click.Group) and path != ("dbt",)]
OPTIONS = [
    (path, command, param)
    for path, command in LEAVES
    for param in command.params
    if isinstance(param, click.Option) and not param.is_flag
]


def _told(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run([*arguments]) == 2, arguments
    told = capfd.readouterr().err
    first = told.split("Xem hướng dẫn:")[0]
    assert not ENGLISH.search(NAMES.sub("", first.replace("\n", " "))), told
    assert "Sai cách dùng: " in told
    return told


def _wrong(param: click.Parameter) -> str | None:
    """A value that its type refuses; null where any text goes."""
    match param.type:
        case click.Choice() | click.DateTime() | click.IntRange() | click.FloatRange():
            return "không-có"
        case click.Path() as kind if kind.exists:
            return "/không/có"
        case click.Path() as kind if not kind.file_okay:
            return __file__
        case click.Path() as kind if not kind.dir_okay:
            return str(Path(__file__).parent)
        case kind if kind is click.INT:
            return "chín"
    return None


def test_an_unknown_command_is_answered_with_the_nearest(capfd: pytest.CaptureFixture[str]) -> None:
    assert "Có phải ý bạn là “status”?" in _told(capfd, "statsu")
    for path, command in ALL:
        if isinstance(command, click.Group):
            own = command.list_commands(click.Context(command))
            assert f"“{own[0]}”" in _told(capfd, *path, own[0] + "x")


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(path) for path, _ in LEAVES])
def test_unknown_options_and_extra_arguments_of_every_command(
    path: tuple[str, ...], command: click.Command, capfd: pytest.CaptureFixture[str]
) -> None:
    told = _told(capfd, *path, "--khong-co-dau")
    assert "không có tùy chọn “--khong-co-dau”" in told
    assert f"kho {' '.join(path)} --help" in told
    many = ["x"] * (1 + sum(1 for p in command.params if isinstance(p, click.Argument)))
    required = [p for p in command.params if p.required]
    told = _told(capfd, *path, *many) if required or len(many) > 1 else _told(capfd, *path, "x")
    assert re.search(r"thừa tham số|thiếu|không hợp lệ|chỉ đi cùng", told)
    if required:
        told = _told(capfd, *path)
        assert named(required[0], click.Context(command)) in told


@pytest.mark.parametrize(
    ("path", "command", "param"), OPTIONS, ids=[f"{' '.join(path)} {p.opts[-1]}" for path, _, p in OPTIONS]
)
def test_every_option_is_told_by_its_name_and_placeholder(
    path: tuple[str, ...], command: click.Command, param: click.Option, capfd: pytest.CaptureFixture[str]
) -> None:
    context = click.Context(command)
    name = max(param.opts, key=len)
    shown = f"{name} {metavar(param, context)}"
    assert shown in _told(capfd, *path, name)
    value = _wrong(param)
    if value is not None:
        told = _told(capfd, *path, *_others(command, param), name, value)
        assert f"giá trị của {shown} không hợp lệ" in told


def _others(command: click.Command, asked: click.Parameter) -> list[str]:
    """What the command needs beside ``asked``, so that ``asked`` is what is wrong."""
    found: list[str] = []
    for param in command.params:
        if param is asked or not param.required:
            continue
        kind = param.type
        value = (
            kind.choices[0]
            if isinstance(kind, click.Choice)
            else "2025-01"
            if param.metavar == "YYYY-MM"
            else "2025-01-01"
        )
        if isinstance(kind, click.Path) and kind.exists:
            value = str(Path(__file__).parent if not kind.file_okay else __file__)
        found += [param.opts[0], str(value)] if isinstance(param, click.Option) else [str(value)]
    return found


@pytest.mark.parametrize("path", [path for path, _ in ALL if path != ("dbt",)], ids=" ".join)
def test_help_pages_have_no_english_of_clicks(path: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> None:
    assert run([*path, "--help"]) == 0
    page = capfd.readouterr().out
    left = re.search(
        r"\[required\]|\bINTEGER\b|\bTEXT\b|\bFILE\b|\bDIRECTORY\b|\bRANGE\b|Options:|Commands:|Usage|Show |\[default",
        page,
    )
    assert left is None, left


def test_suggestions_pass_over_signs_and_case_and_stay_silent_where_nothing_is_close() -> None:
    assert suggestion("SO TU PHAP", ["Sở Tư pháp", "Sở Y tế"]) == " Có phải ý bạn là “Sở Tư pháp”?"
    assert suggestion("zzz", ["Sở Tư pháp"]) == ""


def test_readme_names_every_command() -> None:
    for file in ("README.md", "README.vi.md"):
        text = (PROJECT_ROOT / file).read_text(encoding="utf-8")
        missing = [name for name in COMMANDS if not re.search(rf"kho {name}\b|/ {name}\b", text)]
        assert not missing, (file, missing)
    assert set(cli.list_commands(click.Context(cli))) == set(COMMANDS)
