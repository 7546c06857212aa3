{#- Records of one register (rule R10) out of the states of its raw table, as a query.

    A key (unit, year, number) can hold several records: different names or dates of birth that stand side by side in the
    newest file of the key and its `nguon`. What an older file of the same `nguon` said is an earlier state; the same name and
    date of birth is one record in whatever `nguon` it stands, in its newest state (R8). `_thu_tu_ban_ghi` numbers the records
    of a key by date of birth and name, never by arrival. -#}
{% macro ban_ghi_ho_tich(bang, cot, cot_ten, cot_ngay_sinh) %}
with trang_thai as (
    select
        {% for c in cot -%}
        r.{{ c }},
        {% endfor -%}
        r._khoa,
        r._gia_tri,
        r._ma_tep,
        r._trang_tinh,
        r._dong,
        r._thu_tu,
        coalesce(r.nguon, '') as _nguon,
        {% if cot_ten | length == 1 -%}
        {{ chuan_ten('r.' ~ cot_ten[0]) }} as _ten,
        {%- else -%}
        concat_ws('', {% for c in cot_ten %}{{ chuan_ten("coalesce(r." ~ c ~ ", '')") }}{% if not loop.last %}, '+', {% endif %}{% endfor %}) as _ten,
        {%- endif %}
        concat_ws('', {% for c in cot_ngay_sinh %}coalesce(r.{{ c }}, ''){% if not loop.last %}, '+', {% endif %}{% endfor %}) as _ngay_sinh,
        coalesce(r._thoi_diem, t.thoi_diem) as _luc,
        t.thoi_diem as _luc_tep,
        t.sha256 as _sha256
    from {{ phan_doi(source('tho', bang), '_khoa') }} as r
    left join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
),

tep_moi_nhat as (
    select
        s.*,
        first_value(s._ma_tep) over (
            partition by s._khoa, s._nguon
            order by
                {{ thu_tu_r8('s._luc', 's._luc_tep', 's._sha256', 's') }}
            rows between unbounded preceding and unbounded following
        ) as _tep_moi_nhat
    from trang_thai as s
),

ban_ghi as (
    select
        s.*,
        row_number() over (
            partition by s._khoa, s._ten, s._ngay_sinh
            order by
                {{ thu_tu_r8('s._luc', 's._luc_tep', 's._sha256', 's') }}
        ) as _rn
    from tep_moi_nhat as s
    where s._ma_tep = s._tep_moi_nhat
)

select
    {% for c in cot -%}
    {{ c }},
    {% endfor -%}
    cast(row_number() over (partition by _khoa order by _ngay_sinh asc nulls last, _ten asc nulls last) as bigint) as _thu_tu_ban_ghi,
    _ten,
    _ngay_sinh,
    _khoa,
    _ma_tep,
    _trang_tinh,
    _dong
from ban_ghi
where _rn = 1
{% endmacro %}
