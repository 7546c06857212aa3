"""``kho sql`` without a question, several questions at once, and what a workbook or a file for Excel tells."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
import tiny

from pipelines.cli.main import run as kho
from pipelines.cli.terminal.session import names_of
from pipelines.config.paths import DataPaths


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPaths:
    paths = tiny.build(tmp_path / "data", "v1", 1500)
    tiny.release(paths, "v1")
    monkeypatch.setenv("KHO_DATA", str(paths.root))
    return paths


def asked(text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    code = kho(["sql"])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_questions_over_several_lines_and_several_on_one(
    published: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = asked("select 1\n as mot; select 2 as hai;\nexit\nselect 3 as ba;\n", monkeypatch, capsys)
    assert code == 0
    assert "mot" in out
    assert "hai" in out
    assert "ba" not in out


def test_a_last_question_without_a_semicolon_is_answered(
    published: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = asked("select 41 + 1 as so", monkeypatch, capsys)
    assert (code, "42" in out) == (0, True)


def test_words_of_the_session(
    published: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = asked(".help\n.bang dang ky\n.cot tthc.ho_so\n.macro\n.cot x'; --\n.la\n", monkeypatch, capsys)
    assert code == 0
    for word in (".bang [MẪU]", "ho_tich.dang_ky", "so_tien", "tthc.bieu(tu_ngay, den_ngay)"):
        assert word in out
    assert "van_hanh.xuat_ban" not in out
    assert err.count("không có lệnh") == 2


def test_a_wrong_question_in_a_pipe_ends_it_with_2(
    published: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = asked("select so_tie from tthc.ho_so;\nselect 1 as mot;\n", monkeypatch, capsys)
    assert (code, out) == (2, "")
    assert "so_tien" in err  # DuckDB's own hint


@pytest.mark.parametrize("question", ["", "  ", "drop table tthc.ho_so", "copy tthc.ho_so to 'x'", "selec 1"])
def test_wrong_and_forbidden_questions_end_with_2(published: DataPaths, question: str) -> None:
    assert kho(["sql", question]) == 2


@pytest.mark.parametrize(
    "options", [["--format", "csv"], ["--format", "xlsx"], ["--format", "csv", "--excel"], ["--out", "a.csv"]]
)
def test_what_shapes_one_answer_needs_a_question(
    published: DataPaths, options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("select 1 as mot;\n"))
    assert kho(["sql", *options]) == 2
    printed = capsys.readouterr()
    assert (printed.out, "[CÂU SQL]" in printed.err) == ("", True)


def test_names_to_complete(published: DataPaths) -> None:
    names = names_of(published, None)
    assert names.candidates("select ", "tthc.") == ["tthc.ho_so", "tthc.bieu("]
    assert names.candidates("select so_ from tthc.ho_so", "so_")[0] == "so_tien"
    assert names.candidates("sel", "sel") == ["SELECT"]


def test_csv_that_excel_opens(published: DataPaths, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    question = "select 'Đã trả; =1' as a, 12.5 as b, 1500 as c, date '2025-09-30' as d, null as e"
    assert kho(["sql", question, "--format", "csv", "--excel", "--out", str(out)]) == 0
    assert out.read_bytes().decode("utf-8") == '\ufeffa;b;c;d;e\r\n"Đã trả; =1";12,5;1500;2025-09-30;\r\n'
    assert kho(["sql", question, "--excel"]) == 2


def test_a_workbook_says_what_it_holds(published: DataPaths, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    question = "select ma_ho_so, so_tien, ngay, so_tien / 7.0 as chia, '=1+1' as cong_thuc from tthc.ho_so"
    assert kho(["sql", question, "--format", "xlsx", "--out", str(out)]) == 0
    book = openpyxl.load_workbook(out)
    sheet = book["Kết quả"]
    assert (sheet.max_row, sheet.freeze_panes, sheet.auto_filter.ref) == (1001, "A2", "A1:E1001")
    assert (sheet["B2"].value, sheet["B2"].number_format) == (1500, "#,##0")
    assert (sheet["C2"].number_format, sheet["E2"].value, sheet["E2"].data_type) == ("dd/mm/yyyy", "=1+1", "s")
    assert sheet.column_dimensions["A"].width > 8
    told = {row[0]: row[1] for row in book["Nguồn"].iter_rows(values_only=True)}
    assert told["Câu hỏi"] == question
    assert told["Ngày số liệu"] == "30/09/2025"
    assert told["Phiên bản"] == "v1"
    assert told["so_tien"] == "Cột."
    assert told["chia"] == "(cột do câu hỏi tạo ra)"
