"""A paper as a workbook: the text, its tables, and every figure with the question that gives it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.papers.document import line
from pipelines.papers.fields import PARTS
from pipelines.papers.figure import Figure
from pipelines.papers.paper import Paper, Piece, Table
from pipelines.sheets import OPTIONS, fitting, height, print_setup

TEXT, FIGURES = "Báo cáo", "Con số"
HEADS = (
    "Mã", "Chỉ tiêu; phạm vi; kỳ", "Giá trị", "Đơn vị tính", "Tử số", "Mẫu số", "Mẫu số là gì", "Vì sao không có",
    "Ngày số liệu; phiên bản", "Câu hỏi tính lại (kho sql)",
)  # fmt: skip
_WIDTHS = (22, 60, 14, 14, 12, 12, 30, 40, 34, 90)
_TEXT_WIDTH = 112
_MOST = 2_000
_LINE = 16.5
"""Points of a line of Times New Roman 12, whose words are narrower than those that column widths count."""


def write(paper: Paper, place: Path, *, coded: bool = False) -> None:
    """Write to ``place``; ``coded``: the code of a table's figure in its cell, not its value. Raises ``OSError``."""
    try:
        with xlsxwriter.Workbook(str(place), OPTIONS) as book:
            book.set_properties({"created": datetime.combine(paper.desk.window.last, time.min)})  # not the clock's
            styles = _styles(book)
            _text(paper, book.add_worksheet(TEXT), styles)
            for table in paper.tables.values():
                sheet = book.add_worksheet(f"{table.code} {_sheet(table.title)}"[:31])
                _table(_coded(table) if coded else table, sheet, styles)
            _figures(paper, book.add_worksheet(FIGURES), styles)
    except xlsxwriter.exceptions.FileCreateError as failure:
        raise OSError(*getattr(failure.args[0], "args", (str(failure),))) from None


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    return {
        "words": book.add_format({**base, "text_wrap": True}),
        "bold": book.add_format({**base, "bold": True, "text_wrap": True}),
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "head": book.add_format({**base, "bold": True, "text_wrap": True, "border": 1, "align": "center"}),
        "cell": book.add_format({**base, "border": 1, "text_wrap": True}),
        "none": book.add_format({**base, "border": 1, "align": "right"}),
        "hồ sơ": book.add_format({**base, "border": 1, "num_format": "#,##0"}),
        "điểm": book.add_format({**base, "border": 1, "num_format": "#,##0.00"}),
        "%": book.add_format({**base, "border": 1, "num_format": "0.00%"}),
    }


def _coded(table: Table) -> Table:
    rows: list[dict[str, Piece]] = [
        {key: piece if isinstance(piece, str) else f"[{piece.code}]" for key, piece in row.items()}
        for row in table.rows
    ]
    return replace(table, rows=rows)


def _sheet(title: str) -> str:
    return "".join(" " if character in "[]:*?/\\" else character for character in title)


def _setup(sheet: Any, widths: Sequence[int], footer: str, head: int | None = None) -> None:
    print_setup(sheet, footer, head)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)


def _portions(words: str) -> Iterator[str]:
    """``words`` in pieces that a row can show whole, cut behind a semicolon where it lists much."""
    held = ""
    for part in words.split("; "):
        longer = f"{held}; {part}" if held else part
        if held and len(longer) > _MOST:
            yield f"{held};"
            held = part
        else:
            held = longer
    yield held


def _text(paper: Paper, sheet: Any, styles: dict[str, Any]) -> None:
    _setup(sheet, [_TEXT_WIDTH], paper.head["trich_yeu"])
    lines = [
        (f"{paper.head['trich_yeu']} – {paper.head['pham_vi']}", "bold"),
        (f"Kỳ số liệu {paper.desk.window.words}; số liệu đến hết ngày {paper.head['ngay_so_lieu']}; "
         f"bản công bố {paper.head['phien_ban']}", "words"),
        *((f"Lưu ý: {note}", "words") for note in paper.notes),
    ]  # fmt: skip
    for name, heading in PARTS[paper.kind].items():
        paragraphs = paper.parts.get(name, [])
        if paragraphs:
            lines.append((heading.partition(" (")[0], "bold"))  # without the remark for who writes a template
            lines += [("".join(_piece(piece) for piece in paragraph), "words") for paragraph in paragraphs]
    for row, (words, style) in enumerate((portion, style) for text, style in lines for portion in _portions(text)):
        sheet.write_string(row, 0, fitting(words), styles[style])
        sheet.set_row(row, height([words], [_TEXT_WIDTH * 8 // 7], _LINE))


def _piece(piece: Piece) -> str:
    return piece if isinstance(piece, str) else f"{piece.printed} [{piece.code}]"


def _table(table: Table, sheet: Any, styles: dict[str, Any]) -> None:
    widths = [40 if column.unit is None else 13 for column in table.columns]
    _setup(sheet, widths, f"{table.code} {table.title}", 1)
    sheet.write_string(0, 0, table.title, styles["title"])
    heads = [f"{column.heading} ({column.unit})" if column.unit else column.heading for column in table.columns]
    sheet.set_row(1, height(heads, widths, _LINE))
    for place, words in enumerate(heads):
        sheet.write_string(1, place, words, styles["head"])
    for row, cells in enumerate(table.rows, 2):
        sheet.set_row(row, height([cells[column.key] for column in table.columns], widths, _LINE))
        for place, column in enumerate(table.columns):
            _cell(sheet, row, place, cells[column.key], styles)
    if table.note:
        across = len(widths) - 1
        if across:
            sheet.merge_range(len(table.rows) + 2, 0, len(table.rows) + 2, across, "", styles["words"])
        sheet.write_string(len(table.rows) + 2, 0, table.note, styles["words"])
        sheet.set_row(len(table.rows) + 2, height([table.note], [sum(widths)], _LINE))


def _cell(sheet: Any, row: int, place: int, piece: Piece, styles: dict[str, Any]) -> None:
    if isinstance(piece, str):
        sheet.write_string(row, place, fitting(piece), styles["cell"])
    else:
        _value(sheet, row, place, piece, styles)


def _value(sheet: Any, row: int, place: int, figure: Figure, styles: dict[str, Any]) -> None:
    """The value as a number, points and shares unrounded; what cannot be computed is a dash."""
    if figure.value is None:
        sheet.write_string(row, place, "–", styles["none"])
    else:
        sheet.write_number(row, place, float(figure.value), styles.get(figure.unit, styles["hồ sơ"]))


def _figures(paper: Paper, sheet: Any, styles: dict[str, Any]) -> None:
    _setup(sheet, _WIDTHS, "Con số và câu hỏi tính lại", 0)
    sheet.set_row(0, height(HEADS, _WIDTHS, _LINE))
    for place, head in enumerate(HEADS):
        sheet.write_string(0, place, head, styles["head"])
    for row, figure in enumerate(paper.desk.figures.values(), 1):
        told = line(figure)
        words = {0: figure.code, 1: f"{figure.metric}; {figure.scope}; {figure.window}", 3: figure.unit,
                 6: figure.base_words, 7: figure.reason, 8: told["ban"], 9: told["sql"]}  # fmt: skip
        sheet.set_row(row, height([words.get(place) for place in range(len(HEADS))], _WIDTHS, _LINE))
        for place, text in words.items():
            sheet.write_string(row, place, fitting(text), styles["cell"])
        _value(sheet, row, 2, figure, styles)
        for place, value in ((4, figure.part), (5, figure.base)):
            if isinstance(value, Decimal):
                sheet.write_number(row, place, float(value), styles["hồ sơ"])
            else:
                sheet.write_blank(row, place, None, styles["cell"])
    sheet.autofilter(0, 0, len(paper.desk.figures), len(HEADS) - 1)
