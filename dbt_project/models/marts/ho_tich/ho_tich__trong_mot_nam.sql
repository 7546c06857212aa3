-- By year of the event (birth or death), not of its registration; partial dates are intervals (R11).
with xet as (
    select
        loai_so,
        ma_don_vi,
        cast(extract(year from su_kien_tu) as bigint) as nam,
        case
            when ngay_dang_ky_den <= {{ cong_ngay('su_kien_tu', '365') }} then true
            when ngay_dang_ky_tu > {{ cong_ngay('su_kien_den', '365') }} then false
        end as trong_mot_nam
    from {{ ref('int_ho_tich__ban_ghi') }}
    where
        loai_so in ('khai_sinh', 'khai_tu')
        and loai_dang_ky in ('dung_han', 'qua_han')
        and coalesce(trang_thai, '') <> 'da_huy'
        and extract(year from su_kien_tu) = extract(year from su_kien_den)
        and ma_don_vi is not null
),

tong as (
    select
        loai_so,
        ma_don_vi,
        nam,
        sum(case when trong_mot_nam then 1 else 0 end) as tu_so,
        sum(case when trong_mot_nam is not null then 1 else 0 end) as mau_so,
        sum(case when trong_mot_nam is null then 1 else 0 end) as chua_ro
    from xet
    group by loai_so, ma_don_vi, nam
)

select
    cast(t.loai_so as varchar) as loai_so,
    {{ nhan_danh_muc('loai_so', 't.loai_so') }} as loai_so_ten,
    cast(t.ma_don_vi as varchar) as ma_don_vi,
    cast(d.ma_don_vi_hien_nay as varchar) as ma_don_vi_hien_nay,
    cast(t.nam as bigint) as nam,
    cast(t.tu_so as bigint) as tu_so,
    cast(t.mau_so as bigint) as mau_so,
    cast(t.chua_ro as bigint) as chua_ro,
    cast({{ ty_le('t.tu_so', 't.mau_so') }} as double) as ty_le,
    cast({{ ty_le('t.mau_so', '(t.mau_so + t.chua_ro)') }} as double) as do_phu,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from tong as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__don_vi_hien_nay') }} as d on t.ma_don_vi = d.ma_don_vi
