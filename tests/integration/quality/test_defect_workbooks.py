"""``kho defects``: one workbook an agency, complete, safe to open, and the only place for the values."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines.cli.main import run
from pipelines.config.paths import DataPaths, data_paths
from pipelines.quality.evaluate import evaluate
from pipelines.quality.rules import load_rules
from pipelines.quality.store import store_results
from tests.integration.quality.conftest import create_warehouse

AS_OF = date(2025, 9, 30)
NUMBER = "0241900987"
NAME = "Nguyễn Văn Khác"
FORMULA = '=HYPERLINK("http://x","y")'
AGENCIES = [("H02.28", "H02.30"), ("H02.30", "H02.30"), ("H02.31", "H02.31")]


def _evaluate(paths: DataPaths, run_number: int) -> None:
    rules = [rule for rule in load_rules() if rule.code in {"HS_DUNG_01", "HS_DUNG_08", "HS_SACH_02", "KS_DUNG_03"}]
    version = f"v{run_number}"
    results = evaluate(paths.warehouse_file, rules, run_number=run_number, version=version, as_of=AS_OF)
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute(
            "insert into so_cai.lan_chay (so_lan, bat_dau, ngay_so_lieu) values (?, timestamp '2025-09-30 20:00', ?)",
            [run_number, AS_OF],
        )
        store_results(connection, rules, results, run_number=run_number, version=version)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPaths:
    monkeypatch.setenv("KHO_DATA", str(tmp_path / "dữ liệu"))
    found = data_paths()
    found.prepare()
    with duckdb.connect(str(found.warehouse_file)) as connection:
        create_warehouse(connection)
        connection.execute("create schema trung_gian")
        connection.execute(
            "create table trung_gian.int_tthc__don_vi_hien_nay "
            "(ma_don_vi varchar, ma_don_vi_hien_nay varchar, con_hieu_luc bool)"
        )
        connection.executemany("insert into trung_gian.int_tthc__don_vi_hien_nay values (?, ?, true)", AGENCIES)
        connection.execute(
            "insert into stg.stg_dvc__co_quan (ma_don_vi, ten_don_vi, hieu_luc_tu) "
            "values ('H02.30', 'UBND phường Đức Thắng', date '2025-07-01')"
        )
        connection.execute(
            "insert into so_cai.tep (ma_tep, ten_tep, nguon_du_lieu) values ('abc', 'dvc/ho_so/tệp.xlsx', 'dvc/ho_so')"
        )
        for agency, number, title in [("H02.28", NUMBER, FORMULA + " "), ("H02.99", "1", "Tên"), ("H02.30", None, "T")]:
            connection.execute(
                "insert into stg.stg_dvc__ho_so (ma_ho_so, ma_don_vi, so_dinh_danh, ten_tthc, ngay_tiep_nhan, "
                "ngay_ket_thuc, _ma_tep, _trang_tinh, _dong) values (?, ?, ?, ?, '2025-03-03 08:30', '2025-03-04', "
                "'abc', 'Sheet1', 7)",
                [f"{agency}-250303-0001", agency, number, title],
            )
    return found


def _cells(file: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(file)["Danh sách lỗi"].iter_rows(min_row=2, values_only=True))


def test_defects_go_to_the_agency_that_answers_today_and_the_rest_to_the_data_owner(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _evaluate(paths, 1)
    out = tmp_path / "sổ lỗi"
    assert run(["defects", "--out", str(out)]) == 0
    printed = capfd.readouterr()
    assert sorted(p.name for p in out.iterdir()) == [
        "loi_H02.30_2025-09-30.xlsx",
        "loi_chu_quan_du_lieu_2025-09-30.xlsx",
    ]
    assert NUMBER not in printed.out + printed.err
    lines = {row[1]: row for row in _cells(out / "loi_H02.30_2025-09-30.xlsx")}
    number = lines["HS_DUNG_08"]
    assert number[3] == "H02.28-250303-0001"
    assert number[5].endswith(f": {NUMBER}")
    assert number[10:13] == ("dvc/ho_so/tệp.xlsx", "Sheet1", 7)
    assert "căn cước" in number[6]
    assert number[7].date() == date(2025, 10, 10)
    assert [row[3] for row in _cells(out / "loi_chu_quan_du_lieu_2025-09-30.xlsx")] == ["H02.99-250303-0001"]


def test_workbooks_are_the_owners_alone_and_nothing_else_is_left(paths: DataPaths, tmp_path: Path) -> None:
    _evaluate(paths, 1)
    out = tmp_path / "so"
    for _ in range(2):
        assert run(["defects", "--out", str(out)]) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.iterdir()} == {0o600}
    assert len(list(out.iterdir())) == 2


def test_a_folder_with_other_files_keeps_its_permissions(paths: DataPaths, tmp_path: Path) -> None:
    _evaluate(paths, 1)
    out = tmp_path / "chung"
    out.mkdir()
    out.chmod(0o755)
    (out / "khac.txt").write_text("x", encoding="utf-8")
    assert run(["defects", "--out", str(out)]) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o755
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.glob("*.xlsx")} == {0o600}


def test_a_value_that_looks_like_a_formula_stays_a_text(paths: DataPaths, tmp_path: Path) -> None:
    _evaluate(paths, 1)
    assert run(["defects", "--don-vi", "H02.28", "--out", str(tmp_path / "so")]) == 0
    book = openpyxl.load_workbook(tmp_path / "so" / "loi_H02.30_2025-09-30.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert any(FORMULA in str(cell.value) for cell in cells)
    assert not any(cell.hyperlink for cell in cells)


def test_nothing_to_write_is_said_and_is_no_failure(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _evaluate(paths, 1)
    assert run(["defects", "--don-vi", "H02.31", "--out", str(tmp_path / "so")]) == 0
    assert "Không có lỗi nào đang mở" in capfd.readouterr().out
    assert not (tmp_path / "so").exists()


def test_an_unknown_agency_and_a_warehouse_never_checked_are_told_apart(
    paths: DataPaths, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["defects", "--out", str(tmp_path / "so")]) == 3
    assert "chạy `kho run`" in capfd.readouterr().err
    _evaluate(paths, 1)
    assert run(["defects", "--don-vi", "X", "--out", str(tmp_path / "so")]) == 2
    assert "không có đơn vị" in capfd.readouterr().err


def test_a_mended_defect_leaves_the_workbook_and_one_that_returns_says_so(paths: DataPaths, tmp_path: Path) -> None:
    def set_number(value: str) -> None:
        with duckdb.connect(str(paths.warehouse_file)) as connection:
            connection.execute(
                "update stg.stg_dvc__ho_so set so_dinh_danh = ?, ten_tthc = 'T' where ma_don_vi = 'H02.28'", [value]
            )

    def intervals() -> list[tuple[Any, ...]]:
        with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
            return connection.execute(
                "select tu_lan, dong_lan from so_cai.loi "
                "where ma_quy_tac = 'HS_DUNG_08' and ma_don_vi = 'H02.28' order by 1"
            ).fetchall()

    _evaluate(paths, 1)
    set_number("024190098765")
    _evaluate(paths, 2)
    assert intervals() == [(1, 2)]
    assert run(["defects", "--don-vi", "H02.30", "--out", str(tmp_path / "so")]) == 0
    assert not (tmp_path / "so").exists()
    set_number("1234")
    _evaluate(paths, 3)
    assert intervals() == [(1, 2), (3, None)]
    assert run(["defects", "--don-vi", "H02.30", "--out", str(tmp_path / "so")]) == 0
    assert [row[8] for row in _cells(tmp_path / "so" / "loi_H02.30_2025-09-30.xlsx")] == ["Sửa rồi lại có"]


def _set_apart(paths: DataPaths, agency: str, file: str = "abc") -> None:
    """A quarantined row as intake leaves it: the original cells, the fault, and that nothing has mended it."""
    cells = {"Số hồ sơ": "H02.28-250303-0009", "Mã đơn vị": agency, "Người nộp đơn": NAME, "Trạng thái": FORMULA}
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("update so_cai.tep set so_lan = 1")
        connection.execute(
            "insert into so_cai.dong_cach_ly values (?, '', 9, null, ?, null)",
            [file, json.dumps(cells, ensure_ascii=False)],
        )
        connection.execute(
            "insert into chat_luong.cach_ly (ma_tep, trang_tinh, dong, ly_do, cot, trang_thai, ma_ly_do, "
            "nguon_du_lieu) values (?, '', 9, "
            "'Giá trị bắt buộc không có trong danh mục', 'trang_thai', 'con', 'ngoai_danh_muc', "
            "'dvc/ho_so')",
            [file],
        )


def _rows_set_apart(file: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(file)["Dòng cách ly"].iter_rows(min_row=2, values_only=True))


def test_a_quarantined_row_goes_to_its_agency_with_the_faulty_cell_and_no_other(
    paths: DataPaths, tmp_path: Path
) -> None:
    _evaluate(paths, 1)
    _set_apart(paths, " H02.28 ")
    out = tmp_path / "so"
    assert run(["defects", "--don-vi", "H02.30", "--out", str(out)]) == 0
    (line,) = _rows_set_apart(out / "loi_H02.30_2025-09-30.xlsx")
    assert line[1:5] == (
        "Giá trị bắt buộc không có trong danh mục",
        "Mã hồ sơ: H02.28-250303-0009",
        "Trạng thái",
        FORMULA,
    )
    assert line[8:11] == ("dvc/ho_so/tệp.xlsx", "", 9)
    assert "danh mục" in line[5]
    assert line[6].date() == date(2025, 10, 10)
    book = openpyxl.load_workbook(out / "loi_H02.30_2025-09-30.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(NAME in str(cell.value) for cell in cells)


def test_a_quarantined_row_without_a_known_agency_goes_to_the_data_owner(paths: DataPaths, tmp_path: Path) -> None:
    _evaluate(paths, 1)
    _set_apart(paths, "UBND phường nào đó")
    assert run(["defects", "--out", str(tmp_path / "so")]) == 0
    assert len(_rows_set_apart(tmp_path / "so" / "loi_chu_quan_du_lieu_2025-09-30.xlsx")) == 1
    assert "Dòng cách ly" not in openpyxl.load_workbook(tmp_path / "so" / "loi_H02.30_2025-09-30.xlsx").sheetnames


def test_defects_of_an_older_ledger_become_intervals(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "cu.duckdb")) as connection:
        connection.execute("create schema so_cai")
        connection.execute(
            "create table so_cai.loi (so_lan bigint, ma_quy_tac varchar, khoa varchar, ma_don_vi varchar, "
            "ma_tep varchar, trang_tinh varchar, dong bigint)"
        )
        connection.execute("create table so_cai.ket_qua_kiem_tra (so_lan bigint, ma_quy_tac varchar)")
        connection.executemany("insert into so_cai.ket_qua_kiem_tra values (?, 'Q')", [[1], [2], [3], [4]])
        connection.executemany(
            "insert into so_cai.loi values (?, 'Q', ?, null, 't', '', ?)",
            [[1, "a", 1], [2, "a", 2], [4, "a", 4], [2, "b", 1], [3, "b", 1]],
        )
        create_warehouse(connection)
        rows = connection.execute("select khoa_loi, dong, tu_lan, dong_lan from so_cai.loi order by all").fetchall()
        left = connection.execute("select 1 from duckdb_tables() where table_name = 'loi_tung_lan'").fetchall()
    assert rows == [("a", 2, 1, 3), ("a", 4, 4, None), ("b", 1, 2, 4)]
    assert left == []
