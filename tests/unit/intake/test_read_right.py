"""Read right or say so: kinds of damage that once gave a wrong value without a word, each in several forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.dossier_rows import FEED, HEAD, csv_of, faults_of, row_of
from tests.unit.intake.one_file import read, workbook


# ---------------------------------------------------------------- rows of another width
@pytest.mark.parametrize("extra", ["", ";", ";;;"])
def test_surplus_cells_without_a_value_are_nothing(tmp_path: Path, extra: str) -> None:
    text = csv_of([HEAD]) + "".join(";".join(row_of(i)) + extra + "\n" for i in range(1, 4))
    assert read(tmp_path, FEED, "a.csv", text).sound == [2, 3, 4]


@pytest.mark.parametrize("place", [2, 3, 4, 300])
def test_row_with_an_unquoted_delimiter_is_set_apart(tmp_path: Path, place: int) -> None:
    rows = [row_of(i, **{"Lệ phí": "500"}) for i in range(2, 400)]
    rows[place - 2][4] = "8,000"
    found = read(tmp_path, FEED, "a.csv", csv_of([HEAD, *rows], ","))
    assert faults_of(found) == {(place, "thua_o")}
    assert len(found.sound) == len(rows) - 1


def test_quoted_delimiters_and_line_breaks_are_one_cell(tmp_path: Path) -> None:
    rows = [row_of(i, **{"Lệ phí": '"8,000"'}) for i in range(1, 4)]
    rows[1][1] = '"H02.16\n"'
    assert len(read(tmp_path, FEED, "a.csv", csv_of([HEAD, *rows], ",")).sound) == 3


def test_row_broken_by_a_bare_line_break_is_set_apart_with_its_other_half(tmp_path: Path) -> None:
    rows = [row_of(i) for i in range(1, 9)]
    lines = csv_of([HEAD, *rows]).split("\n")
    lines[3] = lines[3].replace(";1.204", "\n;1.204")
    found = read(tmp_path, FEED, "a.csv", "\n".join(lines))
    assert {row for row, _ in faults_of(found)} == {4, 5}


def test_short_row_of_a_writer_that_fills_up_is_set_apart(tmp_path: Path) -> None:
    rows = [row_of(1), row_of(2, **{"Kết quả điện tử": ""}), row_of(3)[:4], row_of(4)[:4], row_of(5)]
    assert faults_of(read(tmp_path, FEED, "a.csv", csv_of([HEAD, *rows]))) == {(4, "thieu_o"), (5, "thieu_o")}


@pytest.mark.parametrize("end", ["\n", ""])
def test_writer_that_leaves_out_empty_cells_at_the_end_is_read(tmp_path: Path, end: str) -> None:
    rows = [row_of(1)[:4], row_of(2)[:5], row_of(3), row_of(4)[:4]]
    assert read(tmp_path, FEED, "a.csv", csv_of([HEAD, *rows], end=end)).sound == [2, 3, 4, 5]


# ---------------------------------------------------------------- files cut in their last row
@pytest.mark.parametrize("left", range(2, 46))
def test_file_cut_in_its_last_row_waits(tmp_path: Path, left: int) -> None:
    whole = csv_of([HEAD, *(row_of(i) for i in range(1, 6))])
    last = ";".join(row_of(6))[:left]
    with pytest.raises(FileRefusedError, match="chưa chép xong"):
        read(tmp_path, FEED, "a.csv", whole + last)


@pytest.mark.parametrize("footer", ["Người lập biểu", ";;;Bắc Giang, ngày 5 tháng 6 năm 2024", "Tổng số: 5 hồ sơ"])
def test_footer_without_line_end_is_no_cut_row(tmp_path: Path, footer: str) -> None:
    text = csv_of([HEAD, *(row_of(i) for i in range(1, 6))]) + footer
    assert len(read(tmp_path, FEED, "a.csv", text).sound) == 5


def test_file_that_only_lacks_the_last_line_end_is_whole(tmp_path: Path) -> None:
    found = read(tmp_path, FEED, "a.csv", csv_of([HEAD, *(row_of(i) for i in range(1, 6))], end=""))
    assert len(found.sound) == 5
    assert not found.faults


@pytest.mark.parametrize(
    ("last", "others", "cut"),
    [
        ("1.204", "1.204.000", True),
        ("07/06/20", "07/06/2024", True),
        ("1", "10", True),
        ("Đã trả kết", "Đã trả kết quả", True),
        ("Đã trả kết quả", "Đã trả kết quả", False),
        ("Đang xử lý", "Đã trả kết quả", False),
        ("500", "1.204.000", False),
        ("08/06/2024", "07/06/2024", False),
    ],
)
def test_last_value_that_may_be_cut_sets_its_row_apart(tmp_path: Path, last: str, others: str, cut: bool) -> None:
    name = "Lệ phí" if "." in others else "Ngày hẹn trả" if "/" in others else "Trạng thái"
    head = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", *(["Trạng thái"] if name != "Trạng thái" else []), name]
    base = ["H02.16", "03/06/2024", *(["10"] if name != "Trạng thái" else [])]
    rows = [[f"H02.16-240603-000{i}", *base, others if i < 4 else last] for i in range(1, 5)]
    found = read(tmp_path, FEED, "a.csv", csv_of([head, *rows], end=""))
    assert ((5, "dong_bi_cat") in faults_of(found)) is cut


# ---------------------------------------------------------------- headers
@pytest.mark.parametrize("alias_first", [True, False])
@pytest.mark.parametrize(
    ("label", "alias", "field"),
    [
        ("Mã hồ sơ", "Số biên nhận", "ma_ho_so"),
        ("Ngày tiếp nhận", "Ngày nhận", "ngay_tiep_nhan"),
        ("Trạng thái", "Tình trạng", "trang_thai"),
        ("ma_don_vi", "Mã cơ quan", "ma_don_vi"),
        ("NGÀY TIẾP NHẬN", "ngaynhan", "ngay_tiep_nhan"),
    ],
)
def test_own_label_outranks_another_spelling(
    tmp_path: Path, label: str, alias: str, field: str, alias_first: bool
) -> None:
    sound = {"ma_ho_so": "H02.16-240603-0001", "ma_don_vi": "H02.16", "ngay_tiep_nhan": "03/06/2024", "trang_thai": "4"}
    columns = [(name, value) for name, value in sound.items() if name != field]
    rivals = [(alias, "05/05/2024" if "ngay" in field else "khác"), (label, sound[field])]
    pairs = [*(rivals if alias_first else rivals[::-1]), *columns]
    found = read(tmp_path, FEED, "a.csv", csv_of([[h for h, _ in pairs], [v for _, v in pairs]]))
    assert found.sound == [2], found.faults
    assert found.doubts == [(field, "hai_cot_mot_truong")]


def test_two_columns_that_say_the_same_are_no_finding(tmp_path: Path) -> None:
    rows = [[*HEAD, "Số biên nhận"], *([*row_of(i), row_of(i)[0]] for i in range(1, 4))]
    assert read(tmp_path, FEED, "a.csv", csv_of(rows)).doubts == []


@pytest.mark.parametrize("mark", ["", "\ufeff", "\f", " ", "\u200b"])
@pytest.mark.parametrize("spell", [str.upper, str.lower, lambda text: text + " ", str])
def test_header_printed_again_is_no_row(tmp_path: Path, mark: str, spell: object) -> None:
    again = [spell(text) for text in HEAD]  # type: ignore[operator]
    again[0] = mark + again[0]
    found = read(tmp_path, FEED, "a.csv", csv_of([HEAD, row_of(1), row_of(2), again, row_of(3), again, row_of(4)]))
    assert found.sound == [2, 3, 5, 7]
    assert len(found.rows) == 4


@pytest.mark.parametrize("between", [[], [["", "", "", "", "", ""]], [["II. HỒ SƠ TRONG HẠN"]], [["Tổng số: 2 hồ sơ"]]])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_table_below_another_is_read_by_its_own_header(tmp_path: Path, between: list[list[str]], kind: str) -> None:
    order = [0, 1, 3, 2, 5, 4]
    second = [[row[i] for i in order] for row in (HEAD, row_of(3), row_of(4, **{"Ngày tiếp nhận": "04/06/2024"}))]
    rows = [HEAD, row_of(1), row_of(2), *between, *second]
    content = csv_of(rows) if kind == "csv" else workbook({"S": rows})
    found = read(tmp_path, FEED, f"a.{kind}", content)
    assert len(found.sound) == len(found.rows) == 4
    assert [str(day)[:10] for day in found.column("ngay_tiep_nhan")] == ["2024-06-03"] * 3 + ["2024-06-04"]
    assert set(found.column("ket_qua_dien_tu")) == {True}


def test_table_below_that_lacks_a_needed_column_refuses_the_file(tmp_path: Path) -> None:
    second = [[row[i] for i in (0, 2, 3, 4, 5)] for row in (HEAD, row_of(3), row_of(4))]
    with pytest.raises(FileRefusedError, match=r"dòng 4.*Mã đơn vị"):
        read(tmp_path, FEED, "a.csv", csv_of([HEAD, row_of(1), row_of(2), *second]))


def test_header_below_a_long_preface_is_found(tmp_path: Path) -> None:
    preface = [[f"Ghi chú {i}: hướng dẫn"] for i in range(150)]
    for name, content in (
        ("a.csv", csv_of([*preface, HEAD, row_of(1)])),
        ("a.xlsx", workbook({"S": [*preface, HEAD, row_of(1)]})),
    ):
        assert read(tmp_path, FEED, name, content).sound == [152]


@pytest.mark.parametrize(
    "units",
    [
        ["", "", "(ngày)", "", "(đồng)", ""],
        ["", "", "ngày/tháng/năm", "", "đồng", ""],
        ["", "", "(giờ ngày)", "", "[1.000 đồng]", ""],
        ["", "", "", "", "ĐVT: đồng", ""],
    ],
)
def test_row_of_units_is_no_row(tmp_path: Path, units: list[str]) -> None:
    numbers = [f"({i})" for i in range(1, 7)]
    for rows in ([HEAD, units, row_of(1)], [HEAD, units, numbers, row_of(1)], [HEAD, numbers, units, row_of(1)]):
        found = read(tmp_path, FEED, "a.csv", csv_of(rows))
        assert len(found.rows) == len(found.sound) == 1


@pytest.mark.parametrize(
    "line", ["Mang sang trang 2", "Cộng trang 1: 2 hồ sơ", "Chuyển trang sau", "Trang trước chuyển sang", "Lũy kế"]
)
def test_carry_lines_are_no_rows_and_no_total(tmp_path: Path, line: str) -> None:
    carry = [line, "", "", "", "2.408.000", ""]
    found = read(tmp_path, FEED, "a.csv", csv_of([HEAD, row_of(1), row_of(2), carry, row_of(3), carry]))
    assert len(found.rows) == len(found.sound) == 3
    assert found.totals == [None]


def test_small_table_of_sums_below_is_no_data_and_its_total_is_its_own(tmp_path: Path) -> None:
    sums = [["Trạng thái", "Số lượng"], ["Đang xử lý", "2"], ["Đã trả kết quả", "5"], ["Tổng số", "7"]]
    found = read(tmp_path, FEED, "a.csv", csv_of([HEAD, row_of(1), row_of(2), [""], *sums]))
    assert len(found.rows) == len(found.sound) == 2
    assert found.totals == [None]


def test_row_with_a_date_is_never_taken_for_a_footer(tmp_path: Path) -> None:
    odd = ["", "", "04/06/2024", "", "", ""]
    found = read(
        tmp_path, FEED, "a.csv", csv_of([HEAD, row_of(1), ["Người lập biểu", "", "04/06/2024", "", "", ""], odd])
    )
    assert [row["_dong"] for row in found.rows] == [2, 3, 4]


# ---------------------------------------------------------------- json
ERRORS = [
    {"success": False, "data": None},
    {"success": False, "message": "Phiên hết hạn", "data": []},
    {"code": 401, "message": "Unauthorized", "data": None},
    {"status": "error", "result": {"items": []}},
    {"error": {"code": 12, "message": "x"}, "data": []},
    {"statusCode": 500, "data": []},
    {"ok": False, "data": [{"Mã hồ sơ": "H02.16-240603-0001"}]},
    {"message": "Token expired", "data": None},
    {"thanhCong": "false", "data": []},
]


@pytest.mark.parametrize("answer", ERRORS, ids=[json.dumps(item, ensure_ascii=False)[:40] for item in ERRORS])
def test_answer_that_reports_an_error_is_refused(tmp_path: Path, answer: dict[str, object]) -> None:
    with pytest.raises(FileRefusedError, match="báo lỗi"):
        read(tmp_path, FEED, "a.json", json.dumps(answer, ensure_ascii=False))


@pytest.mark.parametrize(
    "envelope",
    [
        {"success": True, "code": 200, "message": "OK"},
        {"status": "success", "error": None},
        {"code": 0, "errors": []},
        {"statusCode": 200, "message": "Thành công"},
    ],
)
@pytest.mark.parametrize("records", [[], [dict(zip(HEAD, row_of(1), strict=True))]])
def test_answer_that_is_well_is_read(tmp_path: Path, envelope: dict[str, object], records: list[object]) -> None:
    text = json.dumps({**envelope, "data": records}, ensure_ascii=False)
    assert len(read(tmp_path, FEED, "a.json", text).sound) == len(records)


@pytest.mark.parametrize("wrap", ["[%s]", '{"data": [%s]}', "%s", '{"result": {"items": [%s]}}'])
def test_key_twice_with_two_values_is_a_finding_and_no_value(tmp_path: Path, wrap: str) -> None:
    text = json.dumps(dict(zip(HEAD, row_of(1), strict=True)), ensure_ascii=False)[:-1] + ', "Trạng thái": "4"}'
    found = read(tmp_path, FEED, "a.json", wrap % text)
    assert found.doubts == [("trang_thai", "khoa_lap")]
    assert found.sound == []


def test_key_twice_with_one_value_is_nothing(tmp_path: Path) -> None:
    text = json.dumps(dict(zip(HEAD, row_of(1), strict=True)), ensure_ascii=False)[:-1] + ', "Trạng thái": "10"}'
    found = read(tmp_path, FEED, "a.json", f"[{text}]")
    assert (found.doubts, found.sound) == ([], [1])


# ---------------------------------------------------------------- values
@pytest.mark.parametrize(
    ("texts", "read_as"),
    [
        (["2.40605E+14", "2.40605E+14"], [None, None]),
        (["2,40605E+17"], [None]),
        (["1.23E+11"], [None]),
        (["1.23456E+5"], ["123456"]),
        (["123.0", "124,0"], ["123", "124"]),
        (["240605000123456000", "240605000123457000"], [None, None]),
        (["240605000123456000", "240605000123457123"], ["240605000123456000", "240605000123457123"]),
        (["240605000123456992", "240605000123457984", "240605000123458048"], [None, None, None]),
        (["240605000123001", "240605000123002"], ["240605000123001", "240605000123002"]),
        (["2405120000000010"], ["2405120000000010"]),
        (["GD-2E5", "2E5"], ["GD-2E5", "2E5"]),
    ],
)
def test_codes_eaten_by_a_spreadsheet(tmp_path: Path, texts: list[str], read_as: list[str | None]) -> None:
    head = ["Mã giao dịch", "Mã hồ sơ", "Thời điểm", "Số tiền", "Kết quả"]
    rows = [[text, f"H02.31-240401-90010{i}", "05/06/2024", "9000", "thành công"] for i, text in enumerate(texts)]
    found = read(tmp_path, "dvc/thanh_toan", "a.csv", csv_of([head, *rows]))
    assert found.column("ma_giao_dich") == read_as
    lost = {i + 2 for i, value in enumerate(read_as) if value is None}
    assert faults_of(found) == {(row, "so_bi_hong") for row in lost}


@pytest.mark.parametrize(
    "text", ["19/11/1999", "19.11.1999", "19-11-1999", "1999-11-19", "19/11/1999 00:00:00", "36483", "19/11/1999 08:00"]
)
def test_placeholder_day_of_the_police_side_in_every_spelling(tmp_path: Path, text: str) -> None:
    head = ["SO", "QUYENSO", "NGAYDANGKY", "LOAIDANGKY", "NOIDANGKY", "NKSHOTEN", "NKSNGAYSINH"]
    rows = [
        [f"{i}/", "01/1999", day, "1", "H02.16.05", "THỬ", "08/03/1998"] for i, day in enumerate([text, "20/11/1999"])
    ]
    found = read(tmp_path, "ho_tich/khai_sinh", "a.xlsx", workbook({"DL_GOC": [head, *rows]}))
    assert found.sound == [3]


@pytest.mark.parametrize(
    "text",
    [
        "01/01/1900",
        "1900-01-01",
        "31/12/9999",
        "9999-12-31 00:00:00",
        "30/12/1899",
        "01/01/1970",
        "01/01/1970 07:00:00",
    ],
)
def test_days_that_stand_for_none(tmp_path: Path, text: str) -> None:
    rows = [[*HEAD, "Ngày hẹn trả"], [*row_of(1), text]]
    found = read(tmp_path, FEED, "a.csv", csv_of(rows))
    assert found.column("ngay_hen_tra") == [None]
    assert [(row, name, reason) for row, name, reason, _ in found.faults] == [(2, "ngay_hen_tra", "gia_tri_gia")]


MONTH_FIRST = ["6/13/2024", "6/5/2024", "6/28/2024", "7/1/2024", "6/4/2024"]


@pytest.mark.parametrize("clock", ["", " 8:30"])
def test_month_first_column_is_not_half_read(tmp_path: Path, clock: str) -> None:
    rows = [[*HEAD, "Ngày hẹn trả"], *([*row_of(i), day + clock] for i, day in enumerate(MONTH_FIRST))]
    found = read(tmp_path, FEED, "a.csv", csv_of(rows))
    assert found.column("ngay_hen_tra") == [None] * 5
    assert found.doubts == [("ngay_hen_tra", "thang_truoc_ngay")]


@pytest.mark.parametrize(
    "days",
    [
        ["07/06/2024", "08/06/2024"],
        ["07/06/2024"] * 20 + ["06/13/2024"],
        ["13/06/2024", "06/13/2024", "06/28/2024"],
        ["2024-06-13", "2024-06-05"],
        ["2024-06-13", "13/06/2024", "14/06/2024"],
    ],
)
def test_day_first_columns_are_read_as_ever(tmp_path: Path, days: list[str]) -> None:
    rows = [[*HEAD, "Ngày hẹn trả"], *([*row_of(i), day] for i, day in enumerate(days))]
    found = read(tmp_path, FEED, "a.csv", csv_of(rows))
    assert found.doubts == []
    assert sum(day is not None for day in found.column("ngay_hen_tra")) == sum(
        "/13/" not in d and "/28/" not in d for d in days
    )


def test_column_half_turned_by_a_spreadsheet_is_a_finding(tmp_path: Path) -> None:
    days = ["2024-03-06", "2024-05-06", "13/06/2024", "20/06/2024"]
    rows = [[*HEAD, "Ngày hẹn trả"], *([*row_of(i), day] for i, day in enumerate(days))]
    assert read(tmp_path, FEED, "a.csv", csv_of(rows)).doubts == [("ngay_hen_tra", "ngay_bi_dao")]


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "Err:502", "########"])
def test_error_of_a_spreadsheet_is_no_value_of_any_kind(tmp_path: Path, text: str) -> None:
    head = [*HEAD, "Chủ hồ sơ", "Mã TTHC"]
    rows = [[*row_of(1, **{"Mã hồ sơ": text}), "An", "T-1"], [*row_of(2, **{"Lệ phí": text}), text, text]]
    found = read(tmp_path, FEED, "a.csv", csv_of([head, *rows]))
    assert found.sound == [3]
    assert (found.rows[1]["phi_le_phi"], found.rows[1]["ma_tthc"]) == (None, None)
    if text != "#N/A":
        assert found.rows[1]["chu_ho_so"] is None
    assert {name for row, name, _, _ in found.faults if row == 3} >= {"phi_le_phi", "ma_tthc"}


# ---------------------------------------------------------------- messages
def test_unknown_headers_are_echoed_only_where_they_look_like_headers(tmp_path: Path) -> None:
    text = "Trạng thái;Lệ phí;Lê Văn Mẫu;024190001234;Ghi chú riêng\n4;1;2;3;4\n"
    with pytest.raises(FileRefusedError) as refused:
        read(tmp_path, FEED, "a.csv", text)
    assert "Ghi chú riêng" in str(refused.value)
    assert "(cột 3)" in str(refused.value)
    assert not any(word in str(refused.value) for word in ("Mẫu", "024190"))
