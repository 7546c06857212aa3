"""Everything from outside reaches the terminal as plain text: no markup, no character that commands it."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipelines.cli.terminal import console

CLI = Path(console.__file__).parent
HOSTILE = [
    "09c_[/red].csv",
    "[bold]x[/]",
    "[link=http://x]y",
    "\x1b[2J\x1b]0;x\x07",
    ":smile:",
    "a\u202eb",
    "\ud800",
    "[",
    "\\[x]",
]


def _printed(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> str:
    stream = io.StringIO()
    for name in ("_out", "_err"):
        monkeypatch.setattr(console, name, Console(file=stream, highlight=False, soft_wrap=True, width=10_000))
    act()
    return stream.getvalue()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_printed_as_they_are(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    for act in (
        lambda: console.say(text),
        lambda: console.error(text),
        lambda: console.table(text, [text], [[text]]),
    ):
        printed = _printed(monkeypatch, act)
        assert console.plain(text) in printed
        assert "\x1b" not in printed


@given(text=st.text(min_size=1, max_size=40))
def test_any_text_shows_and_commands_nothing(text: str) -> None:
    shown = console.plain(text)
    assert len(shown) == len(text)
    assert all(ch == "\n" or ch.isprintable() or ch.isspace() for ch in shown)
    with pytest.MonkeyPatch.context() as patch:
        printed = _printed(patch, lambda: console.table("t", ["c"], [[text]]))
    assert "\x1b" not in printed


def test_only_this_module_prints() -> None:
    """Rich reads markup by itself: no command may hand it a text but through ``say``, ``error`` and ``table``."""
    for path in CLI.glob("*.py"):
        if path.name == "console.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "rich" for name in names), path
            called = node.func if isinstance(node, ast.Call) else None
            assert not (isinstance(called, ast.Name) and called.id == "print"), path
            assert not (isinstance(called, ast.Attribute) and called.attr == "print"), path


def test_a_table_in_a_pipe_is_lines_with_tabs_and_one_form_of_days(capsys: pytest.CaptureFixture[str]) -> None:
    console.table("Tệp", ["Tên", "Ngày"], [["dvc/ho_so/Danh sách hồ sơ.xlsx", date(2025, 12, 31)], ["hai\ndòng", None]])
    assert capsys.readouterr().out.split("\n") == [
        "Tệp",
        "Tên\tNgày",
        "dvc/ho_so/Danh sách hồ sơ.xlsx\t31/12/2025",
        "hai dòng\t",
        "",
    ]


@pytest.mark.parametrize("width", [40, 60, 200])
def test_a_name_of_a_file_is_never_broken(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(console, "_out", Console(file=stream, force_terminal=True, color_system=None, width=width))
    name = "loi_chu_quan_du_lieu_2025-12-31.xlsx"
    console.table("Sổ", ["Đơn vị", "Tệp"], [["Sở Nông nghiệp và Môi trường", name]])
    assert name in stream.getvalue()
