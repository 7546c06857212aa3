{#- Newest state of each key of a raw table (rule R8), as a query; every staging model is this macro.

    A raw table holds one row a distinct state. States of one key are ordered newest first by the state's own
    time, else its file's; then the file's time; then the file's hash; then row order within the file. The same
    order as intake's, so that results do not depend on the order in which files arrived. -#}
{% macro trang_thai_moi_nhat(bang, cot) %}
select
    {% for c in cot -%}
    {{ c }},
    {% endfor -%}
    _khoa,
    _ma_tep,
    _trang_tinh,
    _dong
from (
    select
        {% for c in cot -%}
        r.{{ c }},
        {% endfor -%}
        r._khoa,
        r._ma_tep,
        r._trang_tinh,
        r._dong,
        row_number() over (
            partition by r._khoa
            order by
                {{ thu_tu_r8('coalesce(r._thoi_diem, t.thoi_diem)', 't.thoi_diem', 't.sha256', 'r') }}
        ) as rn
    from {{ phan_doi(source('tho', bang), '_khoa') }} as r
    left join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
) as s
where rn = 1
{% endmacro %}

{#- The order of R8 among states of one key, for an `order by`: newest first, or oldest first as its exact reverse. `luc`, `luc_tep`,
    `sha256`: the state's time, its file's time and digest, as SQL; `r`: alias of the raw row. -#}
{% macro thu_tu_r8(luc, luc_tep, sha256, r, moi_truoc=true) -%}
{%- set chieu = 'desc nulls last' if moi_truoc else 'asc nulls first' -%}
{{ luc }} {{ chieu }},
{{ luc_tep }} {{ chieu }},
{{ sha256 }} {{ chieu }},
{{ r }}._thu_tu {{ chieu }},
{{ r }}._gia_tri {{ chieu }}
{%- endmacro %}
