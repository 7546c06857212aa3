"""A paper as a document: its context laid into a template that an office may have edited."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx.opc.oxml import parse_xml
from docx.opc.part import XmlPart
from docx.oxml.ns import nsmap
from docxtpl import DocxTemplate, RichText
from jinja2 import StrictUndefined, Undefined, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from pipelines.config.figures import day
from pipelines.papers.desk import AskedError
from pipelines.papers.drawing import FOLDER
from pipelines.papers.fields import PARTS, TABLES
from pipelines.papers.figure import Figure, number
from pipelines.papers.paper import Paper, Paragraph, Piece, Table

_CODE_SIZE = 17  # half-points
_CODE_COLOUR = "595959"
DOCUMENTED = "docs/van_ban.md"
_WORD_PART = re.compile(r".*wordprocessingml\.[\w.]+\+xml")
_AROUND = " | ".join(f"//w:{name}" for name in ("r", "p", "tc", "tr", "tbl", "body", "hyperlink", "sdtContent"))
_MISPLACED = f"string((//w:t[*] | ({_AROUND})/text()[normalize-space()])[1])"
_SHOWN = 60
_NAMED = re.compile(r"'([^']+)'")


def write(paper: Paper, place: Path, template: Path | None = None, *, coded: bool = False) -> None:
    """Fill ``template`` (None: the house's own) and save to ``place``. ``coded``: with the code in every cell, too.

    Raises ``AskedError``: no template, not a document, an unknown field. ``OSError`` where it cannot be written.
    """
    source = template or FOLDER / f"{paper.kind}.docx"
    if not source.is_file():
        raise AskedError(f"không có tệp mẫu {source}.")
    filled = context(paper, coded=coded)
    document = _opened(source)
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_printable)
    try:
        document.render(filled, jinja_env=environment, autoescape=True)
        misplaced = _misplaced(document)
    except _ManyError:
        raise AskedError(
            f"mẫu {source} in cả một danh sách hoặc nhóm trường bằng một thẻ {{{{ … }}}}; in từng phần tử bằng "
            f"{{%p for … %}} hoặc gọi đúng tên trường; cách viết: {DOCUMENTED}."
        ) from None
    except UndefinedError as mistake:
        names = _NAMED.findall(mistake.message or "")  # 'x' is undefined; 'dict object' has no attribute 'x'
        field = f" “{names[-1]}”" if names else ""
        raise AskedError(f"mẫu {source} dùng một trường không có{field}; các trường: {DOCUMENTED}.") from None
    except Exception as mistake:  # noqa: BLE001 - a template is a program of the office: whatever it raises is its own
        raise AskedError(
            f"mẫu {source} viết sai một trường ({type(mistake).__name__}); cách viết: {DOCUMENTED}."
        ) from None
    if misplaced:
        raise AskedError(
            f"mẫu {source} in sai chỗ “{misplaced}”, Word sẽ không hiện: đoạn của muc.… viết bằng thẻ {{{{r … }}}}, "
            f"trường khác bằng thẻ {{{{ … }}}}; cách viết: {DOCUMENTED}."
        )
    document.save(str(place))


def _opened(source: Path) -> DocxTemplate:
    document = DocxTemplate(str(source))
    try:
        document.init_docx()
    except Exception:  # noqa: BLE001 - zip, XML, relations: a damaged file raises nearly anything
        raise AskedError(f"tệp mẫu {source} không phải tài liệu .docx đọc được.") from None
    return document


class _ManyError(Exception):
    """A tag prints what is no single value."""


def _printable(value: Any) -> Any:
    """What a tag prints: a list or a group of fields would stand in the paper as Python shows it."""
    if isinstance(value, str | int | float | RichText | Undefined):
        return value
    raise _ManyError


def _misplaced(document: DocxTemplate) -> str:
    """What Word drops without a word: a run inside a text (rich, printed as plain), a text outside any (plain as rich).

    The beginning of the first such text; '' where there is none.
    """
    for part in document.docx.part.package.iter_parts():
        if _WORD_PART.fullmatch(part.content_type):
            root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
            if text := str(root.getroottree().xpath(_MISPLACED, namespaces=nsmap)).strip():
                return text[:_SHOWN]
    return ""


def context(paper: Paper, *, coded: bool = False) -> dict[str, Any]:
    """What a template may use; ``docs/van_ban.md`` lists it."""
    forms = [table for name, table in paper.tables.items() if name.startswith("bieu_06a_")]
    tables = {
        name: _table(paper.tables.get(name) or _not_made(words), coded=coded)
        for name, words in TABLES[paper.kind].items()
    }
    return {
        **paper.head,
        "luu_y": paper.notes,
        "so": {name: figure.printed for name, figure in paper.named.items()},
        "muc": {name: [_rich(p) for p in paper.parts.get(name, [])] for name in PARTS[paper.kind]},
        "bang": tables,
        "bieu_06a": [_form(table, coded=coded) for table in forms],
        "nguon": {"dong": sources(paper), "ghi_chu": ""},
        "phu_luc": _appendices(),
    }


def _not_made(words: str) -> Table:
    """A table that this paper has not: an appendix for it keeps its title, the table's words without their remark."""
    return Table("", words.partition(" (")[0], (), [], "Không lập trong báo cáo này.")


def _appendices() -> Callable[[], str]:
    """Gives the number of the next appendix each time it is called: which there are is known when a paper is made."""
    numbers = itertools.count(1)
    return lambda: _roman(next(numbers))


def _roman(number: int) -> str:
    text = ""
    for value, letters in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text += letters * (number // value)
        number %= value
    return text


def _rich(paragraph: Paragraph) -> RichText:
    made = RichText()
    for piece in paragraph:
        if isinstance(piece, Figure):
            made.add(piece.printed.replace(" %", "\u00a0%"))
            made.add(f" [{piece.code}]", size=_CODE_SIZE, color=_CODE_COLOUR)
        else:
            made.add(piece)
    return made


def cell(piece: Piece) -> str:
    """A table's cell: a share with its base."""
    if isinstance(piece, str):
        return piece
    if piece.value is not None and piece.part is not None and piece.base is not None:
        return f"{piece.shown} ({number(piece.part)}/{number(piece.base)})"
    return piece.shown


def _table(table: Table, *, coded: bool) -> dict[str, Any]:
    rows = [{key: _cell(piece, coded=coded) for key, piece in row.items()} for row in table.rows]
    return {"tieu_de": table.title, "dong": rows, "ghi_chu": " ".join(filter(None, (table.note, _dashes(table))))}


def _cell(piece: Piece, *, coded: bool) -> str:
    return f"{cell(piece)} [{piece.code}]" if coded and isinstance(piece, Figure) else cell(piece)


def _dashes(table: Table) -> str:
    """Why cells of a table have no value: what cannot be computed is said with its reason in a table, too."""
    empty = [piece for row in table.rows for piece in row.values() if isinstance(piece, Figure) and piece.value is None]
    reasons = dict.fromkeys(figure.reason for figure in empty)
    return f"Dấu “–” là chưa tính được: {'; '.join(reasons)}." if reasons else ""


def _form(table: Table, *, coded: bool) -> dict[str, Any]:
    """Lines and the total apart."""
    made = _table(table, coded=coded)
    lines = made["dong"]
    made["tong"] = lines.pop() if lines else {column.key: "–" for column in table.columns}
    return made


def sources(paper: Paper) -> list[dict[str, str]]:
    """A line a figure of the text in the order of reading, then a line a table."""
    used = {piece.code: piece for part in PARTS[paper.kind] for p in paper.parts.get(part, []) for piece in p
            if isinstance(piece, Figure)}  # fmt: skip
    lines = [line(figure) for figure in used.values()]
    for table in paper.tables.values():
        figures = [piece for row in table.rows for piece in row.values() if isinstance(piece, Figure)]
        if figures and figures[-1].code not in used:
            last = figures[-1]
            lines.append(line(last) | {
                "ma": f"{paper.desk.prefix}-{table.code}.*", "gia_tri": "cả bảng",
                "nghia": f"{table.title}: mã ô là bảng.dòng.cột, ví dụ dưới là ô cuối ({last.code}); từng ô ở bản "
                         f".xlsx",
            })  # fmt: skip
    return lines


def line(figure: Figure) -> dict[str, str]:
    """A figure as it stands in the list of sources."""
    base = f"; mẫu số: {figure.base_words.removeprefix('– mẫu số: ')}" if figure.base_words else ""
    version = f"{day(figure.as_of)}; {figure.publication}" if figure.as_of else "–"
    return {
        "ma": figure.code,
        "nghia": f"{figure.metric}; {figure.scope}; {figure.window}{base}",
        "gia_tri": figure.printed
        if figure.value is None
        else f"{figure.shown} {'' if figure.unit == '%' else figure.unit}".strip(),
        "ban": version,
        "sql": figure.sql or "–",
    }
