"""The encoders of old charsets, against an independent table and against Python's own codec."""

from __future__ import annotations

import unicodedata

import pytest
from viparse.normalize import encodings

from pipelines.sample.files.charsets import encode

_SMALL = "đ aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ"


def _decoded(data: bytes, charset: str) -> str:
    """Greedy, longest first, by the independent library's table; unmapped characters stay as they are."""
    pairs = dict(encodings.get_charmap(charset).pairs)
    text, out, at = data.decode("latin-1"), [], 0
    while at < len(text):
        size = next((n for n in (3, 2, 1) if text[at : at + n] in pairs), 0)
        out.append(pairs[text[at : at + size]] if size else text[at])
        at += size or 1
    return unicodedata.normalize("NFC", "".join(out))


def test_tcvn3_round_trips_every_small_letter_and_the_plain_capitals() -> None:
    text = _SMALL + " ĂÂÊÔƠƯĐ ABC 123"
    assert _decoded(encode(text, "tcvn3"), "tcvn3") == text


def test_tcvn3_writes_toned_capitals_as_small_letters() -> None:
    assert encode("HỒ SƠ", "tcvn3") == b"H\xe5 S\xa5"


def test_vni_round_trips_both_cases() -> None:
    # the independent table lacks ẳ and ỵ: its makers have seen neither in a document
    text = "".join(c for c in _SMALL + " " + _SMALL.upper() if c.lower() not in "ẳỵ")
    assert _decoded(encode(text, "vni"), "vni") == text


def test_windows_1258_decodes_to_the_same_text_after_nfc() -> None:
    text = _SMALL + " " + _SMALL.upper()
    assert unicodedata.normalize("NFC", encode(text, "cp1258").decode("cp1258")) == text


def test_utf_16_starts_with_its_mark() -> None:
    assert encode("Ă", "utf-16") == b"\xff\xfe\x02\x01"


def test_a_letter_outside_the_charset_is_an_error() -> None:
    with pytest.raises(ValueError, match="TCVN3"):
        encode("漢", "tcvn3")
