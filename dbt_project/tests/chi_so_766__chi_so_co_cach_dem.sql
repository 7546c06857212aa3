-- A scored component is counted, or its definition says why not.
select
    d.ma_chi_so,
    d.hieu_luc_tu
from {{ ref('dinh_nghia_chi_so') }} as d
left join {{ ref('cach_dem_766') }} as c on d.cach_dem = c.cach_dem and d.nhom = c.nhom
where d.quy_tac <> 'NONE' and c.cach_dem is null and coalesce(d.ly_do_khong_dem, '') = ''
