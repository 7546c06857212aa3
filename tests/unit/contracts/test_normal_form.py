import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts.dialect import register_dialect
from pipelines.contracts.normal_form import header_forms, normal_form


@pytest.mark.parametrize("text", ["Mã hồ sơ", "MA HO SO", "MaHoSo", "ma_ho_so", " Mã\u00a0hồ\nsơ* ", "ＭＡＨＯＳＯ"])
def test_spellings_of_one_header_have_one_form(text):
    assert normal_form(text) == "mahoso"
    assert normal_form(unicodedata.normalize("NFD", text)) == "mahoso"


def test_eth_and_d_with_stroke_are_d():
    assert normal_form("Đơn vị") == normal_form("Ðơn vị") == normal_form("đon vi") == "donvi"


@given(st.text(max_size=40))
def test_the_form_is_stable_and_ignores_composition(text):
    form = normal_form(text)
    assert normal_form(form) == form
    assert normal_form(unicodedata.normalize("NFD", text)) == normal_form(unicodedata.normalize("NFC", text))


def test_hints_after_a_header_are_set_aside():
    assert "loaidangky" in header_forms("loaiDangKy \ni=[1,2,3,4,5,6]")
    assert "meloaigiaytotuythan" in header_forms("meLoaiGiayToTuyThan\ni=[1..8]")
    assert "noidangky" in header_forms("noiDangKy UBND xã")
    assert header_forms("Phí, lệ phí (đồng)") == ("philephidong", "philephi")
    assert header_forms("Số hồ sơ") == ("sohoso",)
    assert header_forms("  \n ") == ()


def test_the_police_dialect_is_told_by_sheet_unit_columns_or_capitals():
    assert register_dialect("DL_GOC", ["so"]) == "ca"
    assert register_dialect("Sheet1", ["STT", "NKSHOTEN", "NGAYDANGKY", "NKSNGAYSINH"]) == "ca"
    assert register_dialect("Sheet1", ["so", "DC_DVNHAPXA"]) == "ca"
    assert register_dialect("DL Import", ["so", "nksHoTen", "ngayDangKy"]) == "khac"
    assert register_dialect("", ["SỐ", "NGÀY ĐĂNG KÝ", "HỌ TÊN"]) == "khac"
    assert register_dialect("", []) == "khac"
