"""Layouts of exports: headings, sums, numbering, merged headers, several sheets. No row of data lost, none invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.one_file import DOSSIER_HEADERS, dossiers, read, workbook

FEED = "dvc/ho_so"
H, D = DOSSIER_HEADERS, dossiers()


def _rows(tmp_path: Path, rows: list[list[str | None]]) -> tuple[list[int], list[int | None]]:
    found = read(tmp_path, FEED, "a.xlsx", workbook({"S": rows}))
    assert len(found.sound) == len(found.rows), found.faults
    return found.sound, found.totals


@pytest.mark.parametrize(
    "heading",
    [
        ["I. Lĩnh vực Đất đai"],
        ["I", "Lĩnh vực Đất đai"],
        ["II", "Đất đai"],
        ["A", "Lĩnh vực Đất đai", None, None, "2"],
        ["B.", None, None, None, None, None, "Cấp xã"],
        [None, "Đất đai"],
        [None, "Sở Nông nghiệp và Môi trường"],
    ],
)
def test_heading_of_a_group_is_no_row(tmp_path: Path, heading: list[str | None]) -> None:
    assert _rows(tmp_path, [H, heading, *D[:2], heading, *D[2:]])[0] == [3, 4, 6, 7]


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        (["Tổng cộng", None, None, None, None, None, "4"], 4),
        (["Tổng số hồ sơ:", "4"], 4),
        ([None, "Tổng số hồ sơ:", None, None, "4"], 4),
        ([None, None, None, None, None, "Tổng cộng:", "4"], 4),
        (["Cộng: 04 hồ sơ"], 4),
        (["Tổng số: 1.234 hồ sơ"], 1234),
        (["Danh sách này có 4 hồ sơ"], 4),
        (["Total: 4"], 4),
        (["Grand Total", None, None, None, None, None, "4"], 4),
        (["Record count: 4"], 4),
        (["Cộng trang: 20"], None),
        (["Trung bình", None, None, None, None, None, "4,5"], None),
    ],
)
def test_line_of_totals_is_no_row_wherever_its_number_stands(
    tmp_path: Path, line: list[str | None], stated: int | None
) -> None:
    assert _rows(tmp_path, [H, *D, line, [None, "Người lập biểu"]]) == ([2, 3, 4, 5], [stated])
    assert _rows(tmp_path, [H, *D[:2], line, *D[2:]])[0] == [2, 3, 5, 6]


@pytest.mark.parametrize(
    "line", ["(Tổng số: 04 hồ sơ)", "* Tổng số: 4", "1. Tổng số hồ sơ tháng 6: 4", "Có tất cả 4 hồ sơ"]
)
def test_line_of_totals_is_known_behind_bullets_brackets_and_numbering(tmp_path: Path, line: str) -> None:
    assert _rows(tmp_path, [H, *D, [line], [None, "Người lập biểu"]]) == ([2, 3, 4, 5], [4])
    assert _rows(tmp_path, [H, *D, [None, line]]) == ([2, 3, 4, 5], [4])


@pytest.mark.parametrize(
    ("first", "last"), [("Cộng: 2 hồ sơ", "Cộng: 2 hồ sơ"), ("Cộng xã Tân An: 3", "Cộng xã Tân Mỹ: 1")]
)
@pytest.mark.parametrize(("below", "stated"), [([], None), ([["Tổng cộng: 4 hồ sơ"]], 4)])
def test_sum_of_the_last_group_is_not_taken_for_the_number_of_rows(
    tmp_path: Path, first: str, last: str, below: list[list[str | None]], stated: int | None
) -> None:
    rows = [H, *D[:2], [first], *D[2:], [last], *below, [None, "Người lập biểu"], [None, "Lê Văn An"]]
    assert _rows(tmp_path, rows) == ([2, 3, 5, 6], [stated])


@pytest.mark.parametrize("first", ["Toàn tỉnh", "CẢ TỈNH", "Toàn ngành", "Toàn xã:"])
def test_row_of_all_units_together_is_a_sum(tmp_path: Path, first: str) -> None:
    rows = [[*H, "Phí, lệ phí (đồng)"], *[[*row, "50.000"] for row in D]]
    assert _rows(tmp_path, [*rows, [first, *[None] * 6, "200.000"]])[0] == [2, 3, 4, 5]
    assert _rows(tmp_path, [rows[0], [None, first, *[None] * 5, "200.000"], *rows[1:]])[0] == [3, 4, 5, 6]


def test_province_without_its_code_is_a_row_set_apart(tmp_path: Path) -> None:
    rows = [["Mã đơn vị", "Tên đơn vị", "Kỳ", "Mã chỉ số", "Điểm", "Thời điểm lấy"]]
    rows += [["H02.28", "Sở Y tế", "2024-06", "2.1", "15", "01/07/2024"], ["", "Toàn tỉnh", "", "", "16", ""]]
    found = read(tmp_path, "bo_chi_so_766/diem", "a.xlsx", workbook({"S": rows}))
    assert (found.sound, len(found.rows)) == ([2], 2)


def test_sum_of_a_column_is_not_taken_for_the_number_of_rows(tmp_path: Path) -> None:
    rows = [[*H, "Phí, lệ phí (đồng)"], *[[*row, "50.000"] for row in D], ["Tổng cộng", *[None] * 6, "200.000"]]
    assert _rows(tmp_path, rows) == ([2, 3, 4, 5], [None])
    for line in (["Tổng cộng: 4 hồ sơ", *[None] * 6, "200.000"], ["Tổng cộng", "04 hồ sơ", *[None] * 5, "200.000"]):
        assert _rows(tmp_path, [*rows[:-1], line]) == ([2, 3, 4, 5], [4])
    for line in (
        ["Tổng cộng (trang 1: 4 hồ sơ)", *[None] * 6, "200.000"],
        ["Tổng phí 4 hồ sơ", *[None] * 6, "200.000"],
    ):
        assert _rows(tmp_path, [*rows[:-1], line]) == ([2, 3, 4, 5], [None])
    books = [["Mã đơn vị", "Loại sổ", "Quyển số", "Số trường hợp", "Ngày cập nhật"]]
    books += [["H02.21.01", "Khai sinh", f"0{i}/2010", "120", "01/06/2024"] for i in (1, 2)]
    for line, stated in (
        (["Tổng số trường hợp: 240"], None),
        (["Tổng cộng: 240 trường hợp"], None),
        (["Tổng cộng", None, None, "240"], None),
        (["Tổng cộng: 2 quyển"], 2),
    ):
        assert read(tmp_path, "ho_tich/so_hoa", "b.xlsx", workbook({"S": [*books, line]})).totals == [stated]


def test_lone_personal_name_is_a_row_set_apart_not_a_heading(tmp_path: Path) -> None:
    found = read(tmp_path, FEED, "a.xlsx", workbook({"S": [H, *D[:2], [*[None] * 6, "Trần Thị Bưởi"], *D[2:]]}))
    assert [row["_dong"] for row in found.rows] == [2, 3, 4, 5, 6]
    assert found.sound == [2, 3, 5, 6]


@pytest.mark.parametrize(
    "headers",
    [
        ["#", "(2) Mã hồ sơ", "(3) Mã đơn vị", "(4) Ngày tiếp nhận", "(5) Trạng thái", "(6) Ngày hẹn trả", "Chủ hồ sơ"],
        ["1. STT", "2. Mã hồ sơ", "3. Mã đơn vị", "4. Ngày tiếp nhận", "5. Trạng thái", "6. Ngày hẹn trả", "Chủ hồ sơ"],
        ["TT", "Mã\nhồ sơ (*)", "MÃ ĐƠN VỊ ..", "Ngày giờ tiếp nhận:", "Trạng thái (*)", "Ngày, giờ hẹn", "Chủ hồ sơ*"],
    ],
)  # fmt: skip
def test_numbers_units_and_marks_around_a_header_do_not_hide_it(tmp_path: Path, headers: list[str]) -> None:
    found = read(tmp_path, FEED, "a.xlsx", workbook({"S": [headers, *D]}))
    assert (len(found.sound), found.unknown) == (4, [])
    assert None not in found.column("ngay_hen_tra")


def test_words_of_date_over_the_columns_of_a_merged_group(tmp_path: Path) -> None:
    rows = [
        ["STT", "Mã hồ sơ", "Mã đơn vị", "Ngày, tháng, năm", None, "Trạng thái"],
        [None, None, None, "Tiếp nhận hồ sơ", "Hẹn trả kết quả", None],
        *[[r[0], r[1], r[2], r[3], r[5], r[4]] for r in D],
    ]
    found = read(tmp_path, FEED, "a.xlsx", workbook({"S": rows}, {"S": [(0, 3, 0, 4)]}))
    assert (len(found.sound), found.unknown) == (4, [])
    assert None not in found.column("ngay_hen_tra")


@pytest.mark.parametrize(
    "other",
    [
        [["Trạng thái", "Mã đơn vị"], ["Đang xử lý", "H02.28"]],
        [["Mã đơn vị", "Trạng thái", "Số hồ sơ"], ["H02.28", "Đang xử lý", "4"]],
        [["Mã", "Tên"], ["1", "Mới đăng ký"]],
    ],
)
def test_summary_or_code_sheet_beside_the_data_is_left_aside(tmp_path: Path, other: list[list[str]]) -> None:
    found = read(tmp_path, FEED, "a.xlsx", workbook({"Khác": other, "Dữ liệu": [H, *D]}))
    assert (found.sheets, len(found.sound)) == (["Dữ liệu"], 4)


def test_sheet_of_records_without_a_header_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="“T2” có 2 dòng dữ liệu nhưng không có dòng tiêu đề"):
        read(tmp_path, FEED, "a.xlsx", workbook({"T1": [H, *D[:2]], "T2": D[2:]}))


def test_sheets_with_their_columns_in_another_order_are_both_read(tmp_path: Path) -> None:
    sheets = {"T1": [H, *D[:2]], "T2": [H[::-1], *[row[::-1] for row in D[2:]]]}
    assert read(tmp_path, FEED, "a.xlsx", workbook(sheets)).column("ma_ho_so") == [row[1] for row in D]


def test_sheet_without_a_header_that_is_narrower_than_the_other(tmp_path: Path) -> None:
    """The columns that the first sheet has beyond it are nothing of the second's."""
    rows = dossiers(3)
    first = [[*DOSSIER_HEADERS, "Cột lạ"], *[[*row, "x"] for row in rows]]
    with pytest.raises(FileRefusedError, match="không có dòng tiêu đề"):
        read(tmp_path, FEED, "a.xlsx", workbook({"T1": first, "T2": rows}))


CATALOGUE = "Mã TTHC quốc gia;Tên thủ tục hành chính;Cấp;Mức độ DVC;Thanh toán trực tuyến\n"


@pytest.mark.parametrize(
    "name",
    [
        "Công nhận hòa giải viên",
        "Ghi chú ly hôn",
        "Ký quỹ cải tạo",
        "Xác nhận của địa phương",
        "Tổng hợp",
        "Đăng ký kết hôn",
    ],
)
def test_procedure_without_its_code_is_a_row_set_apart(tmp_path: Path, name: str) -> None:
    procedures = ("1.004492;Đăng ký khai sinh", f";{name}", "1.004493;Khai tử")
    rows = "".join(f"{procedure};Cấp xã;Một phần;Có\n" for procedure in procedures)
    found = read(tmp_path, "dvcqg/tthc", "a.csv", (CATALOGUE + rows).encode())
    assert (len(found.rows), found.sound) == (3, [2, 4])


@pytest.mark.parametrize("applicant", ["Công ty TNHH Hoa Sen", "Tổng công ty May", "Kỳ Văn A", "CONG TY MAY"])
def test_numbered_row_with_nothing_but_an_applicant_is_set_apart(tmp_path: Path, applicant: str) -> None:
    table = "STT;Mã hồ sơ;Mã đơn vị;Ngày tiếp nhận;Trạng thái;Chủ hồ sơ\n"
    rows = "".join(f"{n};H02.16-250601-000{n};H02.16;03/06/2025;Đang xử lý;A\n" for n in (1, 3))
    found = read(tmp_path, FEED, "a.csv", (table + rows + f"2;;;;;{applicant}\n").encode())
    assert len(found.rows) == 3
    assert len(found.sound) == 2


@pytest.mark.parametrize("end", ["", "\n"])
def test_header_alone_is_an_empty_export_with_or_without_a_line_end(tmp_path: Path, end: str) -> None:
    found = read(tmp_path, FEED, "a.csv", ("Mã hồ sơ;Mã đơn vị;Ngày tiếp nhận;Trạng thái" + end).encode())
    assert found.rows == []


def test_tables_side_by_side_are_refused_before_one_is_lost(tmp_path: Path) -> None:
    rows = [[*H, None, *H], [*D[0], None, *D[1]], [*D[2], None, *D[3]]]
    with pytest.raises(FileRefusedError, match="hai bảng đặt cạnh nhau"):
        read(tmp_path, FEED, "a.xlsx", workbook({"S": rows}))
    with pytest.raises(FileRefusedError, match="hai bảng đặt cạnh nhau"):
        read(tmp_path, FEED, "b.xlsx", workbook({"S": [rows[0], rows[1], [*D[2]]]}))
    twice = [[*H, *H], *[[*row, *row] for row in D]]
    assert read(tmp_path, FEED, "c.xlsx", workbook({"S": twice})).sound == [2, 3, 4, 5]
    assert read(tmp_path, FEED, "d.xlsx", workbook({"S": [[*H, "Số hồ sơ"], *[[*row, "7"] for row in D]]})).sound


def test_sums_without_a_word_below_the_table_are_no_row(tmp_path: Path) -> None:
    head = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái", "Lệ phí", "Số bản sao"]
    rows = [[f"H02.16-240603-000{i}", "H02.16", "03/06/2024", "4", f"{i}0.000", str(i)] for i in (1, 2, 3)]
    for last, read_rows in ((["60.000", "6"], 3), (["60.000", ""], 3), (["50.000", "6"], 4), (["", ""], 3)):
        content = workbook({"S": [head, *rows, [None] * 4 + [cell or None for cell in last]]})
        found = read(tmp_path, "dvc/ho_so", "a.xlsx", content)
        assert (len(found.rows), found.totals) == (read_rows, [None]), last


def test_one_row_and_its_like_are_no_sum(tmp_path: Path) -> None:
    head = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái", "Lệ phí"]
    content = workbook(
        {"S": [head, ["H02.16-240603-0001", "H02.16", "03/06/2024", "4", "50.000"], [*[None] * 4, "50.000"]]}
    )
    assert len(read(tmp_path, "dvc/ho_so", "a.xlsx", content).rows) == 2


ENGLISH = ["No.", "Dossier code", "Agency code", "Received date", "Status", "Due date", "Applicant"]


@pytest.mark.parametrize(
    "below",
    [
        ENGLISH,
        ["", "ma_ho_so", "ma_don_vi", "ngay_tiep_nhan", "trang_thai", "ngay_hen_tra", "chu_ho_so"],
        ["", *["Bắt buộc"] * 4, "Không bắt buộc", "Tùy chọn"],
    ],
)
@pytest.mark.parametrize("numbered", [False, True])
def test_header_again_in_other_words_is_no_table_of_its_own(tmp_path: Path, below: list[str], numbered: bool) -> None:
    numbers = [[f"({i})" for i in range(1, 8)]] if numbered else []
    found = read(tmp_path, "dvc/ho_so", "a.xlsx", workbook({"S": [DOSSIER_HEADERS, below, *numbers, *dossiers(2)]}))
    assert (found.column("chu_ho_so"), found.unknown, found.faults) == (["Lê Văn An"] * 2, [], [])


def test_label_and_its_date_below_the_table_are_a_footer(tmp_path: Path) -> None:
    last = [None, "Ngày in:", None, "30/06/2024"]
    found = read(tmp_path, "dvc/ho_so", "a.xlsx", workbook({"S": [DOSSIER_HEADERS, *dossiers(2), [], last]}))
    assert (len(found.rows), found.faults) == (2, [])
