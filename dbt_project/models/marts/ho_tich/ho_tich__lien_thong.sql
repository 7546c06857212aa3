with ho_so as (
    select
        {{ ky_thang('l.ngay_nop') }} as ky,
        l.ma_don_vi,
        l.nhom,
        l.co_giay_dien_tu,
        case
            when l.ngay_ho_tich is null then 'ho_tich'
            when l.ngay_cu_tru is null then 'cu_tru'
            when l.ngay_bhxh is null then 'bhxh'
            else 'xong'
        end as buoc,
        {{ so_ngay('cast(l.ngay_nop as date)', 'cast(greatest(l.ngay_ho_tich, l.ngay_cu_tru, l.ngay_bhxh) as date)') }}
            as so_ngay
    from {{ ref('stg_ho_tich__lien_thong') }} as l
)

select
    cast(h.ky as varchar) as ky,
    cast(h.ma_don_vi as varchar) as ma_don_vi,
    cast(h.nhom as varchar) as nhom,
    cast(count(*) as bigint) as so_ho_so,
    cast(count(*) filter (where h.buoc = 'xong') as bigint) as xong,
    cast(count(*) filter (where h.buoc = 'ho_tich') as bigint) as dang_o_buoc_ho_tich,
    cast(count(*) filter (where h.buoc = 'cu_tru') as bigint) as dang_o_buoc_cu_tru,
    cast(count(*) filter (where h.buoc = 'bhxh') as bigint) as dang_o_buoc_bhxh,
    cast(
        percentile_disc(0.5) within group (order by case when h.buoc = 'xong' then h.so_ngay end) as bigint
    ) as trung_vi_ngay,
    cast(count(*) filter (where h.co_giay_dien_tu) as bigint) as co_giay_dien_tu,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from ho_so as h
cross join {{ source('so_cai', 'tham_so') }} as p
group by h.ky, h.ma_don_vi, h.nhom, p.ngay_so_lieu, p.phien_ban
