"""Columns of dates in which day and month stand the other way: none of their dates is read, and the column is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.intake.one_file import read, workbook

FEED = "dvc/ho_so"
HEAD = "Mã hồ sơ;Mã đơn vị;Ngày tiếp nhận;Trạng thái;Ngày hẹn trả"
DAYS = [(6, 13), (6, 5), (6, 28), (7, 1), (6, 4)]
"""Month and day."""


def _text(cells: list[str]) -> str:
    rows = [f"H02.16-240603-{i:04};H02.16;23/06/2024;10;{cell}" for i, cell in enumerate(cells)]
    return "\n".join([HEAD, *rows, ""])


@pytest.mark.parametrize(
    "spelling",
    [
        "{m}/{d}/2024, 2:30:00 PM", "\u200e{m}\u200e/\u200e{d}/2024", "{m}/{d}/24", "{m:02}-{d:02}-24 10:00",
        "14:30 {m:02}/{d:02}/2024", "14:30:05, {m}.{d}.24", "2h30 chiều ngày {m}/{d}/2024", "lúc 14:30 {m}/{d}/2024",
        "{m:02} / {d:02} / 2024", "Thứ 2, {m}/{d}/2024", "ngày {m}/{d}/2024", "{m}/{d}/2024T14:30", "'{m}/{d}/2024",
        '="{m}/{d}/2024"', "2024-{d:02}-{m:02}", "2024/{d}/{m}", "2024-{d:02}-{m:02}T14:30:00", "14:30 2024-{d}-{m}",
        "2024 - {d:02} - {m:02}", "2024-{d:02}-{m:02} 14:30:00.000+07:00",
    ],
)  # fmt: skip
def test_turned_column_is_not_half_read_in_any_spelling(tmp_path: Path, spelling: str) -> None:
    found = read(tmp_path, FEED, "a.csv", _text([spelling.format(m=m, d=d) for m, d in DAYS]))
    assert found.column("ngay_hen_tra") == [None] * len(DAYS)
    turned = spelling.index("{d") < spelling.index("{m")
    assert found.doubts == [("ngay_hen_tra", "ngay_bi_dao" if turned else "thang_truoc_ngay")]
    assert [reason for _, name, reason, _ in found.faults if name == "ngay_hen_tra"] == ["khong_doc_duoc"] * len(DAYS)


@pytest.mark.parametrize(
    "spelling",
    ["{d}/{m}/2024, 2:30:00 PM", "{d}/{m}/24", "14:30 {d:02}/{m:02}/2024", "{d:02} / {m:02} / 2024", "2024-{m}-{d}"],
)
def test_the_same_spellings_in_their_order_are_read_as_ever(tmp_path: Path, spelling: str) -> None:
    found = read(tmp_path, FEED, "a.csv", _text([spelling.format(m=m, d=d) for m, d in DAYS]))
    assert [(day.month, day.day) for day in found.column("ngay_hen_tra") if day] == DAYS
    assert found.doubts == []


def test_real_dates_beside_month_first_texts_are_still_read(tmp_path: Path) -> None:
    found = read(tmp_path, FEED, "a.csv", _text(["6/13/24", "6/5/24", "6/28/24", "2024-06-20", "2024-06-04"]))
    assert [day.day for day in found.column("ngay_hen_tra") if day] == [20, 4]
    assert found.doubts == [("ngay_hen_tra", "thang_truoc_ngay")]


def test_one_date_of_a_few_proves_the_order(tmp_path: Path) -> None:
    found = read(tmp_path, FEED, "a.csv", _text(["06/13/2024", "06/05/2024", "06/07/2024"]))
    assert found.column("ngay_hen_tra") == [None] * 3
    assert found.doubts == [("ngay_hen_tra", "thang_truoc_ngay")]


def test_one_mistyped_date_among_days_beyond_the_twelfth_is_its_own_fault(tmp_path: Path) -> None:
    found = read(tmp_path, FEED, "a.csv", _text(["06/13/2024", "20/06/2024", "07/06/2024"]))
    assert [day and day.day for day in found.column("ngay_hen_tra")] == [None, 20, 7]
    assert found.doubts == []


def _two_columns(received: list[str], due: list[str], number: int = 0) -> list[list[str]]:
    rows = zip(received, due, strict=True)
    return [[f"H02.16-240603-{number + i:04}", "H02.16", one, "10", two] for i, (one, two) in enumerate(rows)]


@pytest.mark.parametrize("elsewhere", ["07/01/2024 08:00", "07/01/24", "lúc 08:00 07/01/2024"])
def test_what_one_column_proves_holds_for_those_that_prove_nothing(tmp_path: Path, elsewhere: str) -> None:
    rows = _two_columns(["06/13/2024", "06/15/2024", "06/03/2024"], [elsewhere, elsewhere, ""])
    found = read(tmp_path, FEED, "a.csv", "\n".join([HEAD, *(";".join(row) for row in rows), ""]))
    assert found.column("ngay_tiep_nhan") == found.column("ngay_hen_tra") == [None] * 3
    assert found.doubts == [(name, "thang_truoc_ngay") for name in ("ngay_tiep_nhan", "ngay_hen_tra")]


def test_columns_in_another_order_or_spelling_are_read_beside_a_turned_one(tmp_path: Path) -> None:
    for due in (["20/06/2024", "05/07/2024"], ["2024-07-05", "2024-07-06"], ["05-07-2024", ""], ["5/7/2024", ""]):
        rows = _two_columns(["06/13/2024", "06/15/2024"], due)
        found = read(tmp_path, FEED, "a.csv", "\n".join([HEAD, *(";".join(row) for row in rows), ""]))
        assert [bool(day) for day in found.column("ngay_hen_tra")] == [bool(day) for day in due]


def test_sheets_of_one_file_are_in_one_order(tmp_path: Path) -> None:
    june, july = _two_columns(["06/13/2024"] * 2, [""] * 2), _two_columns(["07/01/2024"] * 2, [""] * 2, 10)
    found = read(tmp_path, FEED, "a.xlsx", workbook({"6": [HEAD.split(";"), *june], "7": [HEAD.split(";"), *july]}))
    assert found.sound == []
    assert found.doubts == [("ngay_tiep_nhan", "thang_truoc_ngay")] * 2


def test_days_beside_a_column_that_a_spreadsheet_has_turned_are_in_doubt(tmp_path: Path) -> None:
    rows = _two_columns(["13/06/2024", "2024-03-06", "2024-04-06", "14/06/2024"], ["2024-05-06"] * 4)
    found = read(tmp_path, FEED, "a.csv", "\n".join([HEAD, *(";".join(row) for row in rows), ""]))
    assert found.doubts == [("ngay_tiep_nhan", "ngay_bi_dao"), ("ngay_hen_tra", "ngay_bi_dao")]
    assert [day.day for day in found.column("ngay_hen_tra")] == [6] * 4
