-- Month × counter that rests on feeds without a file: those that go by the month, for the month; catalogues, at all.
with nguon as (
    select distinct nguon_du_lieu
    from {{ source('so_cai', 'tep') }}
    where trang_thai = 'da_nap' and nguon_du_lieu is not null
)

select
    k.ky,
    c.cach_dem,
    {{ noi_chuoi('c.nguon_du_lieu') }} as nguon_thieu
from {{ ref('int_chi_so_766__ky') }} as k
cross join {{ ref('cach_dem_766') }} as c
left join {{ ref('int_nguon__ky') }} as d on c.kieu = 'theo_ky' and c.nguon_du_lieu = d.nguon_du_lieu and k.ky = d.ky
left join nguon as n on c.kieu = 'danh_muc' and c.nguon_du_lieu = n.nguon_du_lieu
where d.ky is null and n.nguon_du_lieu is null
group by k.ky, c.cach_dem
