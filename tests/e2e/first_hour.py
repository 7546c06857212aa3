"""Pages of docs/nhap_mon: every block of them run in order, and what it prints held against what the page shows."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from pipelines.config.paths import PROJECT_ROOT
from tests.e2e.conftest import Kho

FOLDER = PROJECT_ROOT / "docs" / "nhap_mon"
PAGES = ("phan_tich", "van_hanh", "chu_du_lieu")
FIRST_RUN = "kho run --mau-neu-trong"
_PART = re.compile(
    r"```(?P<kind>sh|sql|python)\n(?P<code>.*?)```\n```text\n(?P<shown>.*?)```"
    r"|<!-- phép thử điền: (?P<book>\S+) (?P<rule>\w+) “(?P<answer>[^”]+)” -->",
    re.DOTALL,
)
_ANY = "…"


@dataclass(frozen=True)
class Block:
    """``shown``: what the page says that ``code`` prints; a block of kind ``fill`` answers a defect in a workbook."""

    kind: str
    code: str
    shown: str = ""


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in order."""
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    found = list(_PART.finditer(text))
    assert len(re.findall(r"^```(?:sh|sql|python)$", text, re.MULTILINE)) == sum(1 for p in found if p["kind"])
    return [
        Block(p["kind"], p["code"].strip(), p["shown"])
        if p["kind"]
        else Block("fill", f"{p['book']}|{p['rule']}|{p['answer']}")
        for p in found
    ]


def differing(page: str, kho: Kho, first_run: str) -> Iterator[str]:
    """Blocks whose output is not what the page shows; ``kho`` may be changed. Run from the folder above the data."""
    for block in blocks(page):
        if block.kind == "fill":
            _fill(kho.paths.root.parent, *block.code.split("|"))
            continue
        printed = first_run if block.code == FIRST_RUN else _run(block, kho)
        if not _matches(block.shown, printed):
            yield f"{block.code}\n{printed[:2000]}"


def _run(block: Block, kho: Kho) -> str:
    if block.kind == "python":
        done = subprocess.run(
            [sys.executable, "-c", block.code], cwd=kho.paths.root.parent, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr
    if block.kind == "sql":
        answer = kho("sql", block.code.rstrip(";"))
        return answer.stdout + answer.stderr
    program, *arguments = shlex.split(block.code)
    assert program == "kho", block.code
    answer = kho(*arguments, cwd=kho.paths.root.parent)
    return answer.stdout + answer.stderr


def _matches(shown: str, printed: str) -> bool:
    """Whether ``printed`` is ``shown``: a line ``…`` stands for any lines, ``…`` within one for any text."""
    lines = [" ".join(line.split()) for line in shown.strip().split("\n")]
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line == _ANY else ".*".join(map(re.escape, map(str.rstrip, line.split(_ANY)))) + r" *\n"
        for line in lines
    )
    text = "".join(" ".join(line.split()) + "\n" for line in printed.strip().split("\n"))
    return re.fullmatch(pattern, text) is not None


def _fill(folder: Path, book: str, rule: str, answer: str) -> None:
    """What the owner does in his office suite: choose an answer on the first line of a rule."""
    workbook = openpyxl.load_workbook(folder / book)
    sheet = workbook["Danh sách lỗi"]
    heads = [cell.value for cell in sheet[1]]
    line = next(row for row in sheet.iter_rows(min_row=2) if row[heads.index("Mã quy tắc")].value == rule)
    line[heads.index("Trả lời")].value = answer
    workbook.save(folder / book)
