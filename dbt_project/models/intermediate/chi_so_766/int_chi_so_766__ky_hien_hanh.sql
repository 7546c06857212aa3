-- Every period met in the published or own points, with its kind, its number in its own calendar (so that “the one
-- before” is minus one) and its last day, on which the definitions in force are looked up.
with ky as (
    select ky
    from {{ ref('stg_bo_chi_so_766__diem') }}
    union
    select ky
    from {{ ref('int_chi_so_766__ky') }}
),

loai as (
    select
        ky,
        case
            when ky like '____-Q_' then 'quy'
            when ky like '____-__' then 'thang'
            when ky like '____' then 'nam'
        end as loai_ky,
        cast(substring(ky, 1, 4) as bigint) as nam
    from ky
),

so as (
    select
        ky,
        loai_ky,
        case loai_ky
            when 'thang' then 12 * nam + cast(substring(ky, 6, 2) as bigint)
            when 'quy' then 4 * nam + cast(substring(ky, 7, 1) as bigint)
            when 'nam' then nam
        end as thu_tu_ky,
        concat_ws(
            '',
            substring(ky, 1, 4),
            '-',
            case loai_ky
                when 'thang' then substring(ky, 6, 2)
                when 'quy' then lpad(cast(3 * cast(substring(ky, 7, 1) as bigint) as varchar), 2, '0')
                else '12'
            end,
            '-01'
        ) as thang_cuoi
    from loai
)

select
    ky,
    loai_ky,
    thu_tu_ky,
    {{ cong_ngay("cast(cast(thang_cuoi as date) + interval '1' month as date)", -1) }} as den_ngay
from so
