-- Outages cut at the ends of months; one still open at the end of the as-of day (R1), its end foretold or not, lasts until then.
with doan as (
    select
        g.ma_he_thong,
        g.bat_dau,
        least(g.ket_thuc, cast(p.ngay_so_lieu as timestamp) + interval '1' day) as ket_thuc,
        {{ cac_phan('g.linh_vuc') }} as linh_vuc_phu_thuoc
    from {{ ref('stg_he_thong__gian_doan') }} as g
    cross join {{ source('so_cai', 'tham_so') }} as p
    where
        g.bat_dau <= {{ cuoi_ngay('p.ngay_so_lieu') }}
        and (g.ket_thuc is null or g.ket_thuc >= g.bat_dau)
)

select
    {{ ky_thang('l.ngay') }} as ky,
    d.ma_he_thong,
    d.linh_vuc_phu_thuoc,
    case when cast(d.bat_dau as date) >= l.ngay then 1 else 0 end as la_dau,
    greatest(d.bat_dau, cast(l.ngay as timestamp)) as gian_doan_tu,
    least(d.ket_thuc, cast(l.ngay as timestamp) + interval '1' month) as gian_doan_den
from doan as d
inner join {{ ref('lich') }} as l
    on
        extract(day from l.ngay) = 1
        and d.bat_dau < cast(l.ngay as timestamp) + interval '1' month
        and (d.ket_thuc > cast(l.ngay as timestamp) or d.bat_dau >= cast(l.ngay as timestamp))
