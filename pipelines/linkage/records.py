"""Births as linkage sees them: one row a record, names in comparable forms, dates as intervals.

Input is any relation with the columns of ``trung_gian.int_ho_tich__lien_ket``; output is table ``ban_ghi`` of a
private in-memory database. Its rows are personal data: they live in memory and in owner-only spill files only.
"""

from __future__ import annotations

import duckdb

TABLE = "ban_ghi"

_MACROS = (
    # "(đã chết)" and other remarks out, one form of each letter, single spaces, lower case; tones stay.
    r"""create or replace temp macro lk_sach(x) as nullif(trim(regexp_replace(
        regexp_replace(lower(nfc_normalize(replace(x, 'ð', 'đ'))), '\(.*?\)|[^\p{L}\p{M}. ]|\p{Cf}', ' ', 'g'),
        '[\s\p{Zs}]+', ' ', 'g')), '')""",
    # Without tones and marks; i and y are one letter; the usual abbreviation of the commonest family name is undone.
    r"""create or replace temp macro lk_khoa(x) as regexp_replace(trim(regexp_replace(replace(
        translate(strip_accents(x), 'đðy', 'ddi'), '.', ' '), ' +', ' ', 'g')), '^(ng|ngien|nguien) ', 'nguien ')""",
    # Letters of one name in one order, so that swapped words compare equal.
    "create or replace temp macro lk_xep(x) as array_to_string(list_sort(string_split(x, ' ')), ' ')",
)

_PERSON = "lk_sach({0}) as {1}_sach, lk_khoa(lk_sach({0})) as {1}_khoa"

_FEATURES = f"""
create or replace table {TABLE} as
with sach as (
    select
        ma_ban_ghi, _khoa, noi_dang_ky, nguon, loai_dang_ky, so_dinh_danh,
        ngay_dang_ky_tu, ngay_dang_ky_den,
        gioi_tinh,
        {_PERSON.format("ho_ten", "ten")},
        {_PERSON.format("me_ho_ten", "me")},
        {_PERSON.format("cha_ho_ten", "cha")},
        -- The first of January stands for "day unknown" far more often than for a birthday.
        -- A year like 5005 says nothing.
        case when year(ngay_sinh_tu) between 1850 and 2100 then ngay_sinh_tu end as tu,
        case when year(ngay_sinh_tu) not between 1850 and 2100 then null
            when ngay_sinh_tu = ngay_sinh_den and month(ngay_sinh_tu) = 1 and day(ngay_sinh_tu) = 1
            then make_date(year(ngay_sinh_tu), 12, 31) else ngay_sinh_den end as den,
        case when year(me_ngay_sinh_tu) = year(me_ngay_sinh_den) then year(me_ngay_sinh_tu) end as me_nam,
        case when year(cha_ngay_sinh_tu) = year(cha_ngay_sinh_den) then year(cha_ngay_sinh_tu) end as cha_nam
    from {{source}}
)
select
    ma_ban_ghi, _khoa, noi_dang_ky, nguon, loai_dang_ky, so_dinh_danh, ngay_dang_ky_tu, ngay_dang_ky_den,
    gioi_tinh,
    ten_sach as ten,
    ten_khoa,
    lk_xep(ten_khoa) as ten_xep,
    split_part(ten_khoa, ' ', 1) as ho,
    split_part(ten_khoa, ' ', -1) as ten_goi,
    me_khoa as me, cha_khoa as cha, me_nam, cha_nam,
    tu, den,
    case when year(tu) = year(den) then year(tu) end as nam,
    case when tu = den then strftime(tu, '%Y-%m-%d') end as ngay,
    case when tu = den and day(tu) <= 12 then strftime(tu, '%Y-%d-%m') end as ngay_doi,
    md5(cast(row(ten_sach, me_khoa, cha_khoa, me_nam, cha_nam, tu, den, gioi_tinh, noi_dang_ky, so_dinh_danh,
        nguon, loai_dang_ky, ngay_dang_ky_tu, ngay_dang_ky_den) as varchar)) as dau
from sach
order by ma_ban_ghi
"""


def load_records(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Make table ``ban_ghi`` out of relation ``source``; returns the number of records.

    Columns: ids and facts as in the source; ``ten`` (tones kept), ``ten_khoa`` (folded), ``ten_xep``, ``ho``,
    ``ten_goi``, ``me``, ``cha`` (folded), ``me_nam``, ``cha_nam``; date of birth ``tu``–``den`` with ``nam``,
    ``ngay`` and ``ngay_doi`` (day and month swapped) where they are sure; ``dau``, the digest that tells a
    changed record from one already compared.
    """
    for macro in _MACROS:
        connection.execute(macro)
    connection.execute(_FEATURES.format(source=source))
    return int(connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0])
