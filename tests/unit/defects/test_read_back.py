"""What owners do to a workbook before they send it back: each answer is taken or told, none is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.defects.answers import Answer, Kind
from pipelines.defects.read_back import Agencies, ReadBack, ReadBackError, read_back

KEYS = [f"{number:032x}" for number in range(0xA1, 0xA6)]
HEAD = ["STT", "Mã hồ sơ, bản ghi", "Giá trị hiện có", "Trả lời", "Lý do", "Thuộc đơn vị", "Mã lỗi"]
AGENCIES = Agencies(
    {"H05.13": "Sở Tư pháp", "H05.101": "UBND xã Đông Phú", "H05.102": "UBND xã Đông Phú", "000.11": "Sở Y tế"},
    {"000.11": "H05.11"},
)
MENDED, NO_FAULT, NOT_OURS = Kind.MENDED, Kind.NO_FAULT, Kind.NOT_OURS


def _back(
    tmp_path: Path,
    answers: Sequence[Sequence[object]],
    change: Callable[[Any], None] = lambda _: None,
    head: Sequence[object] = HEAD,
    known: Sequence[str] = KEYS,
    *,
    own: str | None = None,
) -> ReadBack:
    """A sheet with a line a key: ``answers`` are answer, reason and whose; then ``change`` works on the sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Danh sách lỗi"
    sheet.append(list(head))
    for number, (key, line) in enumerate(zip(KEYS, answers, strict=False), start=1):
        sheet.append([number, f"H05.13-{number}", "Đúng", *line, *[None] * (3 - len(line)), key])
    change(sheet)
    file = tmp_path / "so.xlsx"
    book.save(file)
    return read_back(file, AGENCIES, dict.fromkeys(known, own))


def _kinds(back: ReadBack) -> dict[str, Kind]:
    return {answer.defect: answer.kind for answer in back.answers}


def test_a_merged_answer_holds_for_every_line_it_covers(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("D2:D4")
        sheet.merge_cells("E2:E4")

    back = _back(tmp_path, [("Không phải lỗi", "số thẻ cũ"), (), (), (), ("Đã sửa",)], merge)
    assert _kinds(back) == {**dict.fromkeys(KEYS[:3], NO_FAULT), KEYS[4]: MENDED}
    assert {answer.reason for answer in back.answers[:3]} == {"số thẻ cũ"}
    assert (back.refused, back.unanswered) == ((), 1)


def test_hidden_rows_and_filtered_copies_answer_as_shown_ones_do(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        copy = sheet.parent.copy_worksheet(sheet)
        copy.delete_rows(3)
        copy.sheet_state = "hidden"

    back = _back(tmp_path, [("đã  SỬA ",), ("Đã sửa",)], hide)
    assert _kinds(back) == dict.fromkeys(KEYS[:2], MENDED)
    assert back.refused == ()


@pytest.mark.parametrize("own", ["H05.11", "000.11"])
def test_a_defect_is_not_handed_to_the_agency_that_holds_it(tmp_path: Path, own: str) -> None:
    lines = [("Không thuộc đơn vị", None, "000.11"), ("Không thuộc đơn vị", None, "H05.13"), ("Không thuộc đơn vị",)]
    back = _back(tmp_path, lines, own=own)
    assert [answer.agency for answer in back.answers] == ["H05.13", None]
    ((refused),) = back.refused
    assert (refused.row, refused.column) == (2, "Thuộc đơn vị")
    assert "chính đơn vị đang giữ lỗi" in refused.what


def test_a_column_of_remarks_put_in_is_not_taken_for_the_reason(tmp_path: Path) -> None:
    def remark(sheet: Any) -> None:
        sheet.insert_cols(2)
        sheet.cell(1, 2).value = "Ghi chú"
        sheet.cell(2, 2).value = "chị Hoa xem giúp"
        sheet.insert_cols(1)
        sheet.cell(1, 1).value = "Đơn vị"
        sheet.cell(3, 1).value = "UBND xã Đông Phú"

    back = _back(tmp_path, [("Không phải lỗi", "đúng giấy tờ"), ("Không thuộc đơn vị", None, "Sở Tư pháp")], remark)
    assert back.answers == (
        Answer(KEYS[0], NO_FAULT, "đúng giấy tờ", None),
        Answer(KEYS[1], NOT_OURS, None, "H05.13"),
    )


def test_an_answer_column_made_twice_is_read_twice(tmp_path: Path) -> None:
    def twice(sheet: Any) -> None:
        for row, text in enumerate(["Trả lời", "Đã sửa", "Đã sửa", "Không phải lỗi"], start=1):
            sheet.cell(row, 9).value = text

    back = _back(tmp_path, [(), ("Đã sửa",), ("Đã sửa",)], twice)
    assert _kinds(back) == dict.fromkeys(KEYS[:2], MENDED)
    assert [(refused.row, refused.column) for refused in back.refused] == [(4, "Trả lời")]


def test_translated_heads_are_known_by_what_stands_below_them(tmp_path: Path) -> None:
    back = _back(
        tmp_path,
        [("Da sua",), ("đã sửa",), ()],
        head=["No", "Record", "Value", "Answer", "Reason", "Owner", "Id"],
    )
    assert _kinds(back) == dict.fromkeys(KEYS[:2], MENDED)


def test_a_record_shown_by_a_hash_is_not_taken_for_the_defect(tmp_path: Path) -> None:
    def hashed(sheet: Any) -> None:
        sheet.cell(1, 7).value = "Mã"
        for row in (2, 3):
            sheet.cell(row, 2).value = f"{row:032x}"
            sheet.cell(row, 7).value = str(sheet.cell(row, 7).value).upper()

    assert _kinds(_back(tmp_path, [("Đã sửa",), ("Đã sửa",)], hashed)) == dict.fromkeys(KEYS[:2], MENDED)


def test_values_of_the_data_are_no_answers(tmp_path: Path) -> None:
    """“Đúng” is an answer in short, and a value of many fields."""

    def gone(sheet: Any) -> None:
        sheet.delete_cols(4)
        apart = sheet.parent.create_sheet("Dòng cách ly")
        apart.append(["STT", "Điều chưa đúng", "Giá trị hiện có"])
        apart.append([1, "Giá trị ngoài danh mục", "Dung"])

    back = _back(tmp_path, [(), ()], gone, head=[*HEAD[:2], "Ghi", *HEAD[3:]])
    assert back.answers == ()
    assert {refused.sheet for refused in back.refused} <= {"Danh sách lỗi"}


def test_whose_it_is_cannot_be_lost_with_its_column(tmp_path: Path) -> None:
    back = _back(tmp_path, [("Không thuộc đơn vị", None, "Sở Tư pháp")], head=[*HEAD[:5], "Unit", HEAD[6]])
    assert back.answers == ()
    assert [refused.column for refused in back.refused] == ["Thuộc đơn vị"]


@pytest.mark.parametrize("text", ["h05.13", "Sở Tư pháp (H05.13)", "H05.13 - Sở Tư pháp", "so tu phap", "SỞ TƯ PHÁP"])
def test_an_agency_as_people_type_it(tmp_path: Path, text: str) -> None:
    (answer,) = _back(tmp_path, [("Không thuộc đơn vị", None, text)]).answers
    assert answer.agency == "H05.13"


def test_an_agency_whose_name_others_bear_asks_for_the_code(tmp_path: Path) -> None:
    back = _back(tmp_path, [("Không thuộc đơn vị", None, "UBND xã Đông Phú")])
    assert "có 2 đơn vị tên này" in back.refused[0].what


def test_days_and_numbers_as_a_reason_are_written_as_an_official_does(tmp_path: Path) -> None:
    back = _back(
        tmp_path, [("Không phải lỗi", date(2025, 12, 3)), ("Không phải lỗi", 15), ("Không phải lỗi", "a\u2028b")]
    )
    assert [answer.reason for answer in back.answers] == ["03/12/2025", "15", "a b"]


def test_a_formula_without_its_value_is_told_not_skipped(tmp_path: Path) -> None:
    back = _back(tmp_path, [("Đã sửa",), ("=D2",)])
    assert _kinds(back) == {KEYS[0]: MENDED}
    assert [(refused.row, "công thức" in refused.what) for refused in back.refused] == [(3, True)]


def test_decomposed_letters_and_hostile_text(tmp_path: Path) -> None:
    lines = [("Đa\u0303 su\u031b\u0309a",), ("=cmd|'/c calc'!A1",), ("Đã sửa", "x", "\u202eabc"), ("Đã sửa\nĐã sửa",)]
    back = _back(tmp_path, lines)
    assert _kinds(back) == {KEYS[0]: MENDED, KEYS[2]: MENDED}
    assert {refused.row for refused in back.refused} == {3, 5}


def test_a_cell_at_the_far_end_of_the_sheet_is_refused_before_memory_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ReadBackError, match="trải rộng"):
        _back(tmp_path, [("Đã sửa",)], lambda sheet: setattr(sheet["XFD1048576"], "value", "x"))


def test_a_book_of_another_warehouse_gives_no_answer(tmp_path: Path) -> None:
    back = _back(tmp_path, [("Đã sửa",)], known=["f" * 32])
    assert back.answers == ()
    assert "của một kho khác" in back.refused[0].what


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a;b\n1;2\n", b"%PDF-1.4", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises(ReadBackError, match=r"Hãy|không"):
        read_back(tmp_path / "x.xlsx", AGENCIES, dict.fromkeys(KEYS))
