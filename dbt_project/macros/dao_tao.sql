{#- Training by course and agency as of a day: figures are running totals, so those of the newest day not after `den` hold. `khung`: what
    is joined for the day, with the columns `cot` (expressions) by which days are kept apart. -#}
{% macro dao_tao_den(den, khung, cot=[]) -%}
(
    select
        d.*,
        {% for c in cot %}{{ c }}, {% endfor %}
        row_number() over (
            partition by {% for c in cot %}{{ c }}, {% endfor %}d.khoa_hoc, d.ma_don_vi order by d.ngay desc nulls last
        ) as hang
    from {{ ref('stg_dao_tao__ket_qua') }} as d
    cross join {{ khung }}
    where d.ngay <= {{ den }}
)
{%- endmacro %}
