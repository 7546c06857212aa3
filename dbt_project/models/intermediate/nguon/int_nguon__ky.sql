-- Feeds that came for a month: some loaded file of theirs has an event in it, or events before and after it, or a window or
-- export time that reaches into it. A window that a file states is covered from its first day to its last, rows or not, and says
-- it better than the time of the export, which may lie after it, and than its events: dossiers carried over from a month before
-- are not that month's file. Between two neighbouring days of events of one file lie
-- at most a year: a date of a century ago says nothing of the time between. What comes after the as-of day says nothing either.
with ngay as (
    select
        n.ma_tep,
        n.ngay
    from {{ source('so_cai', 'ngay_su_kien') }} as n
    inner join {{ source('so_cai', 'tep') }} as t on n.ma_tep = t.ma_tep
    cross join {{ source('so_cai', 'tham_so') }} as p
    where n.ngay <= p.ngay_so_lieu and t.tu_ngay is null
    union
    select
        t.ma_tep,
        least(cast(t.xuat_luc as date), p.ngay_so_lieu) as ngay
    from {{ source('so_cai', 'tep') }} as t
    cross join {{ source('so_cai', 'tham_so') }} as p
    where t.xuat_luc is not null and t.tu_ngay is null
),

khoang as (
    select
        t.nguon_du_lieu,
        n.ngay,
        lead(n.ngay) over (partition by n.ma_tep order by n.ngay asc nulls last) as ngay_sau
    from ngay as n
    inner join {{ source('so_cai', 'tep') }} as t on n.ma_tep = t.ma_tep
    where t.trang_thai = 'da_nap' and t.nguon_du_lieu is not null
),

phu as (
    select
        nguon_du_lieu,
        {{ dau_thang('ngay') }} as tu_thang,
        {{ dau_thang('case when ' ~ so_ngay('ngay', 'ngay_sau') ~ ' <= 366 then ngay_sau else ngay end') }} as den_thang
    from khoang
    union
    select
        t.nguon_du_lieu,
        {{ dau_thang('t.tu_ngay') }} as tu_thang,
        {{ dau_thang('least(t.den_ngay, p.ngay_so_lieu)') }} as den_thang
    from {{ source('so_cai', 'tep') }} as t
    cross join {{ source('so_cai', 'tham_so') }} as p
    where t.trang_thai = 'da_nap' and t.nguon_du_lieu is not null and t.tu_ngay is not null
)

select distinct
    p.nguon_du_lieu,
    {{ ky_thang('l.ngay') }} as ky
from phu as p
inner join {{ ref('lich') }} as l
    on p.tu_thang <= l.ngay and p.den_thang >= l.ngay
where extract(day from l.ngay) = 1
