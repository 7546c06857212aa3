"""WCAG 2.2 AA as far as the text of a page shows it: contrast, headings, names, labels, headers, the way by keyboard.

axe-core in a browser looks further: ``benchmarks/pages_in_browser.py --axe``.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from pipelines.pages.facts import read_facts
from pipelines.pages.site import site
from pipelines.quality.docs_page import render
from tests.unit.pages.published import publish
from tests.unit.quality.test_docs_page import FACTS

_VOID = {"meta", "link", "br", "input", "rect", "path", "circle", "wbr"}
_TEXT = 4.5
_MARK = 3.0
_TEXTS = ("chu", "nhat", "xanh", "do", "vang", "luc")
_GROUNDS = ("#ffffff", "#fff6dc")


class Page(HTMLParser):
    """Tags with their attributes, and the text within each link, button, heading and label."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []
        self._open: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append([tag, ""])

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        name, words = self._open.pop()
        assert name == tag
        self.words.append((name, words.strip()))
        if self._open:
            self._open[-1][1] += words

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][1] += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    file: Path = publish(tmp_path_factory.mktemp("cong_bo"), held="tthc")
    with duckdb.connect(str(file), read_only=True) as connection:
        facts = read_facts(connection)
    return {**site(facts, beside=True), "chat_luong.html": render(FACTS)}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


def test_every_colour_of_text_stands_out_on_every_ground(pages: dict[str, str]) -> None:
    for name in ("index.html", "chat_luong.html"):
        style = re.search(r"<style>(.*?)</style>", pages[name], re.DOTALL)
        assert style is not None
        named = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", style[1]))
        grounds = (*_GROUNDS, named["dau"])
        for text in _TEXTS:
            if text in named:
                assert min(contrast(named[text], ground) for ground in grounds) >= _TEXT, (name, text)
        assert contrast(named["vien"], "#ffffff") >= _MARK  # edges of fields and tables
        for fill in re.findall(r"(?:stroke|fill): (#[0-9a-f]{6})", style[1]):
            decoration = fill in {"#c8cdd4"}  # lines of the grid: the axis has its figures
            assert decoration or contrast(fill, "#ffffff") >= _MARK, fill


def test_language_title_landmarks_and_the_way_past_the_navigation(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        page = Page(text)
        assert page.of("html") == [{"lang": "vi"}], name
        assert len(page.of("main")) == 1
        assert next(words for tag, words in page.words if tag == "title")
        first_link = page.of("a")[0]
        assert first_link == {"class": "bo-qua", "href": "#noi-dung"}, name
        assert page.of("main")[0]["id"] == "noi-dung"
        assert ":focus-visible { outline: 3px" in text
        assert all(nav.get("aria-label") for nav in page.of("nav"))
        assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text  # it can be enlarged
        identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(identifiers) == len(set(identifiers)), name


def test_headings_go_down_step_by_step(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        levels = [int(tag[1]) for tag, _ in Page(text).tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)


def test_tables_charts_links_and_fields_say_what_they_are(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        page = Page(text)
        assert all(head.get("scope") in {"col", "row"} for head in page.of("th")), name
        assert len(page.of("caption")) == len(page.of("table")), name
        assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in page.of("svg")), name
        assert all(words for tag, words in page.words if tag in {"a", "summary", "h1", "h2", "h3", "th", "label"}), name
        labelled = {label.get("for") for label in page.of("label")}
        assert {field.get("id") for field in page.of("input")} <= labelled, name
        for region in page.of("div"):
            if region.get("class") == "cuon":  # scrolls sideways: reached by keyboard, and named
                assert region.get("tabindex") == "0"
                assert region.get("role") == "region"
                assert region.get("aria-label")
        assert not any((attributes.get("tabindex") or "0").startswith(("1", "2")) for _, attributes in page.tags)


def test_a_page_prints_what_is_folded_and_no_navigation(pages: dict[str, str]) -> None:
    printed = re.search(r"@media print \{(.*)\}", pages["index.html"])
    assert printed is not None
    assert "nav, nav.tren, .bo-qua, .loc { display: none; }" in printed[1]
    assert "details::details-content { content-visibility: visible; }" in printed[1]
