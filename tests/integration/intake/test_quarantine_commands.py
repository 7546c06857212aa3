"""``kho quarantine``: what is open is listed without a cell, handed out owner-only, and read again after a repair."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from intake_exports import ROWS, csv_text

from pipelines import sheets
from pipelines.cli.main import run
from pipelines.cli.terminal import console
from pipelines.job import load_job
from pipelines.nightly import ingest, prepare

PERSON = "Nguyễn Thị Ngọc Ánh"
FEED = "dvc/ho_so"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "khóa thử dài hơn ba mươi hai byte")
    monkeypatch.setenv("KHO_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(console._out, "width", 250)
    folder = tmp_path / "data" / "raw" / FEED
    folder.mkdir(parents=True)
    rows = [["=HYPERLINK(1)", None, PERSON, *ROWS[0][3:]], *ROWS[1:]]
    (folder / "a.csv").write_text(csv_text(rows), encoding="utf-8")
    (folder / "b.csv").write_text("không có gì", encoding="utf-8")
    job = load_job()
    ingest(job, prepare(job, date(2025, 10, 1)))
    return tmp_path / "data"


def test_list_names_file_field_and_reason_but_no_cell(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quarantine", "list"]) == 1
    shown = capsys.readouterr().out
    assert "a.csv" in shown and "b.csv" in shown and "Mã đơn vị" in shown and "Thiếu giá trị bắt buộc" in shown
    assert PERSON not in shown and "HYPERLINK" not in shown


def test_export_is_owner_only_text_with_the_original_cells(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "cach_ly.xlsx"
    assert run(["quarantine", "export", str(target)]) == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    book = openpyxl.load_workbook(target)
    assert "dữ liệu cá nhân" in book["Lưu ý"]["A1"].value
    sheet = book["dvc ho_so"]
    headers = [cell.value for cell in sheet[1]]
    row = dict(zip(headers, sheet[2], strict=True))
    assert (row["Chủ hồ sơ"].value, row["Dòng"].value) == (PERSON, 2)
    assert (row["Mã hồ sơ"].value, row["Mã hồ sơ"].data_type) == ("=HYPERLINK(1)", "s")
    assert "Mã đơn vị: Thiếu giá trị bắt buộc" in row["Lỗi cần sửa"].value


def test_export_never_writes_over_a_file(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "cach_ly.xlsx"
    target.write_text("của tôi", encoding="utf-8")
    assert run(["quarantine", "export", str(target)]) == 2
    assert target.read_text(encoding="utf-8") == "của tôi"


def test_no_row_is_lost_where_a_sheet_is_full(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["=HYPERLINK(1)", None, f"{PERSON} {n}", *ROWS[0][3:]] for n in range(5)]
    (data / "raw" / FEED / "c.csv").write_text(csv_text(rows), encoding="utf-8")
    job = load_job()
    ingest(job, prepare(job, date(2025, 10, 2)))
    monkeypatch.setattr(sheets, "SHEET_ROWS", 3)  # a header and two lines
    target = tmp_path / "cach_ly.xlsx"
    assert run(["quarantine", "export", str(target)]) == 0
    book = openpyxl.load_workbook(target)
    pages = [sheet for sheet in book.worksheets if sheet.title != "Lưu ý"]
    assert [sheet.title for sheet in pages] == ["dvc ho_so", "dvc ho_so 2", "dvc ho_so 3"]
    lines = [line for sheet in pages for line in sheet.iter_rows(min_row=2, values_only=True)]
    assert {cell for line in lines for cell in line if str(cell).startswith(PERSON)} == {
        PERSON, *(f"{PERSON} {n}" for n in range(5))
    }  # fmt: skip


def test_no_cell_is_lost_where_a_sheet_has_no_more_columns(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with load_job().warehouse() as connection:
        cells = {f"Cột {n}": f"ô {n}" for n in range(9)}
        connection.execute("UPDATE so_cai.dong_cach_ly SET noi_dung = ?", [json.dumps(cells, ensure_ascii=False)])
    monkeypatch.setattr("pipelines.cli.quarantine.SHEET_COLUMNS", 8)
    target = tmp_path / "cach_ly.xlsx"
    assert run(["quarantine", "export", str(target)]) == 0
    found: dict[str, str] = {}
    for sheet in openpyxl.load_workbook(target).worksheets:
        if sheet.title != "Lưu ý":
            assert sheet.max_column <= 8
            assert [cell.value for cell in sheet[1]][:4] == ["Tệp", "Trang tính", "Dòng", "Lỗi cần sửa"]
            found |= dict(zip(*([cell.value for cell in row][4:] for row in (sheet[1], sheet[2])), strict=True))
    assert found == cells


@pytest.mark.parametrize("failure", [ValueError, OSError])
def test_an_export_that_fails_leaves_nothing_in_the_way_of_the_next(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    target = tmp_path / "cach_ly.xlsx"

    def broken(*_: object, **__: object) -> None:
        raise failure

    with monkeypatch.context() as harm:
        harm.setattr(sheets.Pages, "put", broken)
        assert run(["quarantine", "export", str(target)]) != 0
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert run(["quarantine", "export", str(target)]) == 0


def test_export_to_a_folder_that_is_not_there_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["quarantine", "export", str(tmp_path / "khong" / "co.xlsx")]) == 2
    assert "không có tệp hoặc thư mục này" in " ".join(capsys.readouterr().err.split())


def test_retry_beside_a_running_night_says_who_is_at_work(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import time; from pipelines.config.paths import data_paths; from pipelines.warehouse import lock; "
        "lock.take(data_paths(), 'kho run', '2025-10-01T01:00:00'); print('x', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            assert run(["quarantine", "retry"]) == 3
        finally:
            holder.kill()
    assert "đang dùng thư mục dữ liệu" in " ".join(capsys.readouterr().err.split())


def test_a_file_that_was_never_read_is_no_file_to_retry(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "raw" / FEED / "b.csv").write_text(csv_text(), encoding="utf-8")
    assert run(["quarantine", "retry", "--tep", f"{FEED}/bb.csv", "--tep", f"{FEED}/b.csv"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert f"“{FEED}/bb.csv”" in told and f"Có phải ý bạn là “{FEED}/b.csv”" in told
    with load_job().warehouse(read_only=True) as connection:  # the other file was not read either
        refused = connection.execute("SELECT ten_tep FROM so_cai.tep WHERE trang_thai = 'tu_choi'").fetchall()
    assert refused == [(f"{FEED}/b.csv",)]


def test_retry_reads_again_and_doubles_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quarantine", "retry"]) == 1
    (data / "raw" / FEED / "b.csv").write_text(csv_text(), encoding="utf-8")
    assert run(["quarantine", "retry", "--tep", f"{FEED}/b.csv"]) == 0
    with load_job().warehouse(read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM so_cai.dong_cach_ly").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) FROM tho.dvc__ho_so").fetchall() == [(5,)]
    assert PERSON not in capsys.readouterr().out


def test_unknown_feed_and_missing_warehouse_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHO_DATA", str(tmp_path / "trong"))
    for command in (["list"], ["export", str(tmp_path / "a.xlsx")], ["retry"]):
        assert run(["quarantine", *command]) == 3
    assert run(["quarantine", "list", "--nguon", "khong/co"]) == 2
    assert not (tmp_path / "a.xlsx").exists()
