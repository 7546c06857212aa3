{{ config(materialized='bang_macro', tham_so=['p_ky', 'p_ma_chi_so']) }}
{#- Who is in the denominator, the numerator or left out of one component in one month. A component counted like
    another (`cach_dem`) is listed by that one's roles. -#}
with dinh_nghia as (
    select distinct cach_dem
    from {{ ref('chi_so_766__dinh_nghia').include(database=false) }}
    where ma_chi_so = p_ma_chi_so
),

vai as (
    {{ vai_thanh_phan() }}
)

select
    v.pham_vi,
    v.loai_doi_tuong,
    v.ma_doi_tuong,
    v.ma_don_vi,
    v.ma_tthc,
    v.vai as vai_tro,
    v.ly_do
from vai as v
inner join dinh_nghia as d on v.cach_dem = d.cach_dem
order by v.pham_vi asc nulls last, v.loai_doi_tuong asc nulls last, v.ma_doi_tuong asc nulls last
