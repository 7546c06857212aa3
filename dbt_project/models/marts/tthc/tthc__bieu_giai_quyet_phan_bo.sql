{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{%- set cot = cot_giai_quyet() %}
-- R6: counts by today's unit where units that were divided are given by the share table; what no share tells stands in
-- the row without a unit. Shares make fractions of dossiers, so the counts are no whole numbers: an estimate.
with dem as (
    select
        n.ma_don_vi,
        n.ma_don_vi_hien_nay,
        {{ dem_nhom('n.nhan', 'n.ra', 'n.so') }}
    from (
        {{ nhom_giai_quyet(
            {'ma_don_vi': 'h.ma_don_vi', 'ma_don_vi_hien_nay': 'h.ma_don_vi_hien_nay'}, 'tu_ngay', 'den_ngay'
        ) }}
    ) as n
    group by n.ma_don_vi, n.ma_don_vi_hien_nay
),

-- a share is added to its receiver and taken from the row without a unit
chia as (
    select
        ma_don_vi,
        ma_don_vi_hien_nay,
        ty_le
    from {{ ref('tthc__don_vi_chia').include(database=false) }}
    union all
    select
        ma_don_vi,
        cast(null as varchar) as ma_don_vi_hien_nay,
        -cast(sum(phan) as double) / max(tong_phan) as ty_le
    from {{ ref('tthc__don_vi_chia').include(database=false) }}
    group by ma_don_vi
),

phan_bo as (
    select
        ma_don_vi_hien_nay,
        {% for c in cot %}cast({{ c }} as double) as {{ c }}, {% endfor %}
        cast(0 as double) as tiep_nhan_theo_ty_le
    from dem
    union all
    select
        c.ma_don_vi_hien_nay,
        {% for c in cot %}c.ty_le * e.{{ c }} as {{ c }}, {% endfor %}
        case when c.ma_don_vi_hien_nay is not null then c.ty_le * e.tiep_nhan else 0 end as tiep_nhan_theo_ty_le
    from dem as e
    inner join chia as c on e.ma_don_vi = c.ma_don_vi
    where e.ma_don_vi_hien_nay is null
)

select
    d.ma_don_vi_hien_nay,
    t.ten_don_vi,
    {% for c in cot %}d.{{ c }}, {% endfor %}
    {{ ty_le_giai_quyet() }},
    d.tiep_nhan_theo_ty_le
from (
    select
        ma_don_vi_hien_nay,
        {% for c in cot %}sum({{ c }}) as {{ c }}, {% endfor %}
        sum(tiep_nhan_theo_ty_le) as tiep_nhan_theo_ty_le
    from phan_bo
    group by ma_don_vi_hien_nay
) as d
left join {{ ten_don_vi_ngay('den_ngay') }} as t on d.ma_don_vi_hien_nay = t.ma_don_vi
order by d.ma_don_vi_hien_nay asc nulls last
