-- On every date on which a definition or a group begins or ends, the maxima of the components in force add up to their group's.
with moc as (
    select hieu_luc_tu as ngay from {{ ref('dinh_nghia_chi_so') }}
    union
    select {{ cong_ngay('hieu_luc_den', 1) }} as ngay from {{ ref('dinh_nghia_chi_so') }}
    where hieu_luc_den is not null
    union
    select hieu_luc_tu as ngay from {{ ref('nhom_chi_so') }}
    union
    select {{ cong_ngay('hieu_luc_den', 1) }} as ngay from {{ ref('nhom_chi_so') }}
    where hieu_luc_den is not null
),

chi_so as (
    select
        m.ngay,
        d.nhom,
        sum(d.diem_toi_da) as diem_toi_da
    from moc as m
    inner join {{ ref('dinh_nghia_chi_so') }} as d
        on m.ngay >= d.hieu_luc_tu and (d.hieu_luc_den is null or m.ngay <= d.hieu_luc_den)
    group by m.ngay, d.nhom
),

nhom as (
    select
        m.ngay,
        n.nhom,
        sum(n.diem_toi_da) as diem_toi_da
    from moc as m
    inner join {{ ref('nhom_chi_so') }} as n
        on m.ngay >= n.hieu_luc_tu and (n.hieu_luc_den is null or m.ngay <= n.hieu_luc_den)
    group by m.ngay, n.nhom
)

select
    coalesce(c.ngay, n.ngay) as ngay,
    coalesce(c.nhom, n.nhom) as nhom
from chi_so as c
full outer join nhom as n on c.ngay = n.ngay and c.nhom = n.nhom
where c.diem_toi_da is distinct from n.diem_toi_da
