-- A feed by month, from the first month of which something came: whether a file came for it, and on how many of the working days
-- that have ended there are rows. A month in which no file came is unknown, not zero, whatever counts it shows elsewhere.
with dau as (
    select
        nguon_du_lieu,
        min(ky) as ky_dau
    from {{ ref('int_nguon__ky') }}
    group by nguon_du_lieu
),

ngay_co as (
    select distinct
        f.nguon_du_lieu,
        s.ngay
    from {{ source('so_cai', 'ngay_su_kien') }} as s
    inner join {{ source('so_cai', 'tep') }} as f on s.ma_tep = f.ma_tep and f.trang_thai = 'da_nap'
),

thang as (
    select
        d.nguon_du_lieu,
        {{ ky_thang('l.ngay') }} as ky,
        sum(case when l.la_ngay_lam_viec then 1 else 0 end) as so_ngay_lam_viec_thang,
        sum(case when l.la_ngay_lam_viec and c.ngay is not null then 1 else 0 end) as so_ngay_co_dong
    from dau as d
    cross join {{ source('so_cai', 'tham_so') }} as p
    inner join {{ ref('lich') }} as l on p.ngay_so_lieu >= l.ngay and d.ky_dau <= {{ ky_thang('l.ngay') }}
    left join ngay_co as c on d.nguon_du_lieu = c.nguon_du_lieu and l.ngay = c.ngay
    group by d.nguon_du_lieu, {{ ky_thang('l.ngay') }}
)

select
    cast(t.nguon_du_lieu as varchar) as nguon_du_lieu,
    cast(t.ky as varchar) as ky,
    cast(k.ky is not null as boolean) as co_tep,
    cast(t.so_ngay_lam_viec_thang as bigint) as so_ngay_lam_viec_thang,
    cast(t.so_ngay_co_dong as bigint) as so_ngay_co_dong,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from thang as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_nguon__ky') }} as k on t.nguon_du_lieu = k.nguon_du_lieu and t.ky = k.ky
