"""The answer sheet: each question with as-of day, base, source and the query that gives its answer again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.questions.sheet import SheetError, asked, publication, write_sheet
from pipelines.questions.statements import Statement

WINDOW = ("2025-01-01", "2025-06-30")


def question(code: str, sql: str) -> Statement:
    return Statement(
        code=code, group="ho_so", level="cốt lõi", question="Từ 15/12/2023 đến 30/6/2024 bao nhiêu hồ sơ?",
        meaning="Hồ sơ mới", limits="Không có", way="tính từ dữ liệu", columns=("noi_dung", "gia_tri"),
        answered_on=frozenset(), sql=sql,
    )  # fmt: skip


@pytest.fixture
def db() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA tthc; CREATE SCHEMA van_hanh")
    connection.execute(
        "CREATE TABLE van_hanh.nguon AS SELECT '2025-07-02.x' AS phien_ban, DATE '2025-07-02' AS ngay_so_lieu"
    )
    connection.execute("CREATE TABLE tthc.ho_so AS SELECT 3 AS so, DATE '2025-07-01' AS ngay_so_lieu")
    connection.execute("CREATE MACRO tthc.bieu(tu, den) AS TABLE SELECT so FROM tthc.ho_so WHERE tu < den")
    return connection


def test_each_answer_carries_day_base_source_and_query(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    sql = "SELECT 'Hồ sơ' AS noi_dung, so AS gia_tri FROM tthc.bieu('2023-12-15', '2024-06-30')"
    told = list(asked(db, [
        question("Q-001", sql),
        question("Q-002", "SELECT so FROM tthc.ho_so CROSS JOIN van_hanh.nguon"),
        question("Q-003", "SELECT x FROM tthc.khong_co"),
        question("Q-004", "SELECT 'Chưa có số: thiếu tệp.' AS noi_ro"),
    ], WINDOW))  # fmt: skip
    assert publication(db) == "2025-07-02.x"
    write_sheet(told, "Phiếu", tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    lines = {row[0]: row for row in book["Trả lời"].iter_rows(min_row=2, values_only=True)}
    first = lines["Q-001"]
    assert first[2] == "Từ 01/01/2025 đến 30/06/2025 bao nhiêu hồ sơ?"
    assert first[3:6] == ("Hồ sơ: 3", 1, "Hồ sơ mới (tính từ dữ liệu)")
    assert first[7:] == (
        datetime(2025, 7, 1),
        "tthc.bieu",
        sql.replace("2023-12-15", WINDOW[0]).replace("2024-06-30", WINDOW[1]),
    )
    assert db.execute(str(first[9])).fetchall() == [("Hồ sơ", 3)]
    assert lines["Q-002"][7] == datetime(2025, 7, 1)  # the older of the two it reads
    assert str(lines["Q-003"][3]).startswith("Không trả lời được: CatalogException")
    assert lines["Q-004"][3] == "Chưa có số: thiếu tệp."
    assert list(book["Từng dòng"].iter_rows(min_row=2, values_only=True)) == [
        ("Q-001", 1, "noi_dung", "Hồ sơ"), ("Q-001", 1, "gia_tri", "3"), ("Q-002", 1, "so", "3"),
    ]  # fmt: skip


def test_a_place_that_takes_nothing_is_told_in_words(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="không ghi được"):
        write_sheet(
            list(asked(db, [question("Q-001", "SELECT 1 AS so")], WINDOW)), "Phiếu", tmp_path / "khong" / "f.xlsx"
        )
