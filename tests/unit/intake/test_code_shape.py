"""A person in the column of a code is no code; codes of every kind in use are."""

from __future__ import annotations

import csv
import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.loader import load_contracts
from pipelines.intake.masking import names_a_person
from pipelines.intake.values.code_shape import _LABELLED, _NO_WORDS, _PASSPORT, _USUAL, _is_no_code, misshapen

CONTRACTS = load_contracts()


def wrong(feed: str, field: str, *texts: str) -> list[str]:
    found = misshapen(pl.Series(texts, dtype=pl.String), CONTRACTS[feed].by_name[field])
    return [] if found is None else [text for text, bad in zip(texts, found.to_list(), strict=True) if bad]


PERSONS = ("Nguyễn Văn An", "NGUYỄN VĂN AN", "nguyen van an", "024190001234", "0912345678", "0912 345 678", "a@b.vn")


@pytest.mark.parametrize(
    ("feed", "field"),
    [
        ("dvc/ho_so", "ma_ho_so"),
        ("dvc/ho_so", "ma_don_vi"),
        ("dvc/ho_so", "ma_tthc"),
        ("dvc/thanh_toan", "ma_giao_dich"),
        ("dvc/pakn", "ma_pakn"),
        ("ho_tich/khai_sinh", "noi_dang_ky"),
        ("ho_tich/khai_sinh", "quyen_so"),
        ("ho_tich/khai_sinh", "so"),
    ],
)
def test_a_person_is_no_code(feed: str, field: str) -> None:
    assert wrong(feed, field, *PERSONS) == list(PERSONS)


@pytest.mark.parametrize(("feed", "field"), [("bao_cao/so_lieu", "chi_tieu"), ("chi_dao/muc_tieu", "ma_chi_tieu")])
def test_metrics_of_the_dictionary_are_codes_even_where_they_spell_a_name(feed: str, field: str) -> None:
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "chi_tieu.csv").open(encoding="utf-8", newline="") as file:
        metrics = [row["chi_tieu"] for row in csv.DictReader(file)]
    assert "dang_trong_han" in metrics
    assert names_a_person("dang_trong_han")
    assert wrong(feed, field, *metrics, "DANG_TRONG_HAN ") == []
    assert wrong(feed, field, "Đặng Trọng Hân", "nguyen_van_an") == ["Đặng Trọng Hân", "nguyen_van_an"]


@pytest.mark.parametrize(
    ("feed", "field", "texts"),
    [
        (
            "dvc/ho_so",
            "ma_ho_so",
            ("H02.28-240614-0001", "000.00.28.H02-240614-0001", "H02.16-240603-1404001"),
        ),
        ("dvc/ho_so", "ma_don_vi", ("H02.16", "000.00.16.H02", "UBND-X", "SKHĐT")),
        ("dvc/ho_so", "ma_tthc", ("1.001193", "1.001193.000.00.00.H02", "T-103", "BG.1", "2.000777.000.00.00.H02")),
        ("dvc/thanh_toan", "ma_giao_dich", ("240605000000123", "123456789012", "GD-0001")),
        ("ho_tich/khai_sinh", "quyen_so", ("01/2019", "Quyển số 01/2019", "TP/HT-2010-KS.01", "01")),
        ("ho_tich/khai_sinh", "noi_dang_ky", ("H02.16.05", "09001", "UBND phường Lê Lợi")),
        ("ho_tich/khai_sinh", "so", ("12", "12A", "01/2018", "Số 12")),
    ],
)
def test_codes_in_use_are_codes(feed: str, field: str, texts: tuple[str, ...]) -> None:
    assert wrong(feed, field, *texts) == []


GROUPED = (
    "0912.345.678", "0912-345-678", "0987/654/324", "09 12 34 56 78", "+84 912 345 678", "024.190.001.234",
    "024190-001234", "0241 9000 1234", "０９１２３４５６７８",
)  # fmt: skip


@pytest.mark.parametrize(
    ("feed", "field"),
    [("dvc/ho_so", "ma_ho_so"), ("dvc/ho_so", "ma_tthc"), ("dvc/pakn", "ma_pakn"), ("dvc/thanh_toan", "ma_giao_dich")],
)
def test_a_number_of_a_person_in_groups_is_no_code(feed: str, field: str) -> None:
    assert wrong(feed, field, *GROUPED) == list(GROUPED)


@pytest.mark.parametrize("name", ["GIAP VAN MINH", "vi thi lan", "Lò Thị Mai"])
def test_a_person_of_any_surname_is_no_unit(name: str) -> None:
    assert wrong("dvc/ho_so", "ma_don_vi", name) == [name]


def test_long_codes_of_machines_are_codes() -> None:
    codes = ("000123456789", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d", "03.28-240614")
    assert wrong("dvc/thanh_toan", "ma_giao_dich", *codes) == []


def test_a_text_in_words_is_no_code() -> None:
    assert wrong("dvc/ho_so", "ma_don_vi", "Sở Tài chính", "zqbímậtzq", "H02.16") == ["Sở Tài chính", "zqbímậtzq"]


def test_a_dossier_code_has_a_digit_and_no_accent() -> None:
    assert wrong("dvc/ho_so", "ma_ho_so", "Hồ sơ 1", "không có", "H02.28-240614-0001") == ["Hồ sơ 1", "không có"]


def test_a_postal_item_is_a_code_whatever_its_digits_begin_with() -> None:
    items = ("EA012345678VN", "EB912345678VN", "VN012345678", "0912345678")
    assert wrong("dvc/buu_gui", "ma_buu_gui", *items) == ["VN012345678", "0912345678"]


def test_an_address_is_no_code_whatever_numbers_are_in_it() -> None:
    places = ("Số 12 ngõ 5 phố Hàng Bông", "sinh ngày 12/3/1985 tại Lạng Giang", "Phường 5")
    assert wrong("dvc/ho_so", "ma_don_vi", *places) == list(places[:2])


CODES_OF_A_FIELD = ("H02.16", "H02.16.05", "H02.28")


@pytest.mark.parametrize(
    "passport",
    ["C1234567", "B7654321", "P01234567", "c1234567", "C 1234567", "Ｃ１２３４５６７", "HC: K7351023", "H02 C1234567"],
)
def test_a_passport_among_codes_of_another_shape_is_no_code(passport: str) -> None:
    for field in ("ma_don_vi", "ma_ho_so", "ma_tthc"):
        assert wrong("dvc/ho_so", field, *CODES_OF_A_FIELD, passport) == [passport]
    assert wrong("chi_dao/muc_tieu", "pham_vi", passport) == [passport]


def test_codes_of_a_letter_and_seven_digits_are_codes_where_a_system_numbers_so() -> None:
    assert wrong("dvc/ho_so", "ma_ho_so", "N0000123", "N0000124", "N0000125", "H02.28-240614-0001") == []
    assert wrong("dvc/thanh_toan", "ma_giao_dich", "GD-0001", "GD-0002", "GD-0003", "N0000123") == []


@pytest.mark.parametrize(
    "text",
    [
        "CCCD024190001234", "CMND 273519027", "cmnd: 273519027", "Hộ chiếu C1234567", "hộ chiếu số K12345678",
        "SĐT0912345678",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("feed", "field"), [("dvc/pakn", "ma_pakn"), ("dvc/thanh_toan", "ma_giao_dich"), ("ho_tich/khai_sinh", "quyen_so")]
)
def test_a_number_that_says_whose_it_is_is_no_code(feed: str, field: str, text: str) -> None:
    assert wrong(feed, field, text, "01", "02") == [text]


def test_codes_that_name_a_paper_are_codes() -> None:
    assert wrong("dvc/ho_so", "ma_tthc", "CMND-01", "BCA-CCCD-12", "1.001193") == []


@settings(max_examples=500)
@given(st.text("HKYmAa0123489.-_/ ()#:'@’", max_size=24))
def test_what_has_no_two_letters_side_by_side_names_nobody(text: str) -> None:
    if text.isascii() and _NO_WORDS.fullmatch(text):
        assert not names_a_person(text)
        assert not _LABELLED.search(text)
        assert "@" not in text


@pytest.mark.parametrize("text", ["H'A", "K'B 12", "a@b.vn"])
def test_names_of_one_letter_are_looked_at_closely(text: str) -> None:
    assert not _NO_WORDS.fullmatch(text)


DOSSIER = st.builds(
    "{}{:02}{}-{:06}-{:04}".format,
    st.sampled_from("ABHY"),
    st.integers(0, 99),
    st.one_of(st.just(""), st.integers(0, 99).map(lambda unit: f".{unit:02}")),
    st.integers(0, 999_999),
    st.integers(0, 9999),
)


@settings(max_examples=1_000)
@given(DOSSIER)
def test_no_code_of_the_usual_shape_is_a_person(code: str) -> None:
    assert re.fullmatch(_USUAL, code)
    for feed, field in (("dvc/ho_so", "ma_ho_so"), ("dvc/ho_so", "ma_tthc"), ("dvc/thanh_toan", "ma_giao_dich")):
        assert not _is_no_code(code, CONTRACTS[feed].by_name[field])
    assert not _PASSPORT.fullmatch(code)


def test_a_person_beside_codes_of_the_usual_shape_is_found() -> None:
    assert wrong("dvc/ho_so", "ma_ho_so", "H02.08-250614-0001", "0912 345 678", "H02.08-250614-0002") == [
        "0912 345 678"
    ]
