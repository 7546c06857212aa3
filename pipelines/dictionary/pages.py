"""The dictionary as static pages: searched without diacritics, nothing asked of a network."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup, escape

from pipelines.config.figures import day
from pipelines.config.html import environment
from pipelines.config.official_rules import CODE, RULES_TEXT, in_words
from pipelines.dictionary.facts import Book
from pipelines.dictionary.lineage import picture
from pipelines.dictionary.workbook import workbook

FOLDER = "tai_lieu/tu_dien"
WORKBOOK = "tai_lieu/tu_dien.xlsx"
_TEMPLATES = Path(__file__).parent / "templates"


def dictionary(book: Book, *, opened: bool = False) -> dict[str, str | bytes]:
    """Every file of the dictionary by its path below ``data/marts/``; ``opened``: the open data stand there too."""
    rules = rule_sections(RULES_TEXT.read_text(encoding="utf-8"))
    codes = frozenset(code for code, _, _ in rules)
    templates = environment(_TEMPLATES, ngay=day, quy_tac=lambda text: linked(text, codes), hinh=picture, be=breakable)
    shared = {"book": book, "opened": opened}
    files: dict[str, str | bytes] = {
        f"{FOLDER}/index.html": templates.get_template("index.html.j2").render(shared),
        f"{FOLDER}/quy_tac.html": templates.get_template("quy_tac.html.j2").render(shared, rules=rules),
        WORKBOOK: workbook(book),
    }
    page = templates.get_template("bang.html.j2")
    for entry in book.entries:
        files[f"{FOLDER}/{entry.page}"] = page.render(shared, e=entry)
    return files


def rule_sections(text: str) -> list[tuple[str, str, Markup]]:
    """Code, title and text of each rule of ``docs/quy_tac.md``; R3b and the like stand in the section of R3."""
    sections = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        code = CODE.match(title)
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

    def link(code: str, words: str) -> str:
        section = code.removesuffix("b")
        return f'<a href="quy_tac.html#{section}">{words}</a>' if section in codes else words

    return Markup(in_words(str(escape(text)), link))  # noqa: S704 - escaped, the link is made of the code alone


def breakable(text: str) -> Markup:
    """A code that may be broken after an underscore or a dot."""
    return Markup(re.sub(r"([_.])", r"\1<wbr>", str(escape(text))))  # noqa: S704 - escaped
