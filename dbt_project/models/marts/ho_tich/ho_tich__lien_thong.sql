with ho_so as (
    select
        {{ ky_thang('l.ngay_nop') }} as ky,
        l.*
    from {{ ref('int_ho_tich__lien_thong') }} as l
),

dem as (
    select
        h.ky,
        h.ma_don_vi,
        h.nhom,
        count(*) as so_ho_so,
        count(*) filter (where h.buoc = 'xong') as xong,
        count(*) filter (where h.buoc = 'ho_tich') as dang_o_buoc_ho_tich,
        count(*) filter (where h.buoc = 'cu_tru') as dang_o_buoc_cu_tru,
        count(*) filter (where h.buoc = 'bhxh') as dang_o_buoc_bhxh,
        percentile_disc(0.5) within group (order by h.so_ngay) as trung_vi_ngay,
        percentile_disc(0.5) within group (order by h.so_ngay_ho_tich) as trung_vi_ngay_ho_tich,
        percentile_disc(0.5) within group (order by h.so_ngay_cu_tru) as trung_vi_ngay_cu_tru,
        percentile_disc(0.5) within group (order by h.so_ngay_bhxh) as trung_vi_ngay_bhxh,
        count(*) filter (where h.bi_ket) as bi_ket,
        max(h.so_ngay_o_buoc) as cho_lau_nhat_ngay,
        count(*) filter (where h.co_giay_dien_tu) as co_giay_dien_tu,
        count(*) filter (where h.co_giay_dien_tu is not null) as giay_dien_tu_mau_so
    from ho_so as h
    group by h.ky, h.ma_don_vi, h.nhom
)

select
    cast(e.ky as varchar) as ky,
    cast(e.ma_don_vi as varchar) as ma_don_vi,
    cast(e.nhom as varchar) as nhom,
    {{ nhan_danh_muc('nhom_lien_thong', 'e.nhom') }} as nhom_ten,
    cast(e.so_ho_so as bigint) as so_ho_so,
    cast(e.xong as bigint) as xong,
    cast(e.dang_o_buoc_ho_tich as bigint) as dang_o_buoc_ho_tich,
    cast(e.dang_o_buoc_cu_tru as bigint) as dang_o_buoc_cu_tru,
    cast(e.dang_o_buoc_bhxh as bigint) as dang_o_buoc_bhxh,
    cast(e.trung_vi_ngay as bigint) as trung_vi_ngay,
    cast(e.trung_vi_ngay_ho_tich as bigint) as trung_vi_ngay_ho_tich,
    cast(e.trung_vi_ngay_cu_tru as bigint) as trung_vi_ngay_cu_tru,
    cast(e.trung_vi_ngay_bhxh as bigint) as trung_vi_ngay_bhxh,
    cast(e.bi_ket as bigint) as bi_ket,
    cast(e.cho_lau_nhat_ngay as bigint) as cho_lau_nhat_ngay,
    cast(e.co_giay_dien_tu as bigint) as co_giay_dien_tu,
    cast(e.giay_dien_tu_mau_so as bigint) as giay_dien_tu_mau_so,
    cast({{ ty_le('e.co_giay_dien_tu', 'e.giay_dien_tu_mau_so') }} as double) as ty_le_giay_dien_tu,
    {{ tron_ky("e.ky", "p.ngay_so_lieu") }} as tron_ky,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from dem as e
cross join {{ source('so_cai', 'tham_so') }} as p
