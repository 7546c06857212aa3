select
    cast(l.ma_ho_so as varchar) as ma_ho_so,
    cast({{ ky_thang('l.ngay_nop') }} as varchar) as ky,
    cast(l.ma_don_vi as varchar) as ma_don_vi,
    cast(d.ma_don_vi_hien_nay as varchar) as ma_don_vi_hien_nay,
    cast(l.nhom as varchar) as nhom,
    {{ nhan_danh_muc('nhom_lien_thong', 'l.nhom') }} as nhom_ten,
    cast(l.ngay_nop as date) as ngay_nop,
    cast(l.buoc as varchar) as buoc,
    cast(l.tu_ngay as date) as tu_ngay,
    cast(l.so_ngay_o_buoc as bigint) as so_ngay_o_buoc,
    cast(l.bi_ket as boolean) as bi_ket,
    cast(l.so_ngay_ho_tich as bigint) as so_ngay_ho_tich,
    cast(l.so_ngay_cu_tru as bigint) as so_ngay_cu_tru,
    cast(l.so_ngay_bhxh as bigint) as so_ngay_bhxh,
    cast(l.so_ngay as bigint) as so_ngay,
    cast(l.co_giay_dien_tu as boolean) as co_giay_dien_tu,
    cast(l.ma_co_so as varchar) as ma_co_so,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_ho_tich__lien_thong') }} as l
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__don_vi_hien_nay') }} as d on l.ma_don_vi = d.ma_don_vi
