-- R12: dossiers without a verdict, because the province's row of them is quarantined; counted, never listed by code.
select
    cast(d.co_tren_cong_qg as boolean) as co_tren_cong_qg,
    cast(d.so_ho_so as bigint) as so_ho_so,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from (
    select
        q._khoa is not null as co_tren_cong_qg,
        count(*) as so_ho_so
    from {{ ref('int_doi_soat__cach_ly') }} as c
    left join {{ ref('stg_dvcqg__ho_so') }} as q on c.khoa = q._khoa
    where c.phia = 'tinh'
    group by 1
) as d
cross join {{ source('so_cai', 'tham_so') }} as p
