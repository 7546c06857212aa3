"""The quality page is whole, in Vietnamese, asks nothing of the network, and shows what was held back and why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import duckdb
import pytest

from pipelines.quality.docs_facts import Facts, GroupFacts, RuleFacts, RunFacts, ScoreFacts, rows_set_apart
from pipelines.quality.docs_page import level, percent, render, waiver_state

AS_OF = date(2025, 9, 30)
RULE = RuleFacts(
    code="HS_DUNG_01",
    dimension="dung",
    table="stg.stg_dvc__ho_so",
    columns="ngay_tiep_nhan, ngay_ket_thuc",
    sentence="Ngày có kết quả không trước ngày tiếp nhận.",
    severity="chan",
    threshold=0.05,
    indicator_groups="tien_do_giai_quyet",
    mended_by="Đơn vị giải quyết hồ sơ",
    basis="R4",
    mending="Sửa ngày ghi sai.",
    loosening=None,
    loose_since=None,
    loose_until=None,
    applicable=2_000,
    judged=1_500,
    failed=300,
    passed=False,
    error=None,
    open_defects=300,
    remark="binh_thuong",
    runs=3,
    changes=1,
    last_failed=AS_OF,
    groups=("doi_soat", "tthc"),
    history=(True, None, False),
)
FACTS = Facts(
    version="2025-09-30.abc",
    as_of=AS_OF,
    rules=[
        RULE,
        replace(RULE, code="HS_DUNG_02", passed=True, failed=0, judged=2_000, remark="chua_tung_loi"),
        replace(RULE, code="HS_DU_01", dimension="du", passed=None, judged=0, failed=0, remark="chap_chon", changes=4),
        replace(
            RULE,
            code="HS_DU_02",
            passed=True,
            loosening="Chờ phần mềm mới",
            loose_since=date(2025, 9, 1),
            loose_until=date(2025, 10, 15),
        ),
    ],
    groups=[
        GroupFacts("tthc", "giu_ban_cu", date(2025, 9, 29), "Quy tắc HS_DUNG_01 không đạt."),
        GroupFacts("ho_tich", "moi", AS_OF, None),
    ],
    runs=[RunFacts(1, date(2025, 9, 29), 4, 0, 0, 0), RunFacts(2, AS_OF, 2, 1, 1, 1)],
    feeds=[ScoreFacts("dvc/ho_so", "dvc/ho_so", {"dung": 80.0, "du": None, "sach": 100.0, "song": 95.0}, 0.75, 1, 1)],
    agencies=[ScoreFacts("H02.03", "Sở <b>Tư pháp</b>", {"dung": 99.0, "du": 1, "sach": 1, "song": None}, 1.0, 9, 1)],
    quarantined=12,
    scale=(90, 75, 80),
    engine={"meta": {"great_expectations_version": "1.24.1"}},
)
VOID = {"wbr", "meta", "link", "br", "img", "hr", "input"}


class _Outline(HTMLParser):
    """Counts of tags, their attributes, and whether every element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page() -> str:
    return render(FACTS).replace("<wbr>", "")


def test_nothing_is_fetched_and_only_the_filter_runs(page: str) -> None:
    assert page.count("<script>") == 1
    assert not re.search(r"https?://|//[a-z]|url\(|@import|<script |<link|<img|<iframe|\son[a-z]+=", page)
    assert "default-src 'none'" in page


def test_the_page_is_well_formed_vietnamese_html_with_headings_captions_and_headers(page: str) -> None:
    outline = _Outline()
    outline.feed(page)
    assert outline.open == []
    names = [tag for tag, _ in outline.tags]
    assert [attributes["lang"] for tag, attributes in outline.tags if tag == "html"] == ["vi"]
    assert (names.count("h1"), names.count("main"), names.count("title")) == (1, 1, 1)
    assert names.count("table") == names.count("caption") > 4
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in outline.tags if tag == "th")
    ids = [attributes["id"] for _, attributes in outline.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"] or "" for tag, attributes in outline.tags if tag == "a"}
    site = {"bang_dieu_hanh/index.html", "bang_dieu_hanh/tra_cuu.html", "tu_dien/index.html"}
    assert site <= targets  # the other pages of the site; the rest leads within the page
    links = {target[1:] for target in targets - site}
    assert links <= set(ids)


def test_held_groups_stand_with_the_day_of_their_version_and_the_reason(page: str) -> None:
    row = next(line for line in page.splitlines() if "Thủ tục hành chính<br>" in line and "29/09/2025" in line)
    assert "Giữ bản cũ" in row
    assert "Quy tắc HS_DUNG_01 không đạt." in row


def test_failing_silent_flickering_and_loosened_rules_are_named(page: str) -> None:
    failing = page.split('id="khong-dat"')[1].split("</section>", maxsplit=1)[0]
    assert "HS_DUNG_01" in failing
    assert "HS_DUNG_02" not in failing
    assert "300 / 1.500" in failing
    assert "20,00 %" in failing
    quiet = page.split('id="im-lang"')[1].split("</section>", maxsplit=1)[0]
    assert all(code in quiet for code in ("HS_DUNG_02", "HS_DU_01"))
    assert "còn 15 ngày – sắp hết hạn" in page.split('id="noi-long"')[1]
    assert ">✓–✗<" in page


def test_texts_are_escaped(page: str) -> None:
    assert "<b>Tư pháp" not in page
    assert "&lt;b&gt;Tư pháp" in page


def test_the_page_says_how_many_rules_were_judged_tonight() -> None:
    """Whatever Great Expectations was last asked: a rule without rows and one that did not run are not among them."""
    broken = replace(RULE, code="HS_DUNG_09", passed=False, judged=0, failed=0, error="không chạy được phép kiểm")
    text = render(replace(FACTS, rules=[*FACTS.rules, broken]))
    assert "xét tỷ lệ lỗi đo được của 3 quy tắc: 2 đạt, 1 không đạt" in text


def test_a_run_without_anything_judged_has_a_page_too() -> None:
    empty = replace(FACTS, rules=[], groups=[], runs=[], feeds=[], agencies=[], engine=None)
    assert "Không có kết quả của Great Expectations" in render(empty)


def test_what_could_hardly_be_judged_is_grey_whatever_its_score() -> None:
    assert [level(s, c, (90, 75, 80)) for s, c in [(99, 0.5), (99, 0.9), (80, 1), (10, 1), (None, None)]] == [
        "xám",
        "xanh",
        "vàng",
        "đỏ",
        "chưa chấm",
    ]


def test_shares_without_a_denominator_are_a_dash_and_a_waiver_tells_its_state() -> None:
    assert (percent(None), percent(0.98804)) == ("–", "98,80 %")
    loosened = FACTS.rules[3]
    assert waiver_state(loosened, date(2025, 10, 16)).startswith("đã hết hạn")
    assert waiver_state(loosened, date(2025, 8, 1)).startswith("chưa đến")


def test_a_mended_row_is_not_set_apart_any_more_and_a_row_counts_once() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema chat_luong")
        connection.execute(
            "create table chat_luong.cach_ly as select * from (values ('a', '', 2, 'con'), ('a', '', 2, 'con'), "
            "('a', '', 3, 'da_sua'), ('b', 'S', 2, 'con')) as v (ma_tep, trang_tinh, dong, trang_thai)"
        )
        assert rows_set_apart(connection) == 2
