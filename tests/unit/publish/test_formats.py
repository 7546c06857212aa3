"""Answers in each form: dates ISO, numbers as numbers, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.publish import formats
from pipelines.publish.formats import FormatError

COLUMNS = ("ma", "so", "tien", "ngay", "luc", "co", "trong")
ROW = ("H02", 3, Decimal("15.680000"), date(2025, 9, 30), datetime(2025, 9, 30, 8, 5), True, None)
RISKY = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK('x')"]


def write(form: str, out: Path, columns: tuple[str, ...] = COLUMNS, rows: list[tuple[Any, ...]] | None = None) -> Path:
    formats.write(columns, [ROW] if rows is None else rows, form, out)
    return out


def test_json_is_an_array_of_objects_with_exact_numbers_and_iso_dates(tmp_path: Path) -> None:
    text = write("json", tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text, parse_float=Decimal) == [
        {
            "ma": "H02",
            "so": 3,
            "tien": Decimal("15.68"),
            "ngay": "2025-09-30",
            "luc": "2025-09-30T08:05:00",
            "co": True,
            "trong": None,
        }
    ]


def test_json_of_nothing_is_an_empty_array(tmp_path: Path) -> None:
    assert json.loads(write("json", tmp_path / "a.json", rows=[]).read_text(encoding="utf-8")) == []


def test_json_has_no_infinity_and_no_name_twice(tmp_path: Path) -> None:
    out = write("json", tmp_path / "a.json", ("a", "a", "b"), [(1, float("inf"), [Decimal("1.5"), None])])
    assert json.loads(out.read_text(encoding="utf-8")) == [{"a": 1, "a_2": None, "b": [1.5, None]}]


@given(st.text(), st.decimals(allow_nan=False, allow_infinity=False, places=6), st.integers())
def test_json_keeps_every_value(text: str, number: Decimal, whole: int) -> None:
    parsed = json.loads(
        "[" + ",".join(formats._json(v) for v in (text, number, whole)) + "]", parse_float=Decimal, parse_int=int
    )
    assert parsed[0] == text
    assert Decimal(parsed[1]) == number
    assert parsed[2] == whole


def test_csv_is_iso_with_empty_nulls(tmp_path: Path) -> None:
    text = write("csv", tmp_path / "a.csv").read_text(encoding="utf-8")
    assert text == "ma,so,tien,ngay,luc,co,trong\nH02,3,15.680000,2025-09-30,2025-09-30T08:05:00,true,\n"


@pytest.mark.parametrize("text", RISKY)
def test_csv_text_that_looks_like_a_formula_gets_an_apostrophe_and_json_keeps_it(tmp_path: Path, text: str) -> None:
    out = write("csv", tmp_path / "a.csv", (text,), [(text,)])
    with out.open(encoding="utf-8", newline="") as handle:
        assert list(csv.reader(handle)) == [["'" + text], ["'" + text]]
    out = write("json", tmp_path / "a.json", ("a",), [(text,)])
    assert json.loads(out.read_text(encoding="utf-8")) == [{"a": text}]


@pytest.mark.parametrize("value", ["-5", "+84912345678", "-1.204,5", -5, Decimal("-5"), date(2025, 1, 1)])
def test_csv_leaves_plain_numbers_alone(tmp_path: Path, value: Any) -> None:
    out = write("csv", tmp_path / "a.csv", ("a",), [(value,)])
    assert "'" not in out.read_text(encoding="utf-8")


def test_xlsx_text_is_never_a_formula_and_numbers_are_numbers(tmp_path: Path) -> None:
    out = write("xlsx", tmp_path / "a.xlsx", ("=A1", *COLUMNS), [(text, *ROW) for text in [*RISKY, "http://x"]])
    sheet = openpyxl.load_workbook(out)["Kết quả"]
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    assert sheet.cell(1, 1).value == "=A1"
    first = [sheet.cell(2, i).value for i in range(1, 9)]
    assert first == ["=1+1", "H02", 3, 15.68, datetime(2025, 9, 30), datetime(2025, 9, 30, 8, 5), True, None]


def test_xlsx_keeps_digits_that_a_cell_would_round(tmp_path: Path) -> None:
    out = write("xlsx", tmp_path / "a.xlsx", ("a",), [(1234567890123456789,)])
    assert openpyxl.load_workbook(out).active.cell(2, 1).value == "1234567890123456789"


def test_xlsx_refuses_what_a_sheet_cannot_hold(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="csv"):
        write("xlsx", tmp_path / "a.xlsx", ("a",), [("x" * 40_000,)])
    with pytest.raises(FormatError, match="--out"):
        formats.write(("a",), [], "xlsx", None)


def test_table_aligns_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    formats.write(("ten", "so"), [("Đặng", 5), ("A\nB", None)], "table", None)
    assert capsys.readouterr().out == "ten   so\n----  --\nĐặng   5\nA B\n(2 dòng)\n"


def test_table_shows_no_control_character_of_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    formats.write(("ten",), [("a\x1b[31mđỏ\x07",)], "table", None)
    assert "\x1b" not in (shown := capsys.readouterr().out)
    assert "\x07" not in shown


@pytest.mark.parametrize("form", ["table", "csv", "json", "xlsx"])
def test_a_file_is_whole_or_untouched(tmp_path: Path, form: str) -> None:
    def breaking() -> Any:
        yield (1,)
        raise FormatError("x")

    out = tmp_path / "a"
    out.write_text("cũ", encoding="utf-8")
    with pytest.raises(FormatError):
        formats.write(("a",), breaking(), form, out)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["cũ"]


def test_rows_are_gone_through_once(tmp_path: Path) -> None:
    for form in ("table", "csv", "json", "xlsx"):
        formats.write(("a",), iter([(n,) for n in range(3)]), form, tmp_path / f"a.{form}")
    read = {form: (tmp_path / f"a.{form}").read_text(encoding="utf-8") for form in ("table", "csv", "json")}
    assert read["table"].split() == ["a", "-", "0", "1", "2", "(3", "dòng)"]
    assert read["csv"] == "a\n0\n1\n2\n"
    assert json.loads(read["json"]) == [{"a": 0}, {"a": 1}, {"a": 2}]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Kết quả"]
    assert list(sheet.iter_rows(values_only=True)) == [("a",), (0,), (1,), (2,)]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_at_a_terminal_sees_days_as_officials_write_them_and_a_pipe_keeps_iso() -> None:
    moments = (date(2025, 9, 3), datetime(2025, 9, 3, 8, 5), datetime(2025, 9, 3, 8, 5, tzinfo=UTC), "2025-09-03", None)
    seen, piped = _Terminal(), io.StringIO()
    for stream in (seen, piped):
        formats.write_table(list("abcde"), [moments], stream)
    assert seen.getvalue().splitlines()[2].split("  ") == [
        "03/09/2025",
        "03/09/2025 08:05:00",
        "03/09/2025 08:05:00+0000",
        "2025-09-03",  # a text is what it is
    ]
    assert piped.getvalue().splitlines()[2].startswith("2025-09-03  2025-09-03T08:05:00  2025-09-03T08:05:00+00:00")
