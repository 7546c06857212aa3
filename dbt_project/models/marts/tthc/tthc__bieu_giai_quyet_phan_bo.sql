{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{%- set cot = cot_giai_quyet() %}
-- R6: counts by today's unit where units that were divided are given by the share table; what no share tells stands in
-- the row without a unit. Shares make fractions of dossiers, so the counts are no whole numbers: an estimate.
select
    d.ma_don_vi_hien_nay,
    {% for c in cot %}d.{{ c }}, {% endfor %}
    {{ ty_le_giai_quyet() }},
    d.tiep_nhan_theo_ty_le
from (
    select
        x.ma_don_vi_hien_nay,
        {% for c in cot %}sum(x.{{ c }}) as {{ c }}, {% endfor %}
        sum(x.phan_chia) as tiep_nhan_theo_ty_le
    from (
        select
            case when f.la_chia then s.ma_don_vi_hien_nay else d.ma_don_vi_hien_nay end as ma_don_vi_hien_nay,
            case when f.la_chia then s.ty_le * d.tiep_nhan else cast(0 as double) end as phan_chia,
            {% for c in cot -%}
            d.{{ c }} * case
                when f.la_chia then s.ty_le
                else 1 - coalesce(t.ty_le, cast(0 as double))
            end as {{ c }}{{ ',' if not loop.last }}
            {% endfor %}
        from (
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
        ) as d
        cross join (select true as la_chia union all select false as la_chia) as f
        left join {{ ref('tthc__don_vi_chia').include(database=false) }} as s
            on f.la_chia and d.ma_don_vi_hien_nay is null and d.ma_don_vi = s.ma_don_vi
        left join (
            select
                ma_don_vi,
                cast(sum(phan) as double) / max(tong_phan) as ty_le
            from {{ ref('tthc__don_vi_chia').include(database=false) }}
            group by ma_don_vi
        ) as t on not f.la_chia and d.ma_don_vi_hien_nay is null and d.ma_don_vi = t.ma_don_vi
        where not f.la_chia or s.ma_don_vi is not null
    ) as x
    group by x.ma_don_vi_hien_nay
    having sum(x.tiep_nhan) > 0 or sum(x.tu_choi_tiep_nhan) > 0
) as d
order by d.ma_don_vi_hien_nay asc nulls last
