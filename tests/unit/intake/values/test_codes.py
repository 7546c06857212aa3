from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.loader import load_code_lists
from pipelines.contracts.model import Kind
from pipelines.intake.values.code_lists import reader
from tests.unit.intake.values.columns import STATUS, fault, field_of, parsed, value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("000.00.28.H02-240614-0001", "H02.28-240614-0001"),
        ("H02.28-240614-0001", "H02.28-240614-0001"),
        (" h02.28 - 240614 - 0001\u200b", "H02.28-240614-0001"),
        ("H02.28–240614–0001", "H02.28-240614-0001"),
        ("000.00.00.H02-240614-0001", "H02-240614-0001"),
        ("000.00.103.H44-240614-02123456", "H44.103-240614-02123456"),
        ("H15.50.05.13-261008-0975", "H15.50.05.13-261008-0975"),
        ("LT-250721-0000", "LT-250721-0000"),
        ("LT-9999", "LT-9999"),
        ("H02.16_240601_0001", "H02.16-240601-0001"),
        ("H02-16-240601-0001", "H02.16-240601-0001"),
        ("H02.28.05/240601/0001", "H02.28.05-240601-0001"),
        ("H02.16.240601.0001", "H02.16-240601-0001"),
    ],
)
def test_dossier_codes_have_one_published_form(cell, code):
    assert value(cell, Kind.DOSSIER_CODE) == code
    assert fault(cell, Kind.DOSSIER_CODE) is None


@pytest.mark.parametrize("agency", ["000.05.28.H02", "001.00.28.H02", "000.05.00.H02"])
def test_a_long_code_with_more_levels_is_kept_and_reported(agency):
    cell = f"{agency}-240614-0001"
    assert value(cell, Kind.DOSSIER_CODE) == cell
    assert fault(cell, Kind.DOSSIER_CODE) == "ma_mo_ho"


@settings(max_examples=100)
@given(
    st.from_regex(r"[A-Y][0-9]{2}", fullmatch=True),
    st.integers(1, 99),
    st.from_regex(r"[0-9]{6}-[0-9A-Z]{4,8}", fullmatch=True),
)
def test_both_spellings_are_one_key_and_stay_it(root, unit, tail):
    published = f"{root}.{unit:02d}-{tail}"
    assert value(f"000.00.{unit:02d}.{root}-{tail}", Kind.DOSSIER_CODE) == published
    assert value(published, Kind.DOSSIER_CODE) == published


def test_codes_keep_zeros_and_case_and_lose_what_spreadsheets_add():
    cells = ["07201", "12.0", "01/2019", "BG.T001", "1.00119", "1.001193.000.00.00.H02", "h02.16", "000.00.28.H02"]
    expected = ["07201", "12", "01/2019", "BG.T001", "1.00119", "1.001193.000.00.00.H02", "H02.16", "H02.28"]
    assert parsed(cells, field_of(Kind.CODE)).columns["f"].to_list() == expected
    assert fault("000.01.28.H02", Kind.CODE) == "ma_mo_ho"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("H02.16 - Sở Tư pháp", "H02.16"), ("[H02.28.05] UBND phường 5", "H02.28.05"), ("h02.16: Sở Tư pháp", "H02.16"),
        ("Sở Tư pháp (H02.16)", "H02.16"), ("H02.16 Sở Tư pháp", "H02.16"), ("000.00.16.H02 – Sở Tư pháp", "H02.16"),
        ("H02.16.", "H02.16"), ("1.001193 - Đăng ký khai sinh", "1.001193"), ("1,001193", "1.001193"),
        ("1.001193.000.00.00.H02 - Đăng ký khai sinh", "1.001193.000.00.00.H02"),
        ("12/KH-UBND - Kế hoạch", "12/KH-UBND - Kế hoạch"), ("BG-HT-01 Khai sinh", "BG-HT-01 Khai sinh"),
        ("H02 15/KH-UBND", "H02 15/KH-UBND"), ("H02ABC", "H02ABC"), ("1,204", "1,204"),
    ],
)  # fmt: skip
def test_code_with_its_name_in_one_cell(cell, code):
    assert value(cell, Kind.CODE) == code


def test_codes_that_are_long_numbers_have_no_marks_of_thousands():
    field = replace(field_of(Kind.CODE), numeric_code=True)
    cells = ["123456789", "123.456.789", "1,234,567", "12.34", "0.123.456", "BG.123.456"]
    expected = ["123456789", "123456789", "1234567", "12.34", "0.123.456", "BG.123.456"]
    assert parsed(cells, field).columns["f"].to_list() == expected
    assert value("123.456.789", Kind.CODE) == "123.456.789"


def test_register_numbers_are_compared_without_leading_zeros():
    cells = [
        "12",
        "012",
        "12.0",
        "99/",
        "12a",
        "00",
        "12/2025",
        "/",
        "Số 12",
        "SO: 07",
        None,
        "1.204",
        "1,204",
        "01.204",
        "1.2019",
    ]
    expected = ["12", "12", "12", "99", "12A", "0", "12/2025", None, "12", "7", None, "1204", "1204", "1.204", "1.2019"]
    assert parsed(cells, field_of(Kind.REGISTER_NUMBER)).columns["f"].to_list() == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [("1", "moi_dang_ky"), ("1.0", "moi_dang_ky"), ("01", "moi_dang_ky"), ("10", "da_tra_ket_qua"),
     ("ĐÃ TRẢ KẾT QUẢ", "da_tra_ket_qua"), ("da_tra_ket_qua", "da_tra_ket_qua"), ("4 - Quá hạn", "qua_han"),
     ("Quá hạn (4)", "qua_han"), ("(4) Quá hạn", "qua_han"), ("[04] QUA HAN", "qua_han"),
     ("Mới đăng kí", "moi_dang_ky"),
     ("2.002621", "khai_sinh")],
)  # fmt: skip
def test_code_lists_accept_numbers_names_and_canonical_words(cell, code):
    assert value(cell, Kind.CODE_LIST) == code


@pytest.mark.parametrize("cell", ["2", "100", "khác", "1 - Quá hạn", "(1) Quá hạn", "(4)", "!", "1.01"])
def test_what_is_not_on_the_list_is_reported(cell):
    assert value(cell, Kind.CODE_LIST) is None
    assert fault(cell, Kind.CODE_LIST) == "ngoai_danh_muc"


def test_a_spelling_of_one_feed_holds_only_there():
    field = field_of(Kind.CODE_LIST)
    assert parsed(["xong"], field, feed="he_thong/rieng").columns["f"].to_list() == ["da_tra_ket_qua"]
    assert parsed(["xong"], field).columns["f"].to_list() == [None]


def test_an_open_list_keeps_what_it_does_not_know():
    field = field_of(Kind.CODE, code_list=STATUS.name)
    assert parsed(["Quá hạn", "H02.16", None], field).columns["f"].to_list() == ["qua_han", "H02.16", None]


@pytest.mark.parametrize("cell", ["Có", "x", "X", "1", "1.0", "true", "Đúng", "CÓ", "✓"])
def test_yes(cell):
    assert value(cell, Kind.BOOLEAN) is True


@pytest.mark.parametrize("cell", ["Không", "0", "FALSE", "Sai", "Chưa", "khong"])
def test_no(cell):
    assert value(cell, Kind.BOOLEAN) is False


def test_a_blank_is_null_unless_the_contract_says_otherwise():
    assert value(None, Kind.BOOLEAN) is None
    assert value("  ", Kind.BOOLEAN, blank_value="false") is False
    assert value("x", Kind.BOOLEAN, blank_value="false") is True
    assert fault("có thể", Kind.BOOLEAN, blank_value="false") == "khong_doc_duoc"
    assert value("có thể", Kind.BOOLEAN, blank_value="false") is None
    assert value("2", Kind.BOOLEAN, own_booleans={"2": True}) is True
    assert fault("2", Kind.BOOLEAN) == "khong_doc_duoc"


@pytest.mark.parametrize(
    ("cell", "period"),
    [("2024-06", "2024-06"), ("06/2024", "2024-06"), ("Tháng 6/2024", "2024-06"), ("tháng 06 năm 2024", "2024-06"),
     ("2024-Q2", "2024-Q2"), ("Quý II/2024", "2024-Q2"), ("Q2/2024", "2024-Q2"), ("quý 2 năm 2024", "2024-Q2"),
     ("2024", "2024"), ("Năm 2024", "2024"), ("2024.0", "2024"), ("202406", "2024-06")],
)  # fmt: skip
def test_periods(cell, period):
    assert value(cell, Kind.PERIOD) == period
    assert value(period, Kind.PERIOD) == period


@pytest.mark.parametrize("cell", ["13/2024", "Quý V/2024", "đầu năm", "24", "2024-00"])
def test_what_is_no_period_is_unreadable(cell):
    assert fault(cell, Kind.PERIOD) == "khong_doc_duoc"


def test_a_person_is_no_code_of_an_open_list():
    field = field_of(Kind.CODE, code_list=STATUS.name)
    for cell in ("Nguyễn Văn An", "Giàng A Páo", "024190001234", "024 190 001 234", "0912345678", "a@b.vn"):
        read = parsed([cell], field)
        assert (read.columns["f"].to_list(), read.fault.to_list()) == ([None], ["khong_doc_duoc"]), cell
    for cell in ("H02.16", "Toàn tỉnh", "Sở Tư pháp"):
        assert parsed([cell], field).columns["f"].to_list() == [cell]


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Phường", "xa"),
        ("Đặc khu", "xa"),
        ("Thị trấn", "xa"),
        ("xã, phường, thị trấn", "xa"),
        ("Thị xã", "huyen"),
        ("Quận", "huyen"),
        ("Sở, ban, ngành", "tinh"),
    ],
)
def test_level_by_the_kind_of_unit(word: str, level: str) -> None:
    assert reader(load_code_lists()["cap"], "dvc/co_quan")(word) == level


@pytest.mark.parametrize(
    ("sign", "code"), [("≥", "it_nhat"), (">=", "it_nhat"), ("> =", "it_nhat"), ("≤", "nhieu_nhat"), ("?", None)]
)
def test_signs_of_a_list(sign: str, code: str | None) -> None:
    assert reader(load_code_lists()["chieu_muc_tieu"], "chi_dao/muc_tieu")(sign) == code


@pytest.mark.parametrize(
    "cell",
    [
        *("#H02.16-240603-0001", '"H02.16-240603-0001"', "H02.16-240603-0001.", "(H02.16-240603-0001)"),
        *("HS: H02.16-240603-0001", "HS:h02.16-240603-0001", "H02.16-240603-0001*", "- 000.00.16.H02-240603-0001;"),
    ],
)
def test_marks_around_a_dossier_code_are_no_part_of_it(cell: str) -> None:
    assert value(cell, Kind.DOSSIER_CODE) == "H02.16-240603-0001"


@pytest.mark.parametrize("cell", ["H02.16-240603-0001_1", "H02.16-240603-0001-BS", "H02.16-240603-0001/2024", "X-1."])
def test_what_may_tell_dossiers_apart_stays(cell: str) -> None:
    assert value(cell, Kind.DOSSIER_CODE) == cell


@pytest.mark.parametrize(("cell", "code"), [("Jan-19", "01/2019"), ("Dec-75", "12/1975"), ("Jan-2019", "Jan-2019")])
def test_book_that_a_spreadsheet_took_for_a_month(cell: str, code: str) -> None:
    assert value(cell, Kind.CODE) == code
    assert fault(cell, Kind.CODE) == ("da_khoi_phuc" if code != cell else None)


@pytest.mark.parametrize("cell", ["Jun-24", "Jun 2024", "June 2024", "JUN-2024"])
def test_month_that_a_spreadsheet_named(cell: str) -> None:
    assert value(cell, Kind.PERIOD) == "2024-06"


def test_quarter_in_one_sign() -> None:
    assert value("Quý Ⅱ/2024", Kind.PERIOD) == "2024-Q2"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *((f"PA{dash}01", "PA-01") for dash in "-‐‑‒–—―−"),
        ("123/QĐ–UBND", "123/QĐ-UBND"),
        ("123 / QĐ-UBND", "123/QĐ-UBND"),
        ("Số 123/QĐ-UBND", "123/QĐ-UBND"),
        ("Số: 01 / 2019", "01/2019"),
        ("H02.16 – Sở Tư pháp", "H02.16"),
        ("BG.06 / CP", "BG.06 / CP"),
        ("SO-01/2019", "SO-01/2019"),
    ],
)
def test_hyphens_and_slashes_of_codes_have_one_spelling(cell: str, code: str) -> None:
    assert value(cell, Kind.CODE) == code
