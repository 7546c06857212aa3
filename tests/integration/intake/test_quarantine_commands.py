"""``kho quarantine``: what is open is listed without a cell, handed out owner-only, and read again after a repair."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from intake_exports import ROWS, csv_text

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
    sheet = openpyxl.load_workbook(target)["dvc ho_so"]
    assert "dữ liệu cá nhân" in sheet["A1"].value
    headers = [cell.value for cell in sheet[3]]
    row = dict(zip(headers, sheet[4], strict=True))
    assert (row["Chủ hồ sơ"].value, row["Dòng"].value) == (PERSON, "2")
    assert (row["Mã hồ sơ"].value, row["Mã hồ sơ"].data_type) == ("=HYPERLINK(1)", "s")
    assert "Mã đơn vị: Thiếu giá trị bắt buộc" in row["Lỗi cần sửa"].value


def test_export_never_writes_over_a_file(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "cach_ly.xlsx"
    target.write_text("của tôi", encoding="utf-8")
    assert run(["quarantine", "export", str(target)]) == 2
    assert target.read_text(encoding="utf-8") == "của tôi"


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
    assert run(["quarantine", "list"]) == 2
    assert run(["quarantine", "list", "--nguon", "khong/co"]) == 2
