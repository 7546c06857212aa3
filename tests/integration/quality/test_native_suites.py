"""Native suites run by Great Expectations on DuckDB agree with the one-pass measure and keep no value of the data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.quality.model import CountCheck, ReferenceCheck, RowCheck, Rule, UniqueCheck
from pipelines.quality.native import compare as comparing
from pipelines.quality.native import run as running
from pipelines.quality.native.compare import Compared, compare
from pipelines.quality.native.conditions import MATCH_REGEX
from pipelines.quality.native.suites import FAILING_ROWS, Expectation, suites
from pipelines.quality.rules import load_rules
from tests.integration.quality.test_evaluate import AS_OF, NAME, NUMBER, rule

LATE = "2025-10-01 00:00:00"
ROWS = [
    ("H02.28-250303-0001", "H02.28", "dang_xu_ly", 10, "2025-09-30 23:59:59", NUMBER, None),
    ("H02.28-250303-0001", "H02.28", "dang_xu_ly", -5, LATE, "12", "2025-09-01"),
    ("lạ", None, None, None, None, None, "2025-09-01"),
    (None, "H02.99", "da_tra_ket_qua", 0, "2025-01-01", "024190098766", "2024-12-31"),
]
SHAPES: dict[str, tuple[Any, str, int, int]] = {
    # condition or check, expected kind, judged, failed
    "A_NULL": (RowCheck("t.trang_thai is not null"), "ExpectColumnValuesToNotBeNull", 4, 1),
    "A_EMPTY": (RowCheck("t.ngay_tra is null"), "ExpectColumnValuesToBeNull", 4, 3),
    "A_SET": (RowCheck("t.trang_thai in ('dang_xu_ly')"), "ExpectColumnValuesToBeInSet", 3, 1),
    "A_NOSET": (RowCheck("t.trang_thai <> 'dang_xu_ly'"), "ExpectColumnValuesToNotBeInSet", 3, 2),
    "A_REGEX": (RowCheck("regexp_full_match(t.so_dinh_danh, '[0-9]{12}')"), MATCH_REGEX, 3, 1),
    "A_RANGE": (RowCheck("t.phi_le_phi >= 0"), "ExpectColumnValuesToBeBetween", 3, 1),
    "A_DAY": (RowCheck("cast(t.ngay_tiep_nhan as date) <= $ngay_so_lieu"), "ExpectColumnValuesToBeBetween", 3, 1),
    "A_PAIR": (RowCheck("t.ngay_tra >= t.ngay_tiep_nhan"), "ExpectColumnPairValuesAToBeGreaterThanB", 2, 2),
    "A_KEY": (UniqueCheck(("ma_ho_so",)), "ExpectColumnValuesToBeUnique", 3, 2),
    "A_KEYS": (UniqueCheck(("ma_ho_so", "trang_thai")), "ExpectCompoundColumnsToBeUnique", 2, 2),
    "A_LOOKUP": (ReferenceCheck("ma_don_vi", "stg.stg_dvc__co_quan", "ma_don_vi"), FAILING_ROWS, 3, 1),
    "A_SQL": (RowCheck("regexp_matches(t.ma_ho_so, '(?:^|[^0-9])[0-9]{6}')"), FAILING_ROWS, 3, 1),
    "A_COUNT": (CountCheck("10", "abs(t.phi_le_phi)"), FAILING_ROWS, 40, 15),
}


@pytest.fixture
def filled(warehouse_file: Path) -> Path:
    with duckdb.connect(str(warehouse_file)) as connection:
        connection.execute("insert into stg.stg_dvc__co_quan (ma_don_vi) values ('H02.28')")
        connection.executemany(
            "insert into stg.stg_dvc__ho_so (ma_ho_so, ma_don_vi, trang_thai, phi_le_phi, ngay_tiep_nhan, "
            f"so_dinh_danh, ngay_tra, chu_ho_so) values (?, ?, ?, ?, ?, ?, ?, '{NAME}')",
            ROWS,
        )
    return warehouse_file


def rules() -> list[Rule]:
    return [rule(code, "true", check=check, threshold=0.5) for code, (check, *_) in SHAPES.items()]


def by_code(found: list[Compared]) -> dict[str, Compared]:
    return {item.code: item for item in found}


def test_every_kind_of_expectation_agrees_with_the_measure(filled: Path) -> None:
    found = by_code(compare(filled, rules(), AS_OF))
    assert {c: (i.kind, i.judged_natively, i.failed_natively) for c, i in found.items()} == {
        code: tuple(expected) for code, (_, *expected) in SHAPES.items()
    }
    assert [item for item in found.values() if not item.equal] == []


def test_filters_derived_tables_and_the_last_tolerated_row_agree(filled: Path) -> None:
    shown = "(select h.*, 1 as so from stg.stg_dvc__ho_so h)"
    cases = [
        rule("B_FILTER", "t.ma_don_vi = 'H02.28'", applies="t.trang_thai is not null and t.phi_le_phi <= 10"),
        rule("B_OR", "t.ma_don_vi is not null", applies="t.trang_thai is null or t.phi_le_phi < 0"),
        rule("B_NEVER", "t.phi_le_phi >= 0", applies="t.trang_thai = 'khong_co'"),
        rule("B_TABLE", "t.so = 1 and t.phi_le_phi >= 0", relation=shown),
        rule("B_KEY", "true", relation=shown, check=UniqueCheck(("ma_ho_so",)), applies="t.phi_le_phi > 0"),
        rule("B_EDGE", "t.phi_le_phi >= 0", threshold=1 / 3),
        rule("B_ABOVE", "t.phi_le_phi >= 0", threshold=0.3333),
        rule("B_EDGE_SQL", "abs(t.phi_le_phi) = t.phi_le_phi", threshold=1 / 3),
    ]
    found = by_code(compare(filled, cases, AS_OF))
    assert [item for item in found.values() if not item.equal] == []
    assert {code: item.passed_natively for code, item in found.items()} == {
        "B_FILTER": True,
        "B_OR": True,
        "B_NEVER": None,
        "B_TABLE": True,
        "B_KEY": True,
        "B_EDGE": True,
        "B_ABOVE": False,
        "B_EDGE_SQL": True,
    }


def test_a_rule_rendered_wrongly_and_a_rule_that_cannot_run_are_told(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(book: list[Rule], as_of: Any) -> dict[str, list[Expectation]]:
        made = suites(book, as_of)
        return {
            table: [
                replace(i, arguments=i.arguments | {"min_value": -10}) if i.rule.code == "C_WRONG" else i for i in items
            ]
            for table, items in made.items()
        }

    monkeypatch.setattr(comparing, "suites", wrong)
    book = [rule("C_WRONG", "t.phi_le_phi >= 0", threshold=0), rule("C_LOST", "t.khong_co_cot > 0 or t.a")]
    found = by_code(compare(filled, book, AS_OF))
    assert not found["C_WRONG"].equal
    assert (found["C_WRONG"].failed, found["C_WRONG"].failed_natively) == (1, 0)
    assert not found["C_LOST"].equal
    assert found["C_LOST"].error is not None


def test_an_error_that_quotes_a_value_leaves_no_trace(
    filled: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    docs = tmp_path / "docs"
    book = [rule("D_CAST", "cast(t.chu_ho_so as integer) > 0"), rule("D_SOUND", "t.phi_le_phi >= 0")]
    found = by_code(compare(filled, book, AS_OF, docs=docs))
    assert found["D_CAST"].error is not None
    assert found["D_SOUND"].equal
    assert list(docs.rglob("*.html")) == []
    written = caplog.text + "".join(capfd.readouterr()) + "".join(item.error or "" for item in found.values())
    assert NAME not in written


@pytest.fixture
def raw_results(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    kept: list[str] = []
    read = running._result

    def keep(item: Any) -> running.NativeResult:
        kept.append(json.dumps(item.to_json_dict(), ensure_ascii=False, default=str))
        return read(item)

    monkeypatch.setattr(running, "_result", keep)
    return kept


def test_results_and_data_docs_hold_no_value_and_ask_for_nothing_outside(
    filled: Path, tmp_path: Path, raw_results: list[str]
) -> None:
    docs = tmp_path / "tài liệu"
    compare(filled, rules(), AS_OF, docs=docs)
    assert len(raw_results) == len(SHAPES)
    pages = {page: page.read_text(encoding="utf-8") for page in docs.rglob("*.html")}
    assert {"index.html", "stg_dvc__ho_so.html"} <= {page.name for page in pages}
    for text in [*raw_results, *pages.values()]:
        assert [value for value in (NAME, NUMBER, "024190098766", "lạ", "H02.99", "250303-0001") if value in text] == []
    for text in pages.values():
        assert re.findall(r"<script|<link|<img|src=|url\(", text) == []
    assert any("Phí không âm." in text for text in pages.values())


def test_every_rule_of_the_book_stands_in_one_suite_of_its_table() -> None:
    book = load_rules()
    made = suites(book, AS_OF)
    assert sorted(item.rule.code for items in made.values() for item in items) == [r.code for r in book]
    assert all(item.rule.table == table for table, items in made.items() for item in items)
    kinds = {item.kind for items in made.values() for item in items}
    assert {
        "ExpectColumnValuesToNotBeNull",
        "ExpectColumnValuesToBeInSet",
        "ExpectColumnValuesToBeUnique",
        "ExpectCompoundColumnsToBeUnique",
        "ExpectColumnValuesToBeBetween",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        MATCH_REGEX,
        FAILING_ROWS,
    } <= kinds
