"""The dictionary as static pages and a workbook: searched without diacritics, nothing asked of a network."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines.config.paths import PROJECT_ROOT
from pipelines.dictionary.facts import RULE, Book, Entry
from pipelines.dictionary.lineage import picture

FOLDER = "tai_lieu/tu_dien"
WORKBOOK = "tai_lieu/tu_dien.xlsx"
RULES_TEXT = PROJECT_ROOT / "docs" / "quy_tac.md"
_MADE = datetime(2025, 1, 1)
"""Date of making of every workbook: equal contents give an equal file."""
_TEMPLATES = Path(__file__).parent / "templates"


def dictionary(book: Book) -> dict[str, str | bytes]:
    """Every file of the dictionary by its path below ``data/marts/``."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rules = rule_sections(RULES_TEXT.read_text(encoding="utf-8"))
    codes = frozenset(code for code, _, _ in rules)
    environment.filters |= {"ngay": day, "quy_tac": lambda text: linked(text, codes), "hinh": picture, "be": breakable}
    shared = {"book": book}
    files: dict[str, str | bytes] = {
        f"{FOLDER}/index.html": environment.get_template("index.html.j2").render(shared),
        f"{FOLDER}/quy_tac.html": environment.get_template("quy_tac.html.j2").render(shared, rules=rules),
        WORKBOOK: workbook(book),
    }
    page = environment.get_template("bang.html.j2")
    for entry in book.entries:
        files[f"{FOLDER}/{entry.page}"] = page.render(shared, e=entry)
    return files


def rule_sections(text: str) -> list[tuple[str, str, Markup]]:
    """Code, title and text of each rule of ``docs/quy_tac.md``; R3b and the like stand in the section of R3."""
    sections = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        code = RULE.match(title)
        paragraphs = [p.replace("\n", " ").strip() for p in re.split(r"\n\s*\n", body) if p.strip()]
        sections.append((code[0] if code else title, title.strip(), Markup("").join(_paragraph(p) for p in paragraphs)))
    return sections


def _paragraph(text: str) -> Markup:
    shown = str(escape(text))
    shown = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", shown)
    shown = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", shown)
    shown = re.sub(r"`([^`]+)`", r"<code>\1</code>", shown)
    return Markup("<p>{}</p>\n").format(Markup(shown))  # noqa: S704 - escaped above, before its own marks


def linked(text: str, codes: frozenset[str]) -> Markup:
    """``text`` with every rule it names leading to the text of the rule."""

    def link(found: re.Match[str]) -> str:
        section = found[0].removesuffix("b")
        return f'<a href="quy_tac.html#{section}">{found[0]}</a>' if section in codes else found[0]

    return Markup(RULE.sub(link, str(escape(text))))  # noqa: S704 - escaped, the link is made of the code alone


def breakable(text: str) -> Markup:
    """A code that may be broken after an underscore or a dot."""
    return Markup(re.sub(r"([_.])", r"\1<wbr>", str(escape(text))))  # noqa: S704 - escaped


def day(value: date | None) -> str:
    """dd/mm/yyyy; – where there is none."""
    return "–" if value is None else f"{value:%d/%m/%Y}"


def workbook(book: Book) -> bytes:
    """The dictionary as sheets that can be filtered: tables, columns, metrics, definitions."""
    place = io.BytesIO()
    with xlsxwriter.Workbook(
        place, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as file:
        file.set_properties({"title": "Từ điển dữ liệu", "created": _MADE})
        head = file.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "valign": "top", "text_wrap": True})
        body = file.add_format({"valign": "top", "text_wrap": True})
        for name, columns, rows in _sheets(book):
            sheet = file.add_worksheet(name)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            sheet.freeze_panes(1, 1)
            for place_, (title, width) in enumerate(columns):
                sheet.set_column(place_, place_, width, body)
                sheet.write_string(0, place_, title, head)
            for number, row in enumerate(rows, 1):
                for place_, value in enumerate(row):
                    sheet.write_string(number, place_, value, body)
            sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    return place.getvalue()


_Sheet = tuple[str, Sequence[tuple[str, int]], list[list[str]]]


def _sheets(book: Book) -> list[_Sheet]:
    entries = book.entries
    return [
        (
            "Bảng",
            [
                ("Bảng", 34),
                ("Nghĩa", 80),
                ("Đơn vị", 18),
                ("Khóa", 30),
                ("Nguồn", 34),
                ("Quy tắc", 12),
                ("Đêm qua", 18),
            ],
            [_table_row(e) for e in entries],
        ),
        (
            "Cột",
            [("Bảng", 34), ("Cột", 28), ("Kiểu", 14), ("Nghĩa", 70), ("Đơn vị", 16), ("Quy tắc", 12), ("Truy vết", 60)],
            [
                [e.table, c.name, c.type, c.meaning, c.unit, ", ".join(c.rules), c.way]
                for e in entries
                for c in e.columns
            ],
        ),
        (
            "Chỉ tiêu",
            [
                ("Bảng", 30),
                ("Chỉ tiêu", 28),
                ("Tên", 50),
                ("Công thức", 50),
                ("Cơ sở", 40),
                ("Đơn vị", 14),
                ("Từ", 12),
                ("Đến", 12),
            ],
            [
                [e.table, m.code, m.name, m.formula, m.base, m.unit, day(m.since), day(m.until)]
                for e in entries
                for m in e.metrics
            ],
        ),
        (
            "Định nghĩa 766",
            [
                ("Chỉ số", 10),
                ("Tên", 50),
                ("Điểm", 8),
                ("Tử số", 50),
                ("Mẫu số", 50),
                ("Chấm", 50),
                ("Từ", 12),
                ("Đến", 12),
                ("Căn cứ", 40),
            ],
            [
                [d.code, d.name, d.points, d.numerator, d.denominator, d.scoring, day(d.since), day(d.until), d.basis]
                for e in entries
                for d in e.definitions
            ],
        ),
        (
            "Hàm biểu",
            [("Hàm", 40), ("Tham số", 40), ("Ví dụ", 90)],
            [[e.table, ", ".join(e.parameters), e.example] for e in entries if e.is_macro],
        ),
    ]


def _table_row(e: Entry) -> list[str]:
    feeds = ", ".join(feed for feed, _ in e.feeds)
    return [e.table, e.meaning, e.unit, ", ".join(e.key), feeds, ", ".join(e.rules), e.state]
