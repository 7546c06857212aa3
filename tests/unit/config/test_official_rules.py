"""Officials read the titles of rules, not their codes."""

from __future__ import annotations

import pytest

from pipelines.config.official_rules import CODE, RULES_TEXT, in_words, titles
from pipelines.quality.rules import load_rules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kết quả so với hẹn trả (R4).", "Kết quả so với hẹn trả (quy tắc “Kết quả so với hạn”)."),
        ("mới nhất (R8, R10)", "mới nhất (quy tắc “Trạng thái hiện tại”, “Bản ghi hộ tịch trùng”)"),
        ("theo quy tắc R12", "theo quy tắc “Hai cổng”"),
        ("R13; đọc được", "Quy tắc “Số in trong báo cáo”; đọc được"),
        ("Hạn theo R3b", "Hạn theo quy tắc “Hạn tính lại” mục b"),
        ("Các quy tắc R1–R16, HS_DUNG_10, CR12, R17", "Các quy tắc R1–R16, HS_DUNG_10, CR12, R17"),
    ],
)
def test_codes_become_titles(text: str, words: str) -> None:
    assert in_words(text) == words


def test_every_rule_of_the_page_has_a_title() -> None:
    assert list(titles()) == [f"R{number}" for number in range(1, 17)]
    assert RULES_TEXT.exists()


def test_the_rule_book_names_no_code() -> None:
    left = [r.code for r in load_rules() if CODE.search(f"{r.description} {r.basis} {r.mending} {r.mended_by}")]
    assert not left
