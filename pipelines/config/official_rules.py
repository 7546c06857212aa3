"""The rules R1…R16 of ``docs/quy_tac.md`` in words: officials read their titles, never their codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from pipelines.config.paths import PROJECT_ROOT

RULES_TEXT = PROJECT_ROOT / "docs" / "quy_tac.md"
CODE = re.compile(r"\bR(?:1[0-6]|[1-9])b?\b")
_RUN = re.compile(
    rf"(?P<word>[Qq]uy tắc )?(?<!–)(?P<codes>{CODE.pattern}(?:(?:, | và | hoặc |; ){CODE.pattern})*)(?!–R)"
)


@cache
def titles() -> dict[str, str]:
    """Title of each rule by its code; ``R3b`` is a paragraph of ``R3``."""
    heads = re.findall(r"^## (R\d+) – (.+)$", RULES_TEXT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {code: re.sub(r"\s*\(`[^)]*`\)", "", title).strip() for code, title in heads}


def in_words(text: str, mark: Callable[[str, str], str] = lambda _, words: words) -> str:
    """``text`` with the rules it names called by their titles: “(R4)” → “(quy tắc “Kết quả so với hạn”)”.

    ``mark``: code and words → what stands for them, such as a link.
    """

    def said(run: re.Match[str]) -> str:
        named = CODE.sub(lambda code: mark(code[0], _title(code[0])), run["codes"])
        return f"{run['word'] or ('quy tắc ' if run.start() else 'Quy tắc ')}{named}"

    return _RUN.sub(said, text)


def _title(code: str) -> str:
    title = titles().get(code.removesuffix("b"))
    if title is None:
        return code
    return f"“{title}”" + (" mục b" if code.endswith("b") else "")
