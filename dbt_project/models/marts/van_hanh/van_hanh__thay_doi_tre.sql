-- Late corrections: what a file changed in months that had ended before the file's time. States of a key follow
-- one another by rule R8; a state is set against the one before it. Facts of reception belong to the month of
-- reception; status and end to the month in which the dossier had ended, for an open dossier moves on by itself.
{%- set nguon = {
    'dvc__ho_so': {'thu_tuc': 'ma_tthc'},
    'dvcqg__ho_so': {'thu_tuc': 'ma_tthc_qg'},
} %}
{%- set tiep_nhan = ['ngay_tiep_nhan', 'ngay_hen_tra', 'ma_don_vi', 'thu_tuc'] %}
{%- set ket_thuc = ['ngay_ket_thuc', 'trang_thai'] %}

with trang_thai as (
    {% for bang, cot in nguon.items() %}
        select
            '{{ bang | replace("__", "/", 1) }}' as nguon_du_lieu,
            r._khoa,
            r._ma_tep,
            r.ngay_tiep_nhan,
            r.ngay_hen_tra,
            r.ma_don_vi,
            r.{{ cot.thu_tuc }} as thu_tuc,
            r.ngay_ket_thuc,
            r.trang_thai,
            cast(t.thoi_diem as date) as ngay_tep,
            row_number() over (
                partition by r._khoa
                order by
                    coalesce(r._thoi_diem, t.thoi_diem) asc nulls first,
                    t.thoi_diem asc nulls first,
                    t.sha256 asc nulls first,
                    r._thu_tu asc nulls first,
                    r._gia_tri asc nulls first
            ) as thu_tu
        from {{ source('tho', bang) }} as r
        inner join (
            select _khoa from {{ source('tho', bang) }}
            group by _khoa
            having count(*) > 1
        ) as k on r._khoa = k._khoa
        inner join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

cap as (
    select
        m.nguon_du_lieu,
        m._khoa as khoa,
        m._ma_tep as ma_tep,
        m.ngay_tep,
        coalesce(c.ma_don_vi, m.ma_don_vi) as don_vi,
        {{ dau_thang('c.ngay_tiep_nhan') }} as thang_tiep_nhan,
        {{ dau_thang('c.ngay_ket_thuc') }} as thang_ket_thuc,
        {% for f in tiep_nhan + ket_thuc %}coalesce(c.{{ f }} = m.{{ f }}, c.{{ f }} is null and m.{{ f }} is null) as giu_{{ f }}, {% endfor %}
        m.thu_tu
    from trang_thai as m
    inner join trang_thai as c
        on m.nguon_du_lieu = c.nguon_du_lieu and m._khoa = c._khoa and m.thu_tu = c.thu_tu + 1
),

thay_doi as (
    {% for f in tiep_nhan + ket_thuc %}
        select
            nguon_du_lieu,
            {{ 'thang_tiep_nhan' if f in tiep_nhan else 'thang_ket_thuc' }} as thang,
            don_vi as ma_don_vi,
            {% if f == 'thu_tuc' -%}
                case when nguon_du_lieu = 'dvc/ho_so' then 'ma_tthc' else 'ma_tthc_qg' end
            {%- else %}'{{ f }}'{% endif %} as truong,
            ma_tep,
            khoa
        from cap
        where not giu_{{ f }} and {{ 'thang_tiep_nhan' if f in tiep_nhan else 'thang_ket_thuc' }} < {{ dau_thang('ngay_tep') }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
)

select
    cast(d.nguon_du_lieu as varchar) as nguon_du_lieu,
    cast({{ ky_thang('d.thang') }} as varchar) as ky,
    cast(coalesce(d.ma_don_vi, '') as varchar) as ma_don_vi,
    cast(d.truong as varchar) as truong,
    cast(d.ma_tep as varchar) as ma_tep,
    cast(count(distinct d.khoa) as bigint) as so_ho_so,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from thay_doi as d
cross join {{ source('so_cai', 'tham_so') }} as p
group by d.nguon_du_lieu, d.thang, d.ma_don_vi, d.truong, d.ma_tep, p.ngay_so_lieu, p.phien_ban
