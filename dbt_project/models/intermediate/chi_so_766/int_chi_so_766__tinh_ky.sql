-- Provinces of a month: the code parts before the first dot of the agencies in force on its last day (H02 until
-- 30/6/2025, H05 from 1/7/2025). The one with the most agencies is the main one: it takes the catalogue and whatever
-- cannot be told. Without any agency in force, the code that most dossiers carry.
with don_vi as (
    select
        k.ky,
        {{ ma_tinh('v.ma_don_vi') }} as ma_tinh,
        count(distinct v.ma_don_vi) as so_luong
    from {{ ref('stg_dvc__co_quan') }} as v
    inner join {{ ref('int_chi_so_766__ky') }} as k
        on v.hieu_luc_tu <= k.xet_ngay and (v.hieu_luc_den is null or v.hieu_luc_den >= k.xet_ngay)
    group by 1, 2
),

ho_so as (
    select
        ma_tinh,
        so_luong,
        row_number() over (order by so_luong desc nulls last, ma_tinh asc nulls last) as rn
    from (
        select
            {{ ma_tinh('ma_don_vi') }} as ma_tinh,
            count(*) as so_luong
        from {{ ref('stg_dvc__ho_so') }}
        group by 1
    ) as x
),

tat_ca as (
    select
        ky,
        ma_tinh,
        so_luong
    from don_vi
    union all
    select
        k.ky,
        h.ma_tinh,
        h.so_luong
    from {{ ref('int_chi_so_766__ky') }} as k
    inner join ho_so as h on h.rn = 1
    where k.ky not in (select d.ky from don_vi as d)
)

select
    ky,
    ma_tinh,
    row_number() over (partition by ky order by so_luong desc nulls last, ma_tinh asc nulls last) = 1 as la_chinh
from tat_ca
