-- Own points beside the published ones, by period, agency and group.
with ghep as (
    select
        coalesce(t.ky, c.ky) as ky,
        coalesce(t.ma_don_vi, c.ma_don_vi) as ma_don_vi,
        coalesce(t.nhom, c.nhom) as nhom,
        t.diem,
        -- Own points without anything that applies have no maximum either.
        case when t.ky is not null then t.diem_toi_da else c.toi_da end as diem_toi_da,
        coalesce(t.diem_toi_da_day_du, c.toi_da) as diem_toi_da_day_du,
        c.diem_cong_qg,
        c.binh_quan_ca_nuoc,
        c.xep_hang,
        c.so_don_vi_xep_hang,
        c.nguon_diem,
        c.thoi_diem_lay,
        coalesce(c.ten_don_vi, t.ten_don_vi) as ten_don_vi,
        coalesce(t.la_toan_tinh, position('.' in c.ma_don_vi) = 0) as la_toan_tinh,
        t.nguon_thieu
    from {{ ref('int_chi_so_766__diem_nhom_tu_tinh') }} as t
    full outer join {{ ref('int_chi_so_766__diem_nhom') }} as c
        on t.ky = c.ky and t.ma_don_vi = c.ma_don_vi and t.nhom = c.nhom
),

ky_so as (
    select
        g.*,
        k.loai_ky,
        k.thu_tu_ky,
        k.den_ngay
    from ghep as g
    inner join {{ ref('int_chi_so_766__ky_hien_hanh') }} as k on g.ky = k.ky
)

select
    cast(k.ky as varchar) as ky,
    cast(k.ma_don_vi as varchar) as ma_don_vi,
    cast(k.nhom as varchar) as nhom,
    cast(k.diem as decimal(18, 8)) as diem,
    cast(k.diem_toi_da as decimal(18, 6)) as diem_toi_da,
    cast(k.diem_cong_qg as decimal(18, 6)) as diem_cong_qg,
    cast(k.binh_quan_ca_nuoc as decimal(18, 6)) as binh_quan_ca_nuoc,
    cast(k.xep_hang as bigint) as xep_hang_cong_qg,
    cast({{ diem_hien_thi('k.diem') }} - k.diem_cong_qg as decimal(18, 6)) as chenh_lech,
    cast(
        case
            -- Points of two maxima (a source is missing in one of the periods) do not compare.
            when k.diem_toi_da = t.diem_toi_da
                then {{ diem_hien_thi('k.diem') }} - {{ diem_hien_thi('t.diem') }}
        end as decimal(18, 6)
    ) as thay_doi_so_voi_ky_truoc,
    {{ diem_hien_thi('k.diem') }} as diem_hien_thi,
    cast(k.diem_cong_qg - t.diem_cong_qg as decimal(18, 6)) as thay_doi_cong_qg,
    cast(
        coalesce(k.diem_cong_qg, {{ diem_hien_thi('k.diem') }}) < k.binh_quan_ca_nuoc as boolean
    ) as duoi_binh_quan,
    cast(k.diem_toi_da_day_du as decimal(18, 6)) as diem_toi_da_day_du,
    cast(k.loai_ky as varchar) as loai_ky,
    cast(k.ten_don_vi as varchar) as ten_don_vi,
    cast(case when k.nhom = 'tong' then 'Tổng điểm' else n.ten_nhom end as varchar) as ten_nhom,
    cast(k.so_don_vi_xep_hang as bigint) as so_don_vi_xep_hang,
    cast(k.nguon_diem as varchar) as nguon_diem,
    cast(k.thoi_diem_lay as timestamp) as thoi_diem_lay,
    cast(k.la_toan_tinh as boolean) as la_toan_tinh,
    cast(k.den_ngay <= p.ngay_so_lieu as boolean) as tron_ky,
    cast(k.nguon_thieu as varchar) as nguon_thieu,
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
left join {{ ref('nhom_chi_so') }} as n
    on
        k.nhom = n.nhom
        and k.den_ngay >= n.hieu_luc_tu
        and (n.hieu_luc_den is null or k.den_ngay <= n.hieu_luc_den)
