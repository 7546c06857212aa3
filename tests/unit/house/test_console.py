"""What comes from outside is printed as plain text: no markup, no control character reaches the terminal."""

from __future__ import annotations

import io

import pytest

from pipelines.cli import console

NAMES = ["09c_[/red].csv", "[bold]a[/bold].csv", "a\x1b[2J\x1b]0;x\x07.csv", "a:smile:.csv", "a\r\x9bb.csv"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_are_printed_as_they_are(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(console.out, "file", shown)
    monkeypatch.setattr(console.err, "file", shown)
    console.table(name, [name], [[name]])
    console.out.print(name)
    console.error(name)
    text = shown.getvalue()
    assert text.count(console.plain(name)) == 5
    assert not set(text) & {"\x1b", "\x07", "\r", "\x9b"}
