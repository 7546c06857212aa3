"""The quality pages ("Data Docs"): one HTML file in Vietnamese that asks for nothing outside itself.

Great Expectations' own site builder writes English pages that fetch styles and scripts from the network; this page
shows the same validation results. Its one script filters rows by words; without it the page reads the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from pipelines.config import figures
from pipelines.config.html import environment
from pipelines.config.mart_groups import group_name
from pipelines.contracts.loader import own_words
from pipelines.quality.docs_facts import DIMENSION, Facts, RuleFacts, read_facts
from pipelines.quality.gate import STATE_WORDS, endangered_by_rule
from pipelines.quality.manifest import Manifest
from pipelines.quality.model import WAIVER_NOTICE, Rule
from pipelines.quality.proved import RESULT_FILE

SEVERITY = own_words("muc_do_quy_tac")
STATUS = {state: words.capitalize() for state, words in STATE_WORDS.items()}
OUTCOME = {True: "Đạt", False: "Không đạt", None: "Chưa đánh giá được"}
MARK = {True: "✓", False: "✗", None: "–"}
_TEMPLATES = Path(__file__).parent / "templates"


def quality_page(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], manifest: Manifest, folder: Path
) -> str | None:
    """The page of the last run whose rules were measured; null where there is none.

    ``folder``: where the evaluation left the validation result of Great Expectations. Raises ``duckdb.Error``.
    """
    endangered = {code: sorted(groups) for code, groups in endangered_by_rule(manifest, rules).items()}
    facts = read_facts(connection, endangered, read_engine(folder))
    return render(facts) if facts is not None else None


def read_engine(folder: Path) -> Mapping[str, Any] | None:
    """The last validation result of Great Expectations, null where there is none or it is not whole."""
    try:
        found: Mapping[str, Any] = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found


def render(facts: Facts) -> str:
    """The page as text; every value is escaped."""
    templates = environment(_TEMPLATES, so=number, pt=percent, diem=score, ngay=figures.day, muc=level, be=breakable,
                            nhom=group_name)  # fmt: skip
    failing = [rule for rule in facts.rules if rule.passed is False]
    return templates.get_template("chat_luong.html.j2").render(
        f=facts,
        failing=sorted(failing, key=lambda r: (list(SEVERITY).index(r.severity), -(r.share or 1), r.code)),
        passed=sum(rule.passed is True for rule in facts.rules),
        asked=[rule for rule in facts.rules if rule.passed is not None and rule.error is None],
        unjudged=[rule for rule in facts.rules if rule.passed is None],
        held=[group for group in facts.groups if group.status != "moi"],
        low=[r for r in facts.rules if r.coverage is not None and 100 * r.coverage < facts.scale[2]],
        waivers=[(rule, waiver_state(rule, facts.as_of)) for rule in facts.rules if rule.loosening],
        silent=[rule for rule in facts.rules if rule.remark == "chua_tung_loi"],
        flicker=[rule for rule in facts.rules if rule.remark == "chap_chon"],
        shelves=shelves(facts.rules),
        written=len({rule.code.split("__")[0] for rule in facts.rules}),
        open_defects=sum(rule.open_defects for rule in facts.rules),
        words={"chieu": DIMENSION, "muc_do": SEVERITY, "nhom": STATUS, "ket_qua": OUTCOME, "dau": MARK},
    )


def shelves(rules: Sequence[RuleFacts]) -> list[tuple[str, list[RuleFacts]]]:
    """Rules by the schema and table that they are about, in the order of the tables."""
    ordered = sorted(rules, key=lambda rule: (rule.table, rule.code))
    return [(table, list(group)) for table, group in groupby(ordered, key=lambda rule: rule.table)]


def waiver_state(rule: RuleFacts, as_of: date) -> str:
    """Where a loosening stands on the as-of day, in Vietnamese."""
    if rule.loose_since is None or rule.loose_until is None:
        return ""
    if as_of > rule.loose_until:
        return "đã hết hạn, mức cũ đã trở lại"
    if as_of < rule.loose_since:
        return "chưa đến ngày áp dụng"
    left = rule.loose_until - as_of
    return f"còn {left.days} ngày" + (" – sắp hết hạn" if left <= WAIVER_NOTICE else "")


def breakable(text: str) -> Markup:
    """A code that may be broken after an underscore, where a narrow column needs it."""
    return Markup("_<wbr>").join(text.split("_"))


def number(value: int | None) -> str:
    """1234567 → 1.234.567."""
    return "–" if value is None else figures.grouped(value)


def percent(value: float | None) -> str:
    """0.9874 → 98,74 %; – where there is none."""
    return "–" if value is None else figures.percent(value)


def score(value: float | None) -> str:
    """98.74 → 98,7; – where there is none."""
    return "–" if value is None else f"{value:.1f}".replace(".", ",")


def level(value: float | None, coverage: float | None, scale: tuple[float, float, float]) -> str:
    """Word of the official scale; grey where too little could be judged, whatever the score."""
    green, yellow, least = scale
    if value is None:
        return "chưa chấm"
    if coverage is not None and 100 * coverage < least:
        return "xám"
    if value >= green:
        return "xanh"
    return "vàng" if value >= yellow else "đỏ"
