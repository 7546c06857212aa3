"""Wording of title blocks and footers, in any case and with or without diacritics."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pipelines.intake.laid_out import titles

AT = datetime(2025, 4, 29, 17, 0)
END = datetime(2025, 4, 29, 23, 59, 59)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Thời điểm kết xuất: 29/04/2025 17:00", AT),
        ("THOI DIEM KET XUAT 29-04-2025 17:00:00", AT),
        ("Xuất lúc 17:00 ngày 29/04/2025", AT),
        ("Xuất lúc 17h00 ngày 29 tháng 4 năm 2025", AT),
        ("(Ngày xuất báo cáo: 29.04.2025 17:00)", AT),
        ("Xuất dữ liệu lúc: 17 giờ 00 phút ngày 29/04/2025", AT),
        ("Ngày kết xuất: 2025-04-29T17:00:00", AT),
        ("Thời gian xuất: 20250429170000", AT),
        ("Thời điểm kết xuất: 45776.7083333", datetime(2025, 4, 29, 17, 0)),
        ("Ngày xuất: 29/04/2025", END),
        ("Ngày 29 tháng 4 năm 2025", None),
        ("Thời điểm kết xuất: 45/13/2025", None),
        ("DANH SÁCH HỒ SƠ ĐỀ XUẤT", None),
        ("Thời điểm kết xuất: 29/04/2025 5:00:00 CH", AT),
        ("Thời điểm kết xuất: 29/04/2025 5:00 PM", AT),
        ("Thời điểm kết xuất: 5:00 p.m. 29/04/2025", AT),
        ("Xuất lúc 5 giờ 00 phút chiều ngày 29/04/2025", AT),
        ("Thoi diem ket xuat: 29/04/2025 5h chieu", AT),
        ("Ngày xuất: 29/04/2025 5:00:00 SA", datetime(2025, 4, 29, 5, 0)),
        ("Ngày xuất: 29/04/2025 12:05 AM", datetime(2025, 4, 29, 0, 5)),
        ("Ngày xuất: 29/04/2025 5 giờ sáng", datetime(2025, 4, 29, 5, 0)),
        ("Thời điểm kết xuất: 2025-04-29T10:00:00Z", AT),
        ("Thời điểm kết xuất: 2025-04-29T10:00:00.000+00:00", AT),
        ("Thời điểm kết xuất: 2025-04-29T17:00:00+07:00", AT),
        ("Thời điểm kết xuất: 2025/04/29 17:00", AT),
        ("Thời điểm kết xuất: 29/04/2025 24:00", END),
        ("Thời điểm kết xuất: 29/04/2025 25:00", END),
        ("Thời điểm kết xuất: 45776", END),
        ("Danh sách hồ sơ lĩnh vực Quản lý xuất nhập cảnh từ ngày 01/04/2025 đến ngày 29/04/2025", None),
        ("Danh sách hồ sơ Quản lý xuất nhập cảnh ngày 01/04/2025", None),
        ("Xuất bản từ ngày 01/04/2025 đến ngày 29/04/2025", None),
        ("Dữ liệu xuất từ ngày 01/04/2025 đến ngày 29/04/2025", None),
        ("Dữ liệu kết xuất từ 00:00 ngày 01/04/2025 đến 23:59 ngày 29/04/2025", None),
        ("Dữ liệu xuất từ ngày 01/04 đến ngày 29/04/2025", None),
        ("Dữ liệu xuất ngày 01/04/2025 00:00 tới ngày 29/04/2025", None),
        ("Xuất nhập cảnh từ ngày 01/04/2025 đến ngày 28/04/2025, xuất lúc 17:00 ngày 29/04/2025", AT),
        ("Dữ liệu kết xuất từ hệ thống một cửa ngày 29/04/2025 17:00", AT),
        ("Ngày xuất: 29/04/25 17:00", AT),
        ("Kết xuất từ phần mềm 2.10.25 lúc 17:00 ngày 29/04/2025", AT),
        ("Dữ liệu xuất từ ngày 01/04/25 đến ngày 29/04/25", None),
        ("Thời điểm lấy số liệu: 17:00 ngày 29/04/2025", AT),
        ("Số liệu được lấy từ Cổng Dịch vụ công quốc gia lúc 17:00 29/04/2025", AT),
        ("(Thời gian cập nhật dữ liệu 29/04/2025 17:00)", AT),
        ("Ngày cập nhật: 29/04/2025", END),
        ("Ngày cập nhật: 01/04/2025 - 29/04/2025", None),
        ("Số liệu lấy từ ngày 01/04/2025 đến ngày 29/04/2025", None),
        ("Thời gian lấy mẫu ngày 29/04/2025", None),
        ("Thời điểm kết xuất: 29/04/2025 17:00 (từ ngày 01/04/2025 đến ngày 30/04/2025)", AT),
    ],
)
def test_export_time(line, expected):
    assert titles.export_time(["UBND TỈNH", line]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("(Từ ngày 15/12/2024 đến ngày 29/04/2025)", END),
        ("Từ 15/12/2024 đến hết ngày 29-04-2025", END),
        ("TU NGAY 15 THANG 12 NAM 2024 DEN NGAY 29 THANG 4 NAM 2025", END),
        ("Từ 00:00 15/12/2024 đến 23:59 29/04/2025", END),
        ("Từ 0 giờ 00 ngày 15/12/2024 đến 23 giờ 59 phút ngày 29/04/2025", END),
        ("Từ ngày 15/12/2024 tới ngày 29/04/2025", END),
        ("Từ ngày 15/12/2024 tới hết ngày: 29/04/2025", END),
        ("tới hạn 3 hồ sơ", None),
        ("đến hạn 3 hồ sơ", None),
        ("Từ ngày 01/04/2025", None),
    ],
)
def test_window_end(line, expected):
    assert titles.window_end([line]) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["(Từ ngày 01/08/2025 đến ngày 30/09/2025)"], ("2025-08-01", "2025-09-30")),
        (["TU NGAY 15 THANG 12 NAM 2024 DEN NGAY 29 THANG 4 NAM 2025"], ("2024-12-15", "2025-04-29")),
        (["Từ 00:00 15/12/2024 đến 23:59 29/04/2025"], ("2024-12-15", "2025-04-29")),
        (["Từ 0 giờ 00 ngày 15/12/2024 đến 23 giờ 59 phút ngày 29/04/2025"], ("2024-12-15", "2025-04-29")),
        (["Từ ngày: 01/08/2025 00:00 - Đến ngày: 30/09/2025 23:59"], ("2025-08-01", "2025-09-30")),
        (["Từ 2025-08-01T00:00:00 đến 2025-09-30T23:59:59"], ("2025-08-01", "2025-09-30")),
        (["Từ ngày 01/08/25 đến hết ngày 30/09/25"], ("2025-08-01", "2025-09-30")),
        (["Từ ngày 01/8 đến ngày 30/9/2025"], ("2025-08-01", "2025-09-30")),
        (["Từ ngày 15/12 đến ngày 14/6/2025"], ("2024-12-15", "2025-06-14")),
        (["Từ ngày 01 tháng 8 đến ngày 30 tháng 9 năm 2025"], ("2025-08-01", "2025-09-30")),
        (["Từ ngày 01 đến ngày 30 tháng 9 năm 2025"], ("2025-09-01", "2025-09-30")),
        (["Dữ liệu xuất ngày 01/04/2025 00:00 tới ngày 29/04/2025"], ("2025-04-01", "2025-04-29")),
        (["Từ ngày: 01/08/2025", "Đến ngày: 30/09/2025"], ("2025-08-01", "2025-09-30")),
        (["Thời điểm kết xuất: 05/10/2025 17:00 (từ 01/08/2025 đến 30/09/2025)"], ("2025-08-01", "2025-09-30")),
        (["Từ 01/05/2025 đến 31/05/2025, so với từ 01/06/2025 đến 30/06/2025"], ("2025-06-01", "2025-06-30")),
        (["Từ 01/01/2025 đến 30/06/2025, trong đó từ 01/06/2025 đến 30/06/2025"], ("2025-06-01", "2025-06-30")),
        (["Số liệu tính đến ngày 30/09/2025"], None),
        (["Từ ngày 01/10/2025 đến ngày 30/09/2025"], None),
        (["Từ ngày 32/08/2025 đến ngày 30/09/2025"], None),
        (["Từ ngày 31 đến ngày 30 tháng 9 năm 2025"], None),
        (["Từ ngày 01/08/2025"], None),
    ],
)
def test_window(lines, expected):
    found = titles.window(["UBND TỈNH", *lines])
    assert (found and (str(found.start), str(found.end))) == expected


def test_windows_of_several_sheets_are_one_where_no_day_is_missing():
    may, july = (titles.Window(date(2025, month, 1), date(2025, month, 31)) for month in (5, 7))
    june = titles.Window(date(2025, 6, 1), date(2025, 6, 30))
    assert titles.joined([june, july, may]) == titles.Window(may.start, july.end)
    assert titles.joined([may, july]) is None
    assert titles.joined([titles.Window(may.start, july.end), june]) == titles.Window(may.start, july.end)
    assert titles.joined([]) is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Tổng số: 1.204 hồ sơ"], 1204),
        (["TỔNG CỘNG: 298 HỒ SƠ"], 298),
        (["Tong so", "1,204"], 1204),
        (["Tổng cộng có 61 phản ánh"], 61),
        (["Cộng", "12"], 12),
        (["Tổng số dòng: 1 204"], 1204),
        (["Tổng số hồ sơ tháng 6: 1"], 1),
        (["Tổng số hồ sơ tháng 6/2024", "5"], 5),
        (["Tổng số hồ sơ 6 tháng đầu năm 2024", "5"], 5),
        (["Tổng số hồ sơ (Tháng: 6, Năm: 2024): 5"], 5),
        (["Tổng số hồ sơ năm 2024: 5"], 5),
        (["Tổng số hồ sơ trong tháng: 6"], 6),
        (["Tổng số hồ sơ trong tháng", "6"], 6),
        (["Tổng số hồ sơ: 12 (tháng 6)"], 12),
        (["Tổng số hồ sơ lĩnh vực 1: 20"], 20),
        (["Tổng số quý 2/2024 có 5 hồ sơ"], 5),
        (["Tổng số hồ sơ từ ngày 01/06/2024 đến ngày 30/06/2024: 1.204"], 1204),
        (["Tổng số hồ sơ đến 23:59 ngày 30/06/2024: 1.204"], 1204),
        (["Tổng số hồ sơ của 3 xã là 5 hồ sơ"], 5),
        (["Tổng số: 5 hồ sơ, trong đó đúng hạn: 4"], 5),
        (["(Tổng số: 05 hồ sơ)"], 5),
        (["* Tổng số: 5"], 5),
        (["- Tổng số hồ sơ: 5"], 5),
        (["1. Tổng số: 5"], 5),
        (["1.", "Tổng số: 5"], 5),
        (["II. Tổng cộng", "5"], 5),
        (["Có tất cả 5 hồ sơ"], 5),
        (["Danh sách này có tất cả 5 hồ sơ"], 5),
        (["Tổng phí: 1.200.000 đồng"], None),
        (["Tổng số tháng 6", "12", "1.500.000"], None),
        (["Tổng cộng: 1.200.000đ"], None),
        (["Tổng cộng", "12", "1.500.000"], None),
        (["Người lập biểu"], None),
        ([], None),
    ],
)
def test_stated_total(cells, expected):
    assert titles.stated_total(cells) == expected
    assert expected is None or titles.is_total(cells[-1]) or titles.is_total(cells[0])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Tổng số hồ sơ: 1.204", 1204),
        ("(Tổng số hồ sơ tháng 6 năm 2024: 5)", 5),
        ("Tổng số hồ sơ từ ngày 01/06/2024 đến ngày 30/06/2024: 1.204", 1204),
        ("Danh sách có tất cả 5 hồ sơ", 5),
        ("Tổng số hồ sơ tháng 6", None),
        ("Tổng số phí: 1.200.000", None),
    ],
)
def test_stated_total_in_titles(line, expected):
    assert titles.stated_total_in_titles(["UBND TỈNH", line]) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Cộng: 2 hồ sơ", "Cộng: 12 hồ sơ", True),
        ("Cộng xã Tân An: 2", "Cộng xã Tân Mỹ: 1", True),
        ("Cộng: 2 hồ sơ", "Tổng cộng: 4 hồ sơ", False),
        ("Tổng số hồ sơ xã Tân An: 2", "Tổng số hồ sơ toàn tỉnh: 4", False),
    ],
)
def test_lines_of_totals_of_one_form(one, other, same):
    assert (titles.total_form([one]) == titles.total_form([other])) is same


@pytest.mark.parametrize(
    "cell",
    [
        "Người lập biểu",
        "NGƯỜI LẬP",
        "KT. GIÁM ĐỐC",
        "Bắc Giang, ngày 01 tháng 04 năm 2025",
        "(Ký, ghi rõ họ tên)",
        "Ghi chú: x",
    ],
)
def test_footer_words(cell):
    assert titles.is_footer(cell)


@pytest.mark.parametrize("cell", ["Nguyễn Thị Ngọc", "H02.01-250203-0001", "Thủ tục đăng ký", "Đã trả kết quả"])
def test_data_words_are_no_footer(cell):
    assert not titles.is_footer(cell)
    assert not titles.is_total(cell)
