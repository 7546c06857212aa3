import unicodedata
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Kind, Sensitivity
from pipelines.intake.values.text import clean, clean_one, sentinel_key
from tests.unit.intake.values.columns import fault, field_of, parsed, value, values


def test_invisible_characters_go_and_spaces_become_one():
    cells = ["\u200bNguyễn\u00a0Văn  A\ufeff ", "soft\u00adhyphen", "hai\r\ndòng", "\x00x", "\u3000"]
    assert values(cells, Kind.TEXT) == ["Nguyễn Văn A", "softhyphen", "hai dòng", "x", None]


def test_decomposed_text_and_eth_come_out_composed():
    assert value(unicodedata.normalize("NFD", "Nguyễn Thị Hoà"), Kind.TEXT) == "Nguyễn Thị Hoà"
    assert value("ÐẶNG ðình", Kind.TEXT) == "ĐẶNG đình"


def test_full_width_letters_and_digits_are_plain_ones():
    assert value("Ｈ０２．１６", Kind.CODE) == "H02.16"
    assert value("Ｈ０２．１６－２４０６０１－０００１", Kind.DOSSIER_CODE) == "H02.16-240601-0001"
    assert value("２０２４－０６", Kind.PERIOD) == "2024-06"
    assert clean_one("Ｈ０２．１６") == "H02.16"


def test_case_and_tone_placement_are_kept():
    assert values(["HOÀ", "hòa"], Kind.TEXT) == ["HOÀ", "hòa"]


def test_formula_text_stays_text():
    assert value('=HYPERLINK("http://x")', Kind.TEXT) == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("cell", "shown"),
    [('="Đất đai"', "Đất đai"), ('=" Đất đai "', "Đất đai"), ('=""', None), ("'Đất đai", "'Đất đai"),
     ('="a"&"b"', '="a"&"b"'), ('="Lĩnh vực ""đất"""', '="Lĩnh vực ""đất"""')],
)  # fmt: skip
def test_a_formula_that_only_says_it_is_a_text_is_that_text(cell, shown):
    assert value(cell, Kind.TEXT) == shown


def test_placeholder_of_the_contract_is_null_and_reported():
    more = {"sentinels": (", , , ", "NULL")}
    for cell in (", , ,", ",,,,", "null", " NULL "):
        assert value(cell, Kind.TEXT, **more) is None
        assert fault(cell, Kind.TEXT, **more) == "gia_tri_gia"
    assert value("NULL", Kind.TEXT) == "NULL"
    assert value("Xóm 1, A", Kind.TEXT, **more) == "Xóm 1, A"


def test_placeholder_of_a_dialect_holds_only_there():
    field = field_of(Kind.PARTIAL_DATE, dialect_sentinels={"ca": ("19/11/1999",)})
    assert parsed(["19/11/1999"], field, dialect="ca").fault.to_list() == ["gia_tri_gia"]
    assert parsed(["1999-11-19 00:00:00"], field, dialect="ca").columns["f"].to_list() == [None]
    assert parsed(["19/11/1999"], field, dialect="khac").columns["f"].to_list() == ["1999-11-19"]
    assert parsed(["19/11/1999"], field).columns["f"].to_list() == [None]


@settings(max_examples=200)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_cleaning_columns_and_single_texts_agree_and_is_stable(cells):
    once = clean(pl.Series("x", cells, dtype=pl.String))
    assert once.to_list() == [clean_one(cell) or None for cell in cells]
    assert clean(once).to_list() == once.to_list()
    assert all(sentinel_key(cell) == sentinel_key(clean_one(cell)) for cell in cells)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("UBND xã Hòa Bình (ĐT 0912 345 678)", "UBND xã Hòa Bình (ĐT •••)"),
        ("Một cửa – an.nguyen@example.vn", "Một cửa – •••"),
        ("Cấp lại thẻ 024190001234", "Cấp lại thẻ •••"),
        ("Cấp lại thẻ 024\u200b190\u200b001\u200b234", "Cấp lại thẻ •••"),
        ("Dự án dưới 1.500.000.000 đồng", "Dự án dưới 1.500.000.000 đồng"),
        ("Phường Nguyễn Thị Minh Khai", "Phường Nguyễn Thị Minh Khai"),
        ("Quyết định 1234/QĐ-UBND ngày 05/06/2024", "Quyết định 1234/QĐ-UBND ngày 05/06/2024"),
    ],
)
def test_a_text_that_may_be_published_holds_no_number_of_a_person(cell: str, shown: str) -> None:
    assert value(cell, Kind.TEXT) == shown


def test_a_personal_text_stays_as_it_is() -> None:
    field = replace(field_of(Kind.TEXT), sensitivity=Sensitivity.PERSONAL)
    assert parsed(["gọi 0912345678"], field).columns["f"].to_list() == ["gọi 0912345678"]
