"""The statements asked of a publication: answered, no such case, or what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.publish.query import open_published
from pipelines.questions.statements import PUBLICATIONS, SAID, Statement


class State(StrEnum):
    """What became of a question, in the words of the results page."""

    ANSWERED = "trả lời"
    NONE = "trả lời: không có"
    MISSING = "nói rõ thiếu gì"
    WRONG = "lỗi"


@dataclass(frozen=True)
class Answer:
    """One statement on one publication. ``first``: its first row in words, its sentence, or what is wrong with it."""

    code: str
    state: State
    columns: tuple[str, ...]
    rows: int
    first: str


def answers(paths: DataPaths, statements: list[Statement], window: tuple[str, str]) -> Iterator[Answer]:
    """Every statement asked over ``window`` of what is published below ``paths``.

    Raises ``QueryError`` where nothing is published; a statement that fails is ``State.WRONG``.
    """
    with open_published(paths) as connection:
        for one in statements:
            yield answered(connection, one, window)[0]


def answered(
    connection: duckdb.DuckDBPyConnection, one: Statement, window: tuple[str, str]
) -> tuple[Answer, list[tuple[Any, ...]]]:
    """One statement asked over ``window``: what became of it, and its rows (none where it says what is missing)."""
    try:
        cursor = connection.execute(one.over(window))
        columns = tuple(str(column[0]) for column in cursor.description or ())
        rows = cursor.fetchall()
    except duckdb.Error as error:
        return Answer(one.code, State.WRONG, (), 0, f"{type(error).__name__}: {str(error).splitlines()[0]}"), []
    answer = _answer(one.code, columns, rows)
    return answer, rows if answer.rows else []


def _answer(code: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Answer:
    if not rows:
        return Answer(code, State.WRONG, columns, 0, "không có dòng nào, cũng không có câu nói rõ")
    row = dict(zip(columns, rows[0], strict=True))
    said = row.pop(SAID, None)
    if said is not None:
        return Answer(code, State.NONE if str(said).startswith("Không") else State.MISSING, columns, 0, str(said))
    if "gia_tri" in columns and all(dict(zip(columns, r, strict=True))["gia_tri"] is None for r in rows):
        return Answer(code, State.WRONG, columns, len(rows), "mọi giá trị để trống")
    return Answer(code, State.ANSWERED, columns, len(rows), _words(row))


def _words(row: dict[str, Any]) -> str:
    if "noi_dung" in row and "gia_tri" in row:
        printed = row.get("so_in")
        return f"{row['noi_dung']}: {cell(row['gia_tri'])}" + (f" (in: {cell(printed)})" if printed is not None else "")
    shown = [(name, value) for name, value in row.items() if value is not None][:3]
    return "; ".join(f"{name} = {cell(value)}" for name, value in shown)


def cell(value: object) -> str:
    """A value as a Vietnamese reader writes it: ``314.849``, ``98,8``, ``30/06/2024``."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | float | Decimal):
        text = f"{value:,.4f}".rstrip("0").rstrip(".")
        return text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def faults(paths: DataPaths, statements: list[Statement], publication: str) -> list[str]:
    """What a publication of ``PUBLICATIONS`` shows to be wrong in the statements or in what their heads promise."""
    found = []
    by_code = {one.code: one for one in statements}
    for answer in answers(paths, statements, PUBLICATIONS[publication]):
        one = by_code[answer.code]
        if answer.state is State.WRONG:
            found.append(f"{one.code}: {answer.first}")
        elif set(one.columns) - set(answer.columns):
            found.append(f"{one.code}: lacks {sorted(set(one.columns) - set(answer.columns))}")
        elif (answer.state is not State.MISSING) != (publication in one.answered_on):
            found.append(f"{one.code}: head and answer differ: {answer.state} – {answer.first}")
    return found
