{{ config(materialized='bang_macro', tham_so=['p_ky', 'p_ma_chi_so']) }}
{#- Who is in the denominator, the numerator or left out of one component in one month. A component counted like
    another (`cach_dem`) is listed by that one's roles. -#}
with dinh_nghia as (
    select distinct coalesce(cach_dem, ma_chi_so) as ma
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
    case when position(':' in v.vai) > 0 then substring(v.vai, 1, position(':' in v.vai) - 1) else v.vai end as vai_tro,
    case when position(':' in v.vai) > 0 then substring(v.vai, position(':' in v.vai) + 2) end as ly_do
from vai as v
inner join dinh_nghia as d on v.ma = d.ma
order by v.pham_vi asc nulls last, v.loai_doi_tuong asc nulls last, v.ma_doi_tuong asc nulls last
