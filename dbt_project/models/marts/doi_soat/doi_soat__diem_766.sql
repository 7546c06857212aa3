-- Published points set against the formula on the published numerator and denominator, and against the warehouse's own
-- points from dossiers. A group's formula points are the sum of its published components. Published components without
-- numerator and denominator are recomputed from their printed share. Province-only components (R15) that the portal
-- repeats under an agency have no own points there and are not summed in its group.
with cong_bo as (
    select
        s.ky,
        s.ma_don_vi,
        s.ma_chi_so,
        d.nhom,
        d.cap_ap_dung,
        s.diem,
        case
            when s.mau_so > 0
                then {{ ty_le_766('s.tu_so * 1000000', 's.mau_so * 1000000') }}
            else s.ty_le
        end as ty_le,
        case
            when s.tu_so is not null and s.mau_so is not null then 'tu_so_mau_so'
            when s.ty_le is not null then 'ty_le'
        end as cach_tinh,
        case
            when s.tu_so is not null and s.mau_so is not null
                then
                    {{ diem_766(
                        'd.quy_tac', 'd.nguong', 'd.mau_so_bang_0', 'd.diem_toi_da', 's.tu_so', 's.mau_so'
                    ) }}
            when s.ty_le is not null
                then
                    {{ diem_766(
                        'd.quy_tac', 'd.nguong', 'd.mau_so_bang_0', 'd.diem_toi_da', 's.ty_le * 10000', '10000'
                    ) }}
        end as diem_theo_cong_thuc
    from {{ ref('stg_bo_chi_so_766__diem') }} as s
    inner join {{ ref('int_chi_so_766__ky_hien_hanh') }} as k on s.ky = k.ky
    inner join {{ ref('dinh_nghia_chi_so') }} as d
        on
            s.ma_chi_so = d.ma_chi_so
            and k.den_ngay >= d.hieu_luc_tu
            and (d.hieu_luc_den is null or k.den_ngay <= d.hieu_luc_den)
),

nhom_cong_thuc as (
    select
        ky,
        ma_don_vi,
        nhom,
        sum(diem_theo_cong_thuc) as diem_theo_cong_thuc
    from cong_bo
    where position('.' in ma_don_vi) = 0 or cap_ap_dung <> 'tinh'
    group by ky, ma_don_vi, nhom
),

tat_ca as (
    select
        c.ky,
        c.ma_don_vi,
        c.ma_chi_so,
        c.nhom,
        false as la_nhom,
        t.diem as diem_tinh_lai,
        c.diem_theo_cong_thuc,
        c.diem as diem_cong_qg,
        t.ty_le as ty_le_tinh_lai,
        c.ty_le as ty_le_cong_qg,
        c.cach_tinh
    from cong_bo as c
    left join {{ ref('int_chi_so_766__diem_thanh_phan') }} as t
        on c.ky = t.ky and c.ma_don_vi = t.ma_don_vi and c.ma_chi_so = t.ma_chi_so
    union all
    select
        g.ky,
        g.ma_don_vi,
        g.nhom as ma_chi_so,
        g.nhom,
        true as la_nhom,
        t.diem as diem_tinh_lai,
        c.diem_theo_cong_thuc,
        g.diem_cong_qg,
        cast(null as decimal(18, 10)) as ty_le_tinh_lai,
        cast(null as decimal(18, 10)) as ty_le_cong_qg,
        case when c.diem_theo_cong_thuc is not null then 'cong_thanh_phan' end as cach_tinh
    from {{ ref('int_chi_so_766__diem_nhom') }} as g
    left join {{ ref('int_chi_so_766__diem_nhom_tu_tinh') }} as t
        on g.ky = t.ky and g.ma_don_vi = t.ma_don_vi and g.nhom = t.nhom
    left join nhom_cong_thuc as c on g.ky = c.ky and g.ma_don_vi = c.ma_don_vi and g.nhom = c.nhom
    where g.nhom <> 'tong'
)

select
    cast(a.ky as varchar) as ky,
    cast(a.ma_don_vi as varchar) as ma_don_vi,
    cast(a.ma_chi_so as varchar) as ma_chi_so,
    cast(a.diem_tinh_lai as decimal(18, 8)) as diem_tinh_lai,
    cast(a.diem_theo_cong_thuc as decimal(18, 8)) as diem_theo_cong_thuc,
    cast(a.diem_cong_qg as decimal(18, 6)) as diem_cong_qg,
    cast({{ diem_hien_thi('a.diem_tinh_lai') }} - a.diem_cong_qg as decimal(18, 6)) as chenh_lech,
    cast(a.ty_le_tinh_lai as decimal(18, 10)) as ty_le_tinh_lai,
    cast(a.ty_le_cong_qg as decimal(18, 10)) as ty_le_cong_qg,
    cast({{ diem_hien_thi('a.diem_theo_cong_thuc') }} - a.diem_cong_qg as decimal(18, 6)) as chenh_lech_cong_thuc,
    cast(a.cach_tinh as varchar) as cach_tinh,
    cast(a.nhom as varchar) as nhom,
    cast(a.la_nhom as boolean) as la_nhom,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from tat_ca as a
cross join {{ source('so_cai', 'tham_so') }} as p
