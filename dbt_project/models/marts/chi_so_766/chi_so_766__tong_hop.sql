with ky_so as (
    select
        d.*,
        case
            when d.ky like '____-__' and d.ky not like '%Q%' then 'thang'
            when d.ky like '____-Q_' then 'quy'
            when d.ky like '____' then 'nam'
        end as loai_ky,
        -- Number of the period in its own calendar, so that “the one before” is minus one.
        case
            when d.ky like '____-__' and d.ky not like '%Q%'
                then 12 * cast(substring(d.ky, 1, 4) as bigint) + cast(substring(d.ky, 6, 2) as bigint)
            when d.ky like '____-Q_' then 4 * cast(substring(d.ky, 1, 4) as bigint) + cast(substring(d.ky, 7, 1) as bigint)
            when d.ky like '____' then cast(d.ky as bigint)
        end as thu_tu_ky
    from {{ ref('int_chi_so_766__diem_nhom') }} as d
)

select
    cast(k.ky as varchar) as ky,
    cast(k.ma_don_vi as varchar) as ma_don_vi,
    cast(k.nhom as varchar) as nhom,
    cast(null as decimal(18, 6)) as diem,
    cast(k.toi_da as decimal(18, 6)) as diem_toi_da,
    cast(k.diem_cong_qg as decimal(18, 6)) as diem_cong_qg,
    cast(k.binh_quan_ca_nuoc as decimal(18, 6)) as binh_quan_ca_nuoc,
    cast(k.xep_hang as bigint) as xep_hang_cong_qg,
    cast(null as decimal(18, 6)) as chenh_lech,
    cast(k.diem_cong_qg - t.diem_cong_qg as decimal(18, 6)) as thay_doi_so_voi_ky_truoc,
    cast(k.loai_ky as varchar) as loai_ky,
    cast(k.ten_don_vi as varchar) as ten_don_vi,
    cast(coalesce(n.ten_nhom, 'Tổng điểm') as varchar) as ten_nhom,
    cast(k.so_don_vi_xep_hang as bigint) as so_don_vi_xep_hang,
    cast(k.nguon_diem as varchar) as nguon_diem,
    cast(k.thoi_diem_lay as timestamp) as thoi_diem_lay,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from ky_so as k
cross join {{ source('so_cai', 'tham_so') }} as p
left join ky_so as t
    on
        k.loai_ky = t.loai_ky
        and k.thu_tu_ky = t.thu_tu_ky + 1
        and k.ma_don_vi = t.ma_don_vi
        and k.nhom = t.nhom
left join {{ ref('nhom_chi_so') }} as n on k.nhom = n.nhom
