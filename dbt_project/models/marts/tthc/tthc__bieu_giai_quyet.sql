{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
with dem as (
    select
        n.pham_vi,
        {{ dem_nhom('n.nhan', 'n.ra', 'n.so') }}
    from ({{ nhom_giai_quyet({'pham_vi': "coalesce(h.cap, 'khong_ro')"}, 'tu_ngay', 'den_ngay') }}) as n
    group by n.pham_vi
),

pham_vi as (
    {{ pham_vi_bieu() }}
)

select
    d.pham_vi,
    {% for c in cot_giai_quyet() %}d.{{ c }}, {% endfor %}
    {{ ty_le_giai_quyet() }}
from (
    select
        v.pham_vi,
        v.thu_tu,
        {% for c in cot_giai_quyet() %}cast(coalesce(sum(m.{{ c }}), 0) as bigint) as {{ c }}, {% endfor %}
        count(m.pham_vi) as so_cap
    from pham_vi as v
    left join dem as m on v.pham_vi = m.pham_vi or v.pham_vi = 'toan_tinh'
    group by v.pham_vi, v.thu_tu
) as d
where d.pham_vi <> 'khong_ro' or d.so_cap > 0
order by d.thu_tu asc nulls last
