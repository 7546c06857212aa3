"""Bad questions to ``kho report``, ``kho work``, ``kho page``: a sentence, exit 2, nothing half written."""

from __future__ import annotations

from pathlib import Path

import docx
import duckdb
import pytest

from pipelines.cli.main import run
from pipelines.config.paths import DataPaths
from pipelines.papers.drawing import FOLDER
from pipelines.warehouse.database import HELD
from pipelines.warehouse.schema import create_tables
from tests.integration.papers import published as paper_published
from tests.unit.pages import published as page_published
from tests.unit.warehouse.test_patience import read_for

JULY = ["--tu", "2025-07-01", "--den", "2025-07-31"]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "ra"
    folder.mkdir()
    return folder


def refused(arguments: list[str], out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(arguments) == 2
    assert list(out.iterdir()) == []
    said = capsys.readouterr()
    assert said.out == ""
    assert "Error" not in said.err
    return said.err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--don-vi", "H99"], "không có đơn vị “H99”"),
        (["--tu", "2031-01-01", "--den", "2031-01-31"], "chưa có số liệu"),
        (["--tu", "1999-01-01", "--den", "1999-01-31"], "không có hồ sơ nào trong kỳ"),
        (["--tu", "2025-07-31", "--den", "2025-07-01"], "--tu phải không muộn hơn --den"),
        (["--phien-ban", "2020-01-01.abc"], "không có"),
        (["--mau", "khong_co.docx"], "không có tệp mẫu"),
        (["--tu", "hôm qua"], "phải là ngày dạng"),
        (["--tu", "1000-01-01", "--den", "9999-12-31"], "năm phải từ 1900 đến 2100"),
        (["--den", "31/12/9999"], "năm phải từ 1900 đến 2100"),
    ],
)
def test_reports_that_cannot_be_asked_for(
    data: DataPaths, out: Path, more: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    paper_published.publish(data.marts)
    assert sentence in refused(["report", "kstthc", *JULY, *more, "--out", str(out / "a.docx")], out, capsys)


def test_a_template_with_an_unknown_field_is_named(
    data: DataPaths, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper_published.publish(data.marts)
    template = docx.Document(str(FOLDER / "kstthc.docx"))
    template.add_paragraph("{{ so.khong_co }}")
    template.save(str(tmp_path / "mau.docx"))
    arguments = ["report", "kstthc", *JULY, "--mau", str(tmp_path / "mau.docx"), "--out", str(out / "a.docx")]
    assert "trường không có “khong_co”" in refused(arguments, out, capsys)


def test_a_report_that_cannot_be_read_back(
    data: DataPaths, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper_published.publish(data.marts)
    (tmp_path / "hong.docx").write_bytes(b"PK\x03\x04hong")
    for report, sentence in ((tmp_path / "hong.docx", "không đọc được"), (tmp_path / "mat.docx", "không có tệp")):
        arguments = ["report", "kstthc", *JULY, "--kiem", str(report), "--out", str(out / "kiem.xlsx")]
        assert sentence in refused(arguments, out, capsys)


def test_a_place_that_cannot_be_written(
    data: DataPaths, tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tep").write_text("x", encoding="utf-8")
    paper_published.publish(data.marts)
    for place, words in ((out / "khong" / "co", "không có tệp hoặc thư mục này"), (tmp_path / "tep", "là tệp")):
        said = refused(["report", "kstthc", *JULY, "--out", str(place / "a.docx")], out, capsys)
        assert f"không ghi được {place / 'a.docx'}: " in said
        assert words in said
    data.marts_file.unlink()
    page_published.publish(data.marts)
    assert "không ghi được" in refused(["work", "--out", str(out / "khong" / "a.xlsx")], out, capsys)
    assert "không ghi được" in refused(["page", "--out", str(tmp_path / "tep" / "trang")], out, capsys)
    (tmp_path / "khac").mkdir()
    (tmp_path / "khac" / "thu").write_text("x", encoding="utf-8")
    assert "thứ khác" in refused(["page", "--out", str(tmp_path / "khac")], out, capsys)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--don-vi", "H99"], "không có đơn vị “H99”"),
        (["--out", "a.docx"], "phải là tệp .xlsx"),
        (["--da-xem"], "cần mã cảnh báo"),
        (["--da-xem", "a"], "ai đã xem"),
        (["--da-xem", "a", "--vai", "Nguyễn Văn A"], "không ghi tên người"),
        (["--da-xem", "--don-vi", "H05.03", "--out", "a.xlsx"], "không đi cùng --out"),
        (["qua_han:x"], "chỉ đi cùng --da-xem"),
    ],
)
def test_lists_that_cannot_be_asked_for(
    data: DataPaths, out: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page_published.publish(data.marts)
    assert sentence in refused(["work", *arguments], out, capsys)


def test_a_held_group_is_said_and_the_paper_is_written(
    data: DataPaths, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper_published.publish(data.marts)
    with duckdb.connect(str(data.marts_file)) as db:
        db.execute("UPDATE van_hanh.xuat_ban SET trang_thai = 'giu_ban_cu', ly_do = 'quy tắc HS_1 không đạt' "
                   "WHERE nhom_mart = 'tthc'")  # fmt: skip
    assert run(["report", "kstthc", *JULY, "--out", str(out / "a.docx")]) == 0
    assert "Thủ tục hành chính" in capsys.readouterr().out
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(out / "a.docx")).paragraphs)
    assert "quy tắc HS_1 không đạt" in text


def test_marks_need_a_warehouse_that_keeps_them(
    data: DataPaths, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page_published.publish(data.marts)
    arguments = ["work", "--da-xem", "--don-vi", "H05.03"]
    assert run(arguments) == 3
    assert "chạy `kho run` trước" in capsys.readouterr().err
    data.prepare()
    duckdb.connect(str(data.warehouse_file)).close()
    assert run(arguments) == 3
    assert "chạy `kho run` trước" in capsys.readouterr().err
    with duckdb.connect(str(data.warehouse_file)) as db:
        create_tables(db, [])
    assert run(arguments) == 0
    assert "Không có cảnh báo nào đang mở của H05.03" in capsys.readouterr().out
    with duckdb.connect(str(data.warehouse_file)) as db:
        db.execute("INSERT INTO so_cai.vong_doi_canh_bao (ma_canh_bao, ma_don_vi, mo_lan) "
                   "VALUES ('qua_han:x', 'H05.03', 1)")  # fmt: skip
    assert run(arguments) == 0
    assert "Đã ghi 1 cảnh báo là đã xem, vai H05.03" in capsys.readouterr().out
    assert run(arguments) == 0
    assert "(1 đã đánh dấu từ trước)" in capsys.readouterr().out
    monkeypatch.setattr("pipelines.job.PATIENCE", 0)
    with read_for(data.warehouse_file, 60):
        assert run(arguments) == 3
    assert HELD in capsys.readouterr().err
