"""Read right or say so: quotes, apostrophes and delimiters of text files, one unlike the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.dossier_rows import FEED, HEAD, csv_of, row_of
from tests.unit.intake.one_file import read


def test_blanks_between_delimiter_and_quote(tmp_path: Path) -> None:
    rows = [[f'"{cell}"' for cell in row] for row in (HEAD, row_of(1), row_of(2))]
    assert read(tmp_path, FEED, "a.csv", csv_of(rows, ", ")).sound == [2, 3]


def test_quotes_escaped_by_a_backslash(tmp_path: Path) -> None:
    head = [*HEAD, "Chủ hồ sơ"]
    rows = [[*row_of(1), '"Công ty \\"Thử, Mẫu\\" Một"'], [*row_of(2), "Lê Mẫu"]]
    found = read(tmp_path, FEED, "a.csv", csv_of([head, *rows], ","))
    assert found.column("chu_ho_so") == ['Công ty "Thử, Mẫu" Một', "Lê Mẫu"]


def test_lines_that_stand_in_quotes_as_a_whole(tmp_path: Path) -> None:
    text = "".join(f'"{",".join(row)}"\r\n' for row in (HEAD, row_of(1), row_of(2)))
    assert read(tmp_path, FEED, "a.csv", "\ufeff" + text).sound == [2, 3]


@pytest.mark.parametrize(("header", "rows"), [(",", ";"), (";", ","), ("\t", "|"), (";", "\t")])
@pytest.mark.parametrize("ordinal", [False, True])
def test_header_with_another_delimiter_than_its_rows_is_refused(
    tmp_path: Path, header: str, rows: str, ordinal: bool
) -> None:
    first = ["STT"] if ordinal else []
    lines = [["1"] * ordinal + row_of(i) for i in range(1, 4)]
    with pytest.raises(FileRefusedError, match="một dấu phân cách"):
        read(tmp_path, FEED, "a.csv", csv_of([first + HEAD], header) + csv_of(lines, rows))


def test_record_with_another_delimiter_is_set_apart(tmp_path: Path) -> None:
    rows = [[str(i), *row_of(i)] for i in range(1, 6)]
    text = csv_of([["STT", *HEAD], *rows[:4]], ";") + csv_of(rows[4:], ",")
    found = read(tmp_path, FEED, "a.csv", text)
    assert (len(found.rows), found.sound) == (5, [2, 3, 4, 5])


@pytest.mark.parametrize("line", ["---", ":---:", "-----------"])
def test_line_below_the_header_and_count_of_a_query_are_no_rows(tmp_path: Path, line: str) -> None:
    text = csv_of([HEAD, [line] * len(HEAD), row_of(1), row_of(2)], "|") + "(2 rows)\n"
    found = read(tmp_path, FEED, "a.csv", text)
    assert (found.sound, found.faults) == ([3, 4], [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_in_apostrophes_are_read_as_those_in_quotes(tmp_path: Path, delimiter: str) -> None:
    rows = [["Mã TTHC", "Tên TTHC"], ["1.001193", 'Cấp "sổ", đổi tên'], ["1.001194", "Nhập hộ; H''Blim"]]
    text = "".join(delimiter.join(f"'{cell}'" for cell in row) + "\r\n" for row in rows)
    found = read(tmp_path, "dvcqg/tthc", "a.csv", text)
    assert found.column("ma_tthc_qg") == ["1.001193", "1.001194"]
    assert found.column("ten_tthc") == ['Cấp "sổ", đổi tên', "Nhập hộ; H'Blim"]
    assert found.faults == []


def test_apostrophe_that_forces_a_text_is_no_quote(tmp_path: Path) -> None:
    text = "'Mã TTHC;'Tên TTHC\n'1.001193;'Cấp sổ\n"
    assert read(tmp_path, "dvcqg/tthc", "a.csv", text).column("ma_tthc_qg") == ["1.001193"]
