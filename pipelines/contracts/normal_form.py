"""The normal form on which headers and codes are compared (docs/mess.md: matching ignores case, diacritics,
spaces and punctuation), and the plain words of titles, which keep spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_D_LETTERS = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
_MARKS = frozenset({"Mn", "Cf"})
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[\W_]+")
_CAMEL_TOKEN = re.compile(r"^[a-z]+[A-Z]\w*$")
_ENUMERATOR = re.compile(r"^\s*(?:[(\[]\s*\d{1,2}\s*[)\]]|\d{1,2}\s*[.)])\s*(?=\D)")
_WORDED_DATE = ("ngaythangnam", "ngaygio", "giongay")
_SHORT = {
    "hs": "hoso", "kq": "ketqua", "gq": "giaiquyet", "tn": "tiepnhan", "vb": "vanban", "gd": "giaodich",
    "tg": "thoigian", "tk": "taikhoan", "nv": "nhiemvu", "bc": "baocao", "xl": "xuly", "hv": "hocvien", "sl": "soluong",
    "kn": "ketnoi",
}  # fmt: skip
"""Abbreviations that offices write in headers and that have one meaning there; only as words of their own."""
_HINT = re.compile(r"[(\[{=:].*$", re.DOTALL)


def plain(text: str) -> str:
    """Words of titles and footers: no diacritics, no case, spaces collapsed, punctuation kept.

    ``Đ``, ``đ`` and eth (``Ð``, ``ð``) become ``d``; zero-width and other format characters go; compatibility
    forms (full-width letters, ligatures) are folded.
    """
    return _SPACES.sub(" ", "".join(c for c in _folded(text) if unicodedata.category(c) not in _MARKS)).strip()


def normal_form(text: str) -> str:
    """``Mã hồ sơ``, ``MA HO SO``, ``MaHoSo`` → ``mahoso``: letters and digits only, no case, no diacritics.

    Eth (``Ð``, ``ð``) counts as ``đ``. Compatibility forms (full-width letters, ligatures) are folded too.
    """
    return "".join(c for c in _folded(text) if c.isalnum())


def bare(text: str) -> str:
    """``text`` without diacritics, ``đ`` as ``d``; all else stays: of words in a pattern, too."""
    decomposed = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c) != "Mn"))


def either_spelling(pattern: str) -> str:
    """A pattern (without named groups) that takes its words with and without diacritics."""
    return f"(?:{pattern}|{bare(pattern)})"


def school_form(form: str) -> str:
    """A normal form in which ``y`` and ``i`` are one: ``Đăng kí``, ``tỉ lệ``, ``xử lí`` are how schools spell ``Đăng
    ký``, ``tỷ lệ``, ``xử lý``."""
    return form.replace("y", "i")


def in_school_forms(known: Mapping[str, str]) -> dict[str, str]:
    """``known`` (normal form → meaning) by school form, without what would mean two things there."""
    meanings: dict[str, set[str]] = {}
    for form, meaning in known.items():
        meanings.setdefault(school_form(form), set()).add(meaning)
    return {form: next(iter(found)) for form, found in meanings.items() if len(found) == 1}


def word_form(text: str) -> str:
    """The form on which words of code lists are compared: the normal form, a sign (``≥``) as it is without spaces."""
    return normal_form(text) or "".join(text.split())


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_D_LETTERS)).casefold()
    return unicodedata.normalize("NFKD", decomposed)


def header_forms(text: str) -> tuple[str, ...]:
    """Normal forms under which a header cell may be known, most literal first, without repeats.

    Header cells carry hints after the name (a line break, ``=[1..8]``, a unit in brackets) and words after a
    camelCase name (``noiDangKy UBND …``), a number before it (``(2) Mã hồ sơ``, ``2. Mã hồ sơ``): the whole cell,
    its first line, the part before a bracket or sign and a leading camelCase word are tried in this order.
    ``Ngày, tháng, năm`` and ``Ngày giờ`` stand for ``Ngày``, and abbreviations for their words (``Tình trạng HS``),
    where nothing more literal is known.
    """
    stripped = _ENUMERATOR.sub("", text).strip()
    first_line = stripped.splitlines()[0] if stripped else ""
    candidates = [stripped, first_line, _HINT.sub("", stripped), _HINT.sub("", first_line)]
    tokens = first_line.split()
    if tokens and _CAMEL_TOKEN.match(tokens[0]):
        candidates.append(tokens[0])
    candidates = list(dict.fromkeys(candidates))
    forms = [normal_form(candidate) for candidate in candidates]
    forms += [form.replace(words, "ngay") for form in forms for words in _WORDED_DATE if words in form]
    forms += [_written_out(candidate) for candidate in candidates]
    return tuple(dict.fromkeys(form for form in forms if form))


def _written_out(text: str) -> str:
    """The normal form with abbreviations written out."""
    words = (normal_form(word) for word in _WORDS.split(text))
    return "".join(_SHORT.get(word, word) for word in words)


def is_enumerated(text: str) -> bool:
    """Whether a number in brackets, or with a point, stands before the words of a cell (``2. Mã hồ sơ``)."""
    return _ENUMERATOR.match(text) is not None
