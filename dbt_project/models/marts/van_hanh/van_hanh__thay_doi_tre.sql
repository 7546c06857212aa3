-- Late corrections: what a file changed in months that had ended before the file's time, and dossiers that it brought for a month
-- which an earlier file had already reported whole. States of a key follow one another by rule R8; a state is set against the
-- one before it, in every field that some model below the feed reads (told from lineage). A change counts from the file that
-- showed the state first: an exact repeat changes nothing. Facts of reception and results belong to the month of reception;
-- status and end to the month in which the dossier had ended, for an open dossier moves on by itself. Once retention has
-- removed states, only files first seen since its limit are told of: what an older one changed can no longer be counted whole.
-- Only keys with several states are ranked: they are few.
{%- set bo_qua = ['ma_ho_so', 'chu_ho_so', 'so_dinh_danh', 'so_dinh_danh_goc', 'dien_thoai', 'ngay_dong_bo'] %}
{%- set ket_thuc = ['ngay_ket_thuc', 'ngay_tra', 'trang_thai', 'ly_do_tra_lai'] %}
{%- set nguon = truong_duoc_dem(['dvc__ho_so', 'dvcqg__ho_so'], bo_qua) %}

with da_don as (
    select
        bang,
        max(truoc) as moc
    from {{ source('so_cai', 'trang_thai_don') }}
    group by bang
),

tep as (
    select
        t.ma_tep,
        t.nguon_du_lieu,
        t.thoi_diem,
        t.sha256,
        cast(t.thoi_diem as date) as ngay,
        max(cast(t.thoi_diem as date)) over (
            partition by t.nguon_du_lieu
            order by cast(t.thoi_diem as date) asc nulls first
            range between unbounded preceding and interval '1' day preceding
        ) as ngay_truoc,
        d.moc is null or t.nhan_luc >= d.moc as con_du
    from {{ source('so_cai', 'tep') }} as t
    left join da_don as d on replace(t.nguon_du_lieu, '/', '__') = d.bang
),

{% for bang, truong in nguon.items() %}
    {{ bang }}_nhieu as (
        select _khoa
        from {{ source('tho', bang) }}
        group by _khoa
        having count(*) > 1
    ),

    {{ bang }} as (
        select
            r.*,
            t.thoi_diem as _luc_tep,
            coalesce(d.thoi_diem, t.thoi_diem) as _luc_dau,
            coalesce(d.ma_tep, r._ma_tep) as _ma_tep_dau,
            row_number() over (
                partition by r._khoa
                order by
                    {{ thu_tu_r8('coalesce(r._thoi_diem, t.thoi_diem)', 't.thoi_diem', 't.sha256', 'r', moi_truoc=false) }}
            ) as _lan,
            row_number() over (
                partition by r._khoa
                order by
                    coalesce(d.thoi_diem, t.thoi_diem) asc nulls last,
                    coalesce(d.sha256, t.sha256) asc nulls last,
                    r._gia_tri asc nulls last
            ) as _lan_gap
        from {{ source('tho', bang) }} as r
        inner join tep as t on r._ma_tep = t.ma_tep
        left join tep as d on r._tep_dau = d.ma_tep
        where r._khoa in (select n._khoa from {{ bang }}_nhieu as n)
    ),

    {{ bang }}_dau as (
        select
            _khoa,
            _ma_tep_dau,
            ma_don_vi,
            ngay_tiep_nhan
        from {{ bang }}
        where _lan_gap = 1
        union all
        select
            r._khoa,
            coalesce(d.ma_tep, r._ma_tep) as _ma_tep_dau,
            r.ma_don_vi,
            r.ngay_tiep_nhan
        from {{ source('tho', bang) }} as r
        inner join tep as t on r._ma_tep = t.ma_tep
        left join tep as d on r._tep_dau = d.ma_tep
        left join {{ bang }}_nhieu as n on r._khoa = n._khoa
        where n._khoa is null
    ),

    {{ bang }}_cap as (
        select
            m._khoa as khoa,
            case when m._luc_dau > c._luc_tep then m._ma_tep_dau else m._ma_tep end as ma_tep,
            cast(case when m._luc_dau > c._luc_tep then m._luc_dau else m._luc_tep end as date) as ngay_tep,
            coalesce(c.ma_don_vi, m.ma_don_vi) as don_vi,
            {{ dau_thang('c.ngay_tiep_nhan') }} as thang_tiep_nhan,
            {% for f in truong -%}
                coalesce(c.{{ f }} = m.{{ f }}, c.{{ f }} is null and m.{{ f }} is null) as giu_{{ f }},
            {% endfor -%}
            {{ dau_thang('c.ngay_ket_thuc') }} as thang_ket_thuc
        from {{ bang }} as m
        inner join {{ bang }} as c on m._khoa = c._khoa and m._lan = c._lan + 1
    ),
{% endfor %}

thay_doi as (
    {% for bang, truong in nguon.items() %}
        select
            '{{ bang | replace("__", "/", 1) }}' as nguon_du_lieu,
            {{ dau_thang('m.ngay_tiep_nhan') }} as thang,
            m.ma_don_vi,
            'ho_so_moi' as truong,
            m._ma_tep_dau as ma_tep,
            m._khoa as khoa
        from {{ bang }}_dau as m
        inner join tep as t on m._ma_tep_dau = t.ma_tep
        where t.ngay_truoc >= {{ cuoi_thang('m.ngay_tiep_nhan') }}
        {% for f in truong %}
            union all
            select
                '{{ bang | replace("__", "/", 1) }}' as nguon_du_lieu,
                {{ 'thang_ket_thuc' if f in ket_thuc else 'thang_tiep_nhan' }} as thang,
                don_vi as ma_don_vi,
                '{{ f }}' as truong,
                ma_tep,
                khoa
            from {{ bang }}_cap
            where not giu_{{ f }} and {{ 'thang_ket_thuc' if f in ket_thuc else 'thang_tiep_nhan' }} < {{ dau_thang('ngay_tep') }}
        {% endfor %}
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
inner join tep as t on d.ma_tep = t.ma_tep and t.con_du
cross join {{ source('so_cai', 'tham_so') }} as p
group by d.nguon_du_lieu, d.thang, d.ma_don_vi, d.truong, d.ma_tep, p.ngay_so_lieu, p.phien_ban
