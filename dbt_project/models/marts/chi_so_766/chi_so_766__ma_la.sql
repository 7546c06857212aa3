select
    cast(s.ma_chi_so as varchar) as ma_chi_so,
    cast(count(*) as bigint) as so_dong,
    cast(min(s.ky) as varchar) as ky_dau,
    cast(max(s.ky) as varchar) as ky_cuoi,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('stg_bo_chi_so_766__diem') }} as s
cross join {{ source('so_cai', 'tham_so') }} as p
left join (select distinct ma_chi_so from {{ ref('dinh_nghia_chi_so') }}) as d on s.ma_chi_so = d.ma_chi_so
left join (select distinct nhom from {{ ref('nhom_chi_so') }}) as n on s.ma_chi_so = n.nhom
where d.ma_chi_so is null and n.nhom is null and s.ma_chi_so <> 'tong'
group by s.ma_chi_so, p.ngay_so_lieu, p.phien_ban
