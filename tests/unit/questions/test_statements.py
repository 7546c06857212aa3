"""The statements of docs/cau_hoi: complete heads, one reading statement each, pages that say what the files say."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from pipelines.config.paths import PROJECT_ROOT
from pipelines.publish.statements import forbidden, questions
from pipelines.questions.pages import INDEX, RESULTS, file_name, index
from pipelines.questions.statements import FOLDER, PUBLICATIONS, Statement, load, read_statement

STATEMENTS = load()
LEFT_OUT = {31, 32, 33, 34, 35, 36, 37, 39, 56, 57, 92, 98, 99, 100, 101, 102, 116, 121}
"""Numbers of the catalogue of questions that are neither core nor near, or never given."""
MARTS = {
    ".".join(path.stem.split("__", 1)) for path in (PROJECT_ROOT / "dbt_project" / "models" / "marts").rglob("*.yml")
}


def test_every_question_has_one_statement() -> None:
    wanted = [f"Q-{number:03d}" for number in range(1, 123) if number not in LEFT_OUT]
    assert sorted(one.code for one in STATEMENTS) == wanted


@pytest.mark.parametrize("one", STATEMENTS, ids=lambda one: one.code)
def test_a_statement_is_one_question_that_reads_published_tables(one: Statement) -> None:
    text = (PROJECT_ROOT / FOLDER / one.group / file_name(one.code)).read_text(encoding="utf-8")
    assert unicodedata.normalize("NFC", text) == text
    assert forbidden(one.sql) is None
    assert questions(one.sql) == [one.sql]
    assert one.level in {"cốt lõi", "gần"}
    assert one.way in {"tính từ dữ liệu", "số in", "số in, kèm số gần nghĩa của kho"}
    assert one.reads
    assert set(one.reads) <= MARTS
    assert all(re.fullmatch(r"[a-z0-9_]+", column) for column in one.columns)
    assert one.meaning.endswith(".")
    assert one.limits.endswith(".")


def test_the_index_says_what_the_files_say() -> None:
    assert (PROJECT_ROOT / FOLDER / INDEX).read_text(encoding="utf-8") == index(STATEMENTS), "make docs"


def test_the_results_are_of_these_statements_and_say_what_their_heads_say() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (PROJECT_ROOT / FOLDER / RESULTS).read_text(encoding="utf-8").splitlines()
        if line.startswith("| Q-")
    ]
    assert [(row[0], row[1]) for row in rows] == [(one.code, one.question) for one in STATEMENTS]
    for one, row in zip(STATEMENTS, rows, strict=True):
        states = dict(zip(PUBLICATIONS, (row[2], row[5]), strict=True))
        answered = {name for name, state in states.items() if state != "nói rõ thiếu gì"}
        assert answered == one.answered_on, one.code
        assert "lỗi" not in states.values()


def test_another_window_replaces_the_days_everywhere() -> None:
    text = next(one for one in STATEMENTS if one.code == "Q-008").over(("2025-06-15", "2025-12-14"))
    assert "2023-12-15" not in text
    assert "2024-06-30" not in text
    assert text.count("2025-06-15") == 3


def test_a_head_without_a_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q001.sql"
    path.write_text("-- mã: Q-001\n-- mức: gần\nSELECT 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="câu hỏi"):
        read_statement(path)
