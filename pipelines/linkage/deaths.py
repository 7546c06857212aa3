"""The deaths register in linkage (R10): no parents are recorded, but two dates, and nobody dies twice."""

from __future__ import annotations

from pipelines.linkage.names import DATE_FORMS, interval
from pipelines.linkage.register import KIND_BY_PLACE, NAMES, PLACES, SEXES, Comparison, Level, Register, dates, features

_READ = f"""
        {interval("ngay_chet", "chet")},
        lk_khoa(lk_sach(noi_chet)) as noi_chet, lk_khoa(lk_sach(nguyen_nhan)) as nguyen_nhan
"""
_SHOWN = f"""chet_tu, chet_den,
    {DATE_FORMS.format("chet", "chet_")},
    noi_chet, nguyen_nhan"""
_MARK = """ten_sach, sinh_tu, sinh_den, chet_tu, chet_den, noi_chet, nguyen_nhan, gioi_tinh, noi_dang_ky,
        so_dinh_danh, nguon, loai_dang_ky, ngay_dang_ky_tu, ngay_dang_ky_den"""

# Free text: equal words speak for one event, other words hardly against it.
_PLACE_OF_DEATH = Comparison(
    "noi_chet", "noi_chet_l is null or noi_chet_r is null", (Level("như nhau", "noi_chet_l = noi_chet_r"),)
)
_CAUSE = Comparison(
    "nguyen_nhan",
    "nguyen_nhan_l is null or nguyen_nhan_r is null",
    (Level("như nhau", "nguyen_nhan_l = nguyen_nhan_r"),),
)

_FACTS = """
        coalesce(a.so_dinh_danh = b.so_dinh_danh, false) as cung_so,
        -- Numbers are keyed hashes: two of them are equal or another person's.
        coalesce(a.so_dinh_danh <> b.so_dinh_danh, false) as khac_so,
        lk_ngay_gan(a.tu, a.den, a.ngay, a.nam, b.tu, b.den, b.ngay, b.nam, b.ngay_doi) as sinh_gan,
        lk_ngay_gan(a.chet_tu, a.chet_den, a.chet_ngay, a.chet_nam,
            b.chet_tu, b.chet_den, b.chet_ngay, b.chet_nam, b.chet_ngay_doi) as chet_gan,
        -- Two of one family who died together stand side by side under two names that no slip makes one.
        coalesce(a.chet_ngay = b.chet_ngay, false) and a.ten_xep <> b.ten_xep
            and lk_hai_ten_that(a.ten_khoa, b.ten_khoa)
            or coalesce(a.chet_ngay = b.chet_ngay, false) and lk_khac_dau(a.ten, b.ten) as hai_nguoi
"""

_KIND = f"""
        when sau_lai then 'dang_ky_lai'
{KIND_BY_PLACE}"""

_ACCEPT = """
    ten_goi_gan and not khac_so and (cung_so or not hai_nguoi and sinh_gan and chet_gan
        and (cung_ten or a.ten_goi = b.ten_goi and (
            lk_so_chu(a.ten_khoa) <> lk_so_chu(b.ten_khoa) or damerau_levenshtein(a.ten_khoa, b.ten_khoa) <= 2)
            or damerau_levenshtein(a.ten_khoa, b.ten_khoa) <= 1))
"""

DEATHS = Register(
    name="khai_tu",
    view="int_ho_tich__lien_ket_khai_tu",
    features=features(_READ, _SHOWN, _MARK),
    comparisons=(NAMES, dates("ngay_sinh"), SEXES, dates("ngay_chet", "chet_"), PLACES, _PLACE_OF_DEATH, _CAUSE),
    blocks=(
        ("so_dinh_danh",),
        ("ten_khoa", "nam"),
        ("ten_khoa", "chet_nam"),
        ("chet_ngay", "ten_goi"),
        ("chet_ngay", "noi_dang_ky"),
        ("ngay", "ten_goi"),
    ),
    training_blocks=(("ten_khoa", "nam"), ("ten_khoa", "chet_ngay"), ("chet_ngay", "noi_dang_ky")),
    facts=_FACTS,
    kind=_KIND,
    accept=_ACCEPT,
)
