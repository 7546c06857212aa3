"""``kho defects --nhan``: owners' answers out of messy workbooks into the ledger, once, with an end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines.cli.main import run
from pipelines.config.paths import DataPaths
from pipelines.warehouse import safekeeping
from pipelines.warehouse.database import HELD
from tests.integration.quality.test_defect_workbooks import NUMBER, _cells, _evaluate, paths
from tests.unit.warehouse.test_patience import read_for

__all__ = ["paths"]
BOOK = "loi_H02.30_2025-09-30.xlsx"
SHEET = "Danh sách lỗi"
ANSWER, REASON, WHOSE, KEY = 14, 15, 16, 17
SECRET = "Nguyễn Thị Bí Mật khai lại"


def _book(paths: DataPaths, tmp_path: Path, name: str = "so") -> Path:
    assert run(["defects", "--out", str(tmp_path / name)]) == 0
    return tmp_path / name / BOOK


def _answer(file: Path, change: Callable[[Any], None]) -> Path:
    """The workbook as it comes back: ``change`` works on the sheet of defects."""
    book = openpyxl.load_workbook(file)
    change(book[SHEET])
    back = file.with_name("tra loi.xlsx")
    book.save(back)
    return back


def _row(sheet: Any, code: str) -> int:
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 2).value == code)


def _ledger(paths: DataPaths) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
        return connection.execute(
            "select tra_loi, ly_do, ma_don_vi, den_ngay, so_lan from so_cai.tra_loi order by all"
        ).fetchall()


def test_one_who_reads_is_told_of_once_it_takes_too_long(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _evaluate(paths, 1)
    book = _book(paths, tmp_path)
    with read_for(paths.warehouse_file, 1):
        assert run(["defects", "--nhan", str(book)]) == 0
    monkeypatch.setattr("pipelines.job.PATIENCE", 0)
    with read_for(paths.warehouse_file, 60):
        assert run(["defects", "--nhan", str(book)]) == 3
    assert HELD in capfd.readouterr().err


def test_answers_are_taken_once_from_a_book_with_moved_renamed_and_retyped_columns(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _evaluate(paths, 1)

    def mess(sheet: Any) -> None:
        row = _row(sheet, "HS_DUNG_08")
        sheet.cell(row, ANSWER).value = " khong phai LOI "
        sheet.cell(row, REASON).value = SECRET
        sheet.cell(1, KEY).value = "xx"  # renamed; the column is known by its keys
        sheet.cell(1, REASON).value = "LÝ DO (ghi rõ)"
        sheet.cell(1, REASON).value = "ly do"
        sheet.move_range(f"A1:Q{sheet.max_row}", rows=3, cols=2)
        sheet.insert_cols(1)
        sheet.append(["", "", "", "Người lập biểu"])

    back = _answer(_book(paths, tmp_path), mess)
    assert run(["defects", "--nhan", str(back)]) == 0
    told = capfd.readouterr()
    assert "nhận 1 trả lời mới" in told.out
    assert SECRET not in told.out + told.err
    (line,) = _ledger(paths)
    assert line[:3] == ("khong_phai_loi", SECRET, None)
    assert str(line[3]) == "2025-12-29"  # 90 days after the as-of day
    assert run(["defects", "--nhan", str(back)]) == 0
    again = tmp_path / "sao.xlsx"
    book = openpyxl.load_workbook(back)
    book[SHEET]["A1"] = "in lại"
    book.save(again)
    assert run(["defects", "--nhan", str(again)]) == 0
    assert "nhận 0 trả lời mới, 1 đã có" in capfd.readouterr().out
    assert len(_ledger(paths)) == 1


def test_a_waiver_keeps_the_defect_off_the_book_until_its_day_and_no_share_moves(
    paths: DataPaths, tmp_path: Path
) -> None:
    _evaluate(paths, 1)

    def waive(sheet: Any) -> None:
        sheet.cell(_row(sheet, "HS_DUNG_08"), ANSWER).value = "Không phải lỗi"
        sheet.cell(_row(sheet, "HS_DUNG_08"), REASON).value = "số thẻ cũ"

    back = _answer(_book(paths, tmp_path), waive)
    before = _shares(paths)
    assert run(["defects", "--nhan", str(back)]) == 0
    assert "HS_DUNG_08" not in {row[1] for row in _cells(_book(paths, tmp_path, "sau"))}
    _evaluate(paths, 2)
    assert _shares(paths) == before
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("update so_cai.tra_loi set den_ngay = date '2025-09-29'")
    lines = {row[1]: row for row in _cells(_book(paths, tmp_path, "het"))}
    assert lines["HS_DUNG_08"][8] == "Hết hạn miễn, còn sai"


def _shares(paths: DataPaths) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
        return connection.execute(
            "select ma_quy_tac, so_dong, so_loi, dat from so_cai.ket_qua_kiem_tra "
            "where so_lan = (select max(so_lan) from so_cai.ket_qua_kiem_tra) order by 1"
        ).fetchall()


def test_said_to_be_mended_and_still_wrong_is_shown_after_the_next_evaluation(paths: DataPaths, tmp_path: Path) -> None:
    _evaluate(paths, 1)
    back = _answer(
        _book(paths, tmp_path), lambda sheet: setattr(sheet.cell(_row(sheet, "HS_DUNG_08"), ANSWER), "value", "da sua")
    )
    assert run(["defects", "--nhan", str(back)]) == 0
    lines = {row[1]: row for row in _cells(_book(paths, tmp_path, "cho"))}
    assert lines["HS_DUNG_08"][8] == "Đã báo sửa, chờ kiểm tra"
    _evaluate(paths, 2)
    lines = {row[1]: row for row in _cells(_book(paths, tmp_path, "con"))}
    assert lines["HS_DUNG_08"][8] == "Đã báo sửa, còn sai"


def test_a_defect_of_another_agency_goes_to_its_next_workbook(paths: DataPaths, tmp_path: Path) -> None:
    _evaluate(paths, 1)

    def hand_on(sheet: Any) -> None:
        row = _row(sheet, "HS_DUNG_08")
        sheet.cell(row, ANSWER).value = "Không thuộc đơn vị"
        sheet.cell(row, WHOSE).value = "h02.31"

    assert run(["defects", "--nhan", str(_answer(_book(paths, tmp_path), hand_on))]) == 0
    mine = _cells(_book(paths, tmp_path, "sau"))
    theirs = _cells(tmp_path / "sau" / "loi_H02.31_2025-09-30.xlsx")
    assert "HS_DUNG_08" not in {row[1] for row in mine}
    assert [(row[1], row[8]) for row in theirs] == [("HS_DUNG_08", "Đơn vị khác chuyển đến")]


def test_what_cannot_be_taken_is_told_with_its_place_and_the_rest_is_taken(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _evaluate(paths, 1)

    def spoil(sheet: Any) -> None:
        good = _row(sheet, "HS_DUNG_08")
        other = next(row for row in range(2, sheet.max_row + 1) if row != good)
        sheet.cell(good, ANSWER).value = "Đã sửa"
        sheet.cell(other, ANSWER).value = "Đã sửa"
        sheet.cell(other, KEY).value = "1,2E+31"
        for offset, (answer, reason, whose, key) in enumerate(
            [
                ("Không phải lỗi", "", "", "0" * 32),
                ("gì đó", "", "", sheet.cell(good, KEY).value),
                ("Không thuộc đơn vị", "", "Sở Không Có", sheet.cell(good, KEY).value),
                ("", "ghi chú", "", sheet.cell(good, KEY).value),
                ("Không phải lỗi", None, "", sheet.cell(good, KEY).value),
            ],
            start=sheet.max_row + 1,
        ):
            for column, value in zip((ANSWER, REASON, WHOSE, KEY), (answer, reason, whose, key), strict=True):
                sheet.cell(offset, column).value = value

    back = _answer(_book(paths, tmp_path), spoil)
    assert run(["defects", "--nhan", str(back)]) == 1
    told = capfd.readouterr().out
    assert "nhận 1 trả lời mới" in told
    for words in (
        "bị sửa, hoặc của một kho khác",
        "không hiểu trả lời",
        "không có đơn vị này",
        "chưa chọn",
        "phải có lý do",
    ):
        assert words in told, words
    assert "Danh sách lỗi\t" in told
    assert NUMBER not in told
    assert [row[0] for row in _ledger(paths)] == ["da_sua"]


def test_of_two_books_that_contradict_the_one_taken_later_counts_and_it_is_said(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Both are taken within one second."""
    _evaluate(paths, 1)
    book = _book(paths, tmp_path)
    files = []
    for name, answer in (("mot", "Đã sửa"), ("hai", "Không phải lỗi"), ("ba", "Đã sửa"), ("bon", "Không phải lỗi")):

        def fill(sheet: Any, answer: str = answer, name: str = name) -> None:
            sheet.cell(_row(sheet, "HS_DUNG_08"), ANSWER).value = answer
            sheet.cell(_row(sheet, "HS_DUNG_08"), REASON).value = name

        files.append(_answer(book, fill).rename(tmp_path / f"{name}.xlsx"))
    assert run(["defects", *(word for file in files for word in ("--nhan", str(file)))]) == 0
    assert capfd.readouterr().out.count("(trong đó 1 thay trả lời khác nhận trước đó)") == 3
    with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
        (newest,) = connection.execute("select arg_max(ly_do, luc), count(distinct luc) from so_cai.tra_loi").fetchall()
    assert newest == ("bon", 4)
    assert "HS_DUNG_08" not in {row[1] for row in _cells(_book(paths, tmp_path, "sau"))}


def test_contradicting_answers_a_foreign_book_and_a_damaged_file_are_refused(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _evaluate(paths, 1)

    def twice(sheet: Any) -> None:
        row, end = _row(sheet, "HS_DUNG_08"), sheet.max_row + 1
        sheet.cell(row, ANSWER).value = "Đã sửa"
        sheet.cell(end, ANSWER).value = "Không phải lỗi"
        sheet.cell(end, REASON).value = "đúng rồi"
        sheet.cell(end, KEY).value = sheet.cell(row, KEY).value

    assert run(["defects", "--nhan", str(_answer(_book(paths, tmp_path), twice))]) == 1
    assert "được trả lời khác ở dòng" in capfd.readouterr().out
    (tmp_path / "hong.xlsx").write_bytes(b"PK\x03\x04 khong phai")
    other = openpyxl.Workbook()
    other.save(tmp_path / "khac.xlsx")
    for name, words in (("hong.xlsx", "bị cắt giữa chừng"), ("khac.xlsx", "không thấy trang nào")):
        assert run(["defects", "--nhan", str(tmp_path / name)]) == 1
        assert words in capfd.readouterr().err
    assert _ledger(paths) == []


def test_answers_outlive_the_warehouse_and_say_nothing_of_a_later_return(paths: DataPaths, tmp_path: Path) -> None:
    _evaluate(paths, 1)
    back = _answer(
        _book(paths, tmp_path), lambda sheet: setattr(sheet.cell(_row(sheet, "HS_DUNG_08"), ANSWER), "value", "Đã sửa")
    )
    assert run(["defects", "--nhan", str(back)]) == 0
    kept = paths.working / "ban_sao_so_cai" / "tra_loi.parquet"
    assert kept.exists() and "tra_loi" in safekeeping.HISTORY
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("update so_cai.loi set dong_lan = 2 where ma_quy_tac = 'HS_DUNG_08'")
        connection.execute(
            "insert into so_cai.loi by name select * replace (3 as tu_lan, null as dong_lan) from so_cai.loi "
            "where ma_quy_tac = 'HS_DUNG_08' and ma_don_vi = 'H02.28'"
        )
        connection.execute("update so_cai.ket_qua_kiem_tra set so_lan = 3")
        connection.execute("update so_cai.lan_chay set so_lan = 3")
        connection.execute("insert into so_cai.lan_chay (so_lan, ngay_so_lieu) values (1, date '2025-09-28')")
    shutil.rmtree(tmp_path / "so")
    lines = {row[1]: row for row in _cells(_book(paths, tmp_path))}
    assert lines["HS_DUNG_08"][8] == "Sửa rồi lại có"
