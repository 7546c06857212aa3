"""Names and dates in comparable forms, as macros of a private DuckDB; shared by all registers (R10)."""

from __future__ import annotations

import unicodedata

import duckdb

_VOWELS = "aăâeêioôơuưy"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONED = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES)
_BARE = "".join(vowel * len(_TONES) for vowel in _VOWELS)
_WORDS = "list_zip(string_split(x, ' '), string_split(y, ' '))"

REAL_WORDS = "lk_chu_that"
"""Variable of the connection: the folded words of names that many bear, as a list (``decide``)."""

MACROS = (
    # "(đã chết)" and other remarks out, one form of each letter, single spaces, lower case; tones stay.
    r"""create or replace temp macro lk_sach(x) as nullif(trim(regexp_replace(
        regexp_replace(lower(nfc_normalize(replace(x, 'ð', 'đ'))), '\(.*?\)|[^\p{L}\p{M}. ]|\p{Cf}', ' ', 'g'),
        '[\s\p{Zs}]+', ' ', 'g')), '')""",
    # Without tones and marks; i and y are one letter; the usual abbreviation of the commonest family name is undone.
    r"""create or replace temp macro lk_khoa(x) as regexp_replace(trim(regexp_replace(replace(
        translate(strip_accents(x), 'đðy', 'ddi'), '.', ' '), ' +', ' ', 'g')), '^(ng|ngien|nguien) ', 'nguien ')""",
    # Letters of one name in one order, so that swapped words compare equal.
    "create or replace temp macro lk_xep(x) as array_to_string(list_sort(string_split(x, ' ')), ' ')",
    f"create or replace temp macro lk_bo_thanh(x) as translate(translate(x, '{_TONED}', '{_BARE}'), 'yđ', 'id')",
    "create or replace temp macro lk_so_chu(x) as len(string_split(x, ' '))",
    # Two names of as many words, all words that differ borne by many: two people's names, not one and a slip.
    f"""create or replace temp macro lk_hai_ten_that(x, y) as lk_so_chu(x) = lk_so_chu(y) and x <> y
        and len(list_filter({_WORDS}, lambda c: c[1] <> c[2]
            and not (list_contains(getvariable('{REAL_WORDS}'), c[1])
                and list_contains(getvariable('{REAL_WORDS}'), c[2])))) = 0""",
    # One spelling, other marks, and no loss of marks makes one of the other: Hưng and Hùng, but not Hưng and Hung.
    f"""create or replace temp macro lk_khac_dau(x, y) as lk_so_chu(x) = lk_so_chu(y)
        and len(list_filter({_WORDS}, lambda c: lk_khoa(c[1]) = lk_khoa(c[2])
            and lk_bo_thanh(c[1]) <> lk_bo_thanh(c[2])
            and strip_accents(c[1]) <> c[1] and strip_accents(c[2]) <> c[2])) > 0""",
    # Whether two folded names can be one person's, one of them with a slip or a middle name left out.
    """create or replace temp macro lk_cung_nguoi(x, y) as x = y or lk_xep(x) = lk_xep(y)
        or damerau_levenshtein(x, y) <= 1
        or split_part(x, ' ', 1) = split_part(y, ' ', 1) and split_part(x, ' ', -1) = split_part(y, ' ', -1)
            and (lk_so_chu(x) <> lk_so_chu(y) or damerau_levenshtein(x, y) <= 2)""",
    # Whether one slip, or a part left out, turns one date into the other (years, whole dates and intervals).
    """create or replace temp macro lk_ngay_gan(tu1, den1, ngay1, nam1, tu2, den2, ngay2, nam2, doi2) as coalesce(
        tu1 <= den2 and tu2 <= den1 or ngay1 = doi2
        or abs(nam1 - nam2) in (1, 10) and substr(ngay1, 6) = substr(ngay2, 6)
        or damerau_levenshtein(ngay1, ngay2) <= 1 or abs(tu1 - tu2) <= 1
        or date_trunc('month', tu1) = date_trunc('month', tu2), tu1 is null or tu2 is null)""",
)

NAME_FORMS = "lk_sach({0}) as {1}_sach, lk_khoa(lk_sach({0})) as {1}_khoa"
"""Cleaned and folded form of name column ``{0}``, under the name ``{1}``."""

DATE_FORMS = """
    case when year({0}_tu) = year({0}_den) then year({0}_tu) end as {1}nam,
    case when {0}_tu = {0}_den then strftime({0}_tu, '%Y-%m-%d') end as {1}ngay,
    case when {0}_tu = {0}_den and day({0}_tu) <= 12 then strftime({0}_tu, '%Y-%d-%m') end as {1}ngay_doi"""
"""What comparisons use of interval ``{0}``: columns ``{1}nam``, ``{1}ngay``, ``{1}ngay_doi``, null where unsure."""


def interval(column: str, name: str) -> str:
    """The interval of a date as written, as ``<name>_tu``, ``<name>_den``.

    The first of January stands for "day unknown" far more often than for that day; a year like 5005 says nothing.
    """
    known = f"year({column}_tu) between 1850 and 2100"
    return f"""case when {known} then {column}_tu end as {name}_tu,
        case when not ({known}) then null
            when {column}_tu = {column}_den and month({column}_tu) = 1 and day({column}_tu) = 1
            then make_date(year({column}_tu), 12, 31) else {column}_den end as {name}_den"""


def define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros of this module known to ``connection``."""
    for macro in MACROS:
        connection.execute(macro)
