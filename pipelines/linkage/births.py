"""The births register in linkage (R10).

Mother and father are one comparison: two children of one couple share both, so as independent evidence they
would make siblings of one person.
"""

from __future__ import annotations

from pipelines.linkage.names import NAME_FORMS
from pipelines.linkage.register import (
    KIND_BY_PLACE,
    NAMES,
    PLACES,
    SEXES,
    Comparison,
    Level,
    Register,
    dates,
    features,
    jaro,
)

_SAME_YEAR = "abs({0}_nam_l - {0}_nam_r) <= 1"

_FAMILY = Comparison(
    "gia_dinh",
    "(me_l is null or me_r is null) and (cha_l is null or cha_r is null)",
    (
        Level("cùng cha mẹ", "me_l = me_r and cha_l = cha_r"),
        Level(
            "một người, người kia gần",
            f"(me_l = me_r and {jaro('cha', 0.88)}) or (cha_l = cha_r and {jaro('me', 0.88)})",
        ),
        Level("cả hai gần", f"{jaro('me', 0.88)} and {jaro('cha', 0.88)}"),
        Level(
            "một người, cùng năm sinh",
            f"(me_l = me_r and {_SAME_YEAR.format('me')}) or (cha_l = cha_r and {_SAME_YEAR.format('cha')})",
        ),
        Level("một người", "me_l = me_r or cha_l = cha_r"),
        Level("một người gần", f"{jaro('me', 0.92)} or {jaro('cha', 0.92)}"),
    ),
)

_READ = f"""
        {NAME_FORMS.format("me_ho_ten", "me")},
        {NAME_FORMS.format("cha_ho_ten", "cha")},
        case when year(me_ngay_sinh_tu) = year(me_ngay_sinh_den) then year(me_ngay_sinh_tu) end as me_nam,
        case when year(cha_ngay_sinh_tu) = year(cha_ngay_sinh_den) then year(cha_ngay_sinh_tu) end as cha_nam
"""
_SHOWN = "me_khoa as me, cha_khoa as cha, me_nam, cha_nam"
_MARK = """ten_sach, me_khoa, cha_khoa, me_nam, cha_nam, sinh_tu, sinh_den, gioi_tinh, noi_dang_ky, so_dinh_danh,
        nguon, loai_dang_ky, ngay_dang_ky_tu, ngay_dang_ky_den"""

_FACTS = """
        a.me is not null and b.me is not null and not lk_cung_nguoi(a.me, b.me) as khac_me,
        a.cha is not null and b.cha is not null and not lk_cung_nguoi(a.cha, b.cha) as khac_cha,
        coalesce(lk_cung_nguoi(a.me, b.me) and abs(a.me_nam - b.me_nam) <= 1, false) as dung_me,
        -- Twins are registered together, side by side, under two names that no slip makes one. In a large register a
        -- given name that hardly anyone bears, one letter from the other, is a slip; in a small one nobody can tell.
        cung_noi and cung_nguon and coalesce(cung_ngay_dk, false) and (
            lk_khac_dau(a.ten, b.ten)
            or a.ten_xep <> b.ten_xep and (
                a.ten_goi <> b.ten_goi and not (damerau_levenshtein(a.ten_khoa, b.ten_khoa) <= 1
                    and (a.ten_goi in (from ten_goi_hiem) or b.ten_goi in (from ten_goi_hiem)))
                or a.ten_goi = b.ten_goi and lk_so_chu(a.ten_khoa) = lk_so_chu(b.ten_khoa)
                    and (damerau_levenshtein(a.ten_khoa, b.ten_khoa) > 1 or lk_hai_ten_that(a.ten_khoa, b.ten_khoa))
            )) as nhu_sinh_doi
"""

_KIND = f"""
        when sau_lai then 'dang_ky_lai'
        when sau_cap_ban_chinh then 'cap_lai_ban_chinh'
{KIND_BY_PLACE}"""

_ACCEPT = """
    ten_goi_gan and not nhu_sinh_doi
    -- Brothers and sisters share their parents: another day of birth is another child, unless one slip explains it.
    and lk_ngay_gan(a.tu, a.den, a.ngay, a.nam, b.tu, b.den, b.ngay, b.nam, b.ngay_doi)
    and (coalesce(a.ngay = b.ngay, false) or cung_ten or a.ten_goi = b.ten_goi and (
        lk_so_chu(a.ten_khoa) <> lk_so_chu(b.ten_khoa) or damerau_levenshtein(a.ten_khoa, b.ten_khoa) <= 2))
    -- One name, one day, another mother: a namesake. Another father alone may be a recognition, if the mother is sure.
    and not khac_me and (not khac_cha or dung_me)
"""

BIRTHS = Register(
    name="khai_sinh",
    view="int_ho_tich__lien_ket",
    features=features(_READ, _SHOWN, _MARK),
    comparisons=(NAMES, dates("ngay_sinh"), SEXES, _FAMILY, PLACES),
    blocks=(
        ("so_dinh_danh",),
        ("ten_khoa", "nam"),
        ("ngay", "ten_goi"),
        ("ngay", "me"),
        ("ngay", "cha"),
        ("me", "cha", "ten_goi"),
        ("ten_khoa", "me"),
        ("ten_khoa", "cha"),
    ),
    training_blocks=(("ten_khoa", "me"), ("ten_khoa", "nam"), ("ngay", "noi_dang_ky")),
    facts=_FACTS,
    kind=_KIND,
    accept=_ACCEPT,
)
