"""The rule book evaluated by Great Expectations on a file, its ledger, and what it must never leave behind."""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.quality.evaluate import RuleResult, evaluate
from pipelines.quality.gate import GroupDecision, State
from pipelines.quality.measure import measure
from pipelines.quality.model import Dimension, Loosening, RowCheck, Rule, Severity, UniqueCheck
from pipelines.quality.rules import load_rules
from pipelines.quality.store import store_decisions, store_results
from pipelines.quality.verdict import QualityError

AS_OF = date(2025, 9, 30)
NAME = "Đặng Quỳnh Mạc-Đĩnh"
NUMBER = "024190098765"


def rule(code: str, condition: str, **changes: object) -> Rule:
    made = Rule(
        code=code,
        dimension=Dimension.CORRECT,
        table="stg.stg_dvc__ho_so",
        columns=("phi_le_phi",),
        description="Phí không âm.",
        severity=Severity.BLOCK,
        threshold=0.5,
        mended_by="Đơn vị",
        basis="Luật",
        check=RowCheck(condition),
        relation="stg.stg_dvc__ho_so",
    )
    return replace(made, **changes)


def fill(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        for number, fee in enumerate([10, 20, -5, None]):
            connection.execute(
                "insert into stg.stg_dvc__ho_so "
                "(ma_ho_so, ma_don_vi, chu_ho_so, so_dinh_danh, phi_le_phi, _ma_tep, _dong) "
                "values (?, 'H02.28', ?, ?, ?, 'abc', ?)",
                [f"H02.28-250303-000{number}", NAME, NUMBER, fee, number + 2],
            )


def run(file: Path, rules: list[Rule]) -> dict[str, RuleResult]:
    return {r.rule: r for r in evaluate(file, rules, run_number=1, version="v1", as_of=AS_OF)}


def test_shares_count_only_rows_that_could_be_judged(warehouse_file: Path) -> None:
    fill(warehouse_file)
    result = run(warehouse_file, [rule("A_1", "t.phi_le_phi >= 0")])["A_1"]
    assert (result.applicable, result.rows, result.failures) == (4, 3, 1)
    assert result.share == pytest.approx(1 / 3)
    assert result.coverage == 0.75
    assert result.passed is True


def test_threshold_itself_is_tolerated_and_anything_above_fails(warehouse_file: Path) -> None:
    fill(warehouse_file)
    exact = rule("A_1", "t.phi_le_phi >= 0", threshold=1 / 3)
    below = rule("A_2", "t.phi_le_phi >= 0", threshold=0.33)
    results = run(warehouse_file, [exact, below])
    assert (results["A_1"].passed, results["A_2"].passed) == (True, False)


def test_loosening_holds_between_its_days_only(warehouse_file: Path) -> None:
    fill(warehouse_file)
    loose = Loosening("Chờ nâng cấp", date(2025, 9, 1), AS_OF, threshold=0.4)
    over = Loosening("Chờ nâng cấp", date(2025, 9, 1), date(2025, 9, 29), threshold=0.4)
    results = run(
        warehouse_file,
        [
            rule("A_1", "t.phi_le_phi >= 0", threshold=0.0, loosening=loose),
            rule("A_2", "t.phi_le_phi >= 0", threshold=0.0, loosening=over),
        ],
    )
    assert (results["A_1"].passed, results["A_1"].threshold) == (True, 0.4)
    assert (results["A_2"].passed, results["A_2"].threshold) == (False, 0.0)


def test_nothing_to_judge_is_neither_passed_nor_failed(warehouse_file: Path) -> None:
    result = run(warehouse_file, [rule("A_1", "t.phi_le_phi >= 0")])["A_1"]
    assert (result.passed, result.share, result.coverage) == (None, None, None)


def test_rule_with_faulty_sql_fails_alone(warehouse_file: Path) -> None:
    fill(warehouse_file)
    results = run(warehouse_file, [rule("A_1", "t.khong_co_cot >= 0"), rule("A_2", "t.phi_le_phi > -9")])
    assert results["A_1"].passed is False
    assert "BinderException" in (results["A_1"].error or "")
    assert results["A_2"].passed is True


def test_rule_cannot_read_files(warehouse_file: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n", encoding="utf-8")
    outside = rule("A_1", f"(select count(*) from read_csv('{tmp_path / 'x.csv'}')) = 1")
    fill(warehouse_file)
    assert "PermissionException" in (run(warehouse_file, [outside])["A_1"].error or "")


def test_repeated_values_all_fail_and_parts_that_are_null_are_not_judged(warehouse_file: Path) -> None:
    fill(warehouse_file)
    unique = rule("A_1", "", check=UniqueCheck(("so_dinh_danh", "phi_le_phi")), threshold=0.0)
    same = rule("A_2", "", check=UniqueCheck(("so_dinh_danh",)), threshold=0.0)
    results = run(warehouse_file, [unique, same])
    assert (results["A_1"].rows, results["A_1"].failures, results["A_1"].passed) == (3, 0, True)
    assert (results["A_2"].rows, results["A_2"].failures, results["A_2"].passed) == (4, 4, False)


def test_results_and_defects_are_stored_once_however_often_the_run_is_repeated(warehouse_file: Path) -> None:
    fill(warehouse_file)
    rules = load_rules()
    results = evaluate(warehouse_file, rules, run_number=7, version="v7", as_of=AS_OF)
    with duckdb.connect(str(warehouse_file)) as connection:
        for _ in range(2):
            store_results(connection, rules, results, run_number=7, version="v7")
        found = connection.execute(
            "select khoa, ma_don_vi, ma_tep, dong from so_cai.loi where tu_lan = 7 and ma_quy_tac = 'HS_DUNG_09'"
        ).fetchall()
        counts = connection.execute("select count(*) from so_cai.ket_qua_kiem_tra").fetchall()
        book = connection.execute("select count(*), count(can_cu) from so_cai.quy_tac").fetchall()
    assert found == [("H02.28-250303-0002", "H02.28", "abc", 4)]
    assert counts == [(len(rules),)]
    assert book == [(len(rules), len(rules))]


def test_a_group_that_keeps_its_version_is_dated_by_the_run_that_published_it(warehouse_file: Path) -> None:
    with duckdb.connect(str(warehouse_file)) as connection:
        new, kept = [GroupDecision("tthc", State.NEW)], [GroupDecision("tthc", State.KEPT, "Lỗi.")]
        store_decisions(connection, new, run_number=1, version="v1", as_of=date(2025, 9, 1))
        connection.execute(
            "insert into so_cai.cong_bo (so_lan, phien_ban, luc) values (1, 'v1', timestamp '2025-09-02 01:00')"
        )
        store_decisions(connection, new, run_number=2, version="v2", as_of=date(2025, 9, 2))
        store_decisions(connection, kept, run_number=3, version="v3", as_of=date(2025, 9, 3))
        rows = connection.execute("select trang_thai, ngay_so_lieu, ly_do from so_cai.quyet_dinh where so_lan = 3")
        assert rows.fetchall() == [("giu_ban_cu", date(2025, 9, 1), "Lỗi.")]


def test_no_personal_value_is_left_anywhere(
    warehouse_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(scratch)
    caplog.set_level(logging.DEBUG)
    fill(warehouse_file)
    quoting = rule("A_1", "cast(t.chu_ho_so as integer) > 0")
    rules = [*load_rules(), quoting, rule("A_2", "t.chu_ho_so = 'x'", threshold=0.0)]
    results = evaluate(warehouse_file, rules, run_number=1, version="v1", as_of=AS_OF)
    with duckdb.connect(str(warehouse_file)) as connection:
        store_results(connection, rules, results, run_number=1, version="v1")
        ledger = str(connection.execute("select * from so_cai.loi").fetchall())
        ledger += str(connection.execute("select * from so_cai.ket_qua_kiem_tra").fetchall())
    printed = capfd.readouterr()
    text = ledger + repr(results) + caplog.text + printed.out + printed.err
    left = [p for p in tmp_path.rglob("*") if p.is_file() and p != warehouse_file]
    blobs = [text.encode(), *(p.read_bytes() for p in left)]
    needles = [NUMBER.encode(), *(unicodedata.normalize(f, NAME).encode() for f in ("NFC", "NFD"))]
    assert {r.rule: r.error for r in results}["A_1"] == "không chạy được phép kiểm (ConversionException)"
    assert not [n for n in needles for blob in blobs if n in blob]
    # The validation result of Great Expectations is kept on purpose; nothing else is.
    assert {p.name for p in left} == {"ket_qua_gx.json"}


def test_store_failure_quotes_no_value(warehouse_file: Path) -> None:
    fill(warehouse_file)
    plain = rule("A_1", "t.phi_le_phi >= 0", threshold=0.0)
    results = evaluate(warehouse_file, [plain], run_number=1, version="v1", as_of=AS_OF)
    leaking = replace(plain, locator=replace(plain.locator, row="t.chu_ho_so"))
    with duckdb.connect(str(warehouse_file)) as connection, pytest.raises(QualityError) as caught:
        store_results(connection, [leaking], results, run_number=1, version="v1")
    assert NAME not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_missing_warehouse_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(QualityError, match="không mở được kho làm việc"):
        evaluate(tmp_path / "khong_co.duckdb", [], run_number=1, version="v", as_of=AS_OF)


def test_a_view_read_by_several_rules_is_computed_once_and_leaves_nothing(warehouse_file: Path) -> None:
    fill(warehouse_file)
    with duckdb.connect(str(warehouse_file)) as connection:
        connection.execute("create view stg.xem as select * from stg.stg_dvc__ho_so")
        connection.execute("create view stg.hong as select cast(chu_ho_so as integer) as phi_le_phi from stg.xem")
        rules = [
            rule("A_1", "t.phi_le_phi >= 0", relation="stg.xem"),
            rule("A_2", "t.phi_le_phi >= 0", relation="(select x.*, 1 as mot from stg.xem x)"),
            rule("A_3", "t.phi_le_phi >= 0", relation="stg.hong"),
            rule("A_4", "t.phi_le_phi >= 0", relation="(select * from stg.hong)"),
        ]
        found = {m.code: m for m in measure(connection, rules, AS_OF)}
        assert connection.execute("select table_name from duckdb_tables() where temporary").fetchall() == []
    assert (found["A_1"].judged, found["A_1"].failed) == (3, 1)
    assert (found["A_2"].judged, found["A_2"].failed) == (3, 1)
    assert found["A_3"].error == found["A_4"].error == "không chạy được phép kiểm (ConversionException)"
