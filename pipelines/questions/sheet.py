"""The answer sheet: every question of ``docs/cau_hoi`` over a window, with as-of day, base, source and query."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from pipelines.config.disk import why, write_whole
from pipelines.config.figures import day
from pipelines.questions.answers import Answer, State, answered, cell
from pipelines.questions.statements import GROUPS, Statement
from pipelines.sheets import OPTIONS, Column, Pages, fitting, styles_of

ROWS = 500
"""Rows of one answer that are written; the query gives the rest."""
_COLUMNS = (
    Column("Mã", 8),
    Column("Nhóm", 20),
    Column("Câu hỏi", 44),
    Column("Trả lời", 44),
    Column("Số dòng", 9),
    Column("Cách đếm, mẫu số", 44),
    Column("Giới hạn", 36),
    Column("Số liệu đến", 12),
    Column("Nguồn", 30),
    Column("Câu lệnh", 40),
)
_BESIDE = """
    SELECT schema_name || '.' || table_name FROM duckdb_columns()
    WHERE schema_name = ? AND column_name = 'ngay_so_lieu' AND schema_name || '.' || table_name <> ?
    ORDER BY ALL LIMIT 1
"""
_FEW = (Column("Mã", 8), Column("Dòng", 7), Column("Cột", 26), Column("Giá trị", 60))


class SheetError(Exception):
    """It cannot be written; Vietnamese text."""


@dataclass(frozen=True)
class Told:
    """One question asked: its statement, the two days, what became of it, its rows, and the oldest as-of day of what
    it reads."""

    statement: Statement
    window: tuple[str, str]
    answer: Answer
    rows: list[tuple[Any, ...]]
    as_of: date | None


def asked(
    connection: duckdb.DuckDBPyConnection, statements: Sequence[Statement], window: tuple[str, str]
) -> Iterator[Told]:
    """Every statement asked over ``window``; one that fails is ``State.WRONG``."""
    known: dict[str, date | None] = {}
    for one in statements:
        answer, rows = answered(connection, one, window)
        days = [found for table in one.reads if (found := _as_of(connection, table, known)) is not None]
        yield Told(one, window, answer, rows[:ROWS], min(days, default=None))


def _as_of(connection: duckdb.DuckDBPyConnection, table: str, known: dict[str, date | None]) -> date | None:
    """The as-of day of a published table, of a function that of its schema; none where the publication has neither."""
    if table not in known:
        try:
            known[table] = connection.execute(f"SELECT max(ngay_so_lieu) FROM {table}").fetchall()[0][0]
        except duckdb.Error:
            places = connection.execute(_BESIDE, [table.partition(".")[0], table]).fetchall()
            known[table] = _as_of(connection, str(places[0][0]), known) if places else None
    return known[table]


def publication(connection: duckdb.DuckDBPyConnection) -> str:
    """The id of what is asked; empty where the publication does not tell it."""
    try:
        return str(connection.execute("SELECT max(phien_ban) FROM van_hanh.nguon").fetchall()[0][0] or "")
    except duckdb.Error:
        return ""


def write_sheet(told: Sequence[Told], title: str, place: Path) -> None:
    """The workbook: a line a question, and the rows of the answers. Raises ``SheetError``."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {**OPTIONS, "in_memory": True}) as book:
        styles = styles_of(book)
        pages = Pages(book, styles, "Trả lời", _COLUMNS, footer=title, one_wide=False)
        for one in told:
            pages.put(_line(one))
        pages.close()
        pages = Pages(book, styles, "Từng dòng", _FEW, footer=title, one_wide=False)
        for one in told:
            for number, row in enumerate(one.rows, 1):
                for name, value in zip(one.answer.columns, row, strict=True):
                    if value is not None:
                        pages.put([one.answer.code, number, name, fitting(cell(value))])
        pages.close()
    try:
        write_whole(place, content.getvalue())
    except OSError as failure:
        raise SheetError(f"không ghi được {place}: {why(failure)}.") from None


def _line(one: Told) -> tuple[object, ...]:
    statement, answer = one.statement, one.answer
    words = answer.first if answer.state is not State.WRONG else f"Không trả lời được: {answer.first}"
    base = f"{statement.meaning} ({statement.way})"
    question = statement.question
    for written, asked_of in zip(("15/12/2023", "30/6/2024"), one.window, strict=True):
        question = question.replace(written, day(date.fromisoformat(asked_of)))
    return (
        answer.code, GROUPS[statement.group], question, fitting(words), answer.rows, base,
        statement.limits, one.as_of, ", ".join(statement.reads),
        fitting(statement.over(one.window).strip()),
    )  # fmt: skip
