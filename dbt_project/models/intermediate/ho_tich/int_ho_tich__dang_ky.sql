{{ config(
    materialized='theo_khoa',
    khoa='ma_ban_ghi',
    thang='ky',
    theo={
        'int_ho_tich__ban_ghi': 'ma_ban_ghi',
    },
    theo_ngay=[
        "select ma_ban_ghi from trung_gian.int_ho_tich__ban_ghi where cho_so_dinh_danh",
    ],
) }}
select
    cast(b.ma_ban_ghi as varchar) as ma_ban_ghi,
    cast(b.loai_so as varchar) as loai_so,
    cast(b.ma_don_vi as varchar) as ma_don_vi,
    cast(d.ma_don_vi_hien_nay as varchar) as ma_don_vi_hien_nay,
    cast(b.ky as varchar) as ky,
    cast(b.nguon as varchar) as nguon,
    cast(b.loai_dang_ky as varchar) as loai_dang_ky,
    cast(b.gioi_tinh as varchar) as gioi_tinh,
    cast(b.nam_sinh as bigint) as nam_sinh,
    cast(b.ngay_dang_ky as date) as ngay_dang_ky,
    cast(b.ngay_dang_ky_tu as date) as ngay_dang_ky_tu,
    cast(b.ngay_dang_ky_den as date) as ngay_dang_ky_den,
    cast(b.so_ngay_cho as bigint) as so_ngay_cho,
    cast(b.dung_han as boolean) as dung_han,
    cast(b.co_so_dinh_danh as boolean) as co_so_dinh_danh,
    cast(
        case
            when b.co_so_dinh_danh then {{ so_ngay('b.ngay_dang_ky', 'b.ngay_cap_so_dinh_danh') }}
            when b.cho_so_dinh_danh and b.ngay_dang_ky <= p.ngay_so_lieu then {{ so_ngay('b.ngay_dang_ky', 'p.ngay_so_lieu') }}
        end as bigint
    ) as so_ngay_cho_so_dinh_danh,
    cast(b.trang_thai as varchar) as trang_thai,
    cast(b._ma_tep as varchar) as ma_tep,
    cast({{ da_che('b._trang_tinh') }} as varchar) as trang_tinh,
    cast(b._dong as bigint) as dong
from {{ phan_doi(ref('int_ho_tich__ban_ghi'), 'ma_ban_ghi') }} as b
cross join {{ source('so_cai', 'tham_so') }} as p -- noqa: AL05
left join {{ ref('int_tthc__don_vi_hien_nay') }} as d on b.ma_don_vi = d.ma_don_vi
