"""The dictionary: rules in words with links, pictures from lineage, nothing asked of a network, equal files."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest

from pipelines.dictionary.facts import Book, Column, Definition, Entry, Fault, Metric, rules_named, way
from pipelines.dictionary.lineage import Lineage, lineage_of, picture
from pipelines.dictionary.pages import FOLDER, RULES_TEXT, WORKBOOK, dictionary, linked, rule_sections

MARK = "<script>alert(1)</script>"


def manifest() -> dict[str, object]:
    def node(schema: str, name: str, *above: str) -> dict[str, object]:
        return {"schema": schema, "name": name, "depends_on": {"nodes": list(above)}}

    return {
        "nodes": {
            "m": node("tthc", "dem", "a", "b", "so_cai"),
            "a": node("trung_gian", "int_a", "s"),
            "b": node("trung_gian", "int_b", "a"),
            "s": node("stg", "stg_x", "f"),
        },
        "sources": {
            "f": {"schema": "tho", "name": "dvc__x", "source_name": "tho"},
            "so_cai": {"schema": "so_cai", "name": "tham_so", "source_name": "so_cai"},
        },
    }


def entry(lineage: Lineage, **changes: object) -> Entry:
    given: dict[str, object] = {
        "table": "tthc.dem",
        "meaning": f"Số đếm (R5) {MARK}",
        "unit": "hồ sơ",
        "group": "tthc",
        "state": "bản mới",
        "key": ("ky",),
        "columns": (Column("so", "bigint", f"Đếm {MARK} (R3b)", "hồ sơ", ("R3b",), "từng bản ghi của tthc.ho_so"),),
        "rules": ("R5",),
        "feeds": (("dvc/x", "Hồ sơ"),),
        "metrics": (Metric("m", "Tên", "a + b", "cơ sở", "%", date(2025, 1, 1), None),),
        "definitions": (Definition("2.1", "Tên", "20", "tử", "mẫu", "chấm", date(2022, 8, 1), None, "766"),),
        "passed": 3,
        "unjudged": 1,
        "faults": (Fault("HS_DUNG_01", "Câu.", 2),),
        "parameters": (),
        "example": "",
        "lineage": lineage,
    }
    return Entry(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def book() -> Book:
    lineage = lineage_of(manifest(), "m")
    macro = entry(lineage, table="tthc.bieu", parameters=("tu_ngay",), example="select * from tthc.bieu('2025-01-01')")
    return Book("v1", date(2025, 9, 30), (entry(lineage), macro))


def test_lineage_goes_back_to_the_feeds_and_leaves_the_ledger_out() -> None:
    lineage = lineage_of(manifest(), "m")
    assert lineage.raw == ("dvc__x",)
    assert [lineage.level[node] for node in ("f", "s", "a", "b", "m")] == [0, 1, 2, 3, 4]
    assert "so_cai.tham_so" not in lineage.tables
    assert ("a", "m") in lineage.edges
    drawn = str(picture(lineage, "Dòng chảy"))
    assert drawn.count("<rect") == 5
    assert drawn.count("<path") == len(lineage.edges) == 5


def test_a_rule_that_a_text_names_leads_to_its_text() -> None:
    sections = rule_sections(RULES_TEXT.read_text(encoding="utf-8"))
    codes = frozenset(code for code, _, _ in sections)
    assert {f"R{number}" for number in range(1, 17)} <= codes
    assert linked("theo R3b và R5.", codes) == (
        'theo quy tắc <a href="quy_tac.html#R3">“Hạn tính lại” mục b</a> và '
        '<a href="quy_tac.html#R5">“Đếm trong một khoảng ngày”</a>.'
    )
    assert rules_named("R15, R4b, R4", "R99 PR5") == ("R4", "R4b", "R15")


def test_the_way_back_is_told_as_trace_goes_it() -> None:
    meta = {"truy_vet": {"bang": "tthc.ho_so", "cot": {"a": "d.x", "b": {"bang": "stg.y", "dieu_kien": "true"}}}}
    assert way(meta, "a") == "từng bản ghi của tthc.ho_so mà d.x"
    assert way(meta, "b") == "từng bản ghi của stg.y"
    assert way(meta, "c") == ""
    assert way({"truy_vet": {"khong_truy": {"c": "Tỷ lệ."}}}, "c") == "Tỷ lệ."


def test_pages_ask_for_nothing_outside_and_show_texts_as_texts(book: Book) -> None:
    for name, content in dictionary(book).items():
        if isinstance(content, str):
            assert MARK not in content
            assert not re.search(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", content), name
            assert "http" not in content.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", ""), name


def test_every_link_inside_leads_somewhere(book: Book) -> None:
    files = dictionary(book)
    for name, content in files.items():
        for target, anchor in re.findall(r'href="([^"#]*)(?:#([^"]*))?"', content) if isinstance(content, str) else []:
            if target.startswith("../"):
                assert target in {"../chat_luong.html", "../tu_dien.xlsx", "../bang_dieu_hanh/index.html"}
                continue
            page = files[f"{FOLDER}/{target}" if target else name]
            assert isinstance(page, str)
            assert not anchor or f'id="{anchor}"' in page, (name, target, anchor)


def test_table_and_macro_say_what_they_are(book: Book) -> None:
    files = dictionary(book)
    page, macro = files[f"{FOLDER}/tthc.dem.html"], files[f"{FOLDER}/tthc.bieu.html"]
    assert isinstance(page, str)
    assert isinstance(macro, str)
    for said in ("a + b", "01/08/2022 – nay", "hồ sơ", "1 không đạt", "<svg", "chat_luong.html#HS_DUNG_01"):
        assert said in page
    assert "bieu('2025-01-01')" in macro.replace("&#39;", "'")


def test_equal_books_give_equal_files_and_the_workbook_holds_no_formula(book: Book) -> None:
    first, second = dictionary(book), dictionary(book)
    assert first == second
    content = first[WORKBOOK]
    assert isinstance(content, bytes)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 5
    assert not any("<f>" in sheet for sheet in sheets)
    assert "tthc.dem" in texts
