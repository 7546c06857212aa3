"""Legacy character sets: strict, exact, told apart, with an independent converter as a second opinion."""

from __future__ import annotations

import codecs
import importlib.util
import sys
import unicodedata
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.read import charsets, encoding

_SPEC = importlib.util.spec_from_file_location(
    "intake_exports", Path(__file__).parents[2] / "integration" / "intake" / "intake_exports.py"
)
assert _SPEC
assert _SPEC.loader
exports = importlib.util.module_from_spec(_SPEC)
sys.modules.setdefault("intake_exports_for_unit", exports)
_SPEC.loader.exec_module(exports)

SMALL = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
TEXT = st.text(alphabet=SMALL + " 0123456789,;.\n", max_size=80)
ENCODERS = {"TCVN3": exports.as_tcvn3, "VNI": exports.as_vni, "windows-1258": exports.as_windows_1258}
PROSE = (
    "Mã hồ sơ;Chủ hồ sơ;Ngày tiếp nhận;Trạng thái\nH02.01;Nguyễn Thị Ánh;05/06/2024;Đã trả kết quả\n"
    "H02.02;Trần Văn Đức;06/06/2024;Đang xử lý\nH02.03;Lê Hữu Phước;07/06/2024;Không được tiếp nhận\n"
)


@pytest.mark.parametrize("name", ENCODERS)
@given(text=TEXT)
def test_round_trip_of_small_letters(name, text):
    assert charsets.LEGACY[name](ENCODERS[name](text)) == unicodedata.normalize("NFC", text)


@given(text=st.text(alphabet=SMALL.upper() + SMALL + " ", max_size=60))
@pytest.mark.parametrize("name", ["VNI", "windows-1258"])
def test_round_trip_with_capitals_where_the_set_has_them(name, text):
    assert charsets.LEGACY[name](ENCODERS[name](text)) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(("name", "entries"), [("TCVN3", 70), ("VNI", 130)])
def test_every_letter_of_an_independent_table_is_read_alike(name, entries):
    tables = importlib.import_module("viparse.normalize.encodings")
    pairs = tables.get_charmap(name.lower()).pairs
    assert len(pairs) >= entries
    for written, letter in pairs:
        assert charsets.LEGACY[name](written.encode("latin-1")) == unicodedata.normalize("NFC", letter), letter


@pytest.mark.parametrize(("name", "encode"), [("TCVN3", exports.as_tcvn3), ("VNI", exports.as_vni)])
def test_prose_is_read_alike_by_an_independent_converter(name, encode):
    tables = importlib.import_module("viparse.normalize.encodings")
    convert = importlib.import_module("viparse.normalize.tables").convert
    data = encode("nguyễn thị ngọc ánh ở thôn đồng vượng, xã tân yên, thuở trước đã qua")
    assert charsets.LEGACY[name](data) == convert(data.decode("latin-1"), tables.get_charmap(name.lower()))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("NGUYễN VăN đứC", "NGUYỄN VĂN đỨC"),
        ("Lê Hà", "Lê Hà"),
        ("Mã TTHC", "Mã TTHC"),
        ("Mã UBND huyện Lý Nhân", "Mã UBND huyện Lý Nhân"),
        ("TRUNG TâM PHụC Vụ", "TRUNG TÂM PHỤC VỤ"),
    ],
)
def test_capitals_are_rebuilt_only_in_words_of_capitals(written, expected):
    assert charsets.restore_capitals(written).lower() == expected.lower()
    if "đứC" not in written:
        assert charsets.restore_capitals(written) == expected


@pytest.mark.parametrize("name", ENCODERS)
def test_the_right_set_is_told(name):
    decoded = encoding.decode(ENCODERS[name](PROSE), lambda text: text.count("Mã hồ sơ") * 4 + 1)
    assert decoded.charset == name
    assert decoded.text.lower() == PROSE.lower()


@pytest.mark.parametrize("name", ENCODERS)
def test_common_words_decide_where_headers_are_ascii(name):
    body = "ma_ho_so;co_giay\n" + "H02;Không\nH03;Có\n" * 5
    assert encoding.decode(ENCODERS[name](body), lambda _: 2).text == body


MANY_CODES = b"".join(b"H02;%d\n" % number for number in range(742))


def test_a_draw_is_read_and_not_sure():
    found = encoding.decode(b"ma_ho_so;ten\nH02;\xf4x\n" + MANY_CODES, lambda _: 2)
    assert found.text.count("\n") == 744
    assert not found.sure


@pytest.mark.parametrize("word", ["Nguyễn", "Thửa đất", "Trương Thị Hỷ"])
def test_one_word_of_vni_in_a_file_of_codes_is_read(word):
    found = encoding.decode(b"ma_ho_so;ten\nH02;" + exports.as_vni(word) + b"\n" + MANY_CODES, lambda _: 2)
    assert found.text.split("\n")[1] == f"H02;{word}"


@pytest.mark.parametrize("word", [b"nguye\xe3xx\xf8q", b"K\xb9zz\xb8"])
def test_one_word_of_no_set_does_not_refuse_the_file(word):
    assert encoding.decode(b"ma_ho_so;ten\nH02;" + word + b"\n" + MANY_CODES, lambda _: 2).text.count("\n") == 744


def test_enough_words_make_a_set_sure():
    assert all(encoding.decode(encode(PROSE), lambda _: 2).sure for encode in ENCODERS.values())


def test_no_known_header_under_any_set_is_refused():
    with pytest.raises(FileRefusedError, match="tiêu đề"):
        encoding.decode(exports.as_tcvn3(PROSE), lambda _: 0)


@given(data=st.binary(max_size=300))
def test_any_bytes_give_text_or_a_refusal(data):
    try:
        text = encoding.decode(data, lambda _: 2).text
    except FileRefusedError:
        return
    assert unicodedata.is_normalized("NFC", text)


CHARACTERS = st.sampled_from(
    "aấẤ\u0301\u02ff\u0300\u1dff\u1e00\u1eff\u1f71\u2000\u2001\u2002\u2026\u203f\u212b\uac00\U0001f600"
)


@given(text=st.text(CHARACTERS, max_size=12), block=st.integers(1, 9))
def test_composed_utf8_is_known_without_decoding(text, block):
    with patch.object(encoding, "_BLOCK", block):
        for mark in (b"", codecs.BOM_UTF8):
            data = mark + text.encode("utf-8")
            assert encoding.to_utf8(data, lambda _: 2)[0] == encoding.decode(data, lambda _: 2).text.encode("utf-8")


@given(
    data=st.binary(max_size=12) | st.lists(st.sampled_from([b"a", b"\xe1", b"\xba", b"\xa5", b"\x80"])).map(b"".join)
)
def test_bytes_that_are_no_utf8_go_the_long_way(data):
    def outcome(read):
        try:
            return read()
        except FileRefusedError as refusal:
            return str(refusal)

    long_way = outcome(lambda: encoding.decode(data, lambda _: 2).text.encode("utf-8"))
    assert outcome(lambda: encoding.to_utf8(data, lambda _: 2)[0]) == long_way
