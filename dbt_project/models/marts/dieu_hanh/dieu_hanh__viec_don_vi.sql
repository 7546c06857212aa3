-- Open work of each agency by kind. The day before is rebuilt for the kinds that follow from the day of return alone; a kind
-- that had work the day before and has none today stays as a zero.
with nay as (
    select
        ma_don_vi,
        loai,
        sum(so_viec) as so_luong,
        max(so_ngay) as lau_nhat_ngay
    from {{ ref('dieu_hanh__canh_bao') }}
    where ma_don_vi is not null
    group by ma_don_vi, loai
),

truoc as (
    select
        m.ma_don_vi,
        case when m.ngay_tre_tu < p.ngay_so_lieu then 'qua_han' else 'sap_den_han' end as loai,
        count(*) as so_luong
    from (
        {{ ho_so_mo_cuoi_ngay(cong_ngay('t.ngay_so_lieu', -1)) }}
    ) as m
    cross join {{ source('so_cai', 'tham_so') }} as p
    inner join {{ ref('nguong_canh_bao') }} as g on g.loai = 'sap_den_han'
    where m.ngay_tre_tu < p.ngay_so_lieu or m.con_lai between 0 and g.nguong
    group by m.ma_don_vi, case when m.ngay_tre_tu < p.ngay_so_lieu then 'qua_han' else 'sap_den_han' end
)

select
    coalesce(n.ma_don_vi, t.ma_don_vi) as ma_don_vi,
    cast(coalesce(n.loai, t.loai) as varchar) as loai,
    cast(g.ten_loai as varchar) as loai_ten,
    cast(coalesce(n.so_luong, 0) as bigint) as so_luong,
    cast(n.lau_nhat_ngay as bigint) as lau_nhat_ngay,
    cast(case
        when coalesce(n.loai, t.loai) in ('qua_han', 'sap_den_han')
            then coalesce(n.so_luong, 0) - coalesce(t.so_luong, 0)
    end as bigint) as thay_doi_so_voi_hom_truoc,
    p.ngay_so_lieu,
    p.phien_ban
from nay as n
full outer join truoc as t on n.ma_don_vi = t.ma_don_vi and n.loai = t.loai
left join {{ ref('nguong_canh_bao') }} as g on coalesce(n.loai, t.loai) = g.loai
cross join {{ source('so_cai', 'tham_so') }} as p
