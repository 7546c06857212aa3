-- Points of each group (and `tong`) as the portal publishes them: the group's own row, else the sum of its published
-- components. Components that exist for the province only are never summed for an agency, nor are they in the maximum of such
-- a sum (R15). Groups and components are those in force on the period's last day: a later definition changes no earlier row.
with diem as (
    select
        s.ky,
        s.ma_don_vi,
        s.ten_don_vi,
        s.ma_chi_so,
        s.diem,
        s.diem_toi_da,
        s.binh_quan_ca_nuoc,
        s.xep_hang,
        s.so_don_vi_xep_hang,
        s.thoi_diem_lay,
        position('.' in s.ma_don_vi) = 0 as la_tinh
    from {{ ref('stg_bo_chi_so_766__diem') }} as s
),

chi_so as (
    select
        k.ky,
        d.ma_chi_so,
        d.nhom,
        d.quy_tac,
        d.cap_ap_dung,
        d.diem_toi_da,
        count(*) over (partition by k.ky, d.nhom) as so_chi_so_cua_nhom
    from {{ ref('int_chi_so_766__ky_hien_hanh') }} as k
    inner join {{ ref('dinh_nghia_chi_so') }} as d
        on k.den_ngay >= d.hieu_luc_tu and (d.hieu_luc_den is null or k.den_ngay <= d.hieu_luc_den)
),

nhom_ky as (
    select
        k.ky,
        n.nhom,
        n.diem_toi_da
    from {{ ref('int_chi_so_766__ky_hien_hanh') }} as k
    inner join {{ ref('nhom_chi_so') }} as n
        on k.den_ngay >= n.hieu_luc_tu and (n.hieu_luc_den is null or k.den_ngay <= n.hieu_luc_den)
),

toi_da as (
    select
        n.ky,
        n.nhom,
        n.diem_toi_da as cua_tinh,
        coalesce(sum(case when c.quy_tac <> 'NONE' and c.cap_ap_dung <> 'tinh' then c.diem_toi_da end), 0) as cua_don_vi
    from nhom_ky as n
    left join chi_so as c on n.ky = c.ky and n.nhom = c.nhom
    group by n.ky, n.nhom, n.diem_toi_da
),

tong_ky as (
    select
        ky,
        count(*) as so_nhom,
        sum(cua_tinh) as cua_tinh
    from toi_da
    group by ky
),

-- A group of one component: the component's row is the group's.
nhom_cong_bo as (
    select
        d.*,
        coalesce(n.nhom, c.nhom) as nhom
    from diem as d
    left join nhom_ky as n on d.ky = n.ky and d.ma_chi_so = n.nhom
    left join chi_so as c on d.ky = c.ky and d.ma_chi_so = c.ma_chi_so and c.so_chi_so_cua_nhom = 1
    where n.nhom is not null or c.nhom is not null
),

thanh_phan as (
    select
        d.ky,
        d.ma_don_vi,
        c.nhom,
        max(d.ten_don_vi) as ten_don_vi,
        sum(d.diem) as diem,
        max(d.thoi_diem_lay) as thoi_diem_lay
    from diem as d
    inner join chi_so as c on d.ky = c.ky and d.ma_chi_so = c.ma_chi_so
    where c.quy_tac <> 'NONE' and (d.la_tinh or c.cap_ap_dung <> 'tinh')
    group by d.ky, d.ma_don_vi, c.nhom
),

nhom as (
    select
        coalesce(b.ky, t.ky) as ky,
        coalesce(b.ma_don_vi, t.ma_don_vi) as ma_don_vi,
        coalesce(b.nhom, t.nhom) as nhom,
        coalesce(b.ten_don_vi, t.ten_don_vi) as ten_don_vi,
        coalesce(b.diem, t.diem) as diem_cong_qg,
        b.diem_toi_da,
        b.binh_quan_ca_nuoc,
        b.xep_hang,
        b.so_don_vi_xep_hang,
        coalesce(b.thoi_diem_lay, t.thoi_diem_lay) as thoi_diem_lay,
        case when b.diem is not null then 'cong_bo' else 'cong_thanh_phan' end as nguon_diem
    from nhom_cong_bo as b
    full outer join thanh_phan as t on b.ky = t.ky and b.ma_don_vi = t.ma_don_vi and b.nhom = t.nhom
),

nhom_du as (
    select
        m.*,
        coalesce(
            m.diem_toi_da,
            case when m.nguon_diem = 'cong_bo' or position('.' in m.ma_don_vi) = 0 then n.cua_tinh else n.cua_don_vi end
        ) as toi_da
    from nhom as m
    inner join toi_da as n on m.ky = n.ky and m.nhom = n.nhom
),

-- A total that the portal does not print is the sum of all groups, or nothing.
tong as (
    select
        m.ky,
        m.ma_don_vi,
        max(m.ten_don_vi) as ten_don_vi,
        sum(m.diem_cong_qg) as diem_cong_qg,
        sum(m.toi_da) as toi_da,
        max(m.thoi_diem_lay) as thoi_diem_lay
    from nhom_du as m
    inner join tong_ky as k on m.ky = k.ky
    group by m.ky, m.ma_don_vi, k.so_nhom
    having count(*) = k.so_nhom
),

tong_cong_bo as (
    select * from diem
    where ma_chi_so = 'tong'
)

select
    ky,
    ma_don_vi,
    nhom,
    ten_don_vi,
    diem_cong_qg,
    toi_da,
    binh_quan_ca_nuoc,
    xep_hang,
    so_don_vi_xep_hang,
    thoi_diem_lay,
    nguon_diem
from nhom_du
union all
select
    coalesce(b.ky, t.ky) as ky,
    coalesce(b.ma_don_vi, t.ma_don_vi) as ma_don_vi,
    'tong' as nhom,
    coalesce(b.ten_don_vi, t.ten_don_vi) as ten_don_vi,
    coalesce(b.diem, t.diem_cong_qg) as diem_cong_qg,
    coalesce(b.diem_toi_da, t.toi_da, m.cua_tinh) as toi_da,
    b.binh_quan_ca_nuoc,
    b.xep_hang,
    b.so_don_vi_xep_hang,
    coalesce(b.thoi_diem_lay, t.thoi_diem_lay) as thoi_diem_lay,
    case when b.diem is not null then 'cong_bo' else 'cong_thanh_phan' end as nguon_diem
from tong_cong_bo as b
full outer join tong as t on b.ky = t.ky and b.ma_don_vi = t.ma_don_vi
left join tong_ky as m on coalesce(b.ky, t.ky) = m.ky
