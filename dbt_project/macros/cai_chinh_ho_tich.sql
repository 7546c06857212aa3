{#- Corrections of one register (kind `cai_chinh` of R10): a later state of the same key and `nguon` that says something else of
    the person, as a query; one row a change.

    `ten`, `ngay`, `chu`: names, partial dates and plain fields of civil status. Another way of writing a name, a value that was
    missing, or a date that only became more or less precise is no correction. Where a file holds several records of a key nobody
    knows which of them is the earlier version of which: such keys have no corrections. -#}
{% macro cai_chinh_ho_tich(bang, ten, ngay, chu=[]) %}
select
    b._khoa,
    b._nguon,
    -- A version that comes back was seen before the one it replaces: it is in force again no earlier than that was last seen.
    greatest(b._bat_dau, a._luc) as _bat_dau,
    -- A version that was replaced is no record of ho_tich.dang_ky: it has an id of its own.
    md5(concat_ws('', a._khoa, ':', a._gia_tri)) as ma_phien_ban_cu,
    case when b._lan < b._so_lan then md5(concat_ws('', b._khoa, ':', b._gia_tri)) end as ma_phien_ban_moi,
    trim(concat_ws(
        '',
        {% for c in ten + chu -%}
        case when a.{{ c }} <> b.{{ c }} then '{{ c }} ' else '' end,
        {% endfor -%}
        {% for c in ngay -%}
        case
            when
                substring(b.{{ c }}, 1, length(a.{{ c }})) <> a.{{ c }}
                and substring(a.{{ c }}, 1, length(b.{{ c }})) <> b.{{ c }}
                then '{{ c }} '
            else ''
        end{% if not loop.last %},{% endif %}
        {% endfor -%}
    )) as truong
from ({{ phien_ban_ho_tich(bang, ten, ngay, chu) }}) as b
inner join ({{ phien_ban_ho_tich(bang, ten, ngay, chu) }}) as a
    on b._khoa = a._khoa and b._nguon = a._nguon and b._lan = a._lan + 1
where b._nhieu_nhat = 1
{% endmacro %}

{#- States of each key and `nguon`, numbered oldest first in the order of R8, with the most that one file holds of it. -#}
{% macro phien_ban_ho_tich(bang, ten, ngay, chu) -%}
select
    s.*,
    max(s._so_ban) over (partition by s._khoa, s._nguon) as _nhieu_nhat,
    count(*) over (partition by s._khoa, s._nguon) as _so_lan,
    row_number() over (
        partition by s._khoa, s._nguon
        order by
            {{ thu_tu_r8('s._luc', 's._luc_tep', 's._sha256', 's', moi_truoc=false) }}
    ) as _lan
from (
    select
        r._khoa,
        r._gia_tri,
        r._thu_tu,
        coalesce(r.nguon, '') as _nguon,
        {% for c in ten -%}
        case when r.{{ c }} is not null then {{ chuan_ten('r.' ~ c) }} end as {{ c }},
        {% endfor -%}
        {% for c in ngay + chu -%}
        r.{{ c }},
        {% endfor -%}
        coalesce(r._thoi_diem, t.thoi_diem) as _luc,
        coalesce(r._thoi_diem, d.thoi_diem, t.thoi_diem) as _bat_dau,
        t.thoi_diem as _luc_tep,
        t.sha256 as _sha256,
        count(*) over (partition by r._khoa, coalesce(r.nguon, ''), r._ma_tep) as _so_ban
    from {{ phan_doi(source('tho', bang), '_khoa') }} as r
    left join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
    left join {{ source('so_cai', 'tep') }} as d on r._tep_dau = d.ma_tep
    -- A key with one state has nothing to compare: names of those few only are brought into comparable form.
    inner join
        (select _khoa from {{ phan_doi(source('tho', bang), '_khoa') }} as x group by _khoa having count(*) > 1) as n
        on r._khoa = n._khoa
) as s
{%- endmacro %}
