"""The half-year report Bắc Giang printed for 15/12/2023–30/6/2024, counted again from dossiers (docs/bao_cao_goc.md).

The whole way of a user: 315 thousand made-up dossiers and their 1.26 million steps as exports, the nightly job, one
query on what is published. Four minutes of a core where nothing else runs: `make test-long`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.questions.answers import faults
from pipelines.questions.statements import load
from tests.e2e.conftest import Kho

pytestmark = [pytest.mark.cham, pytest.mark.dai, pytest.mark.timeout(1200)]

WINDOW = "FROM tthc.bieu_giai_quyet('2023-12-15', '2024-06-30')"
PROVINCE = {
    "tiep_nhan": 314_849, "truc_tuyen": 300_458, "khong_ro_kenh": 0, "ky_truoc": 10_247, "da_giai_quyet": 304_939,
    "truoc_han": 261_764, "dung_han": 40_890, "qua_han": 2_285, "khong_han": 0, "tra_lai": 17,
    "dang_giai_quyet": 9_893, "dang_trong_han": 9_683, "dang_qua_han": 210, "dang_khong_han": 0,
}  # fmt: skip
RECEIVED = {"tinh": 132_969, "huyen": 49_682, "xa": 132_198}
FINISHED = {"tinh": 127_394, "huyen": 46_426, "xa": 131_119}
IN_TIME = {"tinh": 127_051, "huyen": 45_902, "xa": 129_701}


@pytest.fixture(scope="module")
def report(kho: Kho) -> dict[str, dict[str, Any]]:
    """The published counts of the report's window, by level."""
    made = kho("sample", "--preset", "bac-giang-2024-h1")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "tổng hợp" in made.stdout
    done = kho("run", "--as-of", "2024-06-30")
    assert done.returncode == 0, done.stdout + done.stderr
    return {row["pham_vi"]: row for row in kho.sql(WINDOW)}


def test_the_province_has_the_printed_figures(report: dict[str, dict[str, Any]]) -> None:
    whole = report["toan_tinh"]
    assert {name: whole[name] for name in PROVINCE} == PROVINCE
    assert whole["truc_tiep"] + whole["buu_chinh"] == 4_144


def test_each_level_has_the_printed_figures(report: dict[str, dict[str, Any]]) -> None:
    levels = {name: row for name, row in report.items() if name != "toan_tinh"}
    assert {name: row["tiep_nhan"] for name, row in levels.items()} == RECEIVED
    assert {name: row["da_giai_quyet"] for name, row in levels.items()} == FINISHED
    assert {name: row["truoc_han"] + row["dung_han"] for name, row in levels.items()} == IN_TIME


def test_where_the_report_contradicts_itself_the_warehouse_does_not(report: dict[str, dict[str, Any]]) -> None:
    whole = report["toan_tinh"]
    assert whole["tiep_nhan"] - whole["da_giai_quyet"] == 9_910 == whole["dang_giai_quyet"] + whole["tra_lai"]
    assert whole["truoc_han"] + whole["dung_han"] == 302_654 == sum(IN_TIME.values())
    assert sum(row["qua_han"] for name, row in report.items() if name != "toan_tinh") == 2_285
    assert round(report["huyen"]["ty_le_dung_va_truoc_han"] * 100, 1) == 98.9


def test_form_06a_of_the_same_window_balances(kho: Kho, report: dict[str, dict[str, Any]]) -> None:
    form = kho.sql(
        "SELECT sum(nhan_tong_so)::BIGINT AS nhan, sum(giai_quyet_tong_so)::BIGINT AS xong, "
        "sum(dang_giai_quyet_tong_so)::BIGINT AS dang FROM tthc.bieu_06a('2023-12-15', '2024-06-30')"
    )
    assert form == [{"nhan": 314_849, "xong": 304_956, "dang": 9_893}]


def test_every_printed_figure_stands_beside_the_warehouse_or_a_reason(
    kho: Kho, report: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    window = ("--tu", "2023-12-15", "--den", "2024-06-30")
    for form in ("docx", "xlsx"):
        made = kho("report", "kstthc", *window, "--out", str(tmp_path / f"goc.{form}"))
        assert made.returncode == 0, made.stdout + made.stderr
        words = " ".join(made.stdout.split())
        assert "175 số in, khớp 84, lệch 35, chưa tính được 4, kho không có số 52" in words
        assert "15 chú thích mâu thuẫn" in words
        read = kho(
            "report", "kstthc", *window, "--kiem", str(tmp_path / f"goc.{form}"), "--out", str(tmp_path / "k.xlsx")
        )
        assert read.returncode == 0, read.stdout + read.stderr
        assert "lệch 0" in read.stdout
        assert "chờ người xác nhận chỉ tiêu 0" in " ".join(read.stdout.split())
    sheets = openpyxl.load_workbook(tmp_path / "goc.xlsx")
    beside = next(sheets[name] for name in sheets.sheetnames if name.startswith("DI "))
    verdicts = {row[0]: str(row[8]) for row in beside.iter_rows(min_row=3, values_only=True)}
    assert [code for code, words in verdicts.items() if words == "kho không có chỉ tiêu này"] == []
    assert verdicts["S4-022"] == "khớp"  # a question of its own: 112 internal procedures
    assert verdicts["S4-141"].startswith("cần kết quả chỉ số cải cách hành chính")


def test_every_question_of_officials_is_answered_or_says_what_is_missing(
    kho: Kho, report: dict[str, dict[str, Any]]
) -> None:
    assert faults(kho.paths, load(), "bao_cao_goc") == []
