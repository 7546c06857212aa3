"""Reads papers back, docx and xlsx, and sets every number in them against the question printed with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import docx
import duckdb
import openpyxl

_CODE = re.compile(r"\[((?:KS|DA|CS)-[\w.\-]+)\]")


@dataclass(frozen=True)
class Row:
    """A line of the sheet of figures."""

    code: str
    value: Any
    unit: str
    part: Any
    base: Any
    base_words: str
    reason: str
    sql: str


def figures(xlsx: Path) -> dict[str, Row]:
    """The sheet of figures by code."""
    sheet = openpyxl.load_workbook(xlsx)["Con số"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return {r[0]: Row(r[0], r[2], r[3], r[4], r[5], r[6] or "", r[7] or "", r[9] or "") for r in rows}


def grouped(value: Decimal, digits: int) -> str:
    """1234.5 → 1.234,50, written apart from the product on purpose."""
    text = str(abs(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))
    whole, _, rest = text.partition(".")
    groups = []
    while whole:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    return ("−" if value < 0 else "") + ".".join(groups) + ("," + rest if rest else "")


def said(row: Row, values: tuple[Any, ...]) -> str:
    """How a figure must stand in a sentence, from what SQL says."""
    if row.reason:
        return f"chưa tính được ({row.reason})"
    if row.unit == "%":
        part, base = Decimal(values[0]), Decimal(values[1])
        share = part / base * 100
        shown = f"{int(share)} %" if share in (0, 100) else grouped(share, 2) + " %"
        return f"{shown} ({grouped(part, 0)}/{grouped(base, 0)} {row.base_words})"
    value = Decimal(str(values[0]))
    return f"{grouped(value, 2 if row.unit == 'điểm' else 0)} {row.unit}"


def cell_said(row: Row, values: tuple[Any, ...]) -> str:
    """How it must stand in a table."""
    if row.reason:
        return "–"
    words = said(row, values)
    if row.unit == "%":
        return words.split(f" {row.base_words}")[0] + ")" if row.base_words else words
    return words.removesuffix(f" {row.unit}")


def assert_true(database: Path, document: Path, workbook: Path) -> int:
    """Every number of both files is what its question answers; gives how many codes were found in the text."""
    rows = figures(workbook)
    with duckdb.connect(str(database), read_only=True) as connection:
        answers = {code: connection.execute(r.sql).fetchone() for code, r in rows.items() if r.sql and not r.reason}
    for code, row in rows.items():
        if row.reason:
            assert row.value == "–", code
            continue
        answer = answers[code]
        assert answer is not None, code
        if row.unit == "%":
            assert (row.part, row.base) == (answer[0], answer[1]), code
            assert abs(Decimal(str(row.value)) - Decimal(answer[0]) / Decimal(answer[1])) < Decimal("1e-9"), code
        else:
            assert abs(Decimal(str(row.value)) - Decimal(str(answer[0]))) < Decimal("1e-9"), code
    read = docx.Document(str(document))
    found = 0
    for paragraph in read.paragraphs:
        text = paragraph.text.replace("\xa0", " ")
        for match in _CODE.finditer(text):
            found += 1
            code = match.group(1)
            expected = said(rows[code], answers.get(code) or ())
            assert text[: match.start()].rstrip().endswith(expected), (code, expected, text)
    _assert_tables(read, rows, answers)
    return found


def _assert_tables(read: Any, rows: dict[str, Row], answers: dict[str, Any]) -> None:
    """Every row of figures of the workbook's tables stands in a table of the document."""
    printed = {tuple(cell.text for cell in row.cells) for table in read.tables for row in table.rows}
    cells = {value for line in printed for value in line}
    lines: dict[str, list[str]] = {}
    for code, row in rows.items():
        parts = code.split("-", 1)[1].rsplit(".", 2)
        if len(parts) == 3 and parts[1] != "0":
            lines.setdefault(".".join(parts[:2]), []).append(cell_said(row, answers.get(code) or ()))
    for key, expected in lines.items():
        assert set(expected) <= cells, key
        wanted = [text for text in expected if text != "–"]
        assert any(_holds(line, wanted) for line in printed), (key, expected)


def _holds(line: tuple[str, ...], wanted: list[str]) -> bool:
    """The wanted texts stand in the line, in this order."""
    coming = iter(line)
    return all(text in coming for text in wanted)


def words(document: Path) -> str:
    """All text of a document, tables too."""
    read = docx.Document(str(document))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in read.paragraphs), *cells]).replace("\xa0", " ")
