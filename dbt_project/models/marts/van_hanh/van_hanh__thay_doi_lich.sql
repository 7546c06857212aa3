-- R2: years whose calendar changed between two builds, the whole history, so that an equal run gives an equal table.
select
    cast(t.so_lan as bigint) as so_lan,
    cast(r.bat_dau as timestamp) as luc,
    cast(t.nam as integer) as nam,
    cast(t.so_ngay as bigint) as so_ngay,
    cast(t.so_ho_so as bigint) as so_ho_so,
    cast(l.tam_tinh as boolean) as tam_tinh,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ source('so_cai', 'thay_doi_lich') }} as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ source('so_cai', 'lan_chay') }} as r on t.so_lan = r.so_lan
left join (
    select
        extract(year from ngay) as nam,
        max(case when tam_tinh then 1 else 0 end) = 1 as tam_tinh
    from {{ ref('lich') }}
    group by extract(year from ngay)
) as l on t.nam = l.nam
