-- What the province loses of each component, laid on the agencies and procedures whose dossiers, procedures, petitions or
-- communes are in the denominator and not in the numerator. Each cell gets its share by their number, cut to whole
-- 0.00000001 points; what the cutting leaves goes to the largest cell, so the parts add up to maximum − points exactly.
-- A loss that no object explains (no denominator, and the rule gives 0) stands in one row of the province itself.
with mat as (
    select
        c.ky,
        c.ma_don_vi as ma_tinh,
        c.ma_chi_so,
        c.cach_dem,
        c.nhom,
        c.cum_tu,
        {{ thanh_nguyen('c.diem_toi_da - c.diem', 100000000) }} as mat
    from {{ ref('int_chi_so_766__diem_thanh_phan') }} as c
    where c.la_toan_tinh and c.diem is not null
),

loi as (
    select
        d.ky,
        d.nhom,
        d.cach_dem,
        d.loai_doi_tuong,
        coalesce(v.ma_tinh, t.ma_tinh, c.ma_tinh) as ma_tinh,
        d.ma_don_vi,
        d.ma_tthc,
        d.mau_so - d.tu_so as so_loi
    from {{ ref('int_chi_so_766__dem') }} as d
    left join {{ ref('int_chi_so_766__don_vi_ky') }} as v on d.ky = v.ky and d.ma_don_vi = v.ma_don_vi
    left join {{ ref('int_chi_so_766__tinh_ky') }} as t on d.ky = t.ky and {{ ma_tinh('d.ma_don_vi') }} = t.ma_tinh
    left join {{ ref('int_chi_so_766__tinh_ky') }} as c on d.ky = c.ky and c.la_chinh
    where d.pham_vi in ('chung', 'tinh') and d.mau_so > d.tu_so
),

o as (
    select
        m.ky,
        m.ma_tinh,
        m.ma_chi_so,
        m.cach_dem,
        m.cum_tu,
        m.mat,
        l.loai_doi_tuong,
        coalesce(l.ma_don_vi, m.ma_tinh) as ma_don_vi,
        coalesce(l.ma_tthc, 'khong_theo_tthc') as ma_tthc,
        coalesce(sum(l.so_loi), 0) as so_loi
    from mat as m
    left join loi as l
        on m.ky = l.ky and m.ma_tinh = l.ma_tinh and m.nhom = l.nhom and m.cach_dem = l.cach_dem
    group by
        m.ky,
        m.ma_tinh,
        m.ma_chi_so,
        m.cach_dem,
        m.cum_tu,
        m.mat,
        l.loai_doi_tuong,
        coalesce(l.ma_don_vi, m.ma_tinh),
        coalesce(l.ma_tthc, 'khong_theo_tthc')
),

chia as (
    select
        o.*,
        sum(o.so_loi) over (partition by o.ky, o.ma_tinh, o.ma_chi_so) as tong_loi,
        row_number() over (
            partition by o.ky, o.ma_tinh, o.ma_chi_so
            order by o.so_loi desc nulls last, o.ma_don_vi asc nulls last, o.ma_tthc asc nulls last
        ) as rn
    from o
),

phan as (
    select
        c.*,
        case
            when c.tong_loi > 0
                then {{ chia_nguyen('c.mat * ' ~ so_lon('c.so_loi'), so_lon('c.tong_loi')) }}
            else c.mat
        end as phan_nguyen
    from chia as c
),

du as (
    select
        f.*,
        f.mat - sum(f.phan_nguyen) over (partition by f.ky, f.ma_tinh, f.ma_chi_so) as phan_du
    from phan as f
),

ten_tthc as (
    select
        ky,
        ma_tthc,
        max(ten_tthc) as ten_tthc
    from {{ ref('int_chi_so_766__tthc_ky') }}
    group by ky, ma_tthc
)

select
    cast(d.ky as varchar) as ky,
    cast(d.ma_don_vi as varchar) as ma_don_vi,
    cast(d.ma_tthc as varchar) as ma_tthc,
    cast(d.ma_chi_so as varchar) as ma_chi_so,
    cast(d.so_loi as bigint) as so_ho_so_loi,
    {{ thanh_diem('d.phan_nguyen + case when d.rn = 1 then d.phan_du else 0 end') }} as diem_mat,
    cast(coalesce(d.loai_doi_tuong, 'khong_co') as varchar) as loai_doi_tuong,
    cast(case when d.ma_don_vi = d.ma_tinh then 'Toàn tỉnh' else v.ten_don_vi end as varchar) as ten_don_vi,
    cast(
        case d.ma_tthc
            when 'chua_anh_xa' then 'Thủ tục chưa ánh xạ'
            when 'khong_theo_tthc' then null
            else t.ten_tthc
        end as varchar
    ) as ten_tthc,
    cast(
        case when d.so_loi = 0 then 'không có trường hợp nào để tính' else d.cum_tu end as varchar
    ) as loi,
    cast(d.ma_tinh as varchar) as ma_tinh,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from du as d
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_chi_so_766__don_vi_ky') }} as v on d.ky = v.ky and d.ma_don_vi = v.ma_don_vi
left join ten_tthc as t on d.ky = t.ky and d.ma_tthc = t.ma_tthc
where d.so_loi > 0 or d.mat > 0
